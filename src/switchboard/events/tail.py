"""The newest events in memory, read once per process however many follow."""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable

from switchboard.events.model import Event
from switchboard.events.wakeups import Wakeups

KEPT = 1_000
POLL_SECONDS = 5.0
"""A lost wake-up costs at most this."""


class Tail:
    """Every event in `(start, end]`. A reader that falls behind `start` must read the table.

    Nothing is queued per reader, so a slow one costs no memory: it only loses the short way.
    """

    def __init__(
        self,
        read: Callable[[int, int], Awaitable[list[Event]]],
        last_position: Callable[[], Awaitable[int]],
        wakeups: Wakeups,
    ) -> None:
        self._read = read
        self._last_position = last_position
        self._wakeups = wakeups
        self._events: list[Event] = []
        self._lock = asyncio.Lock()
        self._looked_at = float("-inf")
        self._looked_to = 0
        self.start = 0
        self.end = 0

    async def past(self, position: int) -> list[Event] | None:
        """Up to `KEPT` events past `position`; [] when there are none, None when it lies before `start`."""
        if self.end <= position:
            await self._look()
        if position < self.start:
            return None
        return self._events[bisect_right(self._events, position, key=_position) :]

    async def changed(self, seconds: float) -> None:
        """Return when there may be something new, or after `seconds`, or after the polling time."""
        await self._wakeups.wait(self._looked_to, timeout=min(seconds, POLL_SECONDS))

    async def _look(self) -> None:
        async with self._lock:
            announced = self._wakeups.last
            waited = asyncio.get_running_loop().time() - self._looked_at
            if waited > 2 * POLL_SECONDS:
                await self._start_over(announced)  # nobody followed for a while: do not read all that was missed
            elif announced > self._looked_to or waited >= POLL_SECONDS:
                await self._read_on(announced)

    async def _start_over(self, announced: int) -> None:
        self.start = self.end = await self._last_position()
        self._events = []
        self._looked(max(self.end, announced))

    async def _read_on(self, announced: int) -> None:
        fresh = await self._read(self.end, KEPT)
        if fresh:
            self._events = [*self._events, *fresh]
            self.end = fresh[-1].position
        if len(self._events) > KEPT:
            self._events = self._events[-KEPT:]
            self.start = self._events[0].position - 1
        # A full page may not be all of it, so what was announced does not count as looked for.
        self._looked(self.end if len(fresh) == KEPT else max(self.end, announced))

    def _looked(self, position: int) -> None:
        self._looked_at = asyncio.get_running_loop().time()
        self._looked_to = position


def _position(event: Event) -> int:
    return event.position
