import asyncio

import pytest
from tests.harness import TALKS

from switchboard.providers.errors import ProviderUnavailable
from switchboard.providers.normalised import CallStatus

DOWN = ProviderUnavailable("Out of reach.", provider="twilio")


@pytest.fixture
def calls(switchboard):
    return switchboard.parts.call_jobs


async def _hang_up(switchboard, call_id):
    return await switchboard.api.post(f"/api/v1/calls/{call_id}/hangup")


async def _ends(switchboard, call_id, status, *, dialed):
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == (status, "hangup_requested")
    assert shown["settled_at"]
    told = await switchboard.told(call_id)
    assert told.count(f"call.{status}") == told.count("call.hangup_requested") == 1
    assert len(switchboard.carrier.orders) == dialed


async def test_a_call_is_hung_up_before_anything_was_prepared(switchboard):
    call_id = await switchboard.place(TALKS)
    answer = await _hang_up(switchboard, call_id)
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    await _ends(switchboard, call_id, "canceled", dialed=0)


async def test_a_call_is_hung_up_before_it_is_dialled(switchboard, calls):
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)
    await _hang_up(switchboard, call_id)
    await calls.steps.dial(call_id, 1)
    await _ends(switchboard, call_id, "canceled", dialed=0)


async def test_a_call_hung_up_while_it_is_being_dialled_does_not_go_on(switchboard, calls):
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)
    original = switchboard.carrier.dial

    async def slow(order):
        placed = await original(order)
        await _hang_up(switchboard, call_id)
        await calls.following.hang_up(call_id, 1)  # nothing to end yet: it looks again
        return placed

    switchboard.carrier.dial = slow
    await _ends(switchboard, call_id, "canceled", dialed=1)
    assert switchboard.carrier.hung_up


async def test_a_call_hung_up_while_a_dial_has_to_wait_is_not_dialled_again(switchboard, calls):
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)

    async def refused(order):
        await _hang_up(switchboard, call_id)
        raise DOWN

    switchboard.carrier.dial = refused
    await _ends(switchboard, call_id, "canceled", dialed=0)


@pytest.mark.parametrize(
    ("moves", "status"), [(0, "canceled"), (1, "canceled"), (2, "completed")], ids=["queued", "ringing", "talking"]
)
async def test_a_call_on_the_line_is_hung_up(switchboard, calls, moves, status):
    switchboard.carrier.moves_on_fetch = False
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)
    await calls.steps.dial(call_id, 1)
    (sid,) = switchboard.carrier_ids
    for _ in range(moves):
        await calls.steps._record.hear_carrier(call_id, switchboard.carrier.advance(sid))  # noqa: SLF001
    assert (await _hang_up(switchboard, call_id)).status_code == 202
    await _ends(switchboard, call_id, status, dialed=1)
    assert switchboard.carrier.calls[sid].status.final


async def test_asking_twice_to_hang_up_is_harmless(switchboard):
    call_id = await switchboard.place(TALKS)
    answers = await asyncio.gather(*(_hang_up(switchboard, call_id) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    await _ends(switchboard, call_id, "canceled", dialed=0)


async def test_a_call_that_is_over_cannot_be_hung_up(switchboard):
    call_id = await switchboard.place(TALKS)
    await switchboard.work()
    answer = await _hang_up(switchboard, call_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "call-already-ended")
    assert "completed" in answer.json()["detail"]
    assert "call.hangup_requested" not in await switchboard.told(call_id)


async def test_an_unknown_call_cannot_be_hung_up(switchboard):
    answer = await _hang_up(switchboard, "call_unknown")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-call")


async def test_a_carrier_that_is_away_is_asked_again_to_hang_up(switchboard, calls):
    switchboard.carrier.moves_on_fetch = False
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)
    await calls.steps.dial(call_id, 1)
    await _hang_up(switchboard, call_id)
    switchboard.carrier.fail_next(DOWN, DOWN)
    await _ends(switchboard, call_id, "canceled", dialed=1)


async def test_a_late_answered_call_that_was_hung_up_still_says_so(switchboard, calls):
    switchboard.carrier.moves_on_fetch = False
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)
    await calls.steps.dial(call_id, 1)
    (sid,) = switchboard.carrier_ids
    await _hang_up(switchboard, call_id)
    for _ in range(3):  # answered and over before we could end it
        switchboard.carrier.advance(sid)
    assert switchboard.carrier.calls[sid].status is CallStatus.COMPLETED
    await _ends(switchboard, call_id, "completed", dialed=1)
