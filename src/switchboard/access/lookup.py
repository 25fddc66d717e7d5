"""Finding a key or session by its hash, on every request's way: without SQLAlchemy, at a tenth of its cost."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import psycopg
from psycopg_pool import AsyncConnectionPool

from switchboard.http.coalescing import Coalescer

R = TypeVar("R")

_CONNECT_SECONDS = 5
_KEYS = "SELECT hash, id, name, scopes, expires_at, revoked_at FROM api_keys WHERE hash = ANY(%s)"
_SESSIONS = """
SELECT s.hash, s.id, s.via, s.created_at, s.last_used_at, u.id, u.username, u.name, u.role, u.disabled_at
FROM user_sessions s JOIN users u ON u.id = s.user_id WHERE s.hash = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What must be known of a key to let somebody in."""

    id: str
    name: str
    scopes: frozenset[str]
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """What must be known of a session, and of its user as they are now."""

    id: str
    via: str
    created_at: datetime
    last_used_at: datetime
    user_id: str
    username: str
    name: str
    role: str
    disabled_at: datetime | None


class HashLookup(Generic[R]):
    """Reads rows as they are now. Nothing is cached; concurrent requests share a query. `aclose()` it."""

    def __init__(self, conninfo: str, query: str, made_of: Callable[..., R], name: str) -> None:
        self._query = query
        self._made_of = made_of
        self._pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=1,  # questions come one after the other
            timeout=_CONNECT_SECONDS,
            open=False,
            kwargs={"autocommit": True, "connect_timeout": _CONNECT_SECONDS},
            name=name,
        )
        self._questions = Coalescer(self._fetch)

    async def get(self, hash_: bytes) -> R | None:
        """What has this hash, revoked and expired ones included. Raises: psycopg.OperationalError."""
        return await self._questions.get(hash_)

    async def aclose(self) -> None:
        await self._questions.aclose()
        await self._pool.close()

    async def _fetch(self, hashes: AbstractSet[bytes]) -> Mapping[bytes, R]:
        await self._pool.open()
        try:
            return await self._read(hashes)
        except psycopg.OperationalError:
            return await self._read(hashes)  # that connection had died, with a restarted server perhaps

    async def _read(self, hashes: AbstractSet[bytes]) -> Mapping[bytes, R]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(self._query, (list(hashes),), prepare=True)
            return {bytes(hash_): self._made_of(*rest) for hash_, *rest in await cursor.fetchall()}


def key_lookup(conninfo: str) -> HashLookup[StoredKey]:
    """API keys by the hash of their secret."""
    return HashLookup(conninfo, _KEYS, _key, "keys")


def session_lookup(conninfo: str) -> HashLookup[StoredSession]:
    """Sessions by the hash of their token."""
    return HashLookup(conninfo, _SESSIONS, StoredSession, "sessions")


def _key(id_: str, name: str, scopes: list[str], expires: datetime | None, revoked: datetime | None) -> StoredKey:
    return StoredKey(id_, name, frozenset(scopes), expires, revoked)
