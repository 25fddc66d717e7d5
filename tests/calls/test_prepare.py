import pytest
from tests.harness import TALKS

from switchboard.providers.errors import (
    ProviderMisconfigured,
    ProviderOutOfQuota,
    ProviderRejected,
    ProviderUnavailable,
)

DOWN = ProviderUnavailable("It is down.", provider="ultravox")
SPENT = ProviderOutOfQuota("Credits are spent.", provider="ultravox")
WRONG_KEY = ProviderMisconfigured("The key is wrong.", provider="ultravox")


async def _with_twin(switchboard, **fields):
    twin = await switchboard.agent(platform="elevenlabs", name="Twin", **fields)
    return await switchboard.agent(fallback_agent_id=twin["id"]), twin


async def test_a_platform_that_is_down_for_a_moment_is_asked_again(switchboard):
    call_id = await switchboard.place(TALKS)
    switchboard.ultravox.fail_next(DOWN, DOWN)
    await switchboard.work()
    assert (await switchboard.shown(call_id))["status"] == "completed"
    assert len(switchboard.ultravox.opened) == 1
    assert "call.rerouted" not in await switchboard.told(call_id)


async def test_a_platform_that_stays_down_hands_the_call_to_the_twin(switchboard):
    agent, twin = await _with_twin(switchboard)
    call_id = await switchboard.place(TALKS, agent)
    switchboard.ultravox.fail_next(DOWN, DOWN, DOWN)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert shown["status"] == "completed"
    assert (shown["agent_id"], shown["platform"], shown["rerouted_from"]) == (
        twin["id"],
        "elevenlabs",
        agent["id"],
    )
    assert shown["session_id"] in switchboard.elevenlabs.sessions
    assert await switchboard.event(call_id, "call.rerouted") == {
        "from": agent["id"],
        "to": twin["id"],
        "reason": "provider-unavailable",
        "detail": "It is down.",
    }
    assert len(switchboard.carrier.orders) == 1


@pytest.mark.parametrize("error", [SPENT, WRONG_KEY])
async def test_what_waiting_does_not_mend_is_rerouted_at_once(switchboard, error):
    agent, twin = await _with_twin(switchboard)
    call_id = await switchboard.place(TALKS, agent)
    switchboard.ultravox.fail_next(error)
    await switchboard.work_once("calls")
    assert (await switchboard.shown(call_id))["agent_id"] == twin["id"]
    assert (await switchboard.event(call_id, "call.rerouted"))["reason"] == error.slug


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        ([DOWN, DOWN, DOWN], "platform_unavailable"),
        ([SPENT], "provider_out_of_quota"),
        ([WRONG_KEY], "provider_misconfigured"),
    ],
)
async def test_without_a_twin_the_call_fails_and_says_why(switchboard, errors, reason):
    call_id = await switchboard.place(TALKS)
    switchboard.ultravox.fail_next(*errors)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"], shown["reason_detail"]) == ("failed", reason, errors[0].detail)
    assert shown["settled_at"]
    assert switchboard.carrier.orders == []


async def test_a_call_is_not_rerouted_twice(switchboard):
    agent, twin = await _with_twin(switchboard)
    back = {"fallback_agent_id": agent["id"]}
    assert (await switchboard.api.patch(f"/api/v1/agents/{twin['id']}", json=back)).status_code == 200
    call_id = await switchboard.place(TALKS, agent)
    switchboard.ultravox.fail_next(SPENT)
    switchboard.elevenlabs.fail_next(SPENT)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"], shown["agent_id"]) == ("failed", "provider_out_of_quota", twin["id"])
    assert (await switchboard.told(call_id)).count("call.rerouted") == 1


@pytest.mark.parametrize("change", [{"status": "inactive"}, None])
async def test_an_unusable_twin_gets_no_call(switchboard, change):
    agent, twin = await _with_twin(switchboard)
    path = f"/api/v1/agents/{twin['id']}"
    answer = await (switchboard.api.patch(path, json=change) if change else switchboard.api.delete(path))
    assert answer.is_success
    call_id = await switchboard.place(TALKS, agent)
    switchboard.ultravox.fail_next(SPENT)
    await switchboard.work()
    assert (await switchboard.shown(call_id))["reason"] == "provider_out_of_quota"
    assert switchboard.elevenlabs.opened == []


async def test_a_twin_that_lacks_a_value_gets_no_call(switchboard):
    agent, _ = await _with_twin(switchboard, prompt="You greet {{guest}}.")
    call_id = await switchboard.place(TALKS, agent)
    switchboard.ultravox.fail_next(SPENT)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("failed", "provider_out_of_quota")
    assert switchboard.elevenlabs.opened == []


async def test_a_twin_gets_its_own_defaults_beside_the_calls_values(switchboard):
    agent, _ = await _with_twin(switchboard, prompt="{{guest}} {{day}}", variables={"guest": {}, "day": "Monday"})
    wanted = {"variables": {"guest": {}}}
    await switchboard.api.patch(f"/api/v1/agents/{agent['id']}", json=wanted)
    await switchboard.place(TALKS, agent, variables={"guest": "Ann"})
    switchboard.ultravox.fail_next(SPENT)
    await switchboard.work()
    assert switchboard.elevenlabs.opened[0].variables == {"guest": "Ann", "day": "Monday"}


async def test_a_refused_session_fails_the_call_at_once_even_with_a_twin(switchboard):
    agent, _ = await _with_twin(switchboard)
    call_id = await switchboard.place(TALKS, agent)
    switchboard.ultravox.fail_next(ProviderRejected("No such voice.", provider="ultravox"))
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"], shown["reason_detail"]) == (
        "failed",
        "platform_rejected",
        "No such voice.",
    )
    assert switchboard.elevenlabs.opened == []


async def test_preparing_twice_opens_one_session_more_but_dials_once(switchboard):
    call_id = await switchboard.place(TALKS)
    steps = switchboard.parts.call_jobs.steps
    await steps.prepare(call_id, 1)
    await steps.prepare(call_id, 1)
    await switchboard.work()
    assert len(switchboard.carrier.orders) == 1
    assert (await switchboard.told(call_id)).count("call.prepared") == 1
