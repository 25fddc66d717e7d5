"""ElevenLabs' webhooks: who sent them and what they say.

Source: ElevenLabs "Webhooks" (`ElevenLabs-Signature: t=…,v0=…`), "Post-call webhooks".
"""

import json
from collections.abc import Mapping
from datetime import datetime

from switchboard.core.errors import MalformedRequest
from switchboard.providers.elevenlabs import wire
from switchboard.providers.errors import InvalidSignature
from switchboard.providers.normalised import PlatformSignal
from switchboard.security.signatures import any_equals, hex_hmac_sha256, is_fresh

_HEADER = "elevenlabs-signature"
_TRANSCRIPT = "post_call_transcription"
# The vendor's own tolerance is 30 minutes into the past; its retries come that late.
_PAST_SECONDS, _FUTURE_SECONDS = 1800.0, 60.0


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises: InvalidSignature."""
    header = next((value for name, value in headers.items() if name.lower() == _HEADER), "")
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamp = next((value.strip() for key, _, value in parts if key.strip() == "t"), "")
    signatures = [value for key, _, value in parts if key.strip() == "v0"]
    fits = any_equals(signatures, hex_hmac_sha256(secret, stamp.encode() + b"." + body))
    if not fits or not (stamp.isascii() and stamp.isdigit()):
        raise InvalidSignature("The ElevenLabs-Signature does not fit. Check ELEVENLABS_WEBHOOK_SECRET.")
    if not is_fresh(float(stamp), now.timestamp(), past=_PAST_SECONDS, future=_FUTURE_SECONDS):
        raise InvalidSignature("The webhook's timestamp is too old or lies ahead. Check this machine's clock.")


def read(body: bytes) -> PlatformSignal:
    """Raises: MalformedRequest for a body that is no JSON object."""
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise MalformedRequest("A webhook's body is a JSON object.")
    kind = str(event.get("type") or "unknown")
    data = event.get("data")
    data = data if isinstance(data, dict) else {}
    session_id = str(data["conversation_id"]) if data.get("conversation_id") else None
    return PlatformSignal(
        dedupe_key=f"{kind}:{session_id}:{event.get('event_timestamp')}",
        kind=kind,
        session_id=session_id,
        call_id=wire.our_call_id(data),
        report=wire.report(data) if kind == _TRANSCRIPT and session_id else None,
    )
