import pytest
from tests.sandbox.elevenlabs.customers import END_CALL, config

CREATE = "/v1/convai/agents/create"


async def test_a_minimal_agent_comes_back_with_every_default(customer):
    answer = await customer.http.post(CREATE, json={"conversation_config": {}})
    assert set(answer.json()) == {"agent_id"}
    agent = await customer.get(f"/v1/convai/agents/{answer.json()['agent_id']}")
    conversation, platform = agent["conversation_config"], agent["platform_settings"]
    assert conversation["agent"]["prompt"]["llm"] == "gemini-2.5-flash"
    assert conversation["agent"]["prompt"]["built_in_tools"]["end_call"] is None
    assert conversation["tts"]["agent_output_audio_format"] == "pcm_16000"
    assert conversation["turn"]["turn_timeout"] == 7
    assert conversation["conversation"]["max_duration_seconds"] == 600
    assert platform["auth"]["enable_auth"] is False
    assert platform["overrides"]["conversation_config_override"]["agent"]["prompt"]["prompt"] is False
    assert platform["privacy"]["record_voice"] is True
    assert agent["branch_id"] == agent["main_branch_id"]


async def test_a_patch_merges_objects_and_replaces_arrays(customer):
    agent_id = await customer.agent(settings={"evaluation": {"criteria": [{"id": "a"}, {"id": "b"}]}})
    before = await customer.get(f"/v1/convai/agents/{agent_id}")
    patch = {
        "conversation_config": {"tts": {"speed": 1.1}},
        "platform_settings": {"evaluation": {"criteria": [{"id": "c"}]}},
    }
    after = (await customer.http.patch(f"/v1/convai/agents/{agent_id}", json=patch)).json()
    assert after["conversation_config"]["tts"]["speed"] == 1.1
    assert after["conversation_config"]["tts"]["agent_output_audio_format"] == "ulaw_8000"
    assert after["conversation_config"]["agent"] == before["conversation_config"]["agent"]
    assert after["platform_settings"]["evaluation"]["criteria"] == [{"id": "c"}]
    assert after["version_id"] != before["version_id"]
    assert after["name"] == "Reception"


async def test_null_takes_a_system_tool_away(customer):
    agent_id = await customer.agent()
    patch = {"conversation_config": {"agent": {"prompt": {"built_in_tools": {"end_call": None}}}}}
    after = (await customer.http.patch(f"/v1/convai/agents/{agent_id}", json=patch)).json()
    tools = after["conversation_config"]["agent"]["prompt"]["built_in_tools"]
    assert tools["end_call"] is None
    assert END_CALL["name"] == "end_call"


async def test_a_missing_configuration_is_422_in_a_list(customer):
    answer = await customer.http.post(CREATE, json={"name": "x"})
    assert answer.status_code == 422
    (error,) = answer.json()["detail"]
    assert error["loc"] == ["body", "conversation_config"]
    assert error["type"] == "missing"


@pytest.mark.parametrize(
    "conversation",
    [
        {"agent": {"first_message": 5}},
        {"agent": {"prompt": {"prompt": None}}},
        {"agent": None},
        {"tts": {"speed": 3}},
        {"tts": {"stability": "much"}},
        {"tts": {"agent_output_audio_format": "mp3"}},
        {"turn": []},
        [],
    ],
)
async def test_values_of_the_wrong_kind_are_422(customer, conversation):
    answer = await customer.http.post(CREATE, json={"conversation_config": conversation})
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"][0]["loc"][:2] == ["body", "conversation_config"]


@pytest.mark.parametrize("body", [b"{", b"[]", b""])
async def test_what_is_no_object_is_422(customer, body):
    answer = await customer.http.post(CREATE, content=body)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], list)


async def test_an_unknown_voice_is_404(customer):
    answer = await customer.http.post(CREATE, json={"conversation_config": {"tts": {"voice_id": "nobody"}}})
    assert answer.status_code == 404
    assert answer.json()["detail"]["code"] == "voice_not_found"


async def test_a_library_voice_costs_a_plan(customer):
    voices = (await customer.get("/v2/voices?category=professional"))["voices"]
    body = {"conversation_config": {"tts": {"voice_id": voices[0]["voice_id"]}}}
    assert (await customer.http.post(CREATE, json=body)).status_code == 200
    answer = await customer.http.post(CREATE, json=body, headers={"xi-api-key": "on-the-free-plan"})
    assert answer.status_code == 402
    assert answer.json()["detail"]["code"] == "paid_plan_required"


async def test_unknown_fields_are_tolerated(customer):
    body = {"conversation_config": {**config(), "brand_new": {"x": 1}}, "also_new": 1}
    assert (await customer.http.post(CREATE, json=body)).status_code == 200


async def test_a_list_item_has_no_configuration(customer):
    agent_id = await customer.agent("Anna")
    (item,) = (await customer.get("/v1/convai/agents"))["agents"]
    assert item["agent_id"] == agent_id
    assert item["name"] == "Anna"
    assert item["access_info"]["role"] == "admin"
    assert item["last_call_time_unix_secs"] is None
    assert "conversation_config" not in item


async def test_pages_lead_through_all_agents(customer):
    made = [await customer.agent(f"agent {number}") for number in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = await customer.get(f"/v1/convai/agents?page_size=2&cursor={cursor}")
        seen += [agent["agent_id"] for agent in page["agents"]]
        cursor = page["next_cursor"]
        assert page["has_more"] is (cursor is not None)
    assert seen == made[::-1]


@pytest.mark.parametrize(
    "query", ["page_size=0", "page_size=101", "page_size=x", "sort_by=colour", "archived=maybe"]
)
async def test_bounds_of_a_query_are_422(customer, query):
    answer = await customer.http.get(f"/v1/convai/agents?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", query.partition("=")[0]]


async def test_a_bad_cursor_is_400(customer):
    answer = await customer.http.get("/v1/convai/agents?cursor=nonsense")
    assert answer.status_code == 400
    assert answer.json()["detail"]["code"] == "invalid_cursor"


async def test_agents_are_searched_and_sorted(customer):
    for name in ("bruno", "Ada", "Carla"):
        await customer.agent(name)
    names = [
        a["name"] for a in (await customer.get("/v1/convai/agents?sort_by=name&sort_direction=asc"))["agents"]
    ]
    assert names == ["Ada", "bruno", "Carla"]
    assert [a["name"] for a in (await customer.get("/v1/convai/agents?search=AR"))["agents"]] == ["Carla"]


async def test_a_duplicate_is_an_agent_of_its_own(customer):
    agent_id = await customer.agent()
    copy = (await customer.http.post(f"/v1/convai/agents/{agent_id}/duplicate", json={"name": "Twin"})).json()
    await customer.http.patch(
        f"/v1/convai/agents/{agent_id}", json={"conversation_config": {"tts": {"speed": 0.9}}}
    )
    twin = await customer.get(f"/v1/convai/agents/{copy['agent_id']}")
    assert (twin["name"], twin["conversation_config"]["tts"]["speed"]) == ("Twin", 1.0)


async def test_a_deleted_agent_is_gone(customer):
    agent_id = await customer.agent()
    assert (await customer.http.delete(f"/v1/convai/agents/{agent_id}")).status_code == 200
    for method in ("GET", "PATCH", "DELETE"):
        assert (await customer.http.request(method, f"/v1/convai/agents/{agent_id}")).status_code == 404
