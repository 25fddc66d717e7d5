"""The telephone on a spoken line: microphone and loudspeaker of a page, typing read aloud, captions by ear."""

import asyncio
from collections.abc import Callable

from switchboard.core.g711 import from_mu_law, to_mu_law
from switchboard.sandbox.conversation.tape import LINE_RATE, SILENCE
from switchboard.sandbox.speech.listener import SpeechEnded
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE, Studio
from switchboard.sandbox.speech.voices import PALETTE
from switchboard.sandbox.telephone.page_call import PageCall

_FRAME = 160
_LATEST = LINE_RATE // 2
"""Half a second of the microphone's sound may wait; the oldest is dropped."""
_LONGEST_READ = 120 * LINE_RATE
_MOST_UNHEARD = 250
_MOST_TYPED = 20
_TIMBRE = PALETTE["iris"]

Note = Callable[[str, str], None]
"""Gets `caller` or `callee`, and what was understood of them."""


class PageHandset:
    """Raw sound passes both ways; nobody thinks for the callee."""

    def __init__(self, call: PageCall, studio: Studio, note: Note) -> None:
        self._call = call
        self._studio = studio
        self._note = note
        self._to_line = Resampler(RATE, LINE_RATE)
        self._to_page = Resampler(LINE_RATE, RATE)
        self._spoken = bytearray()
        self._read = bytearray()
        self._typed: asyncio.Queue[str] = asyncio.Queue(maxsize=_MOST_TYPED)
        self._heard: dict[str, asyncio.Queue[bytes]] = {
            who: asyncio.Queue(maxsize=_MOST_UNHEARD) for who in ("caller", "callee")
        }
        call.listen(self._type, self._speak)

    def take(self) -> bytes:
        """What is read aloud goes before what the microphone hears."""
        waiting = self._read or self._spoken
        frame = bytes(waiting[:_FRAME])
        del waiting[:_FRAME]
        return frame.ljust(_FRAME, SILENCE)

    def give(self, frame: bytes) -> None:
        pcm = self._to_page.feed(from_mu_law(frame))
        self._call.page.play(pcm)
        self._hear("caller", pcm)

    async def run(self) -> None:
        working = [
            asyncio.create_task(self._read_aloud()),
            asyncio.create_task(self._caption("caller")),
            asyncio.create_task(self._caption("callee")),
        ]
        try:
            await self._call.gone.wait()
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    def _type(self, text: str) -> None:
        if not self._typed.full():
            self._typed.put_nowait(text)
            self._note("callee", text)

    def _speak(self, pcm: bytes) -> None:
        self._hear("callee", pcm)
        self._spoken += to_mu_law(self._to_line.feed(pcm))
        del self._spoken[: max(0, len(self._spoken) - _LATEST)]

    def _hear(self, who: str, pcm: bytes) -> None:
        if not self._heard[who].full():
            self._heard[who].put_nowait(pcm)

    async def _read_aloud(self) -> None:
        while True:
            text = await self._typed.get()
            resampler = Resampler(RATE, LINE_RATE)
            async for pcm in self._studio.says(text, _TIMBRE):
                self._queue(resampler.feed(pcm))
            self._queue(resampler.feed(b"", last=True))

    def _queue(self, pcm: bytes) -> None:
        self._read += to_mu_law(pcm)[: max(0, _LONGEST_READ - len(self._read))]

    async def _caption(self, who: str) -> None:
        listener = self._studio.listener(partials=False)
        while True:
            for heard in await listener.feed(await self._heard[who].get()):
                if isinstance(heard, SpeechEnded) and heard.text:
                    self._call.caption(who, heard.text)
                    self._note(who, heard.text)
