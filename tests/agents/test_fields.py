"""Fields of agents through the API: shown back unchanged, refused all at once, and no secret anywhere."""

import json
from dataclasses import replace

import pytest
from tests.providers.specs import HOSTILE

from switchboard.providers.errors import ProviderUnavailable

AGENTS = "/api/v1/agents"
TOOL = {
    "type": "http",
    "name": "find",
    "description": "Find an order.",
    "method": "POST",
    "url": "https://api.example.com/orders/{id}",
    "parameters": [
        {"name": "id", "in": "path", "type": "integer", "description": "Its number.", "required": True, "enum": []}
    ],
    "constants": [{"name": "source", "in": "query", "value": "phone"}],
    "headers": [{"name": "Authorization", "value": "Bearer s3cret"}],
}
SHOWN = TOOL | {"headers": [{"name": "Authorization", "value": "********"}]}
WHOLE = {
    "first_speaker": "callee",
    "language": "de-AT",
    "voice_settings": {"speed": 1.1, "stability": None, "similarity": 0.5},
    "temperature": 0.5,
    "inactivity": {"after_seconds": 12.5, "message": "Still there?", "end_call": True},
    "voicemail": {"action": "leave_message", "message": "Call us back."},
    "recording": False,
    "evaluation": [{"name": "Booked", "goal": "A table was booked."}],
    "data_collection": [{"name": "party", "type": "integer", "description": "How many people."}],
    "tags": ["vip", "<b>bold</b>"],
    "platform_options": {"anything": [1, {"deep": None}]},
}


async def everywhere(switchboard, agent_id: str) -> list[str]:
    """Every text that could tell about the agent."""
    paths = (f"/{agent_id}", "", f"/{agent_id}/versions", f"/{agent_id}/versions/1", f"/{agent_id}/drift")
    answers = [(await switchboard.api.get(AGENTS + path)).text for path in paths]
    events = await switchboard.sql("SELECT data::text FROM events")
    rows = await switchboard.sql(
        f"SELECT to_jsonb(a) - 'tool_secrets' - 'draft_secrets' FROM agents a WHERE id = '{agent_id}'"
    )
    return [*answers, *(row[0] for row in events), json.dumps([list(row) for row in rows])]


@pytest.mark.parametrize("platform", ["ultravox", "elevenlabs"])
async def test_every_field_comes_back_as_it_was_sent(switchboard, platform):
    made = await switchboard.agent(platform=platform, **WHOLE, tools=[TOOL, {"type": "keypad"}])
    expected = WHOLE | {"tools": [SHOWN, {"type": "keypad"}]}
    one = (await switchboard.api.get(f"{AGENTS}/{made['id']}")).json()
    (listed,) = (await switchboard.api.get(AGENTS)).json()
    for seen in (made, one, listed):
        assert {name: seen[name] for name in expected} == expected


@pytest.mark.parametrize("text", [*HOSTILE, "word " * 19_000], ids=lambda text: str(len(text)))
async def test_hostile_text_is_stored_and_shown_unchanged(switchboard, text):
    text = f"x{text}x"
    made = await switchboard.agent(name=text[:60], prompt=text, first_message=text[:1000], tags=[text[:60]])
    (listed,) = (await switchboard.api.get(AGENTS)).json()
    one = (await switchboard.api.get(f"{AGENTS}/{made['id']}")).json()
    for seen in (made, one, listed):
        assert (seen["name"], seen["prompt"], seen["tags"]) == (text[:60], text, [text[:60]])
    assert switchboard.ultravox.pushed[-1].prompt == text


async def test_an_agent_with_many_wrong_fields_is_refused_once_and_never_sent(switchboard):
    body = {
        "name": "",
        "prompt": "\x00",
        "language": "klingon",
        "variables": {f"v{number}": None for number in range(10_000)},
        "tools": [TOOL | {"url": "https://10.0.0.1/x"}],
        "nonsense": 1,
    }
    answer = await switchboard.api.post(AGENTS, json=body)
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"name", "prompt", "language", "variables", "tools.0.http.url", "nonsense"}
    assert switchboard.ultravox.pushed == []
    assert "s3cret" not in answer.text


async def test_a_platforms_own_limits_are_told_before_it_is_asked(switchboard):
    answer = await switchboard.api.post(AGENTS, json={"name": "a", "prompt": "p", "temperature": 1.5})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["temperature"]
    assert switchboard.ultravox.pushed == []


