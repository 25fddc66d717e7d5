"""Twilio's words and ours, both ways. Pure functions.

Source: Twilio "Call resource" (create, fetch, statuses) and "Call status callbacks".
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from switchboard.core.money import Money, to_micros
from switchboard.providers.normalised import CallStatus, CarrierCall, CarrierSignal, CostLine, DialOrder
from switchboard.providers.twilio.errors import NAME

EVENTS = ("initiated", "ringing", "answered", "completed")

# Twilio itself repeats a callback on connect failures only; three repeats also on 5xx and slow answers.
_CALLBACK_RETRIES = "#rc=3&rp=5xx,ct,rt"

_REASONS = {
    CallStatus.BUSY: "callee_busy",
    CallStatus.NO_ANSWER: "no_answer",
    CallStatus.FAILED: "carrier_failed",
    CallStatus.CANCELED: "canceled",
}
_STATUSES = {status.value: status for status in CallStatus}
_TALKED = {CallStatus.IN_PROGRESS, CallStatus.COMPLETED}


def dial_form(order: DialOrder) -> dict[str, Any]:
    """The form of one `POST Calls.json`; a list value is sent as a repeated key."""
    form: dict[str, Any] = {
        "To": order.to,
        "From": order.from_,
        "Twiml": order.twiml,
        "Timeout": order.ring_timeout_seconds,
    }
    if order.time_limit_seconds is not None:
        form["TimeLimit"] = order.time_limit_seconds
    if order.status_callback:
        form["StatusCallback"] = order.status_callback.partition("#")[0] + _CALLBACK_RETRIES
        form["StatusCallbackMethod"] = "POST"
        form["StatusCallbackEvent"] = list(EVENTS)
    return form


def call(body: Mapping[str, Any]) -> CarrierCall:
    """A Call resource. An unknown status reads as the earliest one, so that it moves nothing."""
    status = _STATUSES.get(str(body.get("status")), CallStatus.QUEUED)
    return CarrierCall(
        carrier_id=str(body.get("sid") or ""),
        status=status,
        to=body.get("to") or None,
        from_=body.get("from") or None,
        created_at=instant(body.get("date_created")),
        # `start_time` is the moment of dialling until somebody answers.
        answered_at=instant(body.get("start_time")) if status in _TALKED else None,
        ended_at=instant(body.get("end_time")) if status.final else None,
        duration_seconds=_seconds(body.get("duration")),
        answered_by=body.get("answered_by") or None,
        reason=_REASONS.get(status),
        costs=_costs(status, body),
        raw=dict(body),
    )


def signal(form: Mapping[str, str]) -> CarrierSignal:
    """A verified status callback. Its `Duration` is in minutes; `CallDuration` is the one in seconds."""
    status = _STATUSES.get(form.get("CallStatus", ""), CallStatus.QUEUED)
    at = instant(form.get("Timestamp"))
    sid = form["CallSid"]
    seen = CarrierCall(
        carrier_id=sid,
        status=status,
        to=form.get("To") or None,
        from_=form.get("From") or None,
        answered_at=at if status is CallStatus.IN_PROGRESS else None,
        ended_at=at if status.final else None,
        duration_seconds=_seconds(form.get("CallDuration")),
        answered_by=form.get("AnsweredBy") or None,
        reason=_REASONS.get(status),
        raw=dict(form),
    )
    return CarrierSignal(f"{sid}:{form.get('SequenceNumber') or status.value}", seen)


def instant(value: Any) -> datetime | None:
    """An RFC 2822 date as aware UTC; None when absent or unreadable."""
    try:
        at = parsedate_to_datetime(str(value)) if value else None
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at else None


def _costs(status: CallStatus, body: Mapping[str, Any]) -> Sequence[CostLine]:
    """Twilio's price is a negative decimal text that is filled in some time after the call."""
    if not status.final:
        return ()
    currency = str(body.get("price_unit") or "USD").upper()
    minutes = -(-(_seconds(body.get("duration")) or 0) // 60)
    price = body.get("price")
    if price is None:
        answered = status is CallStatus.COMPLETED
        return (CostLine(NAME, "carrier", Money(0, currency), minutes, "minutes", final=not answered),)
    return (CostLine(NAME, "carrier", Money(abs(to_micros(str(price))), currency), minutes, "minutes"),)


def _seconds(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
