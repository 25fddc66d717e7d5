"""A spoken line: every 20 ms a frame of mu-law goes either way between a telephone and whatever the call plays."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from switchboard.sandbox.conversation.tape import SILENCE, Tape
from switchboard.sandbox.twilio.playout import FRAME

FRAME_SECONDS = 0.02
_CATCH_UP = 25
"""Frames that are made good after a stall; of a longer one the rest is lost, as on any line."""

Tap = Callable[[bytes, bytes], None]
"""Gets each frame of the callee and what was played to them."""


class Handset(Protocol):
    """The telephone of whoever is on the line."""

    def take(self) -> bytes:
        """The next 20 ms of what they say, 160 bytes of mu-law."""
        ...

    def give(self, frame: bytes) -> None:
        """The next 20 ms of what they hear."""
        ...

    async def run(self) -> None:
        """Live until they hang up."""
        ...


class Source(Protocol):
    """What is played to the callee."""

    def take(self) -> bytes:
        """The next 20 ms, 160 bytes of mu-law."""
        ...


class SilentHandset:
    """A telephone lying on a table: where there is no speech, and no person at the other end of a trunk."""

    def take(self) -> bytes:
        return SILENCE * FRAME

    def give(self, frame: bytes) -> None:
        """Nobody listens."""

    async def run(self) -> None:
        await asyncio.Event().wait()


class Wire:
    """One spoken line in real time, on tape from its first frame. `gone` is set when the callee hangs up."""

    def __init__(self, handset: Handset) -> None:
        self.handset = handset
        self.tape = Tape()
        self.gone = asyncio.Event()
        self._source: Source | None = None
        self._taps: list[Tap] = []

    @contextmanager
    def playing(self, source: Source) -> Iterator[None]:
        """Play `source` to the callee; what was played before goes on afterwards."""
        before, self._source = self._source, source
        try:
            yield
        finally:
            self._source = before

    @contextmanager
    def tapped(self, tap: Tap) -> Iterator[None]:
        """Let `tap` listen to both sides."""
        self._taps.append(tap)
        try:
            yield
        finally:
            self._taps.remove(tap)

    async def run(self) -> None:
        """Until cancelled. After the callee has hung up the line stays, silent."""
        living = asyncio.create_task(self._live())
        try:
            await self._beat()
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)

    async def _live(self) -> None:
        try:
            await self.handset.run()
        finally:
            self.gone.set()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + FRAME_SECONDS
        while True:
            await asyncio.sleep(max(0.0, due - loop.time()))
            late = int((loop.time() - due) / FRAME_SECONDS)
            for _ in range(min(late, _CATCH_UP) + 1):
                self.pass_frame()
            due += (late + 1) * FRAME_SECONDS

    def pass_frame(self) -> None:
        """20 ms of the line, each way."""
        said = self.handset.take()
        played = self._source.take() if self._source else SILENCE * FRAME
        self.handset.give(played)
        self.tape.agent(played)
        self.tape.callee(said)
        for tap in list(self._taps):
            tap(said, played)
