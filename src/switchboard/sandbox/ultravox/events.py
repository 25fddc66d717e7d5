"""Webhooks and per-call callbacks. Source: Ultravox "Webhooks" (fact sheet 5)."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from switchboard.sandbox.delivery import Attempt, Delivery, Repeat, Signer, unless_2xx
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.state import Account, Webhook
from switchboard.sandbox.ultravox.views import call_json

EVENTS = ("call.started", "call.joined", "call.ended", "call.billed")
CALLBACKS = ("joined", "ended", "billed")
_RETRY_AFTER = tuple(30.0 * 2**attempt for attempt in range(10))
"""Ten more attempts, the first after 30 s, each wait doubled."""


def tell(delivery: Delivery, account: Account, call: Call, what: str) -> None:
    """Owe everybody who asked for it the event `call.<what>`, with the call as it is now."""
    event = f"call.{what}"
    body = json.dumps({"event": event, "call": call_json(call)}).encode()
    for hook in account.webhooks.values():
        if event in hook.events and hook.agent_id in (None, call.agent_id):
            _owe(delivery, hook.url, _signer(body, hook.secrets), _judging(hook))
    if callback := call.callbacks.get(what):
        _owe(delivery, callback["url"], _signer(body, callback.get("secrets") or []), unless_2xx)


def _owe(delivery: Delivery, url: str, signer: Signer, repeat: Repeat) -> None:
    delivery.post(url, signer, retry_after=_RETRY_AFTER, provider="ultravox", repeat=repeat)


def _judging(hook: Webhook) -> Repeat:
    def judge(attempt: Attempt) -> bool:
        again = unless_2xx(attempt)
        if again:
            hook.failed("No response" if attempt.status is None else f"Response status {attempt.status}")
        else:
            hook.succeeded()
        return again

    return judge


def sign(body: bytes, timestamp: str, secret: str) -> str:
    """Hex HMAC-SHA256 over the body followed directly by the timestamp. Source: "Securing webhooks"."""
    return hmac.new(secret.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()


def _signer(body: bytes, secrets: Sequence[str]) -> Signer:
    def signed() -> tuple[bytes, Mapping[str, str]]:
        timestamp = datetime.now(UTC).isoformat()
        headers = {"Content-Type": "application/json", "X-Ultravox-Webhook-Timestamp": timestamp}
        if secrets:
            headers["X-Ultravox-Webhook-Signature"] = ",".join(sign(body, timestamp, one) for one in secrets)
        return body, headers

    return signed
