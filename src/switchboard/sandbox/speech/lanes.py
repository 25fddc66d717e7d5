"""Threads for speech: few, so that hundreds of lines wait in turn instead of crowding each other out."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

MOST_WAITING = 200
"""Pieces of work; whoever has more waits before handing it in."""


class Crew:
    """At most `width` threads, which start when there is work and begin anew after `close`.

    What waits in the first of its `lanes` is done before anything in the next.
    """

    def __init__(self, name: str, width: int, lanes: int = 1) -> None:
        self._name, self._width = f"speech-{name}", width
        self._pool: ThreadPoolExecutor | None = None
        self.lanes = [Lane(self.call) for _ in range(lanes)]

    def call(self) -> None:
        """Have a thread do one piece of work as soon as one is free."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._width, self._name)
        self._pool.submit(self._serve)

    async def close(self) -> None:
        """What has not begun is cancelled; what runs is waited for."""
        pool, self._pool = self._pool, None
        for lane in self.lanes:
            lane.give_up()
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _serve(self) -> None:
        any(lane.serve() for lane in self.lanes)


class Lane:
    """Work of one kind, in the order in which it came. `call` is called for each piece that is handed in."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
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
        submitted: Future[T] = Future()
        with self._counting:
            self._unfinished += 1
        submitted.add_done_callback(self._is_done)
        self._latest = submitted
        self._waiting.append((submitted, work))
        self._call()
        return submitted

    def serve(self) -> bool:
        """Do what waits longest, in the thread of the caller; answers whether anything waited."""
        try:
            submitted, work = self._waiting.popleft()
        except IndexError:
            return False
        if submitted.set_running_or_notify_cancel():
            try:
                submitted.set_result(work())
            except BaseException as error:  # noqa: BLE001 -- for whoever waits for it, as every executor does
                submitted.set_exception(error)
        return True

    def give_up(self) -> None:
        """Cancel what waits."""
        with suppress(IndexError):  # a thread that is still at work may take the last piece first
            while True:
                self._waiting.popleft()[0].cancel()

    def _is_done(self, _: Future[Any]) -> None:
        with self._counting:
            self._unfinished -= 1


class Lanes:
    """One crew for each kind of work, so that a long one never holds up a short one."""

    def __init__(self) -> None:
        # One thread speaks: at work the voice's model takes 200 MB, and a thread keeps much of what it ever had.
        speaking = Crew("mouth", 1, lanes=2)
        self.mouth, self.prepared = speaking.lanes
        """Speech that a line waits for, and what may be overtaken, as recordings."""
        listening = Crew("ears", 1)  # one: the model uses two threads of its own
        self.ears = listening.lanes[0]
        noticing = Crew("activity", 1)
        self.activity = noticing.lanes[0]
        self._crews = (speaking, listening, noticing)

    async def close(self) -> None:
        for crew in self._crews:
            await crew.close()
