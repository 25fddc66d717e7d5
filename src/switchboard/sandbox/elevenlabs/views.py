"""Conversations as the API shows them. Source: ElevenLabs "Get conversation" (fact sheet 3.1, 3.2)."""

import json
from typing import Any

from switchboard.sandbox.conversation.analysis import Finding
from switchboard.sandbox.conversation.dialogue import Ending, Role, Turn
from switchboard.sandbox.elevenlabs.conversation import Conversation, Status

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
        "termination_reason": _termination(conversation),
        "transcript_summary": analysis.summary if analysis and with_summary else None,
        "call_summary_title": analysis.title if analysis else None,
        "main_language": conversation.config["agent"]["language"],
        "conversation_initiation_source": "twilio",
        "tool_names": ["end_call"] if conversation.ending is Ending.AGENT_ENDED else [],
        "direction": conversation.line.direction,
        "rating": None,
        "branch_id": conversation.branch_id,
        "version_id": conversation.version_id,
        "cost": conversation.cost,
        "cost_fiat": conversation.cost_fiat,
        "tag_ids": [],
    }


def transcript(conversation: Conversation) -> list[dict[str, Any]]:
    """What was said so far; of an interrupted turn only what was spoken."""
    turns = conversation.dialogue.turns if conversation.dialogue else []
    shown = [_turn(conversation, turn) for turn in turns]
    if conversation.ending is Ending.AGENT_ENDED and shown:
        shown[-1] |= _end_call(conversation.conversation_id)
    return shown


def _turn(conversation: Conversation, turn: Turn) -> dict[str, Any]:
    agent = turn.role is Role.AGENT
    metadata = {"agent_id": conversation.agent_id, "branch_id": conversation.branch_id}
    return {
        "role": turn.role.value,
        "message": turn.text,
        "original_message": turn.full_text if turn.interrupted else None,
        "time_in_call_secs": int(turn.starts_at),
        "interrupted": turn.interrupted,
        "tool_calls": [],
        "tool_results": [],
        "feedback": None,
        "llm_override": None,
        "conversation_turn_metrics": None,
        "rag_retrieval_info": None,
        "llm_usage": None,
        "agent_metadata": metadata if agent else None,
        "source_medium": None if agent else ("text" if turn.typed else "audio"),
    }


def _end_call(conversation_id: str) -> dict[str, Any]:
    request_id = f"end_call_{conversation_id[-12:]}"
    shared = {"type": "system", "request_id": request_id, "tool_name": "end_call", "tool_has_been_called": True}
    params = json.dumps({"reason": "The conversation is over.", "system__message_to_speak": ""})
    return {
        "tool_calls": [{**shared, "params_as_json": params, "tool_details": None}],
        "tool_results": [
            {
                **shared,
                "result_value": "success",
                "is_error": False,
                "tool_latency_secs": 0.0,
                "result": {"result_type": "end_call_success", "status": "success"},
            }
        ],
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
        "termination_reason": _termination(conversation),
        "error": None,
        "warnings": [],
        "authorization_method": "authorization_header",
        "main_language": conversation.config["agent"]["language"],
        "text_only": False,
        "conversation_initiation_source": "twilio",
        "timezone": None,
        "feedback": {"overall_score": None, "likes": 0, "dislikes": 0, "rating": None, "comment": None},
        "batch_call": None,
        "phone_call": {
            "type": "twilio",
            "direction": conversation.line.direction,
            "phone_number_id": conversation.line.phone_number_id,
            "agent_number": conversation.line.agent_number,
            "external_number": conversation.line.external_number,
            "stream_sid": conversation.stream_sid,
            "call_sid": conversation.call_sid,
        },
    }


def _charging(conversation: Conversation) -> dict[str, Any] | None:
    if conversation.cost_fiat is None:
        return None
    return {
        "is_burst": False,
        "llm_price": conversation.llm_price,
        "platform_price": conversation.call_price,
        "free_minutes_consumed": 0.0,
    }


def _termination(conversation: Conversation) -> str:
    return _TERMINATION[conversation.ending] if conversation.ending else conversation.failure or ""


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
