"""Accounts: every well-formed pair of SID and token is one of its own, made on first use."""

import base64
import binascii
import random
import re
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from switchboard.sandbox.memory import MOST_ACCOUNTS, forget_oldest
from switchboard.sandbox.twilio.calls import Call, CallbackAddress, Script
from switchboard.sandbox.twilio.errors import not_found, unauthenticated

DEFAULT_NUMBERS = ("+15005550006", "+14155550199")
"""What every account owns."""
_SID = re.compile(r"AC[0-9a-fA-F]{32}")


MOST_OF_A_KIND = 1_000
"""Applications, and keys, of one account."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class OwnedNumber:
    """A number of the account, and what happens to calls that come in on it."""

    sid: str
    phone_number: str
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    voice_application_sid: str | None = None
    trunk_sid: str | None = None
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_caller_id_lookup: bool = False
    created_at: datetime = field(default_factory=_now)

    def script(self) -> Script:
        """What calls that come in do."""
        if not self.voice_url:
            return Script("")
        fallback = self.voice_fallback_url or None
        return Script(None, self.voice_url, self.voice_method, fallback, self.voice_fallback_method)


@dataclass(slots=True)
class Application:
    """A TwiML application, as far as calls need it."""

    sid: str
    friendly_name: str
    voice_url: str
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    callback: CallbackAddress | None = None
    created_at: datetime = field(default_factory=_now)

    def script(self) -> Script:
        """What calls that are handed to it do."""
        fallback = self.voice_fallback_url or None
        return Script(None, self.voice_url, self.voice_method, fallback, self.voice_fallback_method)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Opens an account without its token. `secret` is told once."""

    sid: str
    friendly_name: str
    secret: str
    created_at: datetime = field(default_factory=_now)


@dataclass(slots=True)
class Account:
    sid: str
    token: str
    numbers: list[OwnedNumber] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    """By SID, oldest first."""
    applications: dict[str, Application] = field(default_factory=dict)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    next_turn: float = 0.0
    """Sandbox time at which the next call may be dialled."""

    @property
    def is_idle(self) -> bool:
        """None of its calls goes on."""
        return all(call.is_over for call in self.calls.values())

    def owns(self, phone_number: str) -> bool:
        return self.number(phone_number) is not None

    def number(self, phone_number: str) -> OwnedNumber | None:
        return next((owned for owned in self.numbers if owned.phone_number == phone_number), None)


class Accounts:
    """The 2 000 accounts of this sandbox that were used last, with 20 000 calls in all."""

    def __init__(self, ids: random.Random) -> None:
        self._ids = ids
        self._accounts: dict[tuple[str, str], Account] = {}
        self._calls: dict[str, tuple[Account, Call]] = {}
        """Of all accounts, oldest first."""

    def all(self) -> list[Account]:
        return list(self._accounts.values())

    def clear(self) -> None:
        self._accounts.clear()
        self._calls.clear()

    def remember(self, account: Account, call: Call) -> None:
        """Keep a call; of too many the oldest one that is over is forgotten."""
        account.calls[call.sid] = call
        self._calls[call.sid] = account, call
        for owner, forgotten in forget_oldest(self._calls, lambda known: known[1].is_over):
            owner.calls.pop(forgotten.sid, None)

    def forget(self, account: Account, call: Call) -> None:
        """A call that was deleted."""
        account.calls.pop(call.sid, None)
        self._calls.pop(call.sid, None)

    def latest_calls(self, most: int) -> list[Call]:
        """Of all accounts, newest first."""
        return [call for _, call in islice(reversed(self._calls.values()), most)]

    def call(self, sid: str) -> Call | None:
        """Whosever it is."""
        _, call = self._calls.get(sid, (None, None))
        return call

    def authenticate(self, authorization: str | None, path_sid: str, path: str) -> Account:
        """The account of an HTTP Basic header. Raises: TwilioError 20003 (401), 20404 for a foreign path."""
        user, password = _basic(authorization)
        if user.startswith("SK"):
            return self._opened_by_key(user, password, path_sid)
        account = self.open(user, password)
        if account.sid != path_sid:
            raise not_found(path)
        return account

    def uses_key(self, authorization: str | None) -> bool:
        """Whether these credentials are an API key's, which has not all rights."""
        return _basic(authorization)[0].startswith("SK")

    def _opened_by_key(self, sid: str, secret: str, account_sid: str) -> Account:
        for account in self._accounts.values():
            key = account.keys.get(sid)
            if key and key.secret == secret:
                if account.sid != account_sid:
                    raise not_found(account_sid)
                return account
        raise unauthenticated()

    def open(self, sid: str, token: str) -> Account:
        """The account of these credentials. Raises: TwilioError 20003 (401)."""
        if not _SID.fullmatch(sid) or not token or "invalid" in token.lower():
            raise unauthenticated()
        account = self._accounts.pop((sid, token), None) or self._new(sid, token)
        self._accounts[sid, token] = account
        for forgotten in forget_oldest(self._accounts, lambda known: known.is_idle, MOST_ACCOUNTS):
            for call in list(forgotten.calls.values()):
                self.forget(forgotten, call)
        return account

    def _new(self, sid: str, token: str) -> Account:
        numbers = [OwnedNumber(new_sid("PN", self._ids), number, number) for number in DEFAULT_NUMBERS]
        return Account(sid, token, numbers)


def new_secret(ids: random.Random) -> str:
    """What an API key's secret looks like."""
    return "".join(ids.choices(string.ascii_letters + string.digits, k=32))


def new_sid(prefix: str, ids: random.Random) -> str:
    """Two letters and 32 hexadecimal digits."""
    return f"{prefix}{ids.getrandbits(128):032x}"


def _basic(header: str | None) -> tuple[str, str]:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        raise unauthenticated()
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise unauthenticated() from None
    user, _, password = text.partition(":")
    return user, password
