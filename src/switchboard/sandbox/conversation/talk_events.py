"""What happens on a live line, as `live.Talk` tells it to whoever carries it."""

from dataclasses import dataclass
from typing import Literal

from switchboard.sandbox.conversation.turns import Ending, Turn
from switchboard.sandbox.line import ToolCall, ToolResult

State = Literal["listening", "thinking", "speaking"]


@dataclass(frozen=True, slots=True)
class StateChanged:
    """What the mind does from now on."""

    state: State


@dataclass(frozen=True, slots=True)
class UserTentative:
    """What the other side seems to be saying; the next one or `UserSaid` replaces it."""

    text: str


@dataclass(frozen=True, slots=True)
class UserSaid:
    """The other side's finished turn."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class AgentSays:
    """The agent begins a turn: its whole text is known, none of its audio has been sent."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class AgentAudio:
    """A piece of the turn's voice: s16le mono 16 kHz, 20 to 100 ms, paced as it is to be heard."""

    turn: Turn
    pcm: bytes


@dataclass(frozen=True, slots=True)
class AgentDone:
    """The turn was said to its end."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The turn was cut short; `turn.text` is what was heard of it. What still waits to be played is void."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class ToolAsked:
    """A tool is to be called."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolAnswered:
    """A tool answered, failed or ran out of time."""

    call: ToolCall
    result: ToolResult


@dataclass(frozen=True, slots=True)
class VoiceActivity:
    """How surely the other side speaks right now, 0 to 1."""

    score: float


@dataclass(frozen=True, slots=True)
class Over:
    """The conversation ended; nothing follows."""

    ending: Ending


TalkEvent = (
    StateChanged
    | UserTentative
    | UserSaid
    | AgentSays
    | AgentAudio
    | AgentDone
    | Interrupted
    | ToolAsked
    | ToolAnswered
    | VoiceActivity
    | Over
)
