"""The fakes' own webhook signature: `t=<unix seconds>,v=<hex HMAC-SHA256 of "t.body">`."""

import hashlib
import hmac
import time
from collections.abc import Mapping

from switchboard.providers.errors import InvalidSignature

HEADER = "x-fake-signature"
MAX_AGE_SECONDS = 300.0


def sign(secret: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    return {HEADER: f"t={stamp},v={_digest(secret, stamp, body)}"}


def check(secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raises InvalidSignature."""
    lowered = {name.lower(): value for name, value in headers.items()}
    parts = dict(part.split("=", 1) for part in lowered.get(HEADER, "").split(",") if "=" in part)
    stamp = parts.get("t", "")
    fits = hmac.compare_digest(parts.get("v", ""), _digest(secret, stamp, body))
    if not fits or abs(time.time() - float(stamp)) > MAX_AGE_SECONDS:
        raise InvalidSignature("The signature does not fit.")


def _digest(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
