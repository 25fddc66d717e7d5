from datetime import UTC, datetime

import httpx
import pytest
from tests.recordings.reader import recording

from switchboard.core.money import Money
from switchboard.providers.http import Answer
from switchboard.providers.normalised import CallStatus, CostLine, DialOrder
from switchboard.providers.twilio import wire
from switchboard.providers.twilio.errors import refusal

ORDER = DialOrder(
    "call_1", "+14155550100", "+15005550006", "<Response/>", "https://us.test/inbox/twilio/call_1", 45, 600
)


def test_a_dial_asks_for_every_status_event_and_for_repeats_of_lost_callbacks():
    assert wire.dial_form(ORDER) == {
        "To": "+14155550100",
        "From": "+15005550006",
        "Twiml": "<Response/>",
        "Timeout": 45,
        "TimeLimit": 600,
        "StatusCallback": "https://us.test/inbox/twilio/call_1#rc=3&rp=5xx,ct,rt",
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
    }


def test_without_a_callback_address_none_is_asked_for():
    form = wire.dial_form(DialOrder("call_1", "+1", "+2", "<Response/>", None))
    assert set(form) == {"To", "From", "Twiml", "Timeout"}


def test_a_fresh_call_has_neither_answer_nor_end():
    call = wire.call(recording("twilio/call_queued"))
    assert (call.status, call.to, call.from_) == (CallStatus.QUEUED, "+14155550100", "+15005550006")
    assert call.created_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert (call.answered_at, call.ended_at, call.duration_seconds, call.costs) == (None, None, None, ())


def test_a_completed_call_tells_times_and_a_positive_price():
    call = wire.call(recording("twilio/call_completed"))
    assert (call.status, call.reason, call.duration_seconds) == (CallStatus.COMPLETED, None, 65)
    assert call.answered_at == datetime(2026, 11, 22, 9, 0, 5, tzinfo=UTC)
    assert call.ended_at == datetime(2026, 11, 22, 9, 1, 10, tzinfo=UTC)
    assert call.costs == (CostLine("twilio", "carrier", Money(28_000), 2, "minutes"),)
    assert call.raw["a_field_of_tomorrow"] == {"kept": True}


def test_the_price_of_an_answered_call_is_not_final_while_it_is_null():
    call = wire.call(recording("twilio/call_completed") | {"price": None})
    assert [(line.cost.micros, line.final) for line in call.costs] == [(0, False)]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("busy", "callee_busy"),
        ("no-answer", "no_answer"),
        ("failed", "carrier_failed"),
        ("canceled", "canceled"),
    ],
)
def test_a_call_that_nobody_took_has_a_reason_and_costs_nothing(status, reason):
    call = wire.call(
        recording("twilio/call_queued") | {"status": status, "start_time": "Sun, 22 Nov 2026 09:00:00 +0000"}
    )
    assert (call.status.value, call.reason, call.answered_at) == (status, reason, None)
    assert [(line.cost.micros, line.final) for line in call.costs] == [(0, True)]


def test_a_status_of_tomorrow_moves_nothing():
    assert wire.call(recording("twilio/call_queued") | {"status": "levitating"}).status.rank == 0


def test_a_callback_counts_seconds_not_the_billed_minutes():
    signal = wire.signal(recording("twilio/callback_completed"))
    assert signal.dedupe_key == "CA00000000000000000000000000000001:3"
    assert (signal.call.duration_seconds, signal.call.answered_by) == (49, "human")
    assert signal.call.ended_at == datetime(2026, 11, 22, 9, 0, 54, tzinfo=UTC)


def test_a_busy_callback_carries_our_reason():
    assert wire.signal(recording("twilio/callback_busy")).call.reason == "callee_busy"


def test_a_callback_without_a_number_is_told_apart_by_its_status():
    form = {"CallSid": "CA1", "CallStatus": "in-progress"}
    assert wire.signal(form).dedupe_key == "CA1:in-progress"


@pytest.mark.parametrize(
    ("status", "code", "kind", "reason"),
    [
        (400, 21211, "ProviderRejected", "invalid_number"),
        (400, 21217, "ProviderRejected", "invalid_number"),
        (400, 21214, "ProviderRejected", "invalid_number"),
        (400, 21215, "ProviderRejected", "destination_not_allowed"),
        (400, 21216, "ProviderRejected", "destination_not_allowed"),
        (400, 21210, "ProviderRejected", "caller_id_not_allowed"),
        (400, 21212, "ProviderRejected", "caller_id_not_allowed"),
        (400, 21213, "ProviderRejected", "caller_id_not_allowed"),
        (400, 21219, "ProviderRejected", "trial_unverified_number"),
        (400, 21220, "ProviderRejected", "not_in_progress"),
        (400, 20001, "ProviderRejected", "carrier_refused"),
        (401, 20003, "ProviderMisconfigured", None),
        (403, 20003, "ProviderMisconfigured", None),
        (403, 20008, "ProviderMisconfigured", None),
        (404, 20404, "ProviderMissing", None),
        (429, 20429, "ProviderUnavailable", None),
        (400, 10004, "ProviderUnavailable", None),
        (503, 20503, "ProviderUnavailable", None),
    ],
)
def test_twilios_codes_become_our_errors(status, code, kind, reason):
    body = f'{{"code":{code},"message":"m","more_info":"u","status":{status}}}'.encode()
    error = refusal(Answer(status, httpx.Headers(), body))
    assert type(error).__name__ == kind
    assert (error.provider_code, error.provider_status) == (str(code), status)
    assert error.extras.get("reason") == reason
    assert error.detail.endswith(".")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code":"x"}', b"null"])
def test_a_refusal_in_any_shape_is_still_ours(body):
    assert refusal(Answer(400, httpx.Headers(), body)).extras["reason"] == "carrier_refused"
    assert "TWILIO_AUTH_TOKEN" in refusal(Answer(401, httpx.Headers(), body)).detail
