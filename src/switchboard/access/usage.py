"""When each key and session was last used, written at most once a minute and away from the requests."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.persistence.database import Database

_EVERY_SECONDS = 60.0

log = structlog.get_logger(__name__)


class Usage:
    """Remembers uses and has them written in the background. `start()` once, `aclose()` at shutdown."""

    def __init__(
        self, database: Database, write: Callable[[AsyncSession, Mapping[str, datetime]], Awaitable[None]]
    ) -> None:
        self._database = database
        self._write = write
        self._used: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, id_: str, at: datetime) -> None:
        self._used[id_] = at

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="usage")

    async def aclose(self) -> None:
        """Stop, and write what is left."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self.write()

    async def write(self) -> None:
        """Write all uses noted since the last time. A database that is away costs only these figures."""
        used, self._used = self._used, {}
        if not used:
            return
        try:
            async with self._database.transaction() as session:
                await self._write(session, used)
        except (SQLAlchemyError, OSError) as failure:
            log.warning("usage.not_written", error=type(failure).__name__)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self.write()
