"""A call from the inside: the life of both legs, and what the providers themselves said."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from switchboard.calls.model import BROWSER, Call
from switchboard.calls.schemas import LegOut, RecordOut, StateOut
from switchboard.core.redaction import redacted
from switchboard.events.model import Event
from switchboard.inbox.model import InboxMessage


def legs(call: Call, events: Sequence[Event]) -> list[LegOut]:
    """The platform's session and the carrier's line; a conversation in the browser has no line."""
    prepared = _first(events, "call.prepared")
    spoke = [event.at for event in events if event.type == "call.turn"]
    session = [
        ("opened", prepared),
        ("first words", spoke[0] if spoke else None),
        ("last words", spoke[-1] if len(spoke) > 1 else None),
        ("settled", call.settled_at if call.session_id else None),
    ]
    platform = _leg("platform", call.platform, call.session_id, session)
    if call.carrier == BROWSER:
        return [platform]
    line = [
        ("queued", call.created_at),
        ("initiated", call.initiated_at),
        ("ringing", call.ringing_at),
        ("answered", call.answered_at),
        (call.status, call.ended_at),
    ]
    return [_leg("carrier", call.carrier, call.carrier_id, line), platform]


def records(call: Call, messages: Iterable[InboxMessage]) -> list[RecordOut]:
    """The last answer of each provider, then its messages, oldest first."""
    latest = [
        RecordOut(provider=provider, kind="latest", received_at=None, body=redacted(raw))
        for provider, raw in sorted(call.raw.items())
    ]
    told = [
        RecordOut(provider=one.provider, kind=one.kind, received_at=one.received_at, body=redacted(one.signal))
        for one in messages
    ]
    return latest + told


def _leg(
    leg: Literal["platform", "carrier"],
    provider: str,
    identity: str | None,
    states: Sequence[tuple[str, datetime | None]],
) -> LegOut:
    known = [StateOut(state=state, at=at) for state, at in states if at is not None]
    return LegOut(leg=leg, provider=provider, id=identity, states=sorted(known, key=lambda one: one.at))


def _first(events: Sequence[Event], kind: str) -> datetime | None:
    return next((event.at for event in events if event.type == kind), None)
