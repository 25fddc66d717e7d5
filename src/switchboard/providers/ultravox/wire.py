"""A call in Ultravox' words and in ours. Pure functions.

Source: Ultravox "Calls" (Call object, messages), "Telephony platforms", "FAQ" (billing).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from switchboard.core.money import Money, to_micros
from switchboard.providers.normalised import (
    CostLine,
    JsonObject,
    PhoneSessionOrder,
    SessionReport,
    SessionState,
    Turn,
)
from switchboard.providers.talk import RATE, TalkOrder
from switchboard.providers.ultravox.agents import seconds
from switchboard.providers.ultravox.errors import NAME

CALL_ID = "switchboard_call_id"
"""The metadata key that carries our call id; keys that begin with `ultravox.` are the vendor's own."""

HANG_UP = {"type": "hang_up", "message": ""}

_JOIN_MARGIN_SECONDS = 30
_FALLBACK_DELAY = "2s"
_BROWSER_BUFFER_MS = 500
_PENDING = {None, "", "BILLING_STATUS_PENDING", "BILLING_STATUS_UNSPECIFIED"}
_BILLED = "BILLING_STATUS_BILLED"
_END_REASONS = {
    "hangup": "callee_hangup",
    "agent_hangup": "agent_hangup",
    "timeout": "max_duration",
    "unjoined": "not_joined",
    "connection_error": "platform_error",
    "system_error": "platform_error",
}
_ROLES: dict[str, Literal["agent", "callee", "tool"]] = {
    "MESSAGE_ROLE_USER": "callee",
    "MESSAGE_ROLE_AGENT": "agent",
    "MESSAGE_ROLE_TOOL_CALL": "tool",
    "MESSAGE_ROLE_TOOL_RESULT": "tool",
}


def call_body(order: PhoneSessionOrder, webhook_secret: str | None) -> dict[str, Any]:
    """What opens a call that waits for Twilio. The join time-out runs from now, so it covers the ringing."""
    # The callee says hello first; our greeting would otherwise be clipped or speak to a ringing line.
    fallback = {"delay": _FALLBACK_DELAY, **({"text": order.first_message} if order.first_message else {})}
    wanted: dict[str, Any] = {
        "medium": {"twilio": {}},
        "joinTimeout": f"{order.ring_timeout_seconds + _JOIN_MARGIN_SECONDS}s",
        **_any_body(order, webhook_secret),
    }
    if order.first_speaker == "agent":
        wanted["firstSpeakerSettings"] = {"user": {"fallback": fallback}}
    return wanted


def talk_body(order: TalkOrder, webhook_secret: str | None) -> dict[str, Any]:
    """What opens a call over a server WebSocket. The audio is played by a browser, which needs a buffer."""
    wanted: dict[str, Any] = {
        "medium": {
            "serverWebSocket": {
                "inputSampleRate": RATE,
                "outputSampleRate": RATE,
                "clientBufferSizeMs": _BROWSER_BUFFER_MS,
            }
        },
        "initialOutputMedium": f"MESSAGE_MEDIUM_{order.mode.upper()}",
        **_any_body(order, webhook_secret),
    }
    if order.first_speaker == "agent" and order.first_message:
        # Whether Ultravox fills variables into the agent's own sentence is not documented.
        wanted["firstSpeakerSettings"] = {"agent": {"text": order.first_message}}
    return wanted


def _any_body(order: PhoneSessionOrder | TalkOrder, webhook_secret: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "maxDuration": f"{order.max_duration_seconds}s",
        "templateContext": dict(order.variables),
        "metadata": {CALL_ID: order.call_id},
    }
    if order.callback_url and webhook_secret:
        target = {"url": order.callback_url, "secrets": [webhook_secret]}
        body["callbacks"] = {"joined": target, "ended": target, "billed": target}
    return body


def report(call: JsonObject, messages: Sequence[JsonObject], price_per_minute: float) -> SessionReport:
    """All that a Call object and its messages say."""
    joined, ended = instant(call.get("joined")), instant(call.get("ended"))
    state = _state(call)
    return SessionReport(
        session_id=str(call.get("callId") or ""),
        state=state,
        turns=_turns(messages, joined),
        started_at=joined,
        ended_at=ended,
        duration_seconds=round((ended - joined).total_seconds()) if joined and ended else (0 if ended else None),
        end_reason=_END_REASONS.get(str(call.get("endReason"))),
        summary=call.get("summary") or call.get("shortSummary"),
        costs=_costs(call, price_per_minute) if state is SessionState.FINAL else (),
        has_recording=bool(call.get("recordingEnabled") and joined and ended),
        raw=dict(call),
    )


def our_call_id(call: JsonObject) -> str | None:
    return (call.get("metadata") or {}).get(CALL_ID)


def instant(value: Any) -> datetime | None:
    """An ISO 8601 time as aware UTC (without an offset it is UTC); None when absent or unreadable."""
    try:
        at = datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at else None


def _state(call: JsonObject) -> SessionState:
    if not call.get("ended"):
        return SessionState.LIVE if call.get("joined") else SessionState.WAITING
    return SessionState.ENDED if call.get("billingStatus") in _PENDING else SessionState.FINAL


def _costs(call: JsonObject, price_per_minute: float) -> Sequence[CostLine]:
    """Ultravox tells billed time, not money: time by our configured price; free and refunded minutes cost 0."""
    minutes = seconds(call.get("billedDuration")) / 60
    billed = call.get("billingStatus") == _BILLED
    cost = Money(to_micros(minutes * price_per_minute) if billed else 0)
    return (CostLine(NAME, "platform", cost, minutes, "minutes" if billed else "free minutes"),)


def _turns(messages: Iterable[JsonObject], joined: datetime | None) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for message in messages:
        role, text = _ROLES.get(str(message.get("role"))), _text(message)
        if role and text:
            at = _at_seconds(message, joined, turns[-1].at_seconds if turns else 0.0)
            turns.append(Turn(len(turns), role, text, at))
    return tuple(turns)


def _text(message: JsonObject) -> str:
    text = str(message.get("text") or "").strip()
    tool = message.get("toolName")
    return f"{tool}: {text}".removesuffix(": ") if tool else text


def _at_seconds(message: JsonObject, joined: datetime | None, before: float) -> float:
    start = (message.get("timespan") or {}).get("start")
    if start is not None:
        return seconds(start)
    at = instant((message.get("wallClockTimespan") or {}).get("start"))
    return max(0.0, (at - joined).total_seconds()) if at and joined else before
