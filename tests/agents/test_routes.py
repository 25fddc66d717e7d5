import asyncio

import httpx
import pytest
from tests.harness import AGENT

from switchboard.providers.errors import ProviderRejected, ProviderUnavailable

AGENTS = "/api/v1/agents"
DOWN = ProviderUnavailable("It is out of reach.", provider="ultravox", retry_after=7.2)
REFUSED = ProviderRejected("No such model.", provider="ultravox", provider_code="bad_model", raw={"secret": "x"})


@pytest.fixture
def api(switchboard):
    return switchboard.api


def remote(switchboard, agent):
    return getattr(switchboard, agent["platform"]).agents[agent["remote_id"]].spec


@pytest.mark.parametrize("platform", ["ultravox", "elevenlabs"])
async def test_an_agent_is_created_here_and_at_its_platform(switchboard, api, platform):
    answer = await api.post(AGENTS, json=AGENT | {"platform": platform, "temperature": 0.3, "language": "es"})
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    agent = answer.json()
    assert (agent["platform"], agent["status"], agent["version"], agent["warnings"]) == (platform, "active", 1, [])
    assert agent["voice"] == f"{platform}-voice-2"  # the first that speaks Spanish
    spec = remote(switchboard, agent)
    assert (spec.name, spec.prompt, spec.voice, spec.temperature) == (
        "Reception",
        AGENT["prompt"],
        agent["voice"],
        0.3,
    )
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json() == agent
    (event,) = await switchboard.parts.events.after(0, agent_id=agent["id"])
    assert (event.type, event.data["remote_id"]) == ("agent.created", agent["remote_id"])


async def test_an_agent_without_a_platform_is_ultravoxs(api):
    assert (await api.post(AGENTS, json=AGENT)).json()["platform"] == "ultravox"


@pytest.mark.parametrize(
    "older",
    [
        {
            "name": "A",
            "prompt": "Hi {{guest}}.",
            "voice": "ultravox-voice-2",
            "language": "en",
            "template_variables": {"guest": "Ann"},
        },
        {
            "name": "A",
            "system_prompt": "Hi {{guest}}.",
            "voice_id": "ultravox-voice-2",
            "variables": {"guest": {"default": "Ann"}},
        },
        {"name": "A", "prompt": "Hi {{guest}}.", "voice_id": "ultravox-voice-2", "variables": {"guest": "Ann"}},
    ],
)
async def test_older_bodies_stay_valid(api, older):
    agent = (await api.post(AGENTS, json=older)).json()
    assert (agent["prompt"], agent["voice"]) == ("Hi {{guest}}.", "ultravox-voice-2")
    assert agent["variables"] == {"guest": {"type": "string", "default": "Ann"}}


async def test_variables_come_from_the_texts_and_from_the_author(switchboard, api):
    made = AGENT | {"prompt": "{{a}} {{ b }}", "first_message": "{{c}}", "variables": ["d"]}
    agent = (await api.post(AGENTS, json=made)).json()
    assert set(agent["variables"]) == {"a", "b", "c", "d"}
    assert remote(switchboard, agent).variables == dict.fromkeys("abcd")


async def test_a_variable_goes_with_the_last_text_that_uses_it(api):
    agent = (await api.post(AGENTS, json=AGENT | {"prompt": "{{a}} {{b}}", "variables": {"a": "Ann"}})).json()
    changed = (await api.patch(f"{AGENTS}/{agent['id']}", json={"prompt": "Nothing."})).json()
    assert changed["variables"] == {"a": {"type": "string", "default": "Ann"}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\x07"}, "name"),
        ({"prompt": ""}, "prompt"),
        ({"platform": "nobody"}, "platform"),
        ({"temperature": 2.5}, "temperature"),
        ({"language": "english please"}, "language"),
        ({"max_duration_seconds": 1}, "max_duration_seconds"),
        ({"variables": {"1x": {}}}, "variables"),
        ({"variables": {"system__time": {}}}, "variables"),
        ({"tools": [{"name": "t"}]}, "tools"),
        ({"fallback_agent_id": "agt_unknown"}, "fallback_agent_id"),
        ({"colour": "blue"}, "colour"),
        ({"voice": "a\x00b"}, "voice"),
        ({"platform_options": {"a": "\x00"}}, "platform_options"),
        ({"variables": {"a": {"default": "\x00"}}}, "variables"),
    ],
)
async def test_wrong_fields_are_named_and_nothing_is_made(switchboard, api, change, field):
    before = await switchboard.rows()
    answer = await api.post(AGENTS, json=AGENT | change)
    assert answer.status_code == 422, answer.text
    assert any(error["field"].split(".")[0] == field for error in answer.json()["errors"]), answer.text
    assert await switchboard.rows() == before
    assert switchboard.ultravox.agents == {}


