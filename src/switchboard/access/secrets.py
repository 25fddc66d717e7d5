"""The text of an API key and how it is stored."""

import secrets
import string
from hashlib import sha256

_PREFIX = "sb_"
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 40
SHOWN = 8
"""So many first characters are kept to tell keys apart."""


def new_secret() -> str:
    """`sb_` and 40 base-62 characters: 238 bits from the system's random source."""
    return _PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def hash_secret(secret: str) -> bytes:
    """SHA-256, 32 bytes, without salt.

    A slow, salted hash protects guessable passwords. These secrets are random and long, so nobody can try them
    all however fast the hash is, and an unsalted one can be looked up by an index.
    """
    return sha256(secret.encode()).digest()
