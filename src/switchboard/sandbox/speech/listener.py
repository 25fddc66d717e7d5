"""What is heard on one line: when somebody begins and ends to speak, and which words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks; `at` in seconds since the first sample."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechScore:
    """How likely the latest sound is speech, 0 to 1; about 30 a second, silence left out after a moment."""

    value: float


@dataclass(frozen=True, slots=True)
class SpeechPartial:
    """What was understood so far of what is being said."""

    text: str


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """An utterance: its words (empty: a noise), when it began and how long it lasted, in seconds."""

    text: str
    starts_at: float
    duration: float


Heard = SpeechBegan | SpeechScore | SpeechPartial | SpeechEnded


class Listener:
    """The ears of one line; made by `Studio.listener`."""

    async def feed(self, pcm: bytes) -> list[Heard]:
        """Listen to more sound (16 kHz, any length); what it brought, in order. Not for two tasks at once."""
        raise NotImplementedError
