"""What one ElevenLabs conversation is: its configuration, its times, its outcome. No behaviour.

Source: ElevenLabs "Get conversation" (fact sheet 3.2, 3.3).
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from switchboard.sandbox.clock import Stopwatch
from switchboard.sandbox.conversation.analysis import Analysis, Finding
from switchboard.sandbox.conversation.dialogue import Dialogue, Ending


class Status(StrEnum):
    """`initiated → in-progress → processing → done`; `failed` may replace the rest."""

    INITIATED = "initiated"
    IN_PROGRESS = "in-progress"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Line:
    """The telephone side. `direction` inbound or outbound; numbers are E.164."""

    direction: str
    agent_number: str
    external_number: str
    phone_number_id: str | None = None


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
    line: Line
    user_id: str | None = None
    status: Status = Status.INITIATED
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    call_sid: str | None = None
    stream_sid: str | None = None
    dialogue: Dialogue | None = None
    analysis: Analysis | None = None
    criteria: dict[str, Finding] = field(default_factory=dict)
    collected: dict[str, Finding] = field(default_factory=dict)
    failure: str | None = None
    """Why nobody ever joined."""
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
    def has_audio(self) -> bool:
        recorded = bool(self.settings["privacy"]["record_voice"]) and self.seconds > 0
        return recorded and self.status is Status.DONE

    @property
    def live(self) -> bool:
        return self.status in (Status.INITIATED, Status.IN_PROGRESS)
