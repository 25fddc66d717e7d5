"""Threads for speech: few, so that hundreds of lines wait in turn instead of crowding each other out."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

MOST_WAITING = 200
"""Pieces of work; whoever has more waits before handing it in."""


class Lane:
    """Work for at most `width` threads, which start when there is work and begin anew after `close`."""

    def __init__(self, name: str, width: int) -> None:
        self._name, self._width = f"speech-{name}", width
        self._pool: ThreadPoolExecutor | None = None
        self._latest: Future[Any] | None = None
        self._unfinished = 0
        self._counting = Lock()  # work ends in threads

    @property
    def is_idle(self) -> bool:
        """Nothing waits that was submitted last; with one thread, nothing at all."""
        return self._latest is None or self._latest.done()

    async def room(self) -> None:
        """Return at once, or when the work that waits now is done, if that is as much as may wait."""
        while self._unfinished >= MOST_WAITING and self._latest is not None:
            await asyncio.wait({asyncio.shield(asyncio.wrap_future(self._latest))})

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Hand work in, after `room`."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._width, self._name)
        with self._counting:
            self._unfinished += 1
        self._latest = submitted = self._pool.submit(work)
        submitted.add_done_callback(self._is_done)
        return submitted

    async def close(self) -> None:
        """What has not begun is cancelled; what runs is waited for."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _is_done(self, _: Future[Any]) -> None:
        with self._counting:
            self._unfinished -= 1


class Lanes:
    """One for each kind of work, so that a long one never holds up a short one."""

    def __init__(self) -> None:
        self.mouth = Lane("mouth", 2)
        self.prepared = Lane("prepared", 1)
        """Speech that nobody waits for on a line."""
        self.ears = Lane("ears", 1)
        """One: the model uses two threads of its own."""
        self.activity = Lane("activity", 1)

    async def close(self) -> None:
        for lane in (self.mouth, self.prepared, self.ears, self.activity):
            await lane.close()
