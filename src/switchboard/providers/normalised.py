"""The value types both ports speak. Vendors' words stay inside the adapters; `raw` keeps their answers.

Times are aware UTC datetimes; durations and positions are seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from switchboard.core.money import Money
from switchboard.providers.agent_spec import AgentSpec as AgentSpec  # noqa: PLC0414 -- told from here, too
from switchboard.providers.agent_spec import JsonObject as JsonObject  # noqa: PLC0414 -- told from here, too
from switchboard.providers.agent_spec import Loss as Loss  # noqa: PLC0414 -- told from here, too
from switchboard.providers.agent_spec import RemoteAgent as RemoteAgent  # noqa: PLC0414 -- told from here, too


class CallStatus(StrEnum):
    """Twilio's words. They only move forward, in this order; the last five are final."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        return self in _FINAL

    @property
    def rank(self) -> int:
        """Position in a call's life; all final statuses share the last."""
        return len(_OPEN) if self.final else _OPEN.index(self)


_OPEN = (CallStatus.QUEUED, CallStatus.INITIATED, CallStatus.RINGING, CallStatus.IN_PROGRESS)
_FINAL = frozenset(CallStatus) - frozenset(_OPEN)


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that agents of one platform can use. `preview_url`: the vendor's free sample, when there is one."""

    platform: str
    id: str
    name: str
    category: str | None = None
    description: str | None = None
    language: str | None = None
    """BCP 47, as are `languages`: every language that the vendor has verified, the voice's own first."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The vendor's own words."""
    preview_url: str | None = None
    languages: tuple[str, ...] = ()
    gender: Literal["female", "male", "neutral"] | None = None
    age: Literal["young", "middle-aged", "old"] | None = None
    accent: str | None = None
    styles: tuple[str, ...] = ()
    """What it is made for or sounds like, in lower case: `conversational`, `customer service`, `calm`."""
    available: bool = True
    """False when it is known that this account cannot use it; `note` says why."""
    expires_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Audio:
    """Encoded audio; `media_type` such as `audio/mpeg` or `audio/wav`.

    `charged`: what the vendor took for it, in its own unit (`SpeechCost.unit`); None where it does not say.
    """

    content: bytes
    media_type: str
    charged: int | None = None


@dataclass(frozen=True, slots=True)
class SpeechCost:
    """What speaking a text will take at most. `model` and `audio_format` are what it will be spoken with.

    `cost` is None where the vendor's unit has no fixed price.
    """

    characters: int
    amount: int
    unit: str
    model: str
    audio_format: str
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class PhoneSessionOrder:
    """A conversation to prepare for one outbound phone call.

    `first_message` and `variables` are complete: nothing in them is left to fill in.
    `callback_url`: where the platform may report the session's progress; None when we are not reachable.
    """

    call_id: str
    remote_agent_id: str
    to: str
    from_: str
    first_message: str = ""
    first_speaker: Literal["agent", "callee"] = "agent"
    language: str = "en"
    variables: Mapping[str, Any] = field(default_factory=dict)
    ring_timeout_seconds: int = 60
    max_duration_seconds: int = 600
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A platform session that waits for the carrier; `twiml` is what the carrier must run on answer."""

    session_id: str
    twiml: str
    raw: JsonObject = field(default_factory=dict)


class SessionState(StrEnum):
    """Life of a platform session. `ENDED` is over but still being analysed or billed; `FINAL` will not change."""

    WAITING = "waiting"
    LIVE = "live"
    ENDED = "ended"
    FINAL = "final"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in {SessionState.ENDED, SessionState.FINAL, SessionState.FAILED}


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said. `at_seconds` counts from the start of the conversation."""

    index: int
    role: Literal["agent", "callee", "tool"]
    text: str
    at_seconds: float
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class CostLine:
    """One charge: `item` such as `platform` or `carrier`; not `final` while the provider may still change it."""

    provider: str
    item: str
    cost: Money
    quantity: float | None = None
    unit: str | None = None
    final: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a call met one criterion of its agent."""

    name: str
    result: Literal["success", "failure", "unknown"]
    rationale: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One value that was collected from a call; None when it was not said."""

    name: str
    value: str | int | float | bool | None
    rationale: str | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the platform found out about a call afterwards."""

    criteria: Sequence[Judgement] = ()
    data: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What a platform says about one session, now."""

    session_id: str
    state: SessionState
    turns: Sequence[Turn] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: int | None = None
    end_reason: str | None = None
    """Ours: `agent_hangup`, `callee_hangup`, `max_duration`, `not_joined`, `platform_error`; None if unknown."""
    summary: str | None = None
    successful: Literal["success", "failure", "unknown"] | None = None
    costs: Sequence[CostLine] = ()
    has_recording: bool = False
    analysis: Analysis | None = None
    """None until it is made, and on platforms that make none."""
    raw: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DialOrder:
    """One phone to ring. `status_callback` is None when the carrier cannot reach us: then we poll."""

    call_id: str
    to: str
    from_: str
    twiml: str
    status_callback: str | None
    ring_timeout_seconds: int = 60
    time_limit_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A carrier's view of one call. `reason` is ours (see `docs/reference/calls.md`), None while all is well."""

    carrier_id: str
    status: CallStatus
    to: str | None = None
    from_: str | None = None
    created_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: int | None = None
    answered_by: str | None = None
    reason: str | None = None
    costs: Sequence[CostLine] = ()
    raw: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CarrierSignal:
    """A status callback of the carrier, verified and read. `dedupe_key` is equal for repeats of one event."""

    dedupe_key: str
    call: CarrierCall


@dataclass(frozen=True, slots=True)
class PlatformSignal:
    """A platform's webhook, verified and read.

    `session_id` is None for events that concern no session (they are kept and otherwise ignored).
    `report` is set when the payload already tells all that a fetch would tell.
    """

    dedupe_key: str
    kind: str
    session_id: str | None
    call_id: str | None = None
    report: SessionReport | None = None


class Health(StrEnum):
    """How a provider is doing, as far as we know."""

    OK = "ok"
    OFF = "off"
    MISCONFIGURED = "misconfigured"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ProviderQuota:
    """What is left at a provider; any part may be unknown. `unit` such as `credits` or `minutes`."""

    unit: str
    used: float | None = None
    limit: float | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """Something a provider can or cannot do; `reason` says in words why not."""

    name: str
    available: bool
    reason: str | None = None
