import httpx
import pytest


async def test_an_agent_comes_back_with_every_field_of_its_template(customer):
    agent = await customer.get(f"/api/agents/{await customer.agent(voice='Mark', sharedSecrets=['s' * 16])}")
    template = agent["callTemplate"]
    assert template["voice"] == "Mark"
    assert template["joinTimeout"] == "30s"
    assert template["model"] == "ultravox-v0.7"
    assert template["firstSpeakerSettings"] == {"agent": {}}
    assert "sharedSecrets" not in template
    assert agent["statistics"] == {"calls": 0}


@pytest.mark.parametrize("name", ["two words", "", "x" * 65, "Zoë", None, 5])
async def test_a_name_outside_the_pattern_is_refused(customer, name):
    answer = await customer.http.post("/api/agents", json={"name": name, "callTemplate": {}})
    assert answer.status_code == 400
    assert "name" in answer.json()


async def test_unknown_fields_vanish_at_the_top_and_are_refused_in_the_template(customer):
    """Checklist 8.1.3: silent drop at the top level of agents."""
    answer = await customer.http.post(
        "/api/agents", json={"name": "a", "systemPrompt": "lost", "callTemplate": {}}
    )
    assert answer.status_code == 201
    assert "systemPrompt" not in answer.json()
    assert answer.json()["callTemplate"]["systemPrompt"] is None
    answer = await customer.http.post("/api/agents", json={"name": "a", "callTemplate": {"prompt": "x"}})
    assert answer.status_code == 400
    assert "prompt" in answer.json()["detail"]


@pytest.mark.parametrize(
    "template",
    [
        {"voice": "Nobody"},
        {"voice": "Mark", "externalVoice": {"elevenLabs": {}}},
        {"voiceOverrides": {}, "externalVoice": {"lmnt": {}}},
        {"temperature": 2},
        {"model": "gpt-4o"},
        {"maxDuration": "1h"},
        {"joinTimeout": 30},
        {"firstSpeakerSettings": {"agent": {}, "user": {}}},
        {"firstSpeakerSettings": {"agent": {"words": "x"}}},
        {"inactivityMessages": [{"message": "hello"}]},
        {"sharedSecrets": ["short"]},
        {"systemPrompt": 5},
        {"vadSettings": {"turnEndpointDelay": "soon"}},
        {"vadSettings": {"speed": 1}},
        {"medium": {"twilio": {"dtmfHandling": "ignore"}}},
        {"medium": {"twilio": {"speed": 1}}},
        {"firstSpeakerSettings": {"agent": ["text"]}},
        {"firstSpeakerSettings": {"agent": {"text": 5}}},
        {"inactivityMessages": [{"duration": "3s", "endBehavior": "HANG_UP"}]},
        {"vadSettings": {"frameActivationThreshold": 0.05}},
        {"initialOutputMedium": "text"},
        {"retentionPolicy": "retain"},
        {"recordingEnabled": "yes"},
        {"contextSchema": "guest"},
        {"dataConnection": {"websocketUrl": "ws://a", "audioConfig": {"channelMode": "STEREO"}}},
        {"medium": {"serverWebSocket": {"inputSampleRate": 4000}}},
        {"medium": {"serverWebSocket": {"inputSampleRate": 16000, "dataMessages": {"smoke": True}}}},
        {"medium": {"serverWebSocket": {"inputSampleRate": 16000, "clientBufferSizeMs": "60"}}},
    ],
)
async def test_a_bad_template_is_refused(customer, template):
    answer = await customer.http.post("/api/agents", json={"name": "a", "callTemplate": template})
    assert answer.status_code == 400
    assert answer.json()["detail"]


async def test_null_is_as_good_as_absent(customer):
    nulls = {"voice": None, "joinTimeout": None, "medium": {"twilio": None, "webRtc": {"dataMessages": None}}}
    template = (await customer.get(f"/api/agents/{await customer.agent(**nulls)}"))["callTemplate"]
    assert (template["voice"], template["joinTimeout"], template["medium"]) == (None, "30s", {"webRtc": {}})


async def test_a_patch_replaces_the_whole_template(customer):
    """Checklist 8.1.3: PATCH replaces unless told to merge."""
    agent_id = await customer.agent(voice="Mark", temperature=0.4)
    answer = await customer.http.patch(f"/api/agents/{agent_id}", json={"callTemplate": {"systemPrompt": "New."}})
    template = answer.json()["callTemplate"]
    assert template["systemPrompt"] == "New."
    assert template["voice"] is None
    assert template["temperature"] == 0.0


async def test_a_patch_of_the_name_leaves_the_template_and_makes_a_revision(customer):
    agent_id = await customer.agent(voice="Mark")
    before = await customer.get(f"/api/agents/{agent_id}")
    await customer.http.patch(f"/api/agents/{agent_id}", json={"name": "bruno"})
    after = await customer.get(f"/api/agents/{agent_id}")
    assert (after["name"], after["callTemplate"]["voice"]) == ("bruno", "Mark")
    assert after["publishedRevisionId"] != before["publishedRevisionId"]


async def test_a_refused_patch_changes_nothing(customer):
    agent_id = await customer.agent()
    body = {"name": "good", "callTemplate": {"temperature": 9}}
    assert (await customer.http.patch(f"/api/agents/{agent_id}", json=body)).status_code == 400
    assert (await customer.get(f"/api/agents/{agent_id}"))["name"] == "rosa"


async def test_a_deleted_agent_is_gone(customer):
    agent_id = await customer.agent()
    answer = await customer.http.delete(f"/api/agents/{agent_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    for method in ("GET", "PATCH", "DELETE"):
        answer = await customer.http.request(method, f"/api/agents/{agent_id}")
        assert answer.status_code == 404


async def test_pages_lead_through_all_agents_by_absolute_addresses(customer):
    """Checklist 8.1.2: the shape of pages, absolute `next`, opaque cursor."""
    made = [await customer.agent() for _ in range(5)]
    address, seen = "/api/agents?pageSize=2", []
    while address:
        page = await customer.get(address)
        seen += [agent["agentId"] for agent in page["results"]]
        assert page["total"] == 5
        address = page["next"]
        assert address is None or address.startswith("http://sandbox.test/api/agents?")
    assert sorted(seen) == sorted(made)
    assert httpx.URL(page["previous"]).params["cursor"]


async def test_a_foreign_cursor_is_refused(customer):
    assert (await customer.http.get("/api/agents?cursor=nonsense")).status_code == 400


async def test_agents_are_searched_and_sorted(customer):
    for name in ("bruno", "Ada", "rosa"):
        await customer.http.post("/api/agents", json={"name": name})
    names = [agent["name"] for agent in (await customer.get("/api/agents?sort=name"))["results"]]
    assert names == ["Ada", "bruno", "rosa"]
    assert [a["name"] for a in (await customer.get("/api/agents?search=RO"))["results"]] == ["rosa"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"'])
async def test_what_is_no_object_is_refused(customer, body):
    answer = await customer.http.post("/api/agents", content=body)
    assert answer.status_code == 400
    assert "detail" in answer.json()
