import asyncio
from dataclasses import replace

import pytest

from switchboard.providers.agent_spec import AgentSpec
from switchboard.providers.errors import ProviderRejected, ProviderUnavailable

AGENTS = "/api/v1/agents"
DOWN = ProviderUnavailable("It is out of reach.", provider="ultravox", retry_after=1)
THEIRS = AgentSpec(
    name="Theirs", prompt="Sell shoes to {{guest}}.", voice="ultravox-voice-1", variables={"guest": None}
)


@pytest.fixture
def api(switchboard):
    return switchboard.api


async def _made_elsewhere(platform, count, **fields):
    for number in range(count):
        await platform.create_agent(replace(THEIRS, name=f"Theirs {number}", **fields))


async def _import(switchboard, **order):
    started = await switchboard.api.post(f"{AGENTS}/import", json=order or None)
    assert started.status_code == 202, started.text
    await switchboard.work_once("agents")
    return (await switchboard.api.get(f"{AGENTS}/imports/{started.json()['id']}")).json()


async def test_agents_made_elsewhere_are_brought_in_unchanged(switchboard, api):
    mine = await switchboard.agent()
    await _made_elsewhere(switchboard.ultravox, 3)
    await _made_elsewhere(switchboard.elevenlabs, 2)
    before = dict(switchboard.ultravox.agents)
    told = await _import(switchboard)
    assert (told["status"], told["kind"]) == ("finished", "import")
    counts = {name: (part["seen"], part["imported"], part["state"]) for name, part in told["progress"].items()}
    assert counts == {"ultravox": (4, 3, "finished"), "elevenlabs": (2, 2, "finished")}
    listed = (await api.get(AGENTS)).json()
    assert len(listed) == 6
    theirs = next(one for one in listed if one["name"] == "Theirs 0" and one["platform"] == "ultravox")
    assert (theirs["prompt"], theirs["status"], theirs["drift"]) == (THEIRS.prompt, "active", "in_sync")
    assert theirs["variables"] == {"guest": {"type": "string", "default": None}}
    assert (await api.get(f"{AGENTS}/{theirs['id']}/versions")).json()[0]["version"] == 1
    assert switchboard.ultravox.agents == before
    assert mine["id"] in {one["id"] for one in listed}


async def test_an_import_repeated_brings_in_what_is_new(switchboard, api):
    await _made_elsewhere(switchboard.ultravox, 2)
    await _import(switchboard, platforms=["ultravox"])
    await _made_elsewhere(switchboard.ultravox, 1)
    told = await _import(switchboard, platforms=["ultravox"])
    assert told["progress"]["ultravox"]["imported"] == 1
    assert len((await api.get(AGENTS)).json()) == 3


async def test_two_imports_of_one_platform_are_one(switchboard, api):
    orders = [{"platforms": ["ultravox"]}, {"platforms": ["ultravox", "elevenlabs"]}, {"platforms": ["ultravox"]}]
    answers = await asyncio.gather(*(api.post(f"{AGENTS}/import", json=order) for order in orders))
    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await api.post(f"{AGENTS}/import", json={"platforms": ["elevenlabs"]})
    both = any("elevenlabs" in answer.json()["platforms"] for answer in answers)
    assert (other.json()["id"] == answers[0].json()["id"]) is both


async def test_an_import_that_meets_trouble_goes_on_later_where_it_was(switchboard, api):
    await _made_elsewhere(switchboard.ultravox, 2)
    switchboard.ultravox.fail_next(DOWN)
    assert (await _import(switchboard, platforms=["ultravox"]))["status"] == "running"
    await switchboard.sql("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE queue_name = 'agents'")
    told = await _import(switchboard, platforms=["ultravox"])
    assert (told["status"], told["progress"]["ultravox"]["imported"]) == ("finished", 2)


async def test_an_import_that_was_killed_goes_on_and_doubles_nothing(switchboard, api, monkeypatch):
    await _made_elsewhere(switchboard.ultravox, 250)
    listing = switchboard.ultravox.list_agents

    async def until_killed():
        number = 0
        async for remote in listing():
            number += 1
            if number > 150:
                raise asyncio.CancelledError
            yield remote

    monkeypatch.setattr(switchboard.ultravox, "list_agents", until_killed)
    started = (await api.post(f"{AGENTS}/import", json={"platforms": ["ultravox"]})).json()
    with pytest.raises(asyncio.CancelledError):
        await switchboard.parts.agent_parts.imports.run(started["id"], 1)
    assert (await api.get(f"{AGENTS}/imports/{started['id']}")).json()["progress"]["ultravox"]["imported"] == 100
    monkeypatch.setattr(switchboard.ultravox, "list_agents", listing)
    await switchboard.work_once("agents")
    told = (await api.get(f"{AGENTS}/imports/{started['id']}")).json()
    assert (told["status"], told["progress"]["ultravox"]["imported"]) == ("finished", 250)
    assert (await switchboard.sql("SELECT count(*), count(DISTINCT remote_id) FROM agents"))[0] == (250, 250)


async def test_a_refusal_fails_its_platform_only(switchboard, api):
    await _made_elsewhere(switchboard.elevenlabs, 1)
    switchboard.ultravox.fail_next(ProviderRejected("Not allowed.", provider="ultravox"))
    told = await _import(switchboard)
    assert told["status"] == "finished"
    assert (told["progress"]["ultravox"]["state"], told["progress"]["ultravox"]["detail"]) == (
        "failed",
        "Not allowed.",
    )
    assert told["progress"]["elevenlabs"]["imported"] == 1


async def test_agents_that_are_listed_by_name_only_are_fetched_a_few_at_a_time(switchboard, api, monkeypatch):
    await _made_elsewhere(switchboard.elevenlabs, 60)
    whole = dict(switchboard.elevenlabs.agents)
    running, most = 0, 0

    async def names_only():
        for remote in whole.values():
            yield replace(remote, spec=AgentSpec(name=remote.spec.name, prompt=""), complete=False)

    async def fetch(remote_id):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return whole[remote_id]

    monkeypatch.setattr(switchboard.elevenlabs, "list_agents", names_only)
    monkeypatch.setattr(switchboard.elevenlabs, "get_agent", fetch)
    told = await _import(switchboard, platforms=["elevenlabs"])
    assert told["progress"]["elevenlabs"]["imported"] == 60
    assert most == 20
    assert all(agent["prompt"] == THEIRS.prompt for agent in (await api.get(AGENTS)).json())


async def test_progress_is_told_sparingly_and_the_end_once(switchboard):
    await _made_elsewhere(switchboard.ultravox, 250)
    await _import(switchboard, platforms=["ultravox"])
    events = await switchboard.parts.events.after(0)
    types = [event.type for event in events]
    assert 1 <= types.count("agents.import_progress") <= 3
    assert types.count("agents.import_finished") == 1
    assert events[-1].data["progress"]["ultravox"]["imported"] == 250


async def test_an_import_that_is_not_there_is_unknown(api):
    answer = await api.get(f"{AGENTS}/imports/imp_none")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-import")


async def test_a_platform_that_is_not_there_cannot_be_imported(api):
    answer = await api.post(f"{AGENTS}/import", json={"platforms": ["nobody"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "platform")
