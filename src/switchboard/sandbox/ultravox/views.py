"""Calls and messages as the API shows them. Source: Ultravox "Calls" (fact sheet 3.3, 3.6)."""

from datetime import timedelta
from typing import Any

from switchboard.sandbox.conversation.turns import Role, Turn
from switchboard.sandbox.ultravox.call import Call, CallEvent, Message, Stage, ToolMessage
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
        "clientVersion": call.client_version,
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
        "transcriptOptional": config.get("transcriptOptional", True),
        "joinUrl": call.join_url,
        "retentionPolicy": _RETENTION.get(config.get("retentionPolicy") or ""),
        "shortSummary": call.short_summary,
        "summary": call.summary,
        "agent": agent,
        "agentId": call.agent_id,
        "experimentalSettings": config.get("experimentalSettings"),
        "metadata": call.metadata,
        "initialState": call.initial_state,
        "requestContext": call.request_context,
        "dataConnectionConfig": config.get("dataConnection"),
        "callbacks": _without_secrets(call.callbacks) or None,
        "sipDetails": None,
    }


def messages(call: Call, mode: str) -> list[dict[str, Any]]:
    """The messages so far, oldest first; the agent's last one while it is still being spoken.

    `last_stage`: of the present stage, with what it began with. `in_call`: of all stages, without that.
    """
    if mode == "last_stage":
        return stage_messages(call, call.stage, with_inherited=True)
    return [shown for stage in call.stages for shown in stage_messages(call, stage, with_inherited=False)]


def stage_messages(call: Call, stage: Stage, *, with_inherited: bool) -> list[dict[str, Any]]:
    """The messages of one stage; their indices count what it began with, shown or not."""
    shown = [_message(call, stage, index, one) for index, one in enumerate([*stage.inherited, *stage.messages])]
    return shown if with_inherited else shown[len(stage.inherited) :]


def event_json(call: Call, event: CallEvent) -> dict[str, Any]:
    return {
        "callId": call.call_id,
        "callStageId": event.stage_id,
        "callTimestamp": duration(event.at),
        "wallClockTimestamp": instant(event.moment),
        "severity": event.severity,
        "type": event.type,
        "text": event.text,
        "extras": event.extras,
    }


def _message(call: Call, stage: Stage, index: int, message: Message) -> dict[str, Any]:
    begins, lasts = (
        (message.at, 0.0) if isinstance(message, ToolMessage) else (message.starts_at, message.duration)
    )
    base = call.joined_at or call.watch.started_at
    return {
        **(_tool_part(message) if isinstance(message, ToolMessage) else _spoken_part(message)),
        "callStageMessageIndex": index,
        "callStageId": stage.stage_id,
        "callState": None,
        "timespan": {"start": duration(begins), "end": duration(begins + lasts)},
        "wallClockTimespan": {
            "start": instant(base + timedelta(seconds=begins)),
            "end": instant(base + timedelta(seconds=begins + lasts)),
        },
        "metadata": None,
    }


def _spoken_part(turn: Turn) -> dict[str, Any]:
    return {
        "role": "MESSAGE_ROLE_AGENT" if turn.role is Role.AGENT else "MESSAGE_ROLE_USER",
        "text": turn.text,
        "invocationId": None,
        "toolName": None,
        "errorDetails": None,
        "medium": "MESSAGE_MEDIUM_TEXT" if turn.typed else "MESSAGE_MEDIUM_VOICE",
    }


def _tool_part(message: ToolMessage) -> dict[str, Any]:
    return {
        "role": f"MESSAGE_ROLE_{message.role}",
        "text": message.text,
        "invocationId": message.invocation_id,
        "toolName": message.tool_name,
        "errorDetails": message.error,
        "medium": None,
    }


def _without_secrets(callbacks: dict[str, Any]) -> dict[str, Any]:
    return {event: {"url": target["url"]} for event, target in callbacks.items()}
