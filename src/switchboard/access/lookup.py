"""Finding a key by its hash, on every request's way: hence without SQLAlchemy, at a tenth of its cost."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from switchboard.http.coalescing import Coalescer

_QUERY = "SELECT hash, id, name, scopes, expires_at, revoked_at FROM api_keys WHERE hash = ANY(%s)"
_CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What must be known of a key to let somebody in."""

    id: str
    name: str
    scopes: frozenset[str]
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyLookup:
    """Reads keys as they are now. Nothing is cached; concurrent requests share a query. `aclose()` it."""

    def __init__(self, conninfo: str) -> None:
        self._pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=1,  # questions come one after the other
            timeout=_CONNECT_SECONDS,
            open=False,
            kwargs={"autocommit": True, "connect_timeout": _CONNECT_SECONDS},
            name="keys",
        )
        self._questions = Coalescer(self._fetch)

    async def get(self, hash_: bytes) -> StoredKey | None:
        """The key with this hash, revoked and expired ones included. Raises: psycopg.OperationalError."""
        return await self._questions.get(hash_)

    async def aclose(self) -> None:
        await self._questions.aclose()
        await self._pool.close()

    async def _fetch(self, hashes: AbstractSet[bytes]) -> Mapping[bytes, StoredKey]:
        await self._pool.open()
        try:
            return await self._read(hashes)
        except psycopg.OperationalError:
            return await self._read(hashes)  # that connection had died, with a restarted server perhaps

    async def _read(self, hashes: AbstractSet[bytes]) -> Mapping[bytes, StoredKey]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_QUERY, (list(hashes),), prepare=True)
            return {
                hash_: StoredKey(id_, name, frozenset(scopes), expires_at, revoked_at)
                for hash_, id_, name, scopes, expires_at, revoked_at in await cursor.fetchall()
            }
