"""The ears of a live line: sound comes in whenever it likes, what was heard comes out in order."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from switchboard.sandbox.speech.listener import Heard, SpeechBegan, SpeechEnded
from switchboard.sandbox.speech.timbre import RATE

_BYTES_PER_SECOND = 2 * RATE
_MOST_WAITING = 10 * _BYTES_PER_SECOND
_AT_ONCE = _BYTES_PER_SECOND // 2
_LINE_IS_MUTE_AFTER = 0.7
"""Seconds without any sound, in the middle of an utterance, that count as silence."""
_SILENCE = bytes(_BYTES_PER_SECOND)

OnHeard = Callable[[Heard, float], None]
"""Gets what was heard and when the first sample of the line came, if none was missing since."""


class Hearing(Protocol):
    """What ears need of `speech.listener.Listener`."""

    async def feed(self, pcm: bytes) -> list[Heard]: ...


class Ears:
    """Ten seconds of sound may wait; of more the oldest is not heard."""

    def __init__(self, listener: Hearing, now: Callable[[], float], on_heard: OnHeard) -> None:
        self._listener = listener
        self._now = now
        self._on_heard = on_heard
        self._waiting = bytearray()
        self._came = asyncio.Event()
        self._fed = 0
        self._within_speech = False

    def hear(self, pcm: bytes) -> None:
        """s16le mono 16 kHz, any length: an odd byte waits for its other half."""
        self._waiting += pcm
        too_much = len(self._waiting) - _MOST_WAITING
        if too_much > 0:
            del self._waiting[: too_much + too_much % 2]
        self._came.set()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            pcm = await self._sound()
            self._fed += len(pcm)
            began = self._now() - self._fed / _BYTES_PER_SECOND
            for heard in await self._listener.feed(pcm):
                if isinstance(heard, SpeechBegan | SpeechEnded):
                    self._within_speech = isinstance(heard, SpeechBegan)
                self._on_heard(heard, began)

    async def _sound(self) -> bytes:
        while len(self._waiting) < 2:  # noqa: PLR2004 -- one sample
            self._came.clear()
            try:
                async with asyncio.timeout(_LINE_IS_MUTE_AFTER if self._within_speech else None):
                    await self._came.wait()
            except TimeoutError:
                return _SILENCE
        length = min(len(self._waiting), _AT_ONCE) & ~1
        pcm = bytes(self._waiting[:length])
        del self._waiting[:length]
        return pcm
