"""Engine and transactions. One request or one job step is one transaction, committed here."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

_AFTER_COMMIT = "switchboard.after_commit"


class Database:
    """A pool of connections to one PostgreSQL."""

    def __init__(self, url: str, *, pool_size: int = 10, max_overflow: int = 10) -> None:
        self.conninfo = conninfo(url)
        self._engine = create_async_engine(
            self.conninfo.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=10,
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Commits when the block ends, rolls back when it raises; then runs what waited for the commit."""
        async with self._sessions() as session:
            async with session.begin():
                yield session
            for callback in session.info.pop(_AFTER_COMMIT, ()):
                callback()

    async def close(self) -> None:
        await self._engine.dispose()


def after_commit(session: AsyncSession, callback: Callable[[], None]) -> None:
    """Run `callback` once this session's transaction is committed; never when it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(callback)


async def driver_connection(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """The psycopg connection of this session's transaction.

    For what has to run on the driver itself, and for the few fixed statements of the hot paths, where
    SQLAlchemy costs more than the statement.
    """
    pooled = await (await session.connection()).get_raw_connection()
    connection: psycopg.AsyncConnection[Any] = cast(Any, pooled.driver_connection)
    return connection


def conninfo(url: str) -> str:
    """The address as libpq takes it, whatever driver or short scheme it was written with."""
    scheme, rest = url.split("://", 1)
    if scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return f"postgresql://{rest}"
