"""A conversation in the browser, in our words: what opens it, what its socket takes and what it tells.

Audio is signed 16-bit little-endian PCM, mono, 16 000 samples a second, in pieces of any length.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

RATE = 16_000
BYTES_PER_SECOND = RATE * 2

Mode = Literal["voice", "text"]


@dataclass(frozen=True, slots=True)
class TalkOrder:
    """A conversation to open at once. `first_message` and `variables` are complete.

    `callback_url`: where the platform may report the session's progress; None when we are not reachable.
    """

    call_id: str
    remote_agent_id: str
    mode: Mode = "voice"
    first_message: str = ""
    first_speaker: Literal["agent", "callee"] = "agent"
    language: str = "en"
    variables: Mapping[str, Any] = field(default_factory=dict)
    max_duration_seconds: int = 600
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """What one side says, as far as it is known; a later one of the same `turn` replaces it.

    A final caption may still be corrected by one more: an agent that was cut off said less than it meant to.
    """

    role: Literal["agent", "callee"]
    text: str
    final: bool
    turn: str


@dataclass(frozen=True, slots=True)
class AgentAudio:
    """The agent's voice. It may come much faster than it is played."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The agent was cut off: audio that was not played yet must not be."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """What the agent does now."""

    state: Literal["listening", "thinking", "speaking"]


@dataclass(frozen=True, slots=True)
class ToolUsed:
    """The agent used one of its tools."""

    name: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event. `reason` as in `SessionReport.end_reason`; None when the platform did not say."""

    reason: str | None
    detail: str | None = None


TalkEvent = Caption | AgentAudio | Interrupted | StateChanged | ToolUsed | Ended


class TalkSocket(Protocol):
    """An open conversation. Whoever opened it must `hang_up()`, also after it has ended."""

    session_id: str

    async def send_audio(self, pcm: bytes) -> None:
        """What the microphone hears, whole samples. Quiet when the conversation is over."""
        ...

    async def send_text(self, text: str) -> None:
        """A turn in writing; the agent answers. It is told back as a `Caption`."""
        ...

    def events(self) -> AsyncIterator[TalkEvent]:
        """All that happens, in order; `Ended` is the last. One reader only."""
        ...

    async def hang_up(self) -> None:
        """The person leaves: `events` ends with `callee_hangup`. Frees the connection; may be repeated."""
        ...
