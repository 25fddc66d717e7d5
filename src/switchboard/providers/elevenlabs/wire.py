"""A conversation in ElevenLabs' words and in ours. Pure functions.

Source: ElevenLabs "Register Twilio call", "Get conversation".
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from switchboard.core.money import Money, to_micros
from switchboard.providers.elevenlabs.agents import plain_variables
from switchboard.providers.elevenlabs.errors import NAME
from switchboard.providers.normalised import (
    Analysis,
    CostLine,
    Finding,
    JsonObject,
    Judgement,
    PhoneSessionOrder,
    SessionReport,
    SessionState,
    Turn,
)

_TAG = re.compile(r"<(Parameter|Stream)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CONVERSATION = re.compile(r"^conv_\w+$")
_STATES = {
    "initiated": SessionState.WAITING,
    "in-progress": SessionState.LIVE,
    "processing": SessionState.ENDED,
    "done": SessionState.FINAL,
    "failed": SessionState.FAILED,
}
# Free text; matched loosely.
_END_REASONS = (
    ("end_call", "agent_hangup"),
    ("remote party", "callee_hangup"),
    ("client disconnected", "callee_hangup"),
    ("max", "max_duration"),
    ("exceeded", "max_duration"),
)
_VERDICTS: dict[str, Literal["success", "failure", "unknown"]] = {
    "success": "success",
    "failure": "failure",
    "unknown": "unknown",
}


def register_body(order: PhoneSessionOrder) -> dict[str, Any]:
    """What registers an outbound call that we dial. `user_id` brings our call id back in every report."""
    return {
        "agent_id": order.remote_agent_id,
        "from_number": order.from_,
        "to_number": order.to,
        "direction": "outbound",
        "conversation_initiation_client_data": {
            "dynamic_variables": plain_variables(order.variables),
            "user_id": order.call_id,
        },
    }


def conversation_id(twiml: str) -> str | None:
    """The conversation that a TwiML text connects to: parameter, query or path, its shape is not documented."""
    tags = [(kind, _attributes(text)) for kind, text in _TAG.findall(twiml)]
    for kind, attributes in tags:
        if kind == "Parameter" and attributes.get("name") == "conversation_id" and attributes.get("value"):
            return attributes["value"]
    for _, attributes in tags:
        address = urlsplit(attributes.get("url", ""))
        asked = parse_qs(address.query).get("conversation_id", [""])[0]
        segments = [part for part in address.path.split("/") if _CONVERSATION.match(part)]
        if asked or segments:
            return asked or segments[-1]
    return None


def report(conversation: JsonObject) -> SessionReport:
    """All that a conversation object says, from the API or from a webhook."""
    metadata = conversation.get("metadata") or {}
    analysis = conversation.get("analysis") or {}
    state = _STATES.get(str(conversation.get("status")), SessionState.LIVE)
    started = _instant(metadata.get("accepted_time_unix_secs") or metadata.get("start_time_unix_secs"))
    seconds = metadata.get("call_duration_secs")
    ended = started + timedelta(seconds=seconds) if state.over and started and seconds is not None else None
    return SessionReport(
        session_id=str(conversation.get("conversation_id") or ""),
        state=state,
        turns=_turns(conversation.get("transcript") or ()),
        started_at=None if state is SessionState.WAITING else started,
        ended_at=ended,
        duration_seconds=int(seconds) if state.over and seconds is not None else None,
        end_reason=_end_reason(state, metadata) if state.over else None,
        summary=analysis.get("transcript_summary"),
        successful=_VERDICTS.get(str(analysis.get("call_successful"))),
        costs=_costs(state, metadata),
        has_recording=bool(conversation.get("has_audio")),
        analysis=_analysis(analysis),
        raw=dict(conversation),
    )


def _analysis(told: JsonObject) -> Analysis | None:
    """Source: "Get conversation", `analysis` (fact sheet 3.2)."""
    judged, found = told.get("evaluation_criteria_results") or {}, told.get("data_collection_results") or {}
    if not judged and not found:
        return None
    return Analysis(
        criteria=[
            Judgement(name, _VERDICTS.get(str(one.get("result"))) or "unknown", one.get("rationale"))
            for name, one in judged.items()
        ],
        data=[Finding(name, _value(one.get("value")), one.get("rationale")) for name, one in found.items()],
    )


def _value(told: Any) -> str | int | float | bool | None:
    return told if told is None or isinstance(told, str | int | float | bool) else str(told)


def our_call_id(conversation: JsonObject) -> str | None:
    asked = conversation.get("conversation_initiation_client_data") or {}
    return conversation.get("user_id") or asked.get("user_id")


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(double or single) for name, double, single in _ATTRIBUTE.findall(text)}


def _instant(unix_seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(float(unix_seconds), UTC) if unix_seconds else None


def _end_reason(state: SessionState, metadata: JsonObject) -> str | None:
    said = str(metadata.get("termination_reason") or "").lower()
    known = next((ours for words, ours in _END_REASONS if words in said), None)
    if state is not SessionState.FAILED:
        return known
    return "platform_error" if metadata.get("error") or metadata.get("call_duration_secs") else "not_joined"


def _costs(state: SessionState, metadata: JsonObject) -> Sequence[CostLine]:
    """`cost_fiat` is in USD; `cost` counts credits, which have no fixed price."""
    fiat = metadata.get("cost_fiat")
    if fiat is None or not state.over:
        return ()
    final = state is not SessionState.ENDED
    return (CostLine(NAME, "platform", Money(to_micros(fiat)), metadata.get("cost"), "credits", final=final),)


def _turns(items: Iterable[JsonObject]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for item in items:
        tools = [str(call.get("tool_name")) for call in item.get("tool_calls") or ()]
        message = str(item.get("message") or "").strip()
        role: Literal["agent", "callee", "tool"] = "callee" if item.get("role") == "user" else "agent"
        if not message and tools:
            role, message = "tool", ", ".join(tools)
        if message:
            at = float(item.get("time_in_call_secs") or 0)
            turns.append(Turn(len(turns), role, message, at, interrupted=bool(item.get("interrupted"))))
    return tuple(turns)
