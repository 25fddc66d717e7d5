"""Keys: make, list, revoke, and tell who holds one. People are in `users.py` and `sessions.py`."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from switchboard.access.errors import MissingScope, ScopeNotHeld, UnknownKey
from switchboard.access.lookup import key_lookup
from switchboard.access.model import ApiKey
from switchboard.access.passwords import Passwords
from switchboard.access.recorder import Recorder
from switchboard.access.repository import ApiKeys
from switchboard.access.schemas import Badge, Caller, CreateKey
from switchboard.access.scopes import Scope, missing_scopes
from switchboard.access.secrets import SHOWN, hash_secret, new_secret
from switchboard.access.sessions import SessionService
from switchboard.access.settings import AccessSettings
from switchboard.access.throttle import SignInThrottle
from switchboard.access.usage import Usage
from switchboard.access.users import UserService
from switchboard.core.clock import Clock
from switchboard.core.errors import FieldError, InvalidInput, NotAuthenticated
from switchboard.core.ids import new_id
from switchboard.http.pagination import Page, decode_cursor, encode_cursor
from switchboard.persistence.database import Database

SHORTEST_SEED = 24
RECHECK_SECONDS = 5.0


class AccessService:
    """API keys of one installation, and its people. `start()` it once, `aclose()` it at shutdown.

    Nothing about keys is cached: each request's key is read after the request came in, so a revoked key is
    refused by every process at once. Concurrent requests share a query.
    """

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        clock: Clock,
        *,
        settings: AccessSettings | None = None,
        rate_storage: str = "async+memory://",
        passwords: Passwords | None = None,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._lookup = key_lookup(database.conninfo)
        self._usage = Usage(database, lambda session, used: ApiKeys(session).note_use(used))
        settings, passwords = settings or AccessSettings(), passwords or Passwords()
        self.users = UserService(
            database=database, recorder=recorder, clock=clock, passwords=passwords, settings=settings
        )
        self.sessions = SessionService(
            database=database,
            recorder=recorder,
            clock=clock,
            passwords=passwords,
            throttle=SignInThrottle(settings, rate_storage),
            settings=settings,
        )

    def start(self) -> None:
        self._usage.start()
        self.sessions.start()

    async def aclose(self) -> None:
        await self._lookup.aclose()
        await self._usage.aclose()
        await self.sessions.aclose()

    async def identify(self, badge: Badge) -> Caller:
        """Who has this key or session. Raises: NotAuthenticated when it is unknown, revoked or over."""
        if badge.kind == "session":
            return await self.sessions.identify(badge.hash)
        key = await self._lookup.get(badge.hash)
        now = self._clock.now()
        if key is None:
            raise NotAuthenticated("This API key is unknown here. Check that all of it was sent.")
        if key.revoked_at is not None:
            raise NotAuthenticated("This API key was revoked. Ask for a new one.")
        if key.expires_at is not None and key.expires_at <= now:
            raise NotAuthenticated("This API key has expired. Ask for a new one.")
        self._usage.note(key.id, now)
        return Caller(key.id, key.name, key.scopes)

    async def admit(self, badge: Badge, *scopes: str) -> Caller:
        """Who has this key or session, if they hold all of `scopes`. Raises: NotAuthenticated, MissingScope."""
        caller = await self.identify(badge)
        require_scopes(caller, scopes)
        return caller

    async def until_refused(self, badge: Badge, *scopes: str) -> str:
        """For what outlives its request: wait until `admit` would refuse, and say why.

        Whoever was let in is let go within five seconds. A database that is away refuses nobody.
        """
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                await self.admit(badge, *scopes)
            except (NotAuthenticated, MissingScope) as refused:
                return refused.detail
            except (psycopg.OperationalError, TimeoutError):
                continue

    async def create(self, caller: Caller, order: CreateKey) -> tuple[ApiKey, str]:
        """Make a key; answers it and its secret, which is stored nowhere.

        Raises: ScopeNotHeld when it would have more scopes than `caller`; InvalidInput for a past expiry.
        """
        _require_held(caller, order.scopes, "grant")
        now = self._clock.now()
        if order.expires_at is not None and order.expires_at <= now:
            problem = "This must lie in the future."
            raise InvalidInput(f"expires_at: {problem}", [FieldError("expires_at", problem)])
        secret = new_secret()
        key = ApiKey(**_fields(secret, order.name, order.scopes, now, order.expires_at))
        async with self._database.transaction() as session:
            ApiKeys(session).add(key)
            await self._recorder.append(session, "key.created", data=_told(key, by=caller.id))
        return key, secret

    async def page(self, cursor: str | None, limit: int) -> Page[ApiKey]:
        """Keys from the newest to the oldest, revoked ones included."""
        after = decode_cursor(cursor, datetime, str) if cursor else None
        async with self._database.transaction() as session:
            keys = ApiKeys(session)
            found = list(await keys.page((after[0], after[1]) if after else None, limit + 1))
            total = await keys.count()
        shown = found[:limit]
        following = encode_cursor(shown[-1].created_at, shown[-1].id) if len(found) > limit else None
        return Page(shown, following, total)

    async def revoke(self, caller: Caller, key_id: str) -> None:
        """Refuse the key from now on, everywhere. Quiet when it is revoked already.

        Raises: UnknownKey; ScopeNotHeld when the key may do more than `caller`.
        """
        async with self._database.transaction() as session:
            keys = ApiKeys(session)
            key = await keys.by_id(key_id)
            if key is None:
                raise UnknownKey(f"No key {key_id} exists. List them with GET /api/v1/keys.")
            _require_held(caller, key.scopes, "revoke a key with")
            if await keys.revoke(key_id, self._clock.now()):
                await self._recorder.append(session, "key.revoked", data=_told(key, by=caller.id))

    async def seed_admin(self, secret: str, name: str) -> None:
        """Make sure that `secret` is a key with the scope `admin`. Does nothing when it exists.

        Raises: ValueError when the secret is shorter than 24 characters.
        """
        if len(secret) < SHORTEST_SEED:
            raise ValueError(f"The admin key must have at least {SHORTEST_SEED} characters.")
        fields = _fields(secret, name, [Scope.ADMIN], self._clock.now(), None)
        async with self._database.transaction() as session:
            if await ApiKeys(session).add_if_new(fields):
                await self._recorder.append(session, "key.created", data=_told(ApiKey(**fields), by=None))


def require_scopes(caller: Caller, scopes: Sequence[str]) -> None:
    """Raises: MissingScope unless the caller holds all of them."""
    missing = missing_scopes(caller.scopes, scopes)
    if not missing:
        return
    if caller.person is not None:
        said = f"Your role {caller.person.role} lacks the scope {missing[0]}. Ask an admin for another role."
    else:
        said = f"This key lacks the scope {missing[0]}. Use a key that has it."
    raise MissingScope(said, missing_scopes=missing)


def _require_held(caller: Caller, scopes: list[Scope] | list[str], verb: str) -> None:
    missing = missing_scopes(caller.scopes, scopes)
    if missing:
        raise ScopeNotHeld(
            f"You do not hold {', '.join(missing)}, so you cannot {verb} it. Use a key that does.",
            missing_scopes=[str(scope) for scope in missing],
        )


def _fields(
    secret: str, name: str, scopes: list[Scope], created_at: datetime, expires_at: datetime | None
) -> dict[str, Any]:
    return {
        "id": new_id("key"),
        "name": name,
        "prefix": secret[:SHOWN],
        "hash": hash_secret(secret),
        "scopes": [str(scope) for scope in dict.fromkeys(scopes)],
        "created_at": created_at,
        "expires_at": expires_at,
        "revoked_at": None,
        "last_used_at": None,
    }


def _told(key: ApiKey, *, by: str | None) -> dict[str, Any]:
    return {"key_id": key.id, "name": key.name, "prefix": key.prefix, "scopes": key.scopes, "by": by}
