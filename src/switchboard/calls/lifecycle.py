"""The rules of a call's life. Pure: a call and news come in, the call changes, the events to tell come out.

News arrives from callbacks, webhooks and polling, in any order and more than once. A status only moves
forward, the first final status stays, and what was learned is never unlearned.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from switchboard.calls.model import Call
from switchboard.providers.normalised import CallStatus, CarrierCall, SessionReport

HANGUP_REQUESTED = "hangup_requested"
UNFINISHED = "conversation_unfinished"


@dataclass(slots=True)
class News:
    """What a rule changed: the events to append, and whether the call has just ended."""

    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    ended: bool = False


def hear_carrier(call: Call, heard: CarrierCall, now: datetime) -> News:
    """Take in what the carrier says about its leg."""
    if call.carrier_id not in (None, heard.carrier_id):
        return News()
    call.carrier_id = heard.carrier_id
    if call.stage in {"queued", "prepared", "dialing"}:
        call.stage = "dialed"
    _note_answer(call, heard, now)
    if heard.status.rank >= call.current.rank:
        _keep_raw(call, call.carrier, heard.raw)
    if heard.duration_seconds is not None and heard.status.final:
        call.duration_seconds = heard.duration_seconds
    if heard.status.rank <= call.current.rank:
        return News()
    status, reason = heard.status, heard.reason
    if status.final and call.hangup_requested_at:
        status = CallStatus.COMPLETED if call.answered_at else CallStatus.CANCELED
        reason = HANGUP_REQUESTED
    return advance(call, status, now, reason=reason)


def advance(
    call: Call, status: CallStatus, now: datetime, *, reason: str | None = None, detail: str | None = None
) -> News:
    """Move to `status` if it lies ahead; keeps the instants of what it passes."""
    if status.rank <= call.current.rank:
        return News()
    call.status = status.value
    if call.carrier_id is not None and call.initiated_at is None:
        call.initiated_at = min(call.answered_at or now, now)
    if status is CallStatus.RINGING:
        call.ringing_at = now
    if status is CallStatus.IN_PROGRESS:
        call.answered_at = call.answered_at or now
    if not status.final:
        return News([(_EVENT.get(status, f"call.{status.value}"), {"status": status.value})])
    call.ended_at, call.stage = now, "over"
    call.reason, call.reason_detail = reason or call.reason, detail or call.reason_detail
    if call.duration_seconds is None:
        call.duration_seconds = int((now - call.answered_at).total_seconds()) if call.answered_at else 0
    told = {"status": status.value, "reason": call.reason, "duration_seconds": call.duration_seconds}
    return News([(f"call.{status.value}", told)], ended=True)


def hear_platform(call: Call, report: SessionReport) -> None:
    """Take in what the platform says about its session, except turns and costs, which are rows."""
    _keep_raw(call, call.platform, report.raw)
    call.session_id = report.session_id or call.session_id
    call.summary = report.summary or call.summary
    call.successful = report.successful or call.successful
    call.has_recording = call.has_recording or report.has_recording
    if report.analysis is not None:
        call.analysis = asdict(report.analysis)
    if call.reason is None and call.current is CallStatus.COMPLETED:
        call.reason = report.end_reason


def settle(call: Call, now: datetime) -> News:
    """Nothing will change any more."""
    call.settled_at = now
    if call.carrier_id is None and call.answered_at is None and call.cost_micros is None:
        call.cost_micros, call.cost_currency, call.cost_final = 0, "USD", True
    if call.reason is None and call.current is CallStatus.COMPLETED:
        call.reason = UNFINISHED
    told = {
        "status": call.status,
        "reason": call.reason,
        "summary": call.summary,
        "successful": call.successful,
        "duration_seconds": call.duration_seconds,
    }
    return News([("call.settled", told)])


def needs_transcript(call: Call) -> bool:
    """Only a call that somebody answered has a conversation to wait for."""
    return call.answered_at is not None and call.session_id is not None


def changed_turns(known: Sequence[Any], reported: Sequence[Any]) -> list[Any]:
    """The reported turns that are new or read differently than the known ones with the same index."""
    before = {turn.index: (turn.role, turn.text, turn.interrupted) for turn in known}
    return [t for t in reported if before.get(t.index) != (t.role, t.text, t.interrupted)]


def _note_answer(call: Call, heard: CarrierCall, now: datetime) -> None:
    """Learn that somebody picked up, also when the news of it was lost or comes last.

    A carrier's `completed` means that the line was connected, unless we ended the call ourselves.
    Source: Twilio "Call resource", statuses.
    """
    hung_up = call.hangup_requested_at is not None
    answered = (
        heard.answered_at is not None
        or heard.status is CallStatus.IN_PROGRESS
        or bool(heard.duration_seconds)
        or (heard.status is CallStatus.COMPLETED and not hung_up)
    )
    if call.answered_at is not None or not answered or (call.current.final and call.status != "completed"):
        return
    talked = timedelta(seconds=heard.duration_seconds or 0)
    latest = call.ended_at or now
    earliest = min(call.ringing_at or call.initiated_at or call.created_at, latest)
    call.answered_at = max(earliest, min(heard.answered_at or now - talked, latest))


def _keep_raw(call: Call, provider: str, raw: Any) -> None:
    if raw:
        call.raw = {**call.raw, provider: dict(raw)}


_EVENT = {CallStatus.IN_PROGRESS: "call.answered"}
