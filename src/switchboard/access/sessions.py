"""Sessions of people: begin with a password or a link, tell who is behind one, end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.access.errors import LinkNotValid, UnknownSession, UserDisabled, UsernameTaken, WrongCredentials
from switchboard.access.lookup import session_lookup
from switchboard.access.model import User, UserSession
from switchboard.access.passwords import Passwords
from switchboard.access.recorder import Recorder
from switchboard.access.roles import SCOPES, Role
from switchboard.access.schemas import Caller, PersonAsking
from switchboard.access.secrets import hash_secret, new_secret
from switchboard.access.settings import AccessSettings
from switchboard.access.throttle import SignInThrottle
from switchboard.access.usage import Usage
from switchboard.access.user_repository import Links, Sessions, Users
from switchboard.access.user_schemas import ChangePassword
from switchboard.access.users import refuse_own_name, told
from switchboard.core.actor import Actor
from switchboard.core.clock import Clock
from switchboard.core.errors import FieldError, InvalidInput, NotAuthenticated
from switchboard.core.ids import new_id
from switchboard.persistence.database import Database

_MOST_PER_USER = 50
_LONGEST_AGENT = 300

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody signs in from; `former` is the token of the session that this browser had."""

    address: str
    user_agent: str
    former: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun. The token is for the cookie only, and stored nowhere."""

    user: User
    token: str


class SessionService:
    """Who is signed in. `start()` it once, `aclose()` it at shutdown.

    Like keys, nothing is cached: whoever was signed out, disabled or given another role is so at once, everywhere.
    """

    def __init__(
        self,
        *,
        database: Database,
        recorder: Recorder,
        clock: Clock,
        passwords: Passwords,
        throttle: SignInThrottle,
        settings: AccessSettings,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._passwords = passwords
        self._throttle = throttle
        self._idle = timedelta(hours=settings.session_idle_hours)
        self._longest = timedelta(days=settings.session_days)
        self._fresh = timedelta(minutes=settings.link_minutes)
        self._lookup = session_lookup(database.conninfo)
        self._usage = Usage(database, lambda session, used: Sessions(session).note_use(used))

    def start(self) -> None:
        self._usage.start()

    async def aclose(self) -> None:
        await self._lookup.aclose()
        await self._usage.aclose()

    @property
    def longest(self) -> timedelta:
        """How old a session can become."""
        return self._longest

    async def identify(self, hash_: bytes) -> Caller:
        """Whose session has this hash. Raises: NotAuthenticated when it is over, or its user is kept out."""
        found = await self._lookup.get(hash_)
        now = self._clock.now()
        if found is None or found.disabled_at is not None:
            raise NotAuthenticated("You are signed out. Sign in again.")
        if now >= min(found.last_used_at + self._idle, found.created_at + self._longest):
            raise NotAuthenticated("Your session has expired. Sign in again.")
        self._usage.note(found.id, now)
        fresh = found.via == "link" and now < found.created_at + self._fresh
        person = PersonAsking(found.id, found.username, found.role, fresh)
        return Caller(found.user_id, found.name, SCOPES[Role(found.role)], person)

    async def sign_in(self, username: str, password: str, visit: Visit) -> SignedIn:
        """Begin a session by a password. An unknown name takes as long as a wrong password, and says the same.

        Raises: WrongCredentials; UserDisabled, to who knows the password; TooManyRequests; Unavailable.
        """
        username = username.strip().casefold()
        await self._throttle.spend(visit.address, username)
        async with self._database.transaction() as session:
            user = await Users(session).by_username(username)
        judged = user.password_hash if user else None
        if not await self._passwords.fits(judged, password) or user is None or judged is None:
            raise _refused(username, visit)
        if user.disabled_at is not None:
            raise UserDisabled("This user is disabled. Ask an admin.")
        better = await self._passwords.hash(password) if self._passwords.outdated(judged) else judged
        async with self._database.transaction() as session:
            locked = await Users(session).by_id(user.id, lock=True)
            if locked is None or locked.password_hash != judged:
                raise _refused(username, visit)  # it was replaced while it was judged
            locked.password_hash = better
            begun = await self._begin(session, locked, "password", visit)
        await self._throttle.forgive(username)
        return begun

    async def sign_in_by_link(self, token: str, visit: Visit) -> SignedIn:
        """Begin a session by a one-time link, which is used up.

        Raises: LinkNotValid, UserDisabled, TooManyRequests.
        """
        await self._throttle.spend(visit.address)
        async with self._database.transaction() as session:
            user_id = await Links(session).use(hash_secret(token), self._clock.now())
            if user_id is None:
                raise LinkNotValid(
                    "This link was used before, has expired, or never was one. Ask an admin for a new one, or "
                    "make one with `switchboard users reset-password`."
                )
            return await self._begin(session, await Users(session).by_id(user_id, lock=True), "link", visit)

    async def sign_out(self, token: str) -> None:
        """End the session. Quiet when it is over."""
        async with self._database.transaction() as session:
            ended = await Sessions(session).end(hash_secret(token))
            user = await Users(session).by_id(ended.user_id) if ended else None
            if user is not None:
                await self._recorder.append(session, "user.signed_out", data=told(user))

    async def change_password(self, caller: Caller, order: ChangePassword, visit: Visit) -> SignedIn:
        """Set the caller's password, end all their sessions, and begin a new one for this browser.

        Raises: InvalidInput, UsernameTaken, TooManyRequests, NotAuthenticated.
        """
        assert caller.person is not None
        async with self._database.transaction() as session:
            user = await Users(session).by_id(caller.id)
        if user is None:
            raise NotAuthenticated("You are signed out. Sign in again.")
        await self._check_change(caller.person, user, order, visit)
        hash_ = await self._passwords.hash(order.new_password)
        try:
            async with self._database.transaction() as session:
                return await self._set_password(session, user.id, order, hash_, visit)
        except IntegrityError:
            problem = f"There is a user {order.username} already. Choose another name."
            raise UsernameTaken(problem) from None

    async def of_user(self, user_id: str) -> list[UserSession]:
        """The sessions that are not over, the latest used first."""
        async with self._database.transaction() as session:
            found = await Sessions(session).of_user(user_id)
        now = self._clock.now()
        return [one for one in found if self.ends_at(one) > now]

    def ends_at(self, session: UserSession) -> datetime:
        """When the session will be over if nobody uses it."""
        return min(session.last_used_at + self._idle, session.created_at + self._longest)

    async def revoke(self, user_id: str, session_id: str) -> None:
        """End one of a user's sessions. Raises: UnknownSession."""
        async with self._database.transaction() as session:
            if not await Sessions(session).end_one(user_id, session_id):
                raise UnknownSession(f"You have no session {session_id}. List them with GET /api/v1/me/sessions.")

    async def forget(self) -> None:
        """Remove sessions and links that have run out."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            await Sessions(session).forget(unused_since=now - self._idle, begun_before=now - self._longest)
            await Links(session).forget(now)

    async def _check_change(self, person: PersonAsking, user: User, order: ChangePassword, visit: Visit) -> None:
        if order.username not in {None, user.username} and user.password_hash is not None:
            raise _wrong("username", "The user name can be chosen only together with the first password.")
        refuse_own_name(order.new_password, order.username or user.username, "new_password")
        if user.password_hash is None or person.fresh:
            return
        if order.current_password is None:
            raise _wrong("current_password", "Give the password that you have now.")
        await self._throttle.spend(visit.address, user.username)
        if not await self._passwords.fits(user.password_hash, order.current_password):
            raise _wrong("current_password", "This is not the password that you have now.")
        await self._throttle.forgive(user.username)

    async def _set_password(
        self, session: AsyncSession, user_id: str, order: ChangePassword, hash_: str, visit: Visit
    ) -> SignedIn:
        user = await Users(session).by_id(user_id, lock=True)
        if user is None or user.disabled_at is not None:
            raise NotAuthenticated("You are signed out. Sign in again.")
        if user.password_hash is None and order.username is not None:
            user.username = order.username
        user.name = order.name or user.name
        user.password_hash = hash_
        await session.flush()
        await Sessions(session).end_all(user_id)
        await Links(session).drop(user_id)
        begun = self._add_session(session, user, "password", visit)
        await self._recorder.append(session, "user.password_changed", data=told(user))
        return begun

    async def _begin(self, session: AsyncSession, user: User | None, via: str, visit: Visit) -> SignedIn:
        if user is None or user.disabled_at is not None:
            raise UserDisabled("This user is disabled. Ask an admin.")
        user.last_signed_in_at = self._clock.now()
        if visit.former is not None:
            await Sessions(session).end(hash_secret(visit.former))  # one browser, one session
        begun = self._add_session(session, user, via, visit)
        await session.flush()
        await Sessions(session).keep_newest(user.id, _MOST_PER_USER)
        actor = Actor("user", user.id, user.name).as_json()
        data = told(user) | {"via": via, "actor": actor}  # nobody had signed in when the request began
        await self._recorder.append(session, "user.signed_in", data=data)
        return begun

    def _add_session(self, session: AsyncSession, user: User, via: str, visit: Visit) -> SignedIn:
        token, now = new_secret("sbs_"), self._clock.now()
        row = UserSession(
            id=new_id("ses"),
            user_id=user.id,
            hash=hash_secret(token),
            via=via,
            address=visit.address,
            user_agent=visit.user_agent[:_LONGEST_AGENT],
            created_at=now,
            last_used_at=now,
        )
        Sessions(session).add(row)
        return SignedIn(user, token)


def _refused(username: str, visit: Visit) -> WrongCredentials:
    log.warning("sign_in.refused", pii_username=username, address=visit.address)
    return WrongCredentials("The user name or the password is wrong. Check both.")


def _wrong(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{field}: {problem}", [FieldError(field, problem)])
