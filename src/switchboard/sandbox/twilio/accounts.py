"""Accounts: every well-formed pair of SID and token is one of its own, made on first use."""

import base64
import binascii
import random
import re
from dataclasses import dataclass, field

from switchboard.sandbox.twilio.calls import Call
from switchboard.sandbox.twilio.errors import not_found, unauthenticated

DEFAULT_NUMBERS = ("+15005550006", "+14155550199")
"""What every account owns."""
_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_MAX_CALLS = 20_000


@dataclass(frozen=True, slots=True)
class OwnedNumber:
    sid: str
    phone_number: str


@dataclass(slots=True)
class Account:
    sid: str
    token: str
    numbers: list[OwnedNumber] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    """By SID, oldest first."""

    def number(self, phone_number: str) -> OwnedNumber | None:
        return next((owned for owned in self.numbers if owned.phone_number == phone_number), None)

    def remember(self, call: Call) -> None:
        """Keep a call; beyond 20 000 the oldest one that is over is forgotten."""
        self.calls[call.sid] = call
        if len(self.calls) > _MAX_CALLS:
            oldest = next((sid for sid, known in self.calls.items() if known.is_over), None)
            if oldest:
                del self.calls[oldest]


class Accounts:
    """All accounts of this sandbox."""

    def __init__(self, ids: random.Random) -> None:
        self._ids = ids
        self._accounts: dict[tuple[str, str], Account] = {}

    def all(self) -> list[Account]:
        return list(self._accounts.values())

    def clear(self) -> None:
        self._accounts.clear()

    def authenticate(self, authorization: str | None, path_sid: str, path: str) -> Account:
        """The account of an HTTP Basic header. Raises: TwilioError 20003 (401), 20404 for a foreign path."""
        account = self.open(*_basic(authorization))
        if account.sid != path_sid:
            raise not_found(path)
        return account

    def open(self, sid: str, token: str) -> Account:
        """The account of these credentials. Raises: TwilioError 20003 (401)."""
        if not _SID.fullmatch(sid) or not token or "invalid" in token.lower():
            raise unauthenticated()
        account = self._accounts.get((sid, token))
        if account is None:
            numbers = [OwnedNumber(new_sid("PN", self._ids), number) for number in DEFAULT_NUMBERS]
            account = self._accounts[sid, token] = Account(sid, token, numbers)
        return account


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
