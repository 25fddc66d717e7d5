"""Wake-ups between processes: LISTEN/NOTIFY with the last position as payload. A hint, never the truth."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import structlog

_CHANNEL = "switchboard_events"
_QUIET_SECONDS = 0.02
_CONNECT_SECONDS = 5
_NOTIFY_SECONDS = 5.0
_FIRST_RETRY_SECONDS = 0.1
_LONGEST_RETRY_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Wakeups:
    """Tells every process that the log has grown. `start()` it once, `close()` it at shutdown.

    Holds two connections of its own, one that listens and one that notifies: a psycopg connection cannot send
    while it listens.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._last = 0
        self._waiting: set[asyncio.Future[None]] = set()
        self._unsent = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def last(self) -> int:
        """The highest position heard of; the log may be further."""
        return self._last

    async def start(self) -> None:
        for name, work in (("listen", self._listen), ("notify", self._notify)):
            self._tasks.append(asyncio.create_task(self._persist(name, work), name=f"wakeups {name}"))

    async def close(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.wake_all()

    def announce(self, position: int) -> None:
        """Say that the log reaches `position`: here at once, elsewhere at most once in 20 ms."""
        if position > self._last:
            self._arrived(position)
            self._unsent.set()

    async def wait(self, after: int, timeout: float) -> None:  # noqa: ASYNC109 -- running out is no error here
        """Return once the log is known to reach past `after`, or something says look again, or time is up."""
        if self._last > after:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(waiter)

    def wake_all(self) -> None:
        """Let everyone who waits look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    def _arrived(self, position: int) -> None:
        self._last = max(self._last, position)
        self.wake_all()

    async def _listen(self) -> None:
        async with await self._connect() as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            self.wake_all()  # what was said while nobody listened is lost
            async for notice in connection.notifies():
                if notice.payload.isdecimal():
                    self._arrived(int(notice.payload))

    async def _notify(self) -> None:
        async with await self._connect() as connection:
            while True:
                await self._unsent.wait()
                position = self._last
                async with asyncio.timeout(_NOTIFY_SECONDS):
                    await connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, str(position)))
                if position == self._last:
                    self._unsent.clear()
                await asyncio.sleep(_QUIET_SECONDS)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            keepalives_idle=15,
            keepalives_interval=5,
            keepalives_count=3,
        )

    async def _persist(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` again and again, waiting longer after each failure in a row."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_RETRY_SECONDS
        while True:
            began = loop.time()
            try:
                await work()
            except (psycopg.Error, OSError, TimeoutError) as failure:
                log.warning("wakeups.connection_lost", work=name, error=type(failure).__name__)
            if loop.time() - began > _LONGEST_RETRY_SECONDS:
                pause = _FIRST_RETRY_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_RETRY_SECONDS)