async def test_a_refusal_of_the_platform_is_told_and_leaves_no_agent(switchboard, api):
    await api.get("/api/v1/voices")  # known, so that the next request is the agent's
    switchboard.ultravox.fail_next(REFUSED)
    answer = await api.post(AGENTS, json=AGENT | {"voice": "ultravox-voice-1"})
    problem = answer.json()
    assert (answer.status_code, problem["provider"], problem["provider_code"]) == (424, "ultravox", "bad_model")
    assert problem["detail"] == "No such model."
    assert "secret" not in answer.text
    rows = await switchboard.rows()
    assert (rows["agents"], rows["events"]) == (0, 0)


async def test_a_change_is_for_the_version_that_was_read(switchboard, api):
    agent = await switchboard.agent()
    path, mine = f"{AGENTS}/{agent['id']}", {"If-Match": '"1"'}
    first = await api.patch(path, json={"name": "One"}, headers=mine)
    second = await api.patch(path, json={"name": "Two"}, headers=mine)
    assert (first.status_code, first.headers["ETag"], first.json()["version"]) == (200, '"2"', 2)
    assert (second.status_code, second.json()["code"], second.json()["version"]) == (412, "agent-changed", 2)
    assert 'If-Match: "2"' in second.json()["detail"]
    assert (await api.get(path)).json()["name"] == remote(switchboard, agent).name == "One"


@pytest.mark.parametrize("value", ['W/"1"', '"1"', "*"])
async def test_if_match_is_read_as_http_writes_it(switchboard, api, value):
    agent = await switchboard.agent()
    answer = await api.put(f"{AGENTS}/{agent['id']}", json=AGENT | {"name": "X"}, headers={"If-Match": value})
    assert answer.status_code == 200


async def test_an_unreadable_if_match_is_refused(switchboard, api):
    agent = await switchboard.agent()
    answer = await api.patch(f"{AGENTS}/{agent['id']}", json={"name": "X"}, headers={"If-Match": "yesterday"})
    assert answer.status_code == 422
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json()["name"] == "Reception"


