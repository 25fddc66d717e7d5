"""The rules hold for any order, repetition and loss of news."""

import copy
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from switchboard.calls import lifecycle
from switchboard.calls.model import Call
from switchboard.providers.normalised import CallStatus, CarrierCall, SessionReport, SessionState, Turn

BEGAN = datetime(2026, 11, 22, 9, tzinfo=UTC)
INSTANTS = ("initiated_at", "ringing_at", "answered_at", "ended_at")


def fresh(**fields):
    values = {"id": "call_1", "platform": "ultravox", "carrier": "twilio", "status": "queued", "stage": "dialing"}
    return Call(created_at=BEGAN, raw={}, has_recording=False, **(values | fields))


@st.composite
def carrier_news(draw):
    status = draw(st.sampled_from(CallStatus))
    ended = status.final
    seconds = draw(st.one_of(st.none(), st.integers(0, 600))) if ended else None
    answered = draw(st.booleans()) and status in {CallStatus.IN_PROGRESS, CallStatus.COMPLETED}
    return CarrierCall(
        carrier_id=draw(st.sampled_from(["CA1", "CA1", "CA1", "CA2"])),
        status=status,
        duration_seconds=seconds,
        answered_at=BEGAN + timedelta(seconds=draw(st.integers(0, 500))) if answered else None,
        reason=draw(st.sampled_from([None, "callee_busy", "no_answer"])) if ended else None,
        raw=draw(st.sampled_from([{}, {"status": status.value}])),
    )


platform_news = st.builds(
    SessionReport,
    session_id=st.just("s1"),
    state=st.sampled_from(SessionState),
    summary=st.sampled_from([None, "A summary."]),
    successful=st.sampled_from([None, "success", "failure"]),
    has_recording=st.booleans(),
    end_reason=st.sampled_from([None, "agent_hangup", "callee_hangup"]),
)
finish = st.sampled_from([CallStatus.FAILED, CallStatus.CANCELED])
hangup = st.just("hang up")
histories = st.lists(st.one_of(carrier_news(), carrier_news(), platform_news, finish, hangup), max_size=14)


def tell(call, news, now):
    """What our own code does with each kind of news."""
    if isinstance(news, CarrierCall):
        return lifecycle.hear_carrier(call, news, now)
    if isinstance(news, SessionReport):
        lifecycle.hear_platform(call, news)
        return lifecycle.News()
    if isinstance(news, CallStatus):
        return lifecycle.advance(call, news, now, reason="stuck", detail="It waited too long.")
    if not call.current.final:
        call.hangup_requested_at = call.hangup_requested_at or now
    return lifecycle.News()


def lived(history):
    """The call after each piece of news, with what was told."""
    call = fresh()
    for second, news in enumerate(history, start=1):
        before = copy.copy(call)
        told = tell(call, news, BEGAN + timedelta(seconds=second))
        yield before, call, told


@given(histories)
def test_a_status_only_moves_forward_and_the_first_final_one_stays(history):
    for before, call, _ in lived(history):
        assert call.current.rank >= before.current.rank
        if before.current.final:
            assert (call.status, call.ended_at, call.stage) == (before.status, before.ended_at, "over")


@given(histories)
def test_the_end_is_told_exactly_once(history):
    ends = sum(told.ended for _, _, told in lived(history))
    final = any(call.current.final for _, call, _ in lived(history))
    assert ends == final


@given(histories)
def test_no_status_is_told_twice_and_each_change_is_told(history):
    told = []
    for before, call, news in lived(history):
        assert bool(news.events) == (before.status != call.status)
        told += [data["status"] for _, data in news.events]
    assert len(told) == len(set(told))


