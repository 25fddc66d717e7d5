"""Every query on people, their sessions and their links."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.access.model import SignInLink, User, UserSession

_FIRST_USER_LOCK = text("SELECT pg_advisory_xact_lock(7215003)")  # any number that is only ours


class Users:
    """Queries on people. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, user_id: str, *, lock: bool = False) -> User | None:
        return await self._session.get(User, user_id, with_for_update=lock or None)

    async def by_username(self, username: str) -> User | None:
        return await self._session.scalar(select(User).where(User.username == username))

    async def page(
        self, after: tuple[datetime, str] | None, limit: int, named: str | None = None
    ) -> Sequence[User]:
        """Users from the oldest to the newest, starting past `after` (created_at, id). `named` as `count`."""
        query = select(User).where(*_named(named)).order_by(User.created_at, User.id).limit(limit)
        if after is not None:
            query = query.where(tuple_(User.created_at, User.id) > after)
        return (await self._session.scalars(query)).all()

    async def count(self, named: str | None = None) -> int:
        """How many there are; with `named`, those that have it anywhere in a name of theirs, in any case."""
        query = select(func.count()).select_from(User).where(*_named(named))
        return await self._session.scalar(query) or 0

    async def lock_first(self) -> None:
        """Let nobody else make the first user until this transaction ends."""
        await self._session.execute(_FIRST_USER_LOCK)

    async def lock_admins(self) -> list[str]:
        """Ids of the admins who may sign in, the oldest first; they stay so until this transaction ends."""
        query = select(User.id).where(User.role == "admin", User.disabled_at.is_(None))
        return list(await self._session.scalars(query.order_by(User.created_at, User.id).with_for_update()))

    def add(self, user: User) -> None:
        self._session.add(user)

    async def remove(self, user: User) -> None:
        await self._session.delete(user)


def _named(text: str | None) -> list[ColumnElement[bool]]:
    if not text:
        return []
    return [or_(*(column.icontains(text, autoescape=True) for column in (User.username, User.name)))]


class Sessions:
    """Queries on sessions. Holds a session of the database, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, session: UserSession) -> None:
        self._session.add(session)

    async def of_user(self, user_id: str) -> Sequence[UserSession]:
        """The latest used first."""
        query = select(UserSession).where(UserSession.user_id == user_id)
        return (await self._session.scalars(query.order_by(UserSession.last_used_at.desc()))).all()

    async def end(self, hash_: bytes) -> UserSession | None:
        """Remove the session with this hash; what it was."""
        statement = delete(UserSession).where(UserSession.hash == hash_).returning(UserSession)
        return await self._session.scalar(statement)

    async def end_one(self, user_id: str, session_id: str) -> bool:
        """Remove one of this user's sessions; False when there is none of that id."""
        statement = delete(UserSession).where(UserSession.user_id == user_id, UserSession.id == session_id)
        return await self._session.scalar(statement.returning(UserSession.id)) is not None

    async def end_all(self, user_id: str) -> None:
        await self._session.execute(delete(UserSession).where(UserSession.user_id == user_id))

    async def keep_newest(self, user_id: str, count: int) -> None:
        """Remove what a user has beyond `count` sessions, the longest unused first."""
        newest = (
            select(UserSession.id)
            .where(UserSession.user_id == user_id)
            .order_by(UserSession.last_used_at.desc())
            .limit(count)
        )
        old = delete(UserSession).where(UserSession.user_id == user_id, UserSession.id.not_in(newest))
        await self._session.execute(old, execution_options={"synchronize_session": False})

    async def note_use(self, used: Mapping[str, datetime]) -> None:
        """Write when these sessions were last used."""
        for session_id in sorted(used):
            statement = (
                update(UserSession).where(UserSession.id == session_id).values(last_used_at=used[session_id])
            )
            await self._session.execute(statement, execution_options={"synchronize_session": False})

    async def forget(self, *, unused_since: datetime, begun_before: datetime) -> None:
        """Remove the sessions that have run out."""
        over = (UserSession.last_used_at < unused_since) | (UserSession.created_at < begun_before)
        await self._session.execute(delete(UserSession).where(over))


class Links:
    """Queries on one-time links. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def replace(self, link: SignInLink) -> None:
        """Keep this link, and no other one of its user."""
        await self.drop(link.user_id)
        self._session.add(link)

    async def drop(self, user_id: str) -> None:
        await self._session.execute(delete(SignInLink).where(SignInLink.user_id == user_id))

    async def use(self, hash_: bytes, at: datetime) -> str | None:
        """Use the link up; whose it was, None when it is unknown, used up or expired."""
        statement = delete(SignInLink).where(SignInLink.hash == hash_, SignInLink.expires_at > at)
        return await self._session.scalar(statement.returning(SignInLink.user_id))

    async def forget(self, expired_by: datetime) -> None:
        await self._session.execute(delete(SignInLink).where(SignInLink.expires_at <= expired_by))
