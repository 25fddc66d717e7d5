import asyncio
from dataclasses import replace
from unittest.mock import patch

import pytest
from tests.harness import BUSY, TALKS
from tests.waiting import patience

from switchboard.providers.errors import ProviderMissing, ProviderUnavailable
from switchboard.providers.normalised import CallStatus, SessionState

DOWN = ProviderUnavailable("Out of reach.", provider="ultravox")
LATER = 700.0


@pytest.fixture
def calls(switchboard):
    return switchboard.parts.call_jobs


async def _talking(switchboard):
    """A call in the middle of its conversation; only the test moves it on."""
    switchboard.carrier.moves_on_fetch = False
    call_id = await switchboard.place(TALKS)
    steps = switchboard.parts.call_jobs.steps
    await steps.prepare(call_id, 1)
    await steps.dial(call_id, 1)
    for _ in range(2):
        switchboard.carrier.advance(switchboard.carrier_ids[-1])
    return call_id, switchboard.carrier_ids[-1], (await switchboard.shown(call_id))["session_id"]


async def _followed(switchboard, call_id, until):
    """Follow the call in the background until something is true."""
    following = asyncio.create_task(switchboard.parts.call_jobs.following.follow(call_id))
    try:
        async with patience():
            while not await until():  # noqa: ASYNC110 -- the database has no asyncio.Event
                await asyncio.sleep(0.01)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_turns_are_told_while_the_call_runs(switchboard):
    call_id, _, _ = await _talking(switchboard)

    async def three_turns():
        events = await switchboard.parts.events.of_call(call_id)
        return [event.type for event in events].count("call.turn") == 3

    await _followed(switchboard, call_id, three_turns)
    assert (await switchboard.shown(call_id))["status"] == "in-progress"


@pytest.fixture
def impatient(switchboard):
    """Followers that miss an agent's words at once."""
    following = switchboard.parts.call_jobs.following
    settings = following._settings.model_copy(update={"silent_seconds": 0.05})  # noqa: SLF001 -- for these tests only
    with patch.object(following, "_settings", settings):
        yield


def _for_a_while(seconds=0.3):
    """True once so much time has passed, which is many looks at the call."""
    until = asyncio.get_running_loop().time() + seconds

    async def is_over():
        return asyncio.get_running_loop().time() > until

    return is_over


async def test_an_agent_that_says_nothing_is_told_of_once(switchboard, impatient):
    switchboard.ultravox.talk = (("callee", "Hello?"), ("callee", "Is anybody there?"))
    call_id, _, _ = await _talking(switchboard)
    await _followed(switchboard, call_id, _for_a_while())
    assert "said nothing" in (await switchboard.event(call_id, "call.warning"))["message"]


async def test_an_agent_that_speaks_is_not_taken_for_silent(switchboard, impatient):
    call_id, _, _ = await _talking(switchboard)
    await _followed(switchboard, call_id, _for_a_while())
    assert "call.warning" not in await switchboard.told(call_id)


async def test_following_survives_providers_that_fail(switchboard):
    call_id = await switchboard.place(TALKS)
    await switchboard.work_once("calls")
    switchboard.carrier.fail_next(DOWN, DOWN)
    switchboard.ultravox.fail_next(DOWN, DOWN, DOWN)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["settled_at"] is not None) == ("completed", True)


async def test_following_a_call_that_is_over_returns_at_once(switchboard, calls):
    call_id = await switchboard.place(BUSY)
    await switchboard.work()
    switchboard.carrier.fetch = None
    await calls.following.follow(call_id)


async def test_a_line_that_stays_open_after_the_conversation_is_closed(switchboard):
    call_id, sid, session_id = await _talking(switchboard)
    switchboard.ultravox.leave(session_id, reason="agent_hangup")
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("completed", "agent_hangup")
    assert switchboard.carrier.hung_up == [sid]
    assert (await switchboard.told(call_id)).count("call.warning") == 1


async def test_a_conversation_that_outlives_the_line_is_ended(switchboard, calls):
    call_id, _, session_id = await _talking(switchboard)
    switchboard.carrier.platforms = ()
    await switchboard.callback(call_id, CallStatus.COMPLETED)
    await switchboard.work()
    assert switchboard.ultravox.ended == [session_id]
    assert (await switchboard.shown(call_id))["settled_at"]


async def test_a_line_that_outlives_our_record_is_closed_when_settling(switchboard):
    call_id, sid, _ = await _talking(switchboard)
    await switchboard.callback(call_id, CallStatus.COMPLETED)
    await switchboard.work()
    assert switchboard.carrier.hung_up == [sid]
    assert switchboard.carrier.calls[sid].status is CallStatus.COMPLETED
    assert (await switchboard.shown(call_id))["settled_at"]


async def test_settling_goes_on_until_the_platform_has_finished(switchboard):
    switchboard.ultravox.final_after = 6
    call_id = await switchboard.place(TALKS)
    await switchboard.work_once()
    assert (await switchboard.shown(call_id))["settled_at"] is None
    assert await switchboard.jobs() == ["calls:settle"]
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert shown["settled_at"]
    assert shown["summary"]
    assert (await switchboard.told(call_id)).count("call.settled") == 1