@given(histories)
def test_nothing_that_was_learned_is_unlearned(history):
    for before, call, _ in lived(history):
        for name in ("carrier_id", "summary", "reason", *INSTANTS):
            if name == "reason" or getattr(before, name) is None or name == "summary":
                continue
            assert getattr(call, name) == getattr(before, name), name
        assert not before.summary or call.summary
        assert not before.reason or call.reason == before.reason
        assert call.has_recording >= before.has_recording
        assert before.raw.keys() <= call.raw.keys()


@given(histories)
def test_instants_lie_in_order(history):
    for _, call, _ in lived(history):
        known = [at for at in (call.created_at, *(getattr(call, name) for name in INSTANTS)) if at]
        assert known == sorted(known)


@given(histories)
def test_a_completed_call_was_answered_and_an_unanswered_one_talked_for_no_time(history):
    for _, call, _ in lived(history):
        if call.current is CallStatus.COMPLETED:
            assert call.answered_at
        if call.current.final:
            assert call.duration_seconds is not None


@given(histories)
def test_telling_everything_twice_changes_nothing(history):
    once, twice = fresh(), fresh()
    for second, news in enumerate(history):
        now = BEGAN + timedelta(seconds=second)
        tell(once, news, now)
        tell(twice, news, now)
        tell(twice, news, now)
    names = ("status", "reason", "carrier_id", "duration_seconds", *INSTANTS)
    assert [getattr(once, name) for name in names] == [getattr(twice, name) for name in names]


@given(st.permutations([CallStatus.INITIATED, CallStatus.RINGING, CallStatus.IN_PROGRESS, CallStatus.COMPLETED]))
def test_any_order_of_callbacks_ends_in_the_same_place(order):
    call = fresh()
    for second, status in enumerate(order):
        duration = 12 if status.final else None
        news = CarrierCall("CA1", status, duration_seconds=duration)
        lifecycle.hear_carrier(call, news, BEGAN + timedelta(seconds=60 + second))
    assert (call.status, call.duration_seconds, call.carrier_id) == ("completed", 12, "CA1")
    assert call.answered_at


def test_a_call_hung_up_while_it_rings_is_canceled():
    call = fresh(hangup_requested_at=BEGAN)
    lifecycle.hear_carrier(call, CarrierCall("CA1", CallStatus.RINGING), BEGAN)
    lifecycle.hear_carrier(call, CarrierCall("CA1", CallStatus.COMPLETED), BEGAN)
    assert (call.status, call.reason) == ("canceled", "hangup_requested")


def test_a_call_hung_up_while_it_is_talked_is_completed():
    call = fresh(hangup_requested_at=BEGAN)
    lifecycle.hear_carrier(call, CarrierCall("CA1", CallStatus.COMPLETED, duration_seconds=9), BEGAN)
    assert (call.status, call.reason, call.duration_seconds) == ("completed", "hangup_requested", 9)


def test_a_late_older_answer_does_not_hide_the_newest():
    call = fresh()
    lifecycle.hear_carrier(call, CarrierCall("CA1", CallStatus.COMPLETED, raw={"price": "-0.01"}), BEGAN)
    lifecycle.hear_carrier(call, CarrierCall("CA1", CallStatus.RINGING, raw={"CallStatus": "ringing"}), BEGAN)
    assert call.raw == {"twilio": {"price": "-0.01"}}


def test_settling_names_a_reason_even_when_nobody_gave_one():
    call = fresh(status="completed", stage="over")
    ((kind, told),) = lifecycle.settle(call, BEGAN).events
    assert (kind, told["reason"], call.settled_at) == ("call.settled", "conversation_unfinished", BEGAN)


def test_only_turns_that_are_new_or_read_differently_are_told():
    known = [Turn(0, "agent", "Hello.", 0.0), Turn(1, "callee", "Hi", 1.0)]
    reported = [*known[:1], Turn(1, "callee", "Hi there.", 1.0), Turn(2, "agent", "How are you?", 2.0)]
    assert [turn.index for turn in lifecycle.changed_turns(known, reported)] == [1, 2]
    assert lifecycle.changed_turns(reported, reported) == []
