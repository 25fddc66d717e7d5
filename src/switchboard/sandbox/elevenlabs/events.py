"""Post-call webhooks: who is told, what, and how it is signed.

Source: ElevenLabs "Post-call webhooks", "Webhooks" (fact sheet 5).
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from switchboard.sandbox.delivery import Attempt, Delivery, Signer, unless_200_or_final
from switchboard.sandbox.elevenlabs import taped
from switchboard.sandbox.elevenlabs.conversation import Conversation
from switchboard.sandbox.elevenlabs.records import Webhook
from switchboard.sandbox.elevenlabs.requests import merged
from switchboard.sandbox.elevenlabs.state import Account
from switchboard.sandbox.elevenlabs.views import full
from switchboard.sandbox.speech.studio import Studio

_RETRY_AFTER = (30.0, 120.0, 480.0, 1800.0)
_OK = 200
_MOST_FAILURES = 10
_SUCCESS_COUNTS_FOR = 7 * 24 * 3600
"""A webhook is switched off after ten failures in a row, unless it has succeeded within these seconds."""


async def tell_end(delivery: Delivery, studio: Studio, account: Account, conversation: Conversation) -> None:
    """Owe `post_call_transcription` and `post_call_audio` to whoever asked for them."""
    hook, events = _asked(account, conversation)
    if hook is None:
        return
    if "transcript" in events:
        _post(delivery, hook, "post_call_transcription", full(conversation), retried=True)
    if "audio" in events and conversation.has_audio:
        data = {
            "agent_id": conversation.agent_id,
            "conversation_id": conversation.conversation_id,
            "full_audio": base64.b64encode(await taped.sound(conversation, studio)).decode(),
        }
        _post(delivery, hook, "post_call_audio", data, retried=False)


def tell_failure(
    delivery: Delivery, account: Account, conversation: Conversation, reason: str, fields: Mapping[str, str]
) -> None:
    """Owe `call_initiation_failure`; `reason` is busy, no-answer or unknown."""
    hook, events = _asked(account, conversation)
    if hook is not None and "call_initiation_failure" in events:
        data = {
            "agent_id": conversation.agent_id,
            "conversation_id": conversation.conversation_id,
            "failure_reason": reason,
            "metadata": {"type": "twilio", "body": dict(fields)},
        }
        _post(delivery, hook, "call_initiation_failure", data, retried=False)


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """`t=<unix>,v0=<hex>`: HMAC-SHA256 over timestamp, a dot and the body. Source: "Webhooks"."""
    signed = f"{timestamp}.".encode() + body
    return f"t={timestamp},v0={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def _asked(account: Account, conversation: Conversation) -> tuple[Webhook | None, list[str]]:
    """The agent's own webhook settings laid on the workspace's."""
    own = conversation.settings["workspace_overrides"].get("webhooks") or {}
    wanted = merged(account.settings["webhooks"], {key: value for key, value in own.items() if value is not None})
    hook = account.webhooks.get(wanted.get("post_call_webhook_id") or "")
    off = hook is None or hook.is_disabled or hook.is_auto_disabled
    return (None if off else hook), wanted.get("events") or []


def _post(delivery: Delivery, hook: Webhook, kind: str, data: dict[str, Any], *, retried: bool) -> None:
    body = json.dumps({"type": kind, "event_timestamp": int(time.time()), "data": data}).encode()
    delivery.post(
        hook.url,
        _signer(hook, body),
        retry_after=_RETRY_AFTER if retried and hook.retry_enabled else (),
        provider="elevenlabs",
        repeat=partial(_noted, hook),
    )


def _noted(hook: Webhook, attempt: Attempt) -> bool:
    """Whether to repeat, and what the attempt means for the webhook's standing."""
    now = int(time.time())
    if attempt.status == _OK:
        hook.failures, hook.last_success_at = 0, now
        return False
    hook.failures += 1
    hook.last_failure_code, hook.last_failure_at = attempt.status, now
    unheard_of = hook.last_success_at is None or now - hook.last_success_at > _SUCCESS_COUNTS_FOR
    if hook.failures >= _MOST_FAILURES and unheard_of:
        hook.is_auto_disabled = True
        return False
    return unless_200_or_final(attempt)


def _signer(hook: Webhook, body: bytes) -> Signer:
    def signed() -> tuple[bytes, Mapping[str, str]]:
        header = signature(body, hook.secret, int(time.time()))
        return body, {**hook.request_headers, "Content-Type": "application/json", "ElevenLabs-Signature": header}

    return signed