async def test_a_delete_is_for_the_version_that_was_read(switchboard, api):
    agent = await switchboard.agent()
    path = f"{AGENTS}/{agent['id']}"
    await api.patch(path, json={"name": "Newer"})
    assert (await api.delete(path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await api.delete(path, headers={"If-Match": '"2"'})).status_code == 204


async def test_of_two_editors_at_once_one_is_told_and_both_sides_agree(switchboard, api):
    agent = await switchboard.agent()
    path = f"{AGENTS}/{agent['id']}"
    answers = await asyncio.gather(*(api.patch(path, json={"name": f"Editor {n}"}) for n in range(6)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert set(statuses) <= {200, 412}
    shown = (await api.get(path)).json()
    assert shown["version"] == 1 + statuses.count(200)
    assert remote(switchboard, agent).name == shown["name"]


async def test_a_patch_changes_what_it_sends_and_keeps_the_rest(switchboard, api):
    agent = await switchboard.agent(temperature=0.3, language="es")
    changed = (await api.patch(f"{AGENTS}/{agent['id']}", json={"temperature": None})).json()
    kept = {
        name: value
        for name, value in changed.items()
        if name not in {"temperature", "version", "updated_at", "drift_checked_at"}
    }
    assert changed["temperature"] is None
    assert kept == {name: agent[name] for name in kept}


@pytest.mark.parametrize("field", ["name", "prompt", "first_message", "language", "variables", "status"])
async def test_what_an_agent_must_have_cannot_be_null(switchboard, api, field):
    agent = await switchboard.agent()
    answer = await api.patch(f"{AGENTS}/{agent['id']}", json={field: None})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_put_replaces_the_whole_agent(switchboard, api):
    agent = await switchboard.agent(temperature=0.3, first_message="Hi {{guest}}.")
    replaced = (await api.put(f"{AGENTS}/{agent['id']}", json={"name": "New", "prompt": "Other."})).json()
    assert (replaced["name"], replaced["temperature"], replaced["first_message"]) == ("New", None, "")
    assert replaced["variables"] == {}
    assert (replaced["id"], replaced["remote_id"]) == (agent["id"], agent["remote_id"])
    assert remote(switchboard, agent).prompt == "Other."


async def test_an_agent_stays_on_its_platform(switchboard, api):
    agent = await switchboard.agent()
    answer = await api.put(f"{AGENTS}/{agent['id']}", json=AGENT | {"platform": "elevenlabs"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "platform")


async def test_a_change_that_changes_nothing_makes_no_version(switchboard, api):
    agent = await switchboard.agent()
    switchboard.ultravox.fail_next(DOWN)  # would be met if the platform were asked
    answer = await api.patch(f"{AGENTS}/{agent['id']}", json={"name": agent["name"]})
    assert (answer.status_code, answer.json()) == (200, agent)


async def test_a_change_that_the_platform_refuses_is_not_made_here(switchboard, api):
    agent = await switchboard.agent()
    switchboard.ultravox.fail_next(REFUSED)
    answer = await api.patch(f"{AGENTS}/{agent['id']}", json={"model": "nonsense"})
    assert answer.status_code == 424
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json() == agent


@pytest.mark.parametrize("gone", [False, True], ids=["there", "already gone"])
async def test_a_deleted_agent_is_gone_on_both_sides(switchboard, api, gone):
    agent = await switchboard.agent()
    if gone:
        switchboard.ultravox.agents.clear()
    path = f"{AGENTS}/{agent['id']}"
    assert (await api.delete(path)).status_code == 204
    assert switchboard.ultravox.agents == {}
    assert [(await api.get(path)).status_code, (await api.delete(path)).status_code] == [404, 404]
    assert (await api.get(AGENTS)).json() == []
    types = [event.type for event in await switchboard.parts.events.after(0, agent_id=agent["id"])]
    assert types == ["agent.created", "agent.deleted"]


async def test_an_agent_that_cannot_be_deleted_there_stays_here(switchboard, api):
    agent = await switchboard.agent()
    switchboard.ultravox.fail_next(DOWN)
    answer = await api.delete(f"{AGENTS}/{agent['id']}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "8")
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json()["status"] == "active"


async def test_calls_of_a_deleted_agent_can_still_be_read(switchboard, api):
    agent = await switchboard.agent()
    call_id = await switchboard.place(agent=agent)
    await switchboard.work()
    await api.delete(f"{AGENTS}/{agent['id']}")
    assert (await switchboard.shown(call_id))["agent_id"] == agent["id"]


async def test_a_twin_stands_on_the_other_platform(switchboard, api):
    same, other = await switchboard.agent(), await switchboard.agent(platform="elevenlabs")
    refused = await api.post(AGENTS, json=AGENT | {"fallback_agent_id": same["id"]})
    taken = await api.post(AGENTS, json=AGENT | {"fallback_agent_id": other["id"]})
    assert (refused.status_code, taken.status_code) == (422, 201)
    assert "another platform" in refused.json()["errors"][0]["message"]


async def test_the_elevenlabs_paths_show_and_make_elevenlabs_agents_only(switchboard, api):
    fixed = f"{AGENTS}/elevenlabs"
    other = await switchboard.agent()
    made = await api.post(fixed, json={"name": "E", "system_prompt": "Hi.", "voice_id": "elevenlabs-voice-2"})
    agent = made.json()
    assert (made.status_code, agent["platform"]) == (201, "elevenlabs")
    assert [a["id"] for a in (await api.get(fixed)).json()] == [agent["id"]]
    assert (await api.get(f"{fixed}/{agent['id']}")).json() == agent
    assert (await api.put(f"{fixed}/{agent['id']}", json={"name": "F", "prompt": "Hi."})).json()["name"] == "F"
    assert (await api.post(fixed, json=AGENT | {"platform": "ultravox"})).status_code == 422
    for answer in (
        await api.get(f"{fixed}/{other['id']}"),
        await api.put(f"{fixed}/{other['id']}", json=AGENT),
        await api.delete(f"{fixed}/{other['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-agent")
    assert (await api.delete(f"{fixed}/{agent['id']}")).status_code == 204
    assert len((await api.get(AGENTS)).json()) == 1


async def _names(api, **params):
    names, address = [], httpx.URL(AGENTS, params=params)
    while address:
        answer = await api.get(address)
        assert answer.status_code == 200, answer.text
        names.append([agent["name"] for agent in answer.json()])
        address = answer.links.get("next", {}).get("url")
    return names


async def test_agents_of_both_platforms_are_in_one_list(switchboard, api):
    for name, platform in (("b", "ultravox"), ("a", "elevenlabs"), ("c", "ultravox"), ("d", "elevenlabs")):
        await switchboard.agent(name=name, platform=platform, prompt=f"I am {name}, 100% sure.")
    off = (await api.get(AGENTS, params={"search": "am c"})).json()[0]
    await api.patch(f"{AGENTS}/{off['id']}", json={"status": "inactive"})
    assert await _names(api) == [["d", "c", "a", "b"]]
    assert await _names(api, sort="name", limit=3) == [["a", "b", "c"], ["d"]]
    assert await _names(api, sort="-name", limit=2) == [["d", "c"], ["b", "a"]]
    assert await _names(api, sort="created_at", limit=4) == [["b", "a", "c", "d"]]
    assert await _names(api, sort="-updated_at", limit=1) == [["c"], ["d"], ["a"], ["b"]]
    assert await _names(api, platform="elevenlabs", sort="name") == [["a", "d"]]
    assert await _names(api, status="inactive") == [["c"]]
    assert await _names(api, search="I AM B") == [["b"]]
    assert await _names(api, search="100%", sort="name") == [["a", "b", "c", "d"]]
    assert await _names(api, search="1_0%") == [[]]


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "name", "-name"])
async def test_pages_have_no_gaps_or_repeats_while_agents_come_in(switchboard, api, sort):
    made = {(await switchboard.agent(name=f"n{n % 3}"))["id"] for n in range(8)}
    seen, address = [], httpx.URL(AGENTS, params={"sort": sort, "limit": 3})
    while address and len(seen) < 40:
        answer = await api.get(address)
        seen += [agent["id"] for agent in answer.json()]
        address = answer.links.get("next", {}).get("url")
        if len(seen) < 9:
            await switchboard.agent(name="n1")
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


async def test_a_cursor_belongs_to_its_order(switchboard, api):
    for name in "ab":
        await switchboard.agent(name=name)
    cursor = (await api.get(AGENTS, params={"limit": 1})).links["next"]["url"].split("cursor=")[1].split("&")[0]
    answer = await api.get(AGENTS, params={"cursor": cursor, "sort": "name"})
    assert answer.status_code == 422
    assert "sort" in answer.json()["detail"]


@pytest.mark.parametrize("address", [f"{AGENTS}/%00", f"{AGENTS}?search=%00", f"{AGENTS}?platform=%00"])
async def test_text_that_no_database_takes_is_no_fault_of_ours(api, address):
    assert (await api.get(address)).status_code == 400


async def test_agents_that_a_platform_has_lost_are_made_again(switchboard):
    agent = await switchboard.agent(first_message="Hi.")
    kept = await switchboard.agent(name="Kept")
    del switchboard.ultravox.agents[agent["remote_id"]]
    assert await switchboard.parts.agents.restore_missing("ultravox") == 1
    again = (await switchboard.api.get(f"{AGENTS}/{agent['id']}")).json()
    assert again["remote_id"] != agent["remote_id"]
    assert remote(switchboard, again).first_message == "Hi."
    assert set(switchboard.ultravox.agents) == {again["remote_id"], kept["remote_id"]}
