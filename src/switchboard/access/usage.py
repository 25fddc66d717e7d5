"""When each key was last used, written at most once a minute and away from the requests."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from switchboard.access.repository import ApiKeys
from switchboard.core.clock import Clock
from switchboard.persistence.database import Database

_EVERY_SECONDS = 60.0

log = structlog.get_logger(__name__)


class KeyUsage:
    """Remembers uses and writes them in the background. `start()` once, `aclose()` at shutdown."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._used: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, key_id: str, at: datetime) -> None:
        self._used[key_id] = at

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="key usage")

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
                await ApiKeys(session).note_use(used)
        except (SQLAlchemyError, OSError) as failure:
            log.warning("keys.usage_not_written", error=type(failure).__name__)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self.write()
