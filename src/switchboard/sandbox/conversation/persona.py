"""What an agent is told before a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

USUAL_SILENCE = 7.0
"""Sandbox seconds an agent waits before it speaks into a silence. Source: ElevenLabs `turn.turn_timeout`."""


@dataclass(frozen=True, slots=True)
class SilenceLine:
    """What the agent says once nobody has spoken for `after` seconds (counted from the last word)."""

    after: float
    text: str
    hangs_up: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """Something the agent can have done. `parameters` is a JSON schema of type `object`."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    expects_answer: bool = True
    """False: the agent goes on talking and never learns the outcome."""


@dataclass(frozen=True, slots=True)
class Persona:
    """What an agent is told before a call. `language` is a BCP 47 tag; texts may hold `{{variables}}`."""

    prompt: str
    first_message: str = ""
    language: str = "en"
    variables: dict[str, object] = field(default_factory=dict)
    can_hang_up: bool = True
    silence_lines: tuple[SilenceLine, ...] | None = None
    """None: asks twice whether anybody is there, then takes leave if it can hang up."""
    patience: float = USUAL_SILENCE
    """Seconds of silence before the usual lines."""
    ends_after_silence: float | None = None
    """Hangs up without a word after this many silent seconds."""
    voicemail_message: str | None = None
    """Said to a machine before hanging up (empty: nothing). None: the first message is left there."""
    tools: tuple[Tool, ...] = ()
