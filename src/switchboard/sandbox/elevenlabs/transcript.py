"""A conversation's transcript: what was said, and the tools used in between.

Source: ElevenLabs "Get conversation" (fact sheet 3.2).
"""

import json
from typing import Any

from switchboard.sandbox.conversation.dialogue import Ending, Role, Turn
from switchboard.sandbox.elevenlabs.conversation import Conversation, ToolUse


def transcript(conversation: Conversation) -> list[dict[str, Any]]:
    """What was said so far; of an interrupted turn only what was spoken. Tools stand in turns without words."""
    turns = conversation.dialogue.turns if conversation.dialogue else []
    shown = [_turn(conversation, turn) for turn in turns]
    if conversation.ending is Ending.AGENT_ENDED and shown:
        shown[-1] |= _end_call(conversation.conversation_id)
    for use in conversation.tools_used:
        after = [place for place, item in enumerate(shown) if item["time_in_call_secs"] > use.asked_at]
        shown.insert(after[0] if after else len(shown), _used(conversation, use))
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


def _used(conversation: Conversation, use: ToolUse) -> dict[str, Any]:
    silent = Turn(Role.AGENT, "", use.asked_at, 0.0, "")
    shared = {"type": use.kind, "request_id": use.call_id, "tool_name": use.name, "tool_has_been_called": True}
    asked = {**shared, "params_as_json": json.dumps(use.arguments), "tool_details": None}
    answered = {
        **shared,
        "result_value": use.result,
        "is_error": use.is_error,
        "is_blocked": False,
        "tool_latency_secs": round(use.latency, 3),
        "error_type": "tool_error" if use.is_error else "",
        "raw_error_message": use.result if use.is_error else "",
        "dynamic_variable_updates": [],
    }
    results = [] if use.result is None else [answered]
    return {**_turn(conversation, silent), "message": None, "tool_calls": [asked], "tool_results": results}
