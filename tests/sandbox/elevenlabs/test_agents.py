import pytest
from tests.sandbox.elevenlabs.customers import END_CALL, config, criterion

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
    """Checklist 11.9."""
    agent_id = await customer.agent(settings={"evaluation": {"criteria": [criterion("a"), criterion("b")]}})
    before = await customer.get(f"/v1/convai/agents/{agent_id}")
    patch = {
        "conversation_config": {"tts": {"speed": 1.1}},
        "platform_settings": {"evaluation": {"criteria": [criterion("c")]}},
    }
    after = (await customer.http.patch(f"/v1/convai/agents/{agent_id}", json=patch)).json()
    assert after["conversation_config"]["tts"]["speed"] == 1.1
    assert after["conversation_config"]["tts"]["agent_output_audio_format"] == "ulaw_8000"
    assert after["conversation_config"]["agent"] == before["conversation_config"]["agent"]
    assert after["platform_settings"]["evaluation"]["criteria"] == [criterion("c")]
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
    """Checklist 11.8."""
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
    """Checklist 11.7."""
    made = [await customer.agent(f"agent {number}") for number in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = await customer.get(f"/v1/convai/agents?page_size=2&cursor={cursor}")
        seen += [agent["agent_id"] for agent in page["agents"]]
        cursor = page["next_cursor"]
        assert page["has_more"] is (cursor is not None)
    assert seen == made[::-1]


async def test_what_comes_and_goes_between_two_pages_shifts_nothing(customer):
    made = [await customer.agent(f"agent {number}") for number in range(4)]
    page = await customer.get("/v1/convai/agents?page_size=2")
    await customer.agent("a newcomer")
    await customer.http.delete(f"/v1/convai/agents/{made[3]}")
    cursor = page["next_cursor"]
    rest = await customer.get(f"/v1/convai/agents?page_size=2&cursor={cursor}")
    assert [one["agent_id"] for one in rest["agents"]] == made[1::-1]
    assert (rest["has_more"], rest["next_cursor"]) == (False, None)
    await customer.http.delete(f"/v1/convai/agents/{made[2]}")
    assert (await customer.http.get(f"/v1/convai/agents?page_size=2&cursor={cursor}")).status_code == 200


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


async def test_every_change_is_a_version_that_can_be_read_again(customer):
    agent_id = await customer.agent("First")
    path = f"/v1/convai/agents/{agent_id}"
    before = await customer.get(path)
    patch = {"name": "Second", "version_description": "renamed"}
    after = (await customer.http.patch(f"{path}?branch_id={before['branch_id']}", json=patch)).json()
    assert after["version_id"] != before["version_id"]
    assert after["main_branch_id"] == before["main_branch_id"]
    old = await customer.get(f"{path}?version_id={before['version_id']}")
    assert (old["name"], old["version_id"]) == ("First", before["version_id"])
    assert (await customer.get(path))["name"] == "Second"
    for query, code in (
        ("version_id=agtvrsn_x", "version_not_found"),
        ("branch_id=agtbrch_x", "branch_not_found"),
    ):
        assert (await customer.http.get(f"{path}?{query}")).json()["detail"]["code"] == code


async def test_a_new_agent_is_as_open_and_as_helpless_as_the_vendors(customer):
    """Checklist 11.9: no `end_call`, overrides all false, `enable_auth` false."""
    answer = await customer.http.post(CREATE, json={"conversation_config": {}})
    agent = await customer.get(f"/v1/convai/agents/{answer.json()['agent_id']}")
    assert set(agent["conversation_config"]["agent"]["prompt"]["built_in_tools"].values()) == {None}
    assert agent["platform_settings"]["auth"]["enable_auth"] is False

    def leaves(tree):
        return [leaf for one in tree.values() for leaf in (leaves(one) if isinstance(one, dict) else [one])]

    assert not any(leaves(agent["platform_settings"]["overrides"]))


async def test_a_field_that_nobody_knows_comes_now_and_then(customer):
    """Checklist 11.8."""
    agents = [await customer.get(f"/v1/convai/agents/{await customer.agent()}") for _ in range(12)]
    strange = ["introduced_lately" in agent for agent in agents]
    assert any(strange)
    assert not all(strange)


async def test_link_widget_and_summaries_tell_of_an_agent(customer):
    agent_id = await customer.agent("Anna", {"widget": {"variant": "tiny"}})
    path = f"/v1/convai/agents/{agent_id}"
    assert await customer.get(f"{path}/link") == {"agent_id": agent_id, "token": None}
    auth = {"platform_settings": {"auth": {"shareable_token": "tok_1"}}}
    await customer.http.patch(path, json=auth)
    shared = (await customer.get(f"{path}/link"))["token"]
    assert (shared["conversation_token"], shared["purpose"]) == ("tok_1", "shareable_link")
    summaries = await customer.get(f"/v1/convai/agents/summaries?agent_ids={agent_id}&agent_ids=agent_x")
    assert summaries[agent_id]["data"]["name"] == "Anna"
    assert (summaries[agent_id]["status"], summaries["agent_x"]["status"]) == ("success", "failure")
    del customer.http.headers["xi-api-key"]
    widget = await customer.get(f"{path}/widget")
    assert (widget["agent_id"], widget["widget_config"]["variant"]) == (agent_id, "tiny")
    assert (await customer.http.get("/v1/convai/agents/agent_x/widget")).status_code == 404


async def test_tools_given_by_id_are_shown_inline_and_not_taken_both_ways(customer):
    tool = {"type": "client", "name": "show_map", "description": "Shows a map."}
    made = await customer.http.post("/v1/convai/tools", json={"tool_config": tool})
    prompt = {"prompt": "You help.", "tool_ids": [made.json()["id"]]}
    agent_id = await customer.agent(prompt=prompt)
    shown = (await customer.get(f"/v1/convai/agents/{agent_id}"))["conversation_config"]["agent"]["prompt"]
    assert [one["name"] for one in shown["tools"]] == ["show_map"]
    both = {"conversation_config": config(prompt={**prompt, "tools": [tool]})}
    answer = await customer.http.post(CREATE, json=both)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (400, "invalid_parameters")
    lost = {"conversation_config": config(prompt={"prompt": "x", "tool_ids": ["tool_x"]})}
    assert (await customer.http.post(CREATE, json=lost)).json()["detail"]["code"] == "tool_not_found"
