import asyncio

import pytest
from tests.fakes import carrier as outcomes
from tests.harness import INVALID, PUBLIC, TALKS

from switchboard.providers.errors import ProviderMisconfigured, ProviderUnavailable, ProviderUnclear
from switchboard.providers.normalised import CallStatus

LOST = ProviderUnclear("The answer was lost.", provider="twilio")
BUSY_CARRIER = ProviderUnavailable("Too many requests.", provider="twilio", retry_after=2.0)
LOSING = "+14155550142"


@pytest.fixture
def carrier(switchboard):
    switchboard.carrier.outcomes[LOSING] = outcomes.ANSWER_LOST
    return switchboard.carrier


async def test_the_carrier_is_told_where_to_report(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    await switchboard.work_once("calls")
    (order,) = carrier.orders
    assert order.status_callback == f"{PUBLIC}/inbox/twilio/calls/{call_id}"
    assert (order.to, order.from_) == (TALKS, "+15005550006")


async def test_a_refused_number_fails_with_the_carriers_reason(switchboard, carrier):
    call_id = await switchboard.place(INVALID)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("failed", "invalid_number")
    assert shown["reason_detail"] == "The carrier refuses this number."
    assert shown["carrier_id"] is None


async def test_refused_credentials_fail_the_call(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    carrier.fail_next(ProviderMisconfigured("Wrong token.", provider="twilio"))
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason_detail"]) == ("failed", "Wrong token.")


async def test_a_carrier_that_certainly_did_not_dial_is_asked_again(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    carrier.fail_next(BUSY_CARRIER, BUSY_CARRIER)
    await switchboard.work()
    assert (await switchboard.shown(call_id))["status"] == "completed"
    assert len(carrier.orders) == 1


async def test_a_carrier_that_stays_away_fails_the_call(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    carrier.fail_next(*[BUSY_CARRIER] * 5)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("failed", "carrier_unavailable")
    assert carrier.orders == []


async def test_an_unclear_dial_is_looked_up_and_adopted(switchboard, carrier):
    call_id = await switchboard.place(LOSING)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["carrier_id"]) == ("completed", switchboard.carrier_ids[0])
    assert shown["settled_at"]
    assert len(carrier.orders) == 1


@pytest.mark.parametrize("status", [CallStatus.BUSY, CallStatus.COMPLETED])
async def test_an_unclear_dial_that_is_over_when_it_is_found_settles(switchboard, carrier, status):
    carrier.outcomes[LOSING] = outcomes.Outcome((status,), "callee_busy", answer_lost=True)
    call_id = await switchboard.place(LOSING)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    session_id = (await switchboard.shown(call_id))["session_id"]
    if status is CallStatus.COMPLETED:
        switchboard.ultravox.join(session_id)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert shown["status"] == status.value
    assert (await switchboard.told(call_id)).count(f"call.{status.value}") == 1
    assert shown["settled_at"]


async def test_an_unclear_dial_is_never_repeated(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    carrier.fail_next(LOST)
    await switchboard.work_once("calls")
    for _ in range(3):
        assert await switchboard.jobs() == ["calls:locate"]
        await switchboard.make_due()
        await switchboard.work_once("calls")
    assert (await switchboard.shown(call_id))["status"] == "queued"
    await switchboard.age(call_id, 61)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("failed", "dial_unconfirmed")
    assert "check the carrier's log" in shown["reason_detail"]
    assert shown["settled_at"]
    assert carrier.orders == []


@pytest.mark.parametrize("error", [BUSY_CARRIER, ProviderMisconfigured("Wrong token.", provider="twilio")])
async def test_looking_a_call_up_survives_a_carrier_that_does_not_answer(switchboard, carrier, error):
    call_id = await switchboard.place(LOSING)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    await switchboard.parts.call_jobs.steps.dial(call_id, 1)
    carrier.fail_next(error)
    await switchboard.work()
    assert (await switchboard.shown(call_id))["status"] == "completed"


async def test_a_worker_that_dies_after_the_intent_leaves_a_call_that_is_looked_up(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    steps = switchboard.parts.call_jobs.steps
    await steps.prepare(call_id, 1)
    reached, original = asyncio.Event(), carrier.dial

    async def hangs(order):
        await original(order)
        reached.set()
        await asyncio.Event().wait()

    carrier.dial = hangs
    dying = asyncio.create_task(steps.dial(call_id, 1))
    await reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    carrier.dial = original
    await switchboard.work()  # the queued dial job is the one that the rescue would have put back
    assert (await switchboard.shown(call_id))["status"] == "completed"
    assert len(carrier.orders) == 1


async def test_two_workers_with_the_same_dial_ring_once(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    steps = switchboard.parts.call_jobs.steps
    await steps.prepare(call_id, 1)
    await asyncio.gather(*(steps.dial(call_id, 1) for _ in range(5)))
    await switchboard.work()
    assert len(carrier.orders) == 1
    assert (await switchboard.shown(call_id))["status"] == "completed"


async def test_a_callback_may_come_before_the_answer_to_the_dial(switchboard, carrier):
    call_id = await switchboard.place(TALKS)
    original = carrier.dial

    async def slow(order):
        placed = await original(order)
        await switchboard.callback(call_id, CallStatus.RINGING)
        await switchboard.work_once("calls")
        assert (await switchboard.shown(call_id))["status"] == "ringing"
        return placed

    carrier.dial = slow
    await switchboard.work()
    assert await switchboard.told(call_id) == [
        "call.queued",
        "call.prepared",
        "call.ringing",
        "call.answered",
        "call.completed",
        "call.settled",
    ]


async def test_a_callback_finds_the_call_whose_answer_was_lost(switchboard, carrier):
    call_id = await switchboard.place(LOSING)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    await switchboard.parts.call_jobs.steps.dial(call_id, 1)
    await switchboard.callback(call_id, CallStatus.RINGING)
    carrier.find = None  # nobody needs to look it up
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["settled_at"] is not None) == ("completed", True)
    assert len(carrier.orders) == 1


async def test_two_unclear_calls_to_one_number_are_not_mixed_up(switchboard, carrier):
    agent = await switchboard.agent()
    first, second = await switchboard.place(LOSING, agent), await switchboard.place(LOSING, agent)
    await switchboard.work()
    ids = [(await switchboard.shown(call_id))["carrier_id"] for call_id in (first, second)]
    assert sorted(ids) == sorted(switchboard.carrier_ids)
    assert len(carrier.orders) == 2


async def test_a_call_that_rings_after_we_gave_it_up_is_closed(switchboard, carrier):
    call_id = await switchboard.place(LOSING)
    await switchboard.parts.call_jobs.steps.prepare(call_id, 1)
    await switchboard.parts.call_jobs.steps.dial(call_id, 1)
    await switchboard.age(call_id, 61)
    found, carrier.calls = dict(carrier.calls), {}
    await switchboard.work()
    assert (await switchboard.shown(call_id))["reason"] == "dial_unconfirmed"
    carrier.calls = found
    await switchboard.callback(call_id, CallStatus.RINGING)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("failed", "dial_unconfirmed")
    assert carrier.hung_up == switchboard.carrier_ids
    assert "call.warning" in await switchboard.told(call_id)
