import pytest

from switchboard.providers.errors import ProviderUnavailable

AGENTS = "/api/v1/agents"
DOWN = ProviderUnavailable("It is out of reach.", provider="elevenlabs")


@pytest.fixture
def api(switchboard):
    return switchboard.api


@pytest.fixture
async def agent(switchboard):
    return await switchboard.agent(
        language="es",
        model="ultravox-v0.7",
        temperature=0.4,
        tags=["night"],
        platform_options={"callTemplate": {}},
    )


async def _copy(api, agent, query="to=elevenlabs", **body):
    return await api.post(f"{AGENTS}/{agent['id']}/copy?{query}", json=body)


async def test_a_copy_stands_on_the_other_platform_and_tells_what_was_lost(switchboard, api, agent):
    answer = await _copy(api, agent)
    told = answer.json()
    copy = told["agent"]
    assert (answer.status_code, copy["platform"], copy["status"]) == (201, "elevenlabs", "active")
    same = ("name", "prompt", "first_message", "language", "temperature", "tags", "variables")
    assert {name: copy[name] for name in same} == {name: agent[name] for name in same}
    assert (copy["model"], copy["platform_options"], copy["fallback_agent_id"]) == (None, {}, None)
    assert {"model", "platform_options"} <= {loss["field"] for loss in told["losses"]}
    assert list(switchboard.elevenlabs.agents) == [copy["remote_id"]]


async def test_a_voice_that_speaks_the_language_is_proposed(api, agent):
    told = (await _copy(api, agent)).json()
    assert told["voice"]["id"] == told["agent"]["voice"] == "elevenlabs-voice-2"


async def test_a_copy_takes_the_name_and_voice_that_are_sent(api, agent):
    told = (await _copy(api, agent, name="Recepción", voice="elevenlabs-voice-1")).json()
    assert (told["agent"]["name"], told["agent"]["voice"], told["voice"]) == (
        "Recepción",
        "elevenlabs-voice-1",
        None,
    )


async def test_twins_stand_in_for_each_other(api, agent):
    copy = (await _copy(api, agent, "to=elevenlabs&twin=true")).json()["agent"]
    original = (await api.get(f"{AGENTS}/{agent['id']}")).json()
    assert (original["fallback_agent_id"], copy["fallback_agent_id"]) == (copy["id"], agent["id"])


async def test_a_dry_run_tells_and_makes_nothing(switchboard, api, agent):
    answer = await _copy(api, agent, "to=elevenlabs&dry_run=true")
    told = answer.json()
    assert (answer.status_code, told["agent"], told["voice"]["id"]) == (200, None, "elevenlabs-voice-2")
    assert told["losses"]
    assert switchboard.elevenlabs.agents == {}
    assert len((await api.get(AGENTS)).json()) == 1


@pytest.mark.parametrize("to", ["ultravox", "nobody"])
async def test_a_copy_goes_to_another_platform(api, agent, to):
    answer = await _copy(api, agent, f"to={to}")
    assert (answer.status_code, answer.json()["errors"][0]["field"][:2]) == (422, {"u": "to", "n": "pl"}[to[0]])


async def test_a_copy_to_a_platform_that_is_away_is_kept_as_a_draft(switchboard, api, agent):
    switchboard.elevenlabs.fail_next(*[DOWN] * 6)
    answer = await _copy(api, agent)
    assert (answer.status_code, answer.json()["code"]) == (503, "kept-as-draft")
    assert (await api.get(f"{AGENTS}/{answer.json()['agent_id']}")).json()["platform"] == "elevenlabs"
