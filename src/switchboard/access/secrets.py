"""The texts of API keys, sessions and links, and how they are stored."""

import secrets
import string
from hashlib import sha256

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 40
SHOWN = 8
"""So many first characters of a key are kept to tell keys apart."""


def new_secret(prefix: str = "sb_") -> str:
    """The prefix and 40 base-62 characters: 238 bits from the system's random source."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def hash_secret(secret: str) -> bytes:
    """SHA-256, 32 bytes, without salt.

    A slow, salted hash protects guessable passwords. These secrets are random and long, so nobody can try them
    all however fast the hash is, and an unsalted one can be looked up by an index.
    """
    return sha256(secret.encode()).digest()


def csrf_token(session_token: str) -> str:
    """What a page of ours proves to be one with: follows from the session's token, and does not betray it."""
    return sha256(b"csrf\n" + session_token.encode()).hexdigest()
