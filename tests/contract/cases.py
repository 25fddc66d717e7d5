"""What the contract suites run over: each case is one implementation with what a test needs around it."""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from tests.fakes import signing
from tests.fakes.carrier import ANSWER_LOST, FakeCarrier
from tests.fakes.carrier import SECRET as FAKE_CARRIER_SECRET
from tests.fakes.platform import SECRET as FAKE_PLATFORM_SECRET
from tests.fakes.platform import FakePlatform
from tests.waiting import PATIENCE

from switchboard.providers.carrier import Carrier
from switchboard.providers.elevenlabs import ElevenLabs
from switchboard.providers.errors import ProviderMisconfigured
from switchboard.providers.normalised import AgentSpec
from switchboard.providers.platform import Platform
from switchboard.providers.twilio import Twilio
from switchboard.providers.ultravox import Ultravox

T = TypeVar("T")
SECRET = "contract-webhook-secret"
OWN_NUMBER = "+15005550006"
ANSWERS, BUSY, NO_ANSWER, INVALID = (f"+1415555010{n}" for n in range(4))
SPEC = AgentSpec(
    name="contract_reception",
    prompt="You are the receptionist of Casa Verde, a restaurant. We open at nine in the morning. "
    "A table for two costs nothing to book. You are speaking with {{guest}}.",
    first_message="Hello {{guest}}, this is Casa Verde.",
    language="en",
    max_duration_seconds=120,
    variables={"guest": None, "place": "Casa Verde"},
)

Sign = Callable[[bytes, float], Mapping[str, str]]
"""Headers for a body, signed as the vendor signs at this unix time."""


@dataclass
class PlatformCase:
    """A platform, the same one with a key it refuses, and the vendor's way to sign."""

    platform: Platform
    wrong_key: Platform
    sign: Sign
    event: Callable[[str, str], bytes]
    """A webhook's body about this session and this call of ours."""
    carrier: Carrier
    from_: str = OWN_NUMBER
    callee: str = ANSWERS


@dataclass
class CarrierCase:
    """A carrier, the same one with credentials it refuses, and what happened at its door."""

    carrier: Carrier
    wrong_key: Carrier
    sign_form: Callable[[str, Mapping[str, str]], Mapping[str, str]]
    lose_next_answer: Callable[[], Awaitable[None]]
    dials_received: Callable[[], Awaitable[int]]
    from_: str = OWN_NUMBER


# --- the fakes


def fake_platform() -> PlatformCase:
    platform, refused = FakePlatform(), FakePlatform()
    refused.fail_next(*[ProviderMisconfigured("Check the key.", provider=refused.name)] * 10)
    return PlatformCase(
        platform,
        refused,
        sign=lambda body, at: signing.sign(FAKE_PLATFORM_SECRET, body, at=at),
        event=lambda session, call: json.dumps({"kind": "ended", "session_id": session, "call_id": call}).encode(),
        carrier=FakeCarrier([platform]),
    )


def fake_carrier() -> CarrierCase:
    carrier, refused = FakeCarrier(), FakeCarrier()
    refused.fail_next(*[ProviderMisconfigured("Check the credentials.", provider=refused.name)] * 10)

    async def lose() -> None:
        carrier.outcomes[ANSWERS] = ANSWER_LOST

    async def received() -> int:
        return len(carrier.orders)

    def sign_form(url: str, form: Mapping[str, str]) -> Mapping[str, str]:
        return signing.sign(FAKE_CARRIER_SECRET, json.dumps([url, sorted(form.items())]).encode())

    return CarrierCase(carrier, refused, sign_form, lose, received)


# --- the real adapters


