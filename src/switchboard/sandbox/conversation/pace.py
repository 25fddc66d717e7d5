"""The time of one conversation: what it waits for, how long it may last, and what ends it at once."""

import asyncio
import math
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from switchboard.sandbox.clock import SandboxClock, Stopwatch
from switchboard.sandbox.conversation.turns import Ending

Result = TypeVar("Result")


class OverError(Exception):
    """The conversation is over, in whatever it was doing."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending)
        self.ending = ending


@dataclass(slots=True)
class Pace:
    """Counts call seconds on the sandbox's clock. `longest`: how many there may be."""

    clock: SandboxClock
    longest: float
    farewell: str = ""
    """What to say before a stop."""
    over: Ending | None = None
    _watch: Stopwatch = field(init=False)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._watch = self.clock.stopwatch()

    def seconds(self) -> float:
        """Since the beginning."""
        return self._watch.seconds()

    def ring(self) -> None:
        """Wake whoever rests."""
        self._bell.set()

    def end(self, ending: Ending, farewell: str = "") -> None:
        """Let the next rest raise `OverError`. The other side's leaving outdoes a stop."""
        if self.over in (None, Ending.STOPPED):
            self.over, self.farewell = ending, farewell
        self.ring()

    async def rest(self, seconds: float) -> None:
        """Let call time pass, or less when the bell rings.

        Raises: OverError when the conversation was ended or has lasted for the longest duration.
        """
        self._check()
        left = min(seconds, self.longest - self.seconds())
        if left > 0:
            await self.nap(left)
        self._check()

    async def during(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Let work take its time, which ends with the conversation. Raises: OverError as `rest` does."""
        task = asyncio.create_task(work)
        task.add_done_callback(lambda _: self.ring())
        try:
            while not task.done():
                await self.rest(math.inf)
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def nap(self, seconds: float) -> None:
        """The same, whatever has ended."""
        if not self._bell.is_set():
            await self._wait(seconds)
        self._bell.clear()

    async def _wait(self, seconds: float) -> None:
        waiting = {asyncio.create_task(self.clock.sleep(seconds)), asyncio.create_task(self._rung())}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _rung(self) -> None:
        await self._bell.wait()

    def _check(self) -> None:
        if self.over is not None:
            raise OverError(self.over)
        if self.seconds() >= self.longest:
            raise OverError(Ending.TIME_UP)
