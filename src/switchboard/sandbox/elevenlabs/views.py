"""Conversations as the API shows them. Source: ElevenLabs "Get conversation" (fact sheet 3.1, 3.2)."""

from collections.abc import Collection
from typing import Any

from switchboard.sandbox.conversation.analysis import Finding
from switchboard.sandbox.conversation.dialogue import Ending, Role
from switchboard.sandbox.elevenlabs.agent_views import novelty
from switchboard.sandbox.elevenlabs.conversation import Conversation, Feedback, Status
from switchboard.sandbox.elevenlabs.transcript import transcript

_TERMINATION = {
    Ending.AGENT_ENDED: "end_call tool was called.",
    Ending.CALLEE_HUNG_UP: "Call ended by remote party",
    Ending.CARRIER_HUNG_UP: "Call ended by remote party",
    Ending.TIME_UP: "Conversation reached its maximum duration",
    Ending.STOPPED: "Conversation was ended",
}


def full(conversation: Conversation) -> dict[str, Any]:
    """The conversation object, also the `data` of `post_call_transcription`."""
    audio = conversation.has_audio
    return {
        "agent_id": conversation.agent_id,
        "agent_name": conversation.agent_name,
        "conversation_id": conversation.conversation_id,
        "status": conversation.status.value,
        "user_id": conversation.user_id,
        "branch_id": conversation.branch_id,
        "version_id": conversation.version_id,
        "environment": "production",
        "conversation_product": "agent",
        "transcript": transcript(conversation),
        "metadata": _metadata(conversation),
        "analysis": _analysis(conversation),
        "conversation_initiation_client_data": _client_data(conversation),
        "visited_agents": [],
        "has_audio": audio,
        "has_user_audio": audio,
        "has_response_audio": audio,
        "has_auxiliary_audio": False,
        "tag_ids": [],
        **novelty(conversation.conversation_id),
    }


def item(conversation: Conversation, *, with_summary: bool) -> dict[str, Any]:
    """An entry of the list: no transcript; counts and duration are 0 until the talk is over."""
    turns = conversation.dialogue.turns if conversation.dialogue and conversation.ended_at else []
    agent_turns = sum(turn.role is Role.AGENT for turn in turns)
    analysis = conversation.analysis
    return {
        "agent_id": conversation.agent_id,
        "agent_name": conversation.agent_name,
        "conversation_id": conversation.conversation_id,
        "start_time_unix_secs": int(conversation.watch.started_at.timestamp()),
        "call_duration_secs": round(conversation.seconds),
        "message_count": len(turns),
        "user_message_count": len(turns) - agent_turns,
        "agent_message_count": agent_turns,
        "status": conversation.status.value,
        "call_successful": analysis.successful if analysis else "unknown",
        "call_success_score": None,
        "termination_reason": termination(conversation),
        "transcript_summary": analysis.summary if analysis and with_summary else None,
        "call_summary_title": analysis.title if analysis else None,
        "main_language": conversation.config["agent"]["language"],
        "conversation_initiation_source": conversation.origin.source,
        "tool_names": tool_names(conversation),
        "direction": conversation.line.direction if conversation.line else None,
        "rating": conversation.feedback.rating,
        "branch_id": conversation.branch_id,
        "version_id": conversation.version_id,
        "cost": conversation.cost,
        "cost_fiat": conversation.cost_fiat,
        "tag_ids": [],
    }


def findings(
    conversation: Conversation, data_points: Collection[str], criteria: Collection[str]
) -> dict[str, Any]:
    """What a list tells of analyses beside its entries: only what was asked for by id."""
    told = _analysis(conversation) or {}
    asked = {"data_collection_results": data_points, "evaluation_criteria_results": criteria}
    return {
        kind: {name: found for name, found in (told.get(kind) or {}).items() if name in ids} if ids else None
        for kind, ids in asked.items()
    }


