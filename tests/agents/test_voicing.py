"""An agent's voice: checked when it is saved, replaced or refused before a call when it is gone."""

import pytest
from tests.harness import AGENT

from switchboard.providers.errors import ProviderUnavailable
from switchboard.providers.normalised import Capability, Voice

AGENTS = "/api/v1/agents"


@pytest.fixture
def api(switchboard):
    return switchboard.api


@pytest.fixture
def when_missing(switchboard):
    """Set what becomes of calls whose voice is gone; undone at the end."""
    voicing = switchboard.parts.agent_parts.voicing
    before = voicing._when_missing  # noqa: SLF001 -- a setting, which the shared product has once

    def use(value):
        voicing._when_missing = value  # noqa: SLF001

    yield use
    use(before)


async def make_old(switchboard, seconds=100):
    await switchboard.sql(
        f"UPDATE voice_lists SET fetched_at = fetched_at - interval '{seconds} s', retry_at = NULL RETURNING 1"
    )


async def lose(switchboard, voice_id):
    """The voice goes, and the list is fetched anew."""
    platform = switchboard.ultravox
    platform.voices = [voice for voice in platform.voices if voice.id != voice_id]
    await make_old(switchboard, 1000)
    await switchboard.parts.voices.refresh()


@pytest.mark.parametrize("field", ["voice", "fallback_voice"])
async def test_an_unknown_voice_is_refused_with_a_suggestion(switchboard, api, field):
    answer = await api.post(AGENTS, json=AGENT | {field: "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-agent")
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert "ultravox-voice-1" in error["message"]
    assert switchboard.ultravox.agents == {}


async def test_another_platforms_voice_is_refused_and_the_closest_one_named(switchboard, api):
    await api.get("/api/v1/voices")
    answer = await api.post(AGENTS, json=AGENT | {"language": "es", "voice": "elevenlabs-voice-2"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "voice")
    assert "Ben is a voice of elevenlabs" in error["message"]
    assert "ultravox-voice-2" in error["message"]


async def test_a_wrong_voice_is_told_together_with_what_else_is_wrong(switchboard, api):
    agent = await switchboard.agent()
    answer = await api.patch(
        f"{AGENTS}/{agent['id']}", json={"voice": "nobody", "fallback_voice": "nobody either"}
    )
    assert {error["field"] for error in answer.json()["errors"]} == {"voice", "fallback_voice"}


async def test_a_voice_made_a_moment_ago_is_looked_for_before_it_is_denied(switchboard, api):
    await api.get("/api/v1/voices")
    await make_old(switchboard, 20)
    switchboard.ultravox.voices.append(Voice("ultravox", "clone", "My clone"))
    answer = await api.post(AGENTS, json=AGENT | {"voice": "clone"})
    assert (answer.status_code, answer.json()["voice"]) == (201, "clone")


async def test_unknown_voices_do_not_make_the_vendor_list_again_and_again(switchboard, api):
    for n in range(5):
        await api.post(AGENTS, json=AGENT | {"voice": f"nobody{n}"})
    assert switchboard.ultravox.voice_lists == 1


async def test_a_voice_that_nobody_can_check_now_passes(switchboard, api):
    await api.get("/api/v1/voices")
    await make_old(switchboard, 20)
    switchboard.ultravox.fail_next(ProviderUnavailable("Away.", provider="ultravox"))
    answer = await api.post(AGENTS, json=AGENT | {"voice": "clone"})
    assert (answer.status_code, answer.json()["voice"]) == (201, "clone")


async def test_names_pass_where_the_platform_takes_them(switchboard, api):
    assert (await api.post(AGENTS, json=AGENT | {"voice": "ann"})).status_code == 422
    switchboard.ultravox.capabilities = (
        *switchboard.ultravox.capabilities,
        Capability("voice_by_name", available=True),
    )
    assert (await api.post(AGENTS, json=AGENT | {"voice": "ann"})).status_code == 201


async def test_a_call_with_a_voice_that_is_there_asks_nobody_about_it(switchboard, api):
    agent = await switchboard.agent(voice="ultravox-voice-1")
    lists = switchboard.ultravox.voice_lists
    call_id = await switchboard.place(agent=agent)
    await make_old(switchboard, 10_000)
    await switchboard.work_once("calls")
    assert (switchboard.ultravox.voice_lists, len(switchboard.ultravox.opened)) == (lists, 1)
    assert "call.warning" not in await switchboard.told(call_id)


async def test_a_voice_that_is_gone_is_replaced_by_the_closest_told_and_kept(switchboard, api):
    twin = Voice("ultravox", "twin", "Zora", language="en", languages=("en",), gender="female")
    switchboard.ultravox.voices.append(twin)
    agent = await switchboard.agent(voice="ultravox-voice-1")
    await lose(switchboard, "ultravox-voice-1")
    call_id = await switchboard.place(agent=agent)
    await switchboard.work()
    assert (await switchboard.shown(call_id))["status"] == "completed"
    assert "Zora (twin) speaks instead" in (await switchboard.event(call_id, "call.warning"))["message"]
    now = (await api.get(f"{AGENTS}/{agent['id']}")).json()
    assert (now["voice"], now["version"]) == ("twin", agent["version"] + 1)
    assert any("voice was replaced" in warning for warning in now["warnings"])
    assert switchboard.ultravox.agents[agent["remote_id"]].spec.voice == "twin"
    events = {e.type: e.data for e in await switchboard.parts.events.after(0, agent_id=agent["id"])}
    assert (events["agent.voice_replaced"]["from"], events["agent.voice_replaced"]["to"]) == (
        "ultravox-voice-1",
        "twin",
    )
    assert events["agent.updated"]["action"] == "voice_replaced"
    changed = await api.patch(f"{AGENTS}/{agent['id']}", json={"voice": "ultravox-voice-2"})
    assert changed.json()["warnings"] == []


async def test_the_agents_own_fallback_goes_before_the_closest(switchboard, api):
    agent = await switchboard.agent(voice="ultravox-voice-1", fallback_voice="ultravox-voice-2")
    switchboard.ultravox.voices.append(Voice("ultravox", "twin", "Zora", language="en", languages=("en",)))
    await lose(switchboard, "ultravox-voice-1")
    await switchboard.place(agent=agent)
    await switchboard.work()
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json()["voice"] == "ultravox-voice-2"


async def test_many_calls_at_once_replace_a_voice_once(switchboard, api):
    agent = await switchboard.agent(voice="ultravox-voice-1")
    await lose(switchboard, "ultravox-voice-1")
    calls = [await switchboard.place(f"+1415555{n:04}", agent=agent) for n in range(200, 206)]
    await switchboard.work()
    assert [(await switchboard.shown(call_id))["status"] for call_id in calls] == ["completed"] * 6
    now = (await api.get(f"{AGENTS}/{agent['id']}")).json()
    assert (now["voice"], now["version"]) == ("ultravox-voice-2", agent["version"] + 1)


async def test_a_call_is_refused_instead_when_so_set(switchboard, api, when_missing):
    when_missing("refuse")
    agent = await switchboard.agent(voice="ultravox-voice-1")
    await lose(switchboard, "ultravox-voice-1")
    call_id = await switchboard.place(agent=agent)
    await switchboard.work()
    call = await switchboard.shown(call_id)
    assert (call["status"], call["reason"]) == ("failed", "voice_missing")
    assert switchboard.carrier.orders == []
    assert switchboard.ultravox.opened == []
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json()["voice"] == "ultravox-voice-1"


async def test_a_voice_that_was_never_listed_is_left_to_the_platform(switchboard):
    agent = await switchboard.agent()
    await switchboard.sql(f"UPDATE agents SET voice = 'hidden' WHERE id = '{agent['id']}' RETURNING id")
    call_id = await switchboard.place(agent=agent)
    await switchboard.work()
    assert (await switchboard.shown(call_id))["status"] == "completed"
    assert "call.warning" not in await switchboard.told(call_id)
