"""Ultravox' webhooks and per-call callbacks: who sent them and what they say.

Source: Ultravox "Securing webhooks" (HMAC-SHA256 over body, then timestamp), "Available webhooks".
"""

import json
from collections.abc import Mapping
from datetime import datetime

from switchboard.core.errors import MalformedRequest
from switchboard.providers.errors import InvalidSignature
from switchboard.providers.normalised import PlatformSignal
from switchboard.providers.ultravox import wire
from switchboard.security.signatures import any_equals, hex_hmac_sha256, is_fresh

_SIGNATURE, _TIMESTAMP = "x-ultravox-webhook-signature", "x-ultravox-webhook-timestamp"
# The vendor advises one minute; clocks differ, and a replay starts nothing because signals are stored once.
_PAST_SECONDS, _FUTURE_SECONDS = 300.0, 60.0


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises: InvalidSignature."""
    lowered = {name.lower(): value for name, value in headers.items()}
    stamp = lowered.get(_TIMESTAMP, "").strip()
    signatures = [part for part in lowered.get(_SIGNATURE, "").split(",") if part.strip()]
    fits = any_equals(signatures, hex_hmac_sha256(secret, body + stamp.encode()))
    at = wire.instant(stamp)
    if not fits or at is None:
        raise InvalidSignature("The X-Ultravox-Webhook-Signature does not fit. Check ULTRAVOX_WEBHOOK_SECRET.")
    if not is_fresh(at.timestamp(), now.timestamp(), past=_PAST_SECONDS, future=_FUTURE_SECONDS):
        raise InvalidSignature("The webhook's timestamp is too old or lies ahead. Check this machine's clock.")


def read(body: bytes) -> PlatformSignal:
    """Raises: MalformedRequest for a body that is no JSON object."""
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise MalformedRequest("A webhook's body is a JSON object.")
    kind = str(event.get("event") or "unknown")
    call = event.get("call")
    call = call if isinstance(call, dict) else {}
    session_id = str(call["callId"]) if call.get("callId") else None
    return PlatformSignal(f"{session_id}:{kind}", kind, session_id, wire.our_call_id(call))
