"""Costly answers that many ask for again and again."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Beats(Generic[K, V]):
    """Works out one answer per key at a time. `aclose()` it at shutdown.

    Who asks while an answer is being worked out shares the next one, so that none is older than its question.
    After each answer its key rests for as long as that took: however many ask, the database is half idle.
    """

    def __init__(self) -> None:
        self._gathering: dict[K, asyncio.Task[V]] = {}
        self._turns: WeakValueDictionary[K, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[V]] = set()

    async def get(self, key: K, work: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """What `work` yields or raises, begun after this question. Who gives up waiting stops it for nobody."""
        task = self._gathering.get(key)
        if task is None:
            task = asyncio.create_task(self._work(key, work))
            self._gathering[key] = task
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, key: K, work: Callable[[], Coroutine[Any, Any, V]]) -> V:
        turn = self._turns.setdefault(key, asyncio.Lock())
        await turn.acquire()
        del self._gathering[key]
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            return await work()
        finally:
            loop.call_later(loop.time() - began, turn.release)

    def _done(self, task: asyncio.Task[V]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen, even when everybody who asked has gone
