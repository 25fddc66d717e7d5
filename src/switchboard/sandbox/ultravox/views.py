"""Calls and messages as the API shows them. Source: Ultravox "Calls" (fact sheet 3.3, 3.6)."""

from datetime import timedelta
from typing import Any

from switchboard.sandbox.conversation.dialogue import Role, Turn
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.requests import duration, instant

_FROM_CONFIG = (
    "model", "temperature", "systemPrompt", "voice", "externalVoice", "voiceOverrides", "languageHint",
    "joinTimeout", "maxDuration", "timeExceededMessage", "inactivityMessages", "firstSpeakerSettings",
    "initialOutputMedium", "recordingEnabled", "vadSettings",
)  # fmt: skip
_RETENTION = {"CALL_RETENTION_POLICY_RETAIN": "retain", "CALL_RETENTION_POLICY_AUTO_DELETE": "auto_delete"}


def call_json(call: Call) -> dict[str, Any]:
    """A Call object, all fields present. `agent` is null for direct calls."""
    config = call.config
    user_first = "user" in (config.get("firstSpeakerSettings") or {})
    agent = {"agentId": call.agent_id, "name": call.agent_name} if call.agent_id else None
    return {
        "callId": call.call_id,
        "clientVersion": None,
        "created": instant(call.watch.started_at),
        "joined": instant(call.joined_at),
        "ended": instant(call.ended_at),
        "endReason": call.end_reason,
        "billingStatus": call.billing_status,
        "billedDuration": None if call.billed_seconds is None else duration(call.billed_seconds),
        "billedSideInputTokens": None,
        "billedSideOutputTokens": None,
        **{field: config.get(field) for field in _FROM_CONFIG},
        "medium": config.get("medium") or {"webRtc": {}},
        "firstSpeaker": "FIRST_SPEAKER_USER" if user_first else "FIRST_SPEAKER_AGENT",
        "transcriptOptional": True,
        "joinUrl": call.join_url,
        "retentionPolicy": _RETENTION.get(config.get("retentionPolicy") or ""),
        "shortSummary": call.short_summary,
        "summary": call.summary,
        "agent": agent,
        "agentId": call.agent_id,
        "experimentalSettings": config.get("experimentalSettings"),
        "metadata": call.metadata,
        "initialState": config.get("initialState") or {},
        "requestContext": None,
        "dataConnectionConfig": config.get("dataConnection"),
        "callbacks": _without_secrets(call.callbacks) or None,
        "sipDetails": None,
    }


def messages(call: Call) -> list[dict[str, Any]]:
    """The messages so far, oldest first; the agent's last one while it is still being spoken."""
    turns = call.dialogue.turns if call.dialogue else []
    return [_message(call, index, turn) for index, turn in enumerate(turns)]


def _message(call: Call, index: int, turn: Turn) -> dict[str, Any]:
    assert call.joined_at is not None
    ends_at = turn.starts_at + turn.duration
    return {
        "role": "MESSAGE_ROLE_AGENT" if turn.role is Role.AGENT else "MESSAGE_ROLE_USER",
        "text": turn.text,
        "invocationId": None,
        "toolName": None,
        "errorDetails": None,
        "medium": "MESSAGE_MEDIUM_TEXT" if turn.typed else "MESSAGE_MEDIUM_VOICE",
        "callStageMessageIndex": index,
        "callStageId": call.stage_id,
        "callState": None,
        "timespan": {"start": duration(turn.starts_at), "end": duration(ends_at)},
        "wallClockTimespan": {
            "start": instant(call.joined_at + timedelta(seconds=turn.starts_at)),
            "end": instant(call.joined_at + timedelta(seconds=ends_at)),
        },
        "metadata": None,
    }


def _without_secrets(callbacks: dict[str, Any]) -> dict[str, Any]:
    return {event: {"url": target["url"]} for event, target in callbacks.items()}