async def test_a_secret_reaches_the_platform_and_nothing_else(switchboard, capfd):
    made = await switchboard.agent(tools=[TOOL])
    assert switchboard.ultravox.pushed[-1].secrets == {"find@api.example.com/authorization": "Bearer s3cret"}
    for text in await everywhere(switchboard, made["id"]):
        assert "s3cret" not in text
    assert "s3cret" not in "".join(capfd.readouterr())


async def test_stars_keep_the_secret_and_a_new_value_replaces_it(switchboard):
    made = await switchboard.agent(tools=[TOOL])
    path = f"{AGENTS}/{made['id']}"
    assert (await switchboard.api.patch(path, json={"tools": made["tools"], "name": "New"})).status_code == 200
    assert switchboard.ultravox.pushed[-1].secrets == {"find@api.example.com/authorization": "Bearer s3cret"}
    rotated = [TOOL | {"headers": [{"name": "Authorization", "value": "Bearer n3w"}]}]
    answer = await switchboard.api.patch(path, json={"tools": rotated})
    assert answer.status_code == 200
    assert "n3w" not in answer.text
    assert switchboard.ultravox.pushed[-1].secrets == {"find@api.example.com/authorization": "Bearer n3w"}


async def test_a_secret_that_was_never_sent_is_asked_for(switchboard):
    answer = await switchboard.api.post(AGENTS, json={"name": "a", "prompt": "p", "tools": [SHOWN]})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["tools.0.headers.0.value"]


async def test_a_stored_secret_does_not_follow_its_tool_to_another_host(switchboard):
    made = await switchboard.agent(tools=[TOOL])
    moved = [made["tools"][0] | {"url": "https://thief.example.com/orders/{id}"}]
    answer = await switchboard.api.patch(f"{AGENTS}/{made['id']}", json={"tools": moved})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["tools.0.headers.0.value"]


async def test_a_draft_keeps_its_secret_to_itself(switchboard):
    made = await switchboard.agent()
    switchboard.ultravox.fail_next(ProviderUnavailable("Away.", provider="ultravox"))
    answer = await switchboard.api.patch(f"{AGENTS}/{made['id']}", json={"tools": [TOOL]})
    assert answer.status_code == 503
    assert "s3cret" not in answer.text
    for text in await everywhere(switchboard, made["id"]):
        assert "s3cret" not in text
    published = await switchboard.api.post(f"{AGENTS}/{made['id']}/publish")
    assert published.status_code == 200, published.text
    assert switchboard.ultravox.pushed[-1].secrets == {"find@api.example.com/authorization": "Bearer s3cret"}


async def test_variables_of_every_text_are_derived(switchboard):
    made = await switchboard.agent(
        prompt="{{a}} {{system__time}}",
        inactivity={"after_seconds": 5, "message": "{{b}}"},
        voicemail={"action": "leave_message", "message": "{{c}}"},
    )
    assert set(made["variables"]) == {"a", "b", "c"}


LOCAL = TOOL | {"url": "http://127.0.0.1:5000/orders/{id}"}


async def test_a_tool_on_this_machine_is_refused_where_the_platform_is_elsewhere(switchboard):
    refused = await switchboard.api.post(AGENTS, json={"name": "a", "prompt": "p", "tools": [LOCAL]})
    assert refused.status_code == 422
    (wrong,) = refused.json()["errors"]
    assert wrong["field"] == "tools.0.url"
    assert "ultravox makes the request and cannot reach this machine" in wrong["message"]
    made = await switchboard.agent(tools=[TOOL])
    changed = await switchboard.api.patch(f"{AGENTS}/{made['id']}", json={"tools": [LOCAL]})
    assert changed.status_code == 422


async def test_a_tool_on_this_machine_is_for_a_platform_on_this_machine(switchboard, monkeypatch):
    placing = switchboard.parts.agents._placing  # noqa: SLF001 -- where the platforms run is no setting of a test
    here = replace(placing._providers, local=frozenset({"ultravox"}))  # noqa: SLF001
    monkeypatch.setattr(placing, "_providers", here)
    made = await switchboard.agent(tools=[LOCAL])
    assert made["tools"][0]["url"] == LOCAL["url"]
    copied = await switchboard.api.post(f"{AGENTS}/{made['id']}/copy", params={"to": "elevenlabs"})
    assert (copied.status_code, copied.json()["errors"][0]["field"]) == (422, "tools.0.url")
