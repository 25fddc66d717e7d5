"""What one ElevenLabs conversation is: its configuration, its times, its outcome. No behaviour.

Source: ElevenLabs "Get conversation" (fact sheet 3.2, 3.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from switchboard.sandbox.clock import Stopwatch
from switchboard.sandbox.conversation.analysis import Analysis, Finding
from switchboard.sandbox.conversation.dialogue import Ending, Turn


class Status(StrEnum):
    """`initiated → in-progress → processing → done`; `failed` may replace the rest."""

    INITIATED = "initiated"
    IN_PROGRESS = "in-progress"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


class Talked(Protocol):
    """Where the turns are: a dialogue of words or a talk on a live line."""

    @property
    def turns(self) -> Sequence[Turn]: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What is left of a talk that is over."""

    turns: Sequence[Turn]


@dataclass(frozen=True, slots=True)
class Line:
    """The telephone side. `direction` inbound or outbound; numbers are E.164."""

    direction: str
    agent_number: str
    external_number: str
    phone_number_id: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """How a conversation came about. `source`: twilio, python_sdk, js_sdk, … or unknown."""

    source: str = "twilio"
    version: str | None = None
    authorization: str = "authorization_header"


@dataclass(slots=True)
class ToolUse:
    """One tool called. `kind`: system, webhook or client; times in seconds of the call."""

    call_id: str
    name: str
    kind: str
    arguments: dict[str, Any]
    asked_at: float
    result: str | None = None
    is_error: bool = False
    latency: float = 0.0


@dataclass(slots=True)
class Feedback:
    """What the user thought of it: of single answers, and on the whole."""

    likes: int = 0
    dislikes: int = 0
    overall: str | None = None
    rating: int | None = None
    comment: str | None = None


@dataclass(slots=True)
class Conversation:
    """`config` is the agent's `conversation_config` with the overrides laid on it."""

    conversation_id: str
    agent_id: str
    agent_name: str
    branch_id: str
    version_id: str
    watch: Stopwatch
    config: dict[str, Any]
    settings: dict[str, Any]
    """The agent's `platform_settings` at the start."""
    client_data: dict[str, Any]
    variables: dict[str, Any]
    """Dynamic variables, the system's own included."""
    line: Line | None
    """None: no telephone has to do with it."""
    origin: Origin = field(default_factory=Origin)
    is_burst: bool = False
    batch: tuple[str, str] | None = None
    """Ids of the batch and of its recipient."""
    user_id: str | None = None
    status: Status = Status.INITIATED
    is_queued: bool = False
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    call_sid: str | None = None
    stream_sid: str | None = None
    dialogue: Talked | None = None
    tools_used: list[ToolUse] = field(default_factory=list)
    recording: bytes | None = None
    """The MP3 file of what really passed; None: nothing did."""
    warnings: list[str] = field(default_factory=list)
    feedback: Feedback = field(default_factory=Feedback)
    analysis: Analysis | None = None
    criteria: dict[str, Finding] = field(default_factory=dict)
    collected: dict[str, Finding] = field(default_factory=dict)
    failure: str | None = None
    """Why it failed, or why it broke off, in a sentence."""
    error_code: int | None = None
    """The close code of a conversation that broke off."""
    cost: int | None = None
    cost_fiat: float | None = None
    call_price: float = 0.0
    llm_price: float = 0.0

    @property
    def seconds(self) -> float:
        """Length of the talk; 0 until it is over."""
        if self.accepted_at is None or self.ended_at is None:
            return 0.0
        return (self.ended_at - self.accepted_at).total_seconds()

    @property
    def text_only(self) -> bool:
        return self.line is None and bool(self.config["conversation"].get("text_only"))

    @property
    def has_audio(self) -> bool:
        recorded = bool(self.settings["privacy"]["record_voice"]) and self.seconds > 0
        return recorded and not self.text_only and self.status is Status.DONE

    @property
    def live(self) -> bool:
        return self.status in (Status.INITIATED, Status.IN_PROGRESS) and not self.is_queued
