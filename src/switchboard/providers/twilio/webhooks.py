"""Twilio's status callbacks: who sent them and what they say.

Source: Twilio "Webhooks security" (X-Twilio-Signature).
"""

from collections.abc import Mapping

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # ships no types

from switchboard.core.errors import MalformedRequest
from switchboard.providers.errors import InvalidSignature
from switchboard.providers.normalised import CarrierSignal
from switchboard.providers.twilio import wire

_HEADER = "x-twilio-signature"
_NEEDED = ("CallSid", "CallStatus")


def read(auth_token: str, *, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> CarrierSignal:
    """Raises: InvalidSignature; MalformedRequest for a signed form that is no status callback."""
    signature = next((value for name, value in headers.items() if name.lower() == _HEADER), None)
    # The fragment holds our retry wishes; Twilio neither sends nor signs it.
    address = url.partition("#")[0]
    if not signature or not RequestValidator(auth_token).validate(address, form, signature):
        raise InvalidSignature(
            "The X-Twilio-Signature header does not fit. Check TWILIO_AUTH_TOKEN and SWITCHBOARD_PUBLIC_URL."
        )
    if any(name not in form for name in _NEEDED):
        raise MalformedRequest("A status callback carries CallSid and CallStatus.")
    return wire.signal(form)
