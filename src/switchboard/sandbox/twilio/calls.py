"""A call as the carrier knows it, and as its REST API shows it."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import httpx
import phonenumbers

from switchboard.sandbox.clock import Stopwatch
from switchboard.sandbox.phones.directory import Household
from switchboard.sandbox.phones.overheard import Said

API_VERSION = "2010-04-01"
_MOST_NOTES = 200
_SUBRESOURCES = (
    ("events", "Events"),
    ("notifications", "Notifications"),
    ("payments", "Payments"),
    ("recordings", "Recordings"),
    ("siprec", "Siprec"),
    ("streams", "Streams"),
    ("transcriptions", "Transcriptions"),
    ("user_defined_message_subscriptions", "UserDefinedMessageSubscriptions"),
    ("user_defined_messages", "UserDefinedMessages"),
)


class CallStatus(StrEnum):
    """`initiated` is told in callbacks only; REST shows such a call as `queued`."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Script:
    """Where a call's TwiML comes from: given inline, or fetched from `url`."""

    twiml: str | None = None
    url: str | None = None
    method: str = "POST"
    fallback_url: str | None = None
    fallback_method: str = "POST"


@dataclass(frozen=True, slots=True)
class CallbackAddress:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class MachineDetection:
    """`waits` for the end of a greeting (`DetectMessageEnd`). Times in seconds, from the answer on."""

    waits: bool
    asynchronous: bool = False
    tells: CallbackAddress | None = None
    timeout: float = 30.0
    silence: float = 5.0
    """After which nobody can tell who picked up."""


@dataclass(frozen=True, slots=True)
class RecordingOrder:
    """What is to be recorded. `track`: `inbound` is what the callee says."""

    source: str
    channels: int = 1
    track: str = "both"
    tells: CallbackAddress | None = None
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A validated request for a call. Times in seconds."""

    to: str
    from_: str
    script: Script
    callback: CallbackAddress | None = None
    events: frozenset[str] = frozenset({"completed"})
    timeout: int = 60
    time_limit: int = 14_400
    detection: MachineDetection | None = None
    recording: RecordingOrder | None = None
    digits: str = ""
    """Pressed by the carrier once the call is answered."""
    notes: tuple[str, ...] = ()
    """What was asked for and is not imitated."""


@dataclass(slots=True)
class Call:
    """One call. Mutable: its driver moves it forward."""

    sid: str
    account_sid: str
    token: str
    phone_number_sid: str | None
    order: CallOrder
    household: Household
    watch: Stopwatch
    callback: CallbackAddress | None
    status: CallStatus = CallStatus.QUEUED
    updated_at: datetime = field(init=False)
    start_time: datetime | None = None
    end_time: datetime | None = None
    duration: int | None = None
    price: str | None = None
    answered_by: str | None = None
    next_sequence: int = 0
    direction: str = "outbound-api"
    parent_sid: str | None = None
    queue_milliseconds: int = 0
    """How long it is expected to wait for the account's turn."""
    said: list[Said] = field(default_factory=list)
    notes: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_NOTES))
    recording_fields: dict[str, str] = field(default_factory=dict)
    """What the last callback tells of the recording that `Record=true` asked for."""
    cookies: httpx.Cookies | None = field(default=None, repr=False)
    """Of the customer's servers, once they were asked and as long as the call lasts."""
    media_note: str | None = None
    """Why words pass and no sound; None for a spoken call, and before anybody answered."""
    on_end: Callable[[Mapping[str, str]], None] | None = None

    def __post_init__(self) -> None:
        self.updated_at = self.watch.started_at
        self.notes.extend(self.order.notes)

    def warn(self, code: int, text: str) -> None:
        """Write into the debugger, as far as Twilio writes there."""
        self.notes.append(f"{code}: {text}")

    @property
    def is_inbound(self) -> bool:
        return self.direction == "inbound"

    @property
    def is_over(self) -> bool:
        return self.end_time is not None

    @property
    def is_waiting(self) -> bool:
        """Not picked up yet."""
        return self.status in (CallStatus.QUEUED, CallStatus.INITIATED, CallStatus.RINGING)

    @property
    def shown_status(self) -> str:
        return CallStatus.QUEUED if self.status is CallStatus.INITIATED else self.status

    def enter(self, status: CallStatus) -> None:
        """Move to a status that is not an end. Billing counts from `in-progress`."""
        self.status = status
        self.updated_at = self.watch.now()
        if status in (CallStatus.INITIATED, CallStatus.IN_PROGRESS):
            self.start_time = self.updated_at

    def end(self, status: CallStatus) -> None:
        """Close the call. `duration` is in seconds, at least one for an answered call, else zero."""
        answered = self.status is CallStatus.IN_PROGRESS
        self.status, self.cookies = status, None
        self.end_time = self.updated_at = self.watch.now()
        self.start_time = self.start_time or self.end_time
        seconds = (self.end_time - self.start_time).total_seconds() if answered else 0.0
        self.duration = max(1, round(seconds)) if answered else 0

    def as_json(self) -> dict[str, Any]:
        """The Call resource. Source: Twilio "Calls resource", call properties."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "to": self.order.to,
            "to_formatted": _formatted(self.order.to),
            "from": self.order.from_,
            "from_formatted": _formatted(self.order.from_),
            "phone_number_sid": self.phone_number_sid,
            "status": self.shown_status,
            "direction": self.direction,
            "start_time": rfc2822(self.start_time),
            "end_time": rfc2822(self.end_time),
            "duration": None if self.duration is None else str(self.duration),
            "price": self.price,
            "price_unit": "USD",
            "answered_by": self.answered_by,
            "caller_name": None,
            "forwarded_from": None,
            "group_sid": None,
            "parent_call_sid": self.parent_sid,
            "trunk_sid": None,
            "queue_time": str(self.queue_milliseconds),
            "date_created": rfc2822(self.watch.started_at),
            "date_updated": rfc2822(self.updated_at),
            "uri": f"{uri}.json",
            "subresource_uris": {key: f"{uri}/{name}.json" for key, name in _SUBRESOURCES},
        }


def rfc2822(moment: datetime | None) -> str | None:
    """`Fri, 18 Oct 2019 17:00:00 +0000`, or null."""
    return format_datetime(moment.replace(microsecond=0)) if moment else None


@lru_cache(maxsize=1_024)
def country(number: str) -> str:
    """Two letters; empty for what is no telephone number."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


@lru_cache(maxsize=1_024)
def _formatted(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if parsed.country_code == 1 else style.INTERNATIONAL)
