"""HMAC signatures of incoming webhooks, compared in constant time."""

import hashlib
import hmac
from collections.abc import Iterable


def hex_hmac_sha256(secret: str, message: bytes) -> str:
    """Lowercase hex digest; the secret's UTF-8 text is the key."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def any_equals(candidates: Iterable[str], digest: str) -> bool:
    """Whether one of `candidates` is `digest`. Looks at all of them, so that time tells nothing."""
    found = False
    for candidate in candidates:
        found |= hmac.compare_digest(candidate.strip().encode(), digest.encode())
    return found


def is_fresh(signed_at: float, now: float, *, past: float, future: float) -> bool:
    """Whether a signature's time (unix seconds) is at most `past` seconds old and `future` seconds ahead."""
    return now - past <= signed_at <= now + future
