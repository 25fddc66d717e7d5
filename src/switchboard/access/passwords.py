"""Passwords, hashed with argon2id away from the event loop."""

import asyncio
import secrets
import string
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from switchboard.core.errors import Unavailable

SHORTEST = 10
LONGEST = 200
_AT_ONCE = 2
_WAITING = 50
_CLEAR = "".join(letter for letter in string.ascii_letters + string.digits if letter not in "0O1lI")
_MADE_LENGTH = 20
T = TypeVar("T")


class Passwords:
    """Hashes and compares. A hash takes 64 MiB and most of a core, so few run at once and few may wait."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The password's hash in argon2's own format. Raises: Unavailable when too many wait."""
        return await self._run(self._hasher.hash, password)

    async def fits(self, hash_: str | None, password: str) -> bool:
        """Whether `hash_` is this password's. Without a hash it takes as long, and the answer is no."""
        if hash_ is None:
            await self._run(self._hasher.hash, password)
            return False
        return await self._run(self._verify, hash_, password)

    def outdated(self, hash_: str) -> bool:
        """True when the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(hash_)

    def _verify(self, hash_: str, password: str) -> bool:
        try:
            return self._hasher.verify(hash_, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, function: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= _WAITING:
            raise Unavailable("Too many people sign in at this moment. Try again.", retry_after=2.0)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(function, *arguments)
        finally:
            self._waiting -= 1


def new_password() -> str:
    """Twenty letters and digits that cannot be mistaken for each other: 115 bits."""
    return "".join(secrets.choice(_CLEAR) for _ in range(_MADE_LENGTH))