def _metadata(conversation: Conversation) -> dict[str, Any]:
    accepted = conversation.accepted_at
    return {
        "start_time_unix_secs": int(conversation.watch.started_at.timestamp()),
        "accepted_time_unix_secs": int(accepted.timestamp()) if accepted else None,
        "call_duration_secs": round(conversation.seconds),
        "cost": conversation.cost,
        "cost_fiat": conversation.cost_fiat,
        "charging": _charging(conversation),
        "termination_reason": termination(conversation),
        "error": _error(conversation),
        "warnings": conversation.warnings,
        "authorization_method": conversation.origin.authorization,
        "main_language": conversation.config["agent"]["language"],
        "text_only": conversation.text_only,
        "conversation_initiation_source": conversation.origin.source,
        "conversation_initiation_source_version": conversation.origin.version,
        "timezone": None,
        "feedback": _feedback(conversation.feedback),
        "batch_call": _batch(conversation.batch),
        "phone_call": _phone_call(conversation),
    }


def _phone_call(conversation: Conversation) -> dict[str, Any] | None:
    line = conversation.line
    if line is None:
        return None
    return {
        "type": "twilio",
        "direction": line.direction,
        "phone_number_id": line.phone_number_id,
        "agent_number": line.agent_number,
        "external_number": line.external_number,
        "stream_sid": conversation.stream_sid or "",
        "call_sid": conversation.call_sid or "",
    }


def _batch(batch: tuple[str, str] | None) -> dict[str, Any] | None:
    return batch and {"batch_call_id": batch[0], "batch_call_recipient_id": batch[1]}


def _feedback(given: Feedback) -> dict[str, Any]:
    return {
        "overall_score": given.overall,
        "likes": given.likes,
        "dislikes": given.dislikes,
        "rating": given.rating,
        "comment": given.comment,
    }


def _error(conversation: Conversation) -> dict[str, Any] | None:
    if conversation.error_code is None:
        return None
    return {"code": conversation.error_code, "reason": conversation.failure}


def tool_names(conversation: Conversation) -> list[str]:
    """The tools that were called, each once."""
    ended = ["end_call"] if conversation.ending is Ending.AGENT_ENDED else []
    return list(dict.fromkeys([*(use.name for use in conversation.tools_used), *ended]))


def _charging(conversation: Conversation) -> dict[str, Any] | None:
    if conversation.cost_fiat is None:
        return None
    return {
        "is_burst": conversation.is_burst,
        "llm_price": conversation.llm_price,
        "platform_price": conversation.call_price,
        "free_minutes_consumed": 0.0,
    }


def termination(conversation: Conversation) -> str:
    """Why it ended, in a sentence; empty while it runs."""
    return conversation.failure or (_TERMINATION[conversation.ending] if conversation.ending else "")


def _analysis(conversation: Conversation) -> dict[str, Any] | None:
    analysis = conversation.analysis
    if analysis is None or conversation.status is not Status.DONE:
        return None
    criteria = {name: _criterion(name, found) for name, found in conversation.criteria.items()}
    schemas = conversation.settings["data_collection"] or {}
    collected = {name: _collected(name, found, schemas[name]) for name, found in conversation.collected.items()}
    return {
        "call_successful": analysis.successful,
        "transcript_summary": analysis.summary,
        "call_summary_title": analysis.title,
        "call_success_score": None,
        "evaluation_criteria_results": criteria,
        "data_collection_results": collected,
        "evaluation_criteria_results_list": list(criteria.values()),
        "data_collection_results_list": list(collected.values()),
    }


def _criterion(name: str, found: Finding) -> dict[str, Any]:
    return {"criteria_id": name, "result": found.result, "rationale": found.rationale}


def _collected(name: str, found: Finding, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "data_collection_id": name,
        "value": found.result,
        "json_schema": schema,
        "rationale": found.rationale,
    }


def _client_data(conversation: Conversation) -> dict[str, Any]:
    given = conversation.client_data
    shown = {name: value for name, value in conversation.variables.items() if not name.startswith("secret__")}
    return {
        **given,
        "conversation_config_override": given.get("conversation_config_override") or {},
        "custom_llm_extra_body": given.get("custom_llm_extra_body") or {},
        "dynamic_variables": shown,
        "user_id": conversation.user_id,
    }
