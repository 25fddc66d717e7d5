"""People: let in, change, keep out; and the one-time links that lead in without a password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.access.errors import LastAdmin, UnknownUser, UserDisabled, UsernameTaken
from switchboard.access.model import SignInLink, User
from switchboard.access.passwords import Passwords, new_password
from switchboard.access.recorder import Recorder
from switchboard.access.roles import Role
from switchboard.access.secrets import hash_secret, new_secret
from switchboard.access.settings import AccessSettings
from switchboard.access.user_repository import Links, Sessions, Users
from switchboard.access.user_schemas import ChangeUser, CreateUser
from switchboard.core.clock import Clock
from switchboard.core.errors import FieldError, InvalidInput
from switchboard.core.ids import new_id
from switchboard.http.pagination import Page, decode_cursor, encode_cursor
from switchboard.persistence.database import Database

FIRST_ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link that was just made; its token is stored nowhere."""

    token: str
    expires_at: datetime

    @property
    def path(self) -> str:
        """Where the console takes it."""
        return f"/sign-in?token={self.token}"


class UserService:
    """The people of one installation."""

    def __init__(
        self,
        *,
        database: Database,
        recorder: Recorder,
        clock: Clock,
        passwords: Passwords,
        settings: AccessSettings,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._passwords = passwords
        self._settings = settings

    async def page(self, cursor: str | None, limit: int, named: str | None = None) -> Page[User]:
        """Users from the oldest to the newest, disabled ones included; `named`: part of a name, in any case."""
        after = decode_cursor(cursor, datetime, str) if cursor else None
        async with self._database.transaction() as session:
            users = Users(session)
            found = list(await users.page((after[0], after[1]) if after else None, limit + 1, named))
            total = await users.count(named)
        shown = found[:limit]
        following = encode_cursor(shown[-1].created_at, shown[-1].id) if len(found) > limit else None
        return Page(shown, following, total)

    async def get(self, user_id: str) -> User:
        """Raises: UnknownUser."""
        async with self._database.transaction() as session:
            return await _required(session, user_id)

    async def create(self, order: CreateUser) -> tuple[User, Link | None]:
        """Let somebody in; without a password they get a link. Raises: UsernameTaken, InvalidInput."""
        if order.password is not None:
            refuse_own_name(order.password, order.username, "password")
        hash_ = await self._passwords.hash(order.password) if order.password is not None else None
        user = self._new(order.username, order.name or order.username, order.role, hash_)
        try:
            async with self._database.transaction() as session:
                Users(session).add(user)
                await session.flush()
                link = None if hash_ else await self._link(session, user.id)
                await self._recorder.append(session, "user.created", data=told(user))
        except IntegrityError:
            raise UsernameTaken(f"There is a user {order.username} already. Choose another name.") from None
        return user, link

    async def change(self, user_id: str, order: ChangeUser) -> User:
        """Change name, role or whether they may come in. Raises: UnknownUser, LastAdmin."""
        async with self._database.transaction() as session:
            admins = await Users(session).lock_admins()
            user = await _required(session, user_id, lock=True)
            demoted = order.role not in {None, Role.ADMIN} or order.disabled is True
            if demoted and admins == [user_id]:
                raise LastAdmin(f"{user.username} is the only admin. Make somebody else admin first.")
            changed = self._apply(user, order)
            if user.disabled_at is not None:
                await Sessions(session).end_all(user_id)
                await Links(session).drop(user_id)
            if changed:
                await self._recorder.append(session, "user.updated", data=told(user) | {"fields": changed})
        return user

    async def remove(self, user_id: str) -> None:
        """Forget somebody; what they did stays on record. Raises: UnknownUser, LastAdmin."""
        async with self._database.transaction() as session:
            users = Users(session)
            admins = await users.lock_admins()
            user = await _required(session, user_id, lock=True)
            if admins == [user_id]:
                raise LastAdmin(f"{user.username} is the only admin. Make somebody else admin first.")
            await users.remove(user)
            await self._recorder.append(session, "user.deleted", data=told(user))

    async def make_link(self, user_id: str) -> Link:
        """A way in for who forgot their password; it replaces older links. Raises: UnknownUser, UserDisabled."""
        async with self._database.transaction() as session:
            user = await _required(session, user_id)
            if user.disabled_at is not None:
                raise UserDisabled(f"{user.username} is disabled. Enable them first.")
            link = await self._link(session, user_id)
            await self._recorder.append(session, "user.link_created", data=told(user))
        return link

    async def first_admin_link(self, minutes: float | None = None) -> Link | None:
        """A link for the oldest admin, who is made if there are no users. None when all admins are disabled."""
        async with self._database.transaction() as session:
            admins = await self._admins_or_first(session, None)
            return await self._link(session, admins[0], minutes) if admins else None

    async def first_admin_password(self) -> tuple[str, str] | None:
        """User name and password of the first admin, made now; None when there are users already."""
        async with self._database.transaction() as session:
            if await Users(session).count():
                return None
        password = new_password()
        hash_ = await self._passwords.hash(password)
        async with self._database.transaction() as session:
            await Users(session).lock_first()
            if await Users(session).count():
                return None  # another process was quicker
            await self._admins_or_first(session, hash_)
        return FIRST_ADMIN, password

    async def _admins_or_first(self, session: AsyncSession, hash_: str | None) -> list[str]:
        users = Users(session)
        await users.lock_first()
        if await users.count():
            return await users.lock_admins()
        user = self._new(FIRST_ADMIN, "Admin", Role.ADMIN, hash_)
        users.add(user)
        await session.flush()
        await self._recorder.append(session, "user.created", data=told(user))
        return [user.id]

    async def _link(self, session: AsyncSession, user_id: str, minutes: float | None = None) -> Link:
        token, now = new_secret("sbl_"), self._clock.now()
        ends = now + timedelta(minutes=minutes or self._settings.link_minutes)
        await Links(session).replace(
            SignInLink(hash=hash_secret(token), user_id=user_id, created_at=now, expires_at=ends)
        )
        return Link(token, ends)

    def _apply(self, user: User, order: ChangeUser) -> list[str]:
        """Take the order in; the fields that differ now."""
        wanted: dict[str, Any] = {}
        if order.name is not None:
            wanted["name"] = order.name
        if order.role is not None:
            wanted["role"] = order.role.value
        if order.disabled is not None and order.disabled != (user.disabled_at is not None):
            wanted["disabled_at"] = self._clock.now() if order.disabled else None
        changed = [name for name, value in wanted.items() if getattr(user, name) != value]
        for name in changed:
            setattr(user, name, wanted[name])
        return ["disabled" if name == "disabled_at" else name for name in changed]

    def _new(self, username: str, name: str, role: Role, hash_: str | None) -> User:
        return User(
            id=new_id("usr"),
            username=username,
            name=name,
            role=role.value,
            password_hash=hash_,
            created_at=self._clock.now(),
            disabled_at=None,
            last_signed_in_at=None,
        )


def told(user: User) -> dict[str, Any]:
    """What events say of a person."""
    return {
        "user_id": user.id,
        "username": user.username,
        "role": user.role,
        "disabled": user.disabled_at is not None,
    }


def refuse_own_name(password: str, username: str, field: str) -> None:
    """Raises: InvalidInput for a password that is the name."""
    if password.casefold() == username:
        problem = "This must not be the user name. Choose something that nobody guesses."
        raise InvalidInput(f"{field}: {problem}", [FieldError(field, problem)])


async def _required(session: AsyncSession, user_id: str, *, lock: bool = False) -> User:
    user = await Users(session).by_id(user_id, lock=lock)
    if user is None:
        raise UnknownUser(user_id)
    return user