def sign_ultravox(body: bytes, at: float) -> Mapping[str, str]:
    stamp = datetime.fromtimestamp(at, UTC).isoformat()
    digest = hmac.new(SECRET.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    return {"X-Ultravox-Webhook-Signature": digest, "X-Ultravox-Webhook-Timestamp": stamp}


def sign_elevenlabs(body: bytes, at: float) -> Mapping[str, str]:
    digest = hmac.new(SECRET.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
    return {"ElevenLabs-Signature": f"t={int(at)},v0={digest}"}


def sign_twilio(token: str) -> Callable[[str, Mapping[str, str]], Mapping[str, str]]:
    def sign(url: str, form: Mapping[str, str]) -> Mapping[str, str]:
        text = url + "".join(name + form[name] for name in sorted(form))
        return {"X-Twilio-Signature": b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()}

    return sign


def ultravox_event(session: str, call: str) -> bytes:
    known = {"callId": session, "metadata": {"switchboard_call_id": call}}
    return json.dumps({"event": "call.ended", "call": known}).encode()


def elevenlabs_event(session: str, call: str) -> bytes:
    data = {"conversation_id": session, "user_id": call, "status": "done", "transcript": [], "metadata": {}}
    return json.dumps({"type": "post_call_transcription", "event_timestamp": 1, "data": data}).encode()


def ultravox_case(base_url: str, key: str, wrong_key: str, carrier: Carrier) -> PlatformCase:
    return PlatformCase(
        Ultravox(api_key=key, base_url=base_url, webhook_secret=SECRET, timeout_seconds=PATIENCE),
        Ultravox(api_key=wrong_key, base_url=base_url),
        sign_ultravox,
        ultravox_event,
        carrier,
    )


def elevenlabs_case(base_url: str, key: str, wrong_key: str, carrier: Carrier) -> PlatformCase:
    return PlatformCase(
        ElevenLabs(api_key=key, base_url=base_url, webhook_secret=SECRET, timeout_seconds=PATIENCE),
        ElevenLabs(api_key=wrong_key, base_url=base_url),
        sign_elevenlabs,
        elevenlabs_event,
        carrier,
    )


# --- over the sandbox: every test is an account of its own


def sandbox_platform(name: str, url: str) -> PlatformCase:
    carrier = Twilio(account_sid="AC" + secrets.token_hex(16), auth_token="contract", base_url=url)
    if name == "ultravox":
        return ultravox_case(
            url, f"Contract.{secrets.token_hex(16)}", f"invalid1.{secrets.token_hex(16)}", carrier
        )
    return elevenlabs_case(url, f"sk_{secrets.token_hex(20)}", "sk_invalid", carrier)


def sandbox_carrier(url: str) -> CarrierCase:
    sid = "AC" + secrets.token_hex(16)
    calls = f"/2010-04-01/Accounts/{sid}/Calls.json"

    async def control(method: str, path: str, **request: Any) -> Any:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
            answer = await http.request(method, f"/_sandbox/{path}", **request)
            answer.raise_for_status()
            return answer.json()

    async def lose() -> None:
        fault = {"provider": "twilio", "method": "POST", "path": calls, "count": 1, "drop": "after"}
        await control("POST", "faults", json=fault)

    async def received() -> int:
        return len(await control("GET", "requests", params={"method": "POST", "path": calls}))

    return CarrierCase(
        Twilio(
            account_sid=sid, auth_token="contract", base_url=url, phone_number=OWN_NUMBER, timeout_seconds=PATIENCE
        ),
        Twilio(account_sid=sid, auth_token="invalid", base_url=url),
        sign_twilio("contract"),
        lose,
        received,
    )


# --- over real accounts


def live_platform(name: str) -> PlatformCase:
    carrier = live_carrier().carrier
    if name == "ultravox":
        made = ultravox_case(
            "https://api.ultravox.ai", needed("ULTRAVOX_API_KEY"), "12345678." + "0" * 32, carrier
        )
    else:
        made = elevenlabs_case("https://api.elevenlabs.io", needed("ELEVENLABS_API_KEY"), "sk_wrong", carrier)
    return replace(made, from_=needed("TWILIO_PHONE_NUMBER"), callee=needed("SWITCHBOARD_LIVE_CALLEE"))


def live_carrier() -> CarrierCase:
    sid, token, number = (needed(f"TWILIO_{part}") for part in ("ACCOUNT_SID", "AUTH_TOKEN", "PHONE_NUMBER"))

    async def not_possible() -> Any:
        raise AssertionError("A real carrier cannot be asked for this; the test leaves `live` out.")

    base_url = "https://api.twilio.com"
    return CarrierCase(
        Twilio(account_sid=sid, auth_token=token, base_url=base_url, phone_number=number),
        Twilio(account_sid=sid, auth_token="wrong", base_url=base_url),
        sign_twilio(token),
        not_possible,
        not_possible,
        from_=number,
    )


def needed(variable: str) -> str:
    """A setting of the live run. It was asked for with `-m live`, so a missing one fails instead of skipping."""
    assert variable in os.environ, f"Set {variable} for the live contract tests."
    return os.environ[variable]
