"""Which calls are spoken, over real sockets, and which pass words inside the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.speech.studio import Studio

SPOKEN_AT_ONCE = 4
"""More spoken calls would not keep real time on two cores."""


class MediaMode(StrEnum):
    """`AUTO` decides call by call."""

    AUTO = "auto"
    TEXT = "text"
    AUDIO = "audio"


class Media:
    """Decides when a call is answered, and counts the spoken ones."""

    def __init__(self, clock: SandboxClock, studio: Studio, usual: MediaMode = MediaMode.AUTO) -> None:
        self.mode = usual
        self._usual = usual
        self._clock = clock
        self._studio = studio
        self._spoken = 0

    @property
    def spoken(self) -> int:
        """Spoken calls that run now."""
        return self._spoken

    def reset(self) -> None:
        self.mode = self._usual

    def why_not(self, language: str) -> str | None:
        """None when a call with somebody of this language is to be spoken; otherwise, in words, why it is not."""
        if self.mode is MediaMode.TEXT:
            return "The sandbox's media mode is text."
        if self.mode is MediaMode.AUDIO or self._studio.why_not is not None:
            return self._studio.why_not
        if not self._studio.knows(language):
            return f"The sandbox cannot speak {language}."
        if self._clock.speed != 1:
            return f"Calls are spoken at clock speed 1; it is {self._clock.speed:g}."
        if self._spoken >= SPOKEN_AT_ONCE:
            return f"{self._spoken} spoken calls are running, as many as are spoken at once."
        return None

    @contextmanager
    def spoken_call(self) -> Iterator[None]:
        """One spoken call, as long as it lasts."""
        self._spoken += 1
        try:
            yield
        finally:
            self._spoken -= 1
