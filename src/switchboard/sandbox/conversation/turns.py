"""What was said in a conversation, how it ended, and how a platform was told to hold it."""

from dataclasses import dataclass
from enum import StrEnum

from switchboard.sandbox.line import StreamEnd

WORDS_PER_SECOND = 2.7
_SHORTEST_UTTERANCE = 0.4


class Role(StrEnum):
    """Who speaks."""

    AGENT = "agent"
    USER = "user"


class Ending(StrEnum):
    """How a conversation ended."""

    CALLEE_HUNG_UP = "callee-hung-up"
    AGENT_ENDED = "agent-ended"
    TIME_UP = "time-up"
    STOPPED = "stopped"
    CARRIER_HUNG_UP = "carrier-hung-up"

    @property
    def stream_end(self) -> StreamEnd:
        """The same towards the carrier."""
        callee = self is Ending.CALLEE_HUNG_UP
        return StreamEnd.CALLEE_HUNG_UP if callee else StreamEnd.PLATFORM_CLOSED


@dataclass(slots=True)
class Turn:
    """One thing said. `starts_at` and `duration` are call seconds; `text` holds only what was spoken."""

    role: Role
    text: str
    starts_at: float
    duration: float
    full_text: str
    interrupted: bool = False
    typed: bool = False
    """Came as text, not as speech."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a platform was told to hold the conversation. Times in seconds."""

    agent_first: bool = True
    opening_delay: float = 0.0
    fallback_after: float | None = None
    """With the callee first: the agent opens by itself after this much silence."""
    longest: float = 600.0
    last_words: str = ""
    """Said when the longest duration is reached."""
    interruptible: bool = True
    """The agent falls silent when the other side speaks into its words. Off for answering machines."""
    opening_interruptible: bool = True
    """The same for its first words."""
    interrupts: bool = False
    """The agent speaks into the other side's words."""
    pause: float = 0.5
    """Seconds of silence after which the other side is taken to have finished."""
    barge_in_after: float = 0.25
    """Seconds of the other side's voice that interrupt the agent."""
    tool_seconds: float = 20.0
    """How long a tool may take (real seconds)."""


def spoken_seconds(text: str) -> float:
    """How long it takes to say a text at 2.7 words a second; at least 0.4 s."""
    return max(_SHORTEST_UTTERANCE, len(text.split()) / WORDS_PER_SECOND)