async def test_settling_twice_at_once_is_told_once(switchboard, calls):
    call_id = await switchboard.place(TALKS)
    await switchboard.work()
    await switchboard.sql(f"UPDATE calls SET settled_at = NULL WHERE id = '{call_id}' RETURNING id")
    await asyncio.gather(*(calls.following.settle(call_id, 1) for _ in range(5)))
    assert (await switchboard.told(call_id)).count("call.settled") == 2  # the first life's, and one


async def test_settling_survives_a_platform_that_fails(switchboard):
    call_id = await switchboard.place(BUSY)
    await switchboard.work_once("calls")
    (sid,) = switchboard.carrier_ids
    for _ in range(3):
        switchboard.carrier.advance(sid)
    await switchboard.callback(call_id, CallStatus.BUSY)
    switchboard.ultravox.fail_next(DOWN, DOWN, DOWN)
    await switchboard.work()
    assert (await switchboard.shown(call_id))["settled_at"]


async def test_a_platform_that_never_finishes_does_not_keep_a_call_open_for_ever(switchboard, calls):
    switchboard.ultravox.final_after = 10_000
    call_id = await switchboard.place(TALKS)
    await switchboard.work_once()
    await switchboard.age(call_id, LATER)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert shown["settled_at"]
    assert shown["summary"] is None


async def test_a_session_that_nobody_joined_does_not_hold_a_call_up(switchboard, calls):
    call_id, sid, session_id = await _talking(switchboard)
    switchboard.ultravox.sessions[session_id] = replace(
        switchboard.ultravox.sessions[session_id], state=SessionState.WAITING, turns=()
    )
    switchboard.carrier.platforms = ()
    switchboard.carrier.advance(sid)
    await switchboard.callback(call_id, CallStatus.COMPLETED)
    await switchboard.work_once("calls")
    assert (await switchboard.shown(call_id))["settled_at"] is None
    await switchboard.age(call_id, 9)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("completed", "conversation_unfinished")
    assert shown["settled_at"]


async def test_a_session_that_the_platform_has_lost_does_not_hold_a_call_up(switchboard):
    call_id, sid, session_id = await _talking(switchboard)
    del switchboard.ultravox.sessions[session_id]
    switchboard.carrier.platforms = ()
    switchboard.carrier.advance(sid)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("completed", "conversation_unfinished")
    assert shown["settled_at"]


async def test_a_call_that_the_carrier_has_lost_ends_failed(switchboard):
    call_id, _, _ = await _talking(switchboard)
    switchboard.carrier.calls.clear()
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("failed", "carrier_lost_call")
    assert shown["settled_at"]


async def test_a_call_that_is_not_readable_yet_is_not_given_up(switchboard):
    call_id = await switchboard.place(TALKS)
    await switchboard.work_once("calls")
    switchboard.carrier.fail_next(ProviderMissing("Not yet.", provider="twilio"))
    await switchboard.work()
    assert (await switchboard.shown(call_id))["status"] == "completed"


@pytest.mark.parametrize("stage", ["queued", "prepared"])
async def test_the_watch_ends_a_call_that_nobody_dialled(switchboard, calls, stage):
    call_id = await switchboard.place(TALKS)
    if stage == "prepared":
        await calls.steps.prepare(call_id, 1)
    await switchboard.sql("DELETE FROM procrastinate_jobs RETURNING id")
    await calls.following.watch()
    assert (await switchboard.shown(call_id))["status"] == "queued"
    await switchboard.age(call_id, LATER)
    await calls.following.watch()
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"], shown["settled_at"] is not None) == ("failed", "stuck", True)
    assert switchboard.carrier.orders == []


async def test_the_watch_never_fails_a_call_that_was_dialled_meanwhile(switchboard, calls):
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)
    await switchboard.age(call_id, LATER)
    get = calls.steps._record.get  # noqa: SLF001

    async def dialled_after_the_look(wanted):
        call = await get(wanted)
        calls.following._record.get = get  # noqa: SLF001
        await calls.steps.dial(wanted, 1)
        return call

    calls.following._record.get = dialled_after_the_look  # noqa: SLF001
    await calls.following.watch()
    await switchboard.work()
    assert (await switchboard.shown(call_id))["status"] == "completed"


@pytest.mark.parametrize("until", ["dialing", "dialed", "over"])
async def test_the_watch_starts_a_forgotten_call_again(switchboard, calls, until):
    call_id = await switchboard.place(TALKS)
    await calls.steps.prepare(call_id, 1)
    await calls.steps.dial(call_id, 1)
    if until == "dialing":
        await switchboard.sql(
            f"UPDATE calls SET stage = 'dialing', carrier_id = NULL, status = 'queued' "
            f"WHERE id = '{call_id}' RETURNING id"
        )
    if until == "over":
        await switchboard.callback(call_id, CallStatus.IN_PROGRESS, sequence=1)
        await switchboard.callback(call_id, CallStatus.COMPLETED, sequence=2)
        await switchboard.work_once("calls")
    await switchboard.sql("DELETE FROM procrastinate_jobs RETURNING id")
    await switchboard.sql("UPDATE calls SET settled_at = NULL RETURNING id")
    await switchboard.sql("UPDATE calls SET created_at = created_at - interval '11 minutes' RETURNING id")
    await calls.following.watch()
    await calls.following.watch()
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["settled_at"] is not None) == ("completed", True)
    assert len(switchboard.carrier.orders) == 1
