"""An agent's configuration as the service fills it in.

Source: ElevenLabs OpenAPI document, schemas of agents (fact sheet 2.3, 2.4, 2.7).
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from switchboard.sandbox.elevenlabs import voices

FORMATS = ("pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_44100", "pcm_48000", "ulaw_8000")
TELEPHONE = "ulaw_8000"
SYSTEM_TOOLS = (
    "end_call",
    "language_detection",
    "transfer_to_agent",
    "transfer_to_number",
    "skip_turn",
    "play_keypad_touch_tone",
    "voicemail_detection",
)
_CLIENT_EVENTS = (
    "conversation_initiation_metadata",
    "ping",
    "audio",
    "interruption",
    "user_transcript",
    "tentative_user_transcript",
    "agent_response",
)

_PROMPT: dict[str, Any] = {
    "prompt": "",
    "llm": "gemini-2.5-flash",
    "reasoning_effort": None,
    "thinking_budget": None,
    "temperature": 0.0,
    "max_tokens": -1,
    "tool_ids": [],
    "tools": [],
    "built_in_tools": dict.fromkeys(SYSTEM_TOOLS),
    "mcp_server_ids": [],
    "native_mcp_server_ids": [],
    "knowledge_base": [],
    "custom_llm": None,
    "ignore_default_personality": True,
    "rag": {
        "enabled": False,
        "embedding_model": "e5_mistral_7b_instruct",
        "max_vector_distance": 0.6,
        "max_documents_length": 50000,
        "max_retrieved_rag_chunks_count": 20,
    },
    "timezone": None,
    "backup_llm_config": {"preference": "default"},
    "cascade_timeout_seconds": 4.0,
}

_CONVERSATION: dict[str, Any] = {
    "asr": {
        "quality": "high",
        "provider": "scribe_realtime",
        "user_input_audio_format": "pcm_16000",
        "keywords": [],
    },
    "turn": {
        "turn_timeout": 7.0,
        "initial_wait_time": None,
        "silence_end_call_timeout": -1.0,
        "soft_timeout_config": {"timeout_seconds": -1.0, "message": "Hhmmmm...yeah."},
        "turn_eagerness": "normal",
        "spelling_patience": "auto",
        "speculative_turn": False,
        "retranscribe_on_turn_timeout": False,
        "turn_model": "turn_v3",
        "interruption_ignore_terms": [],
    },
    "tts": {
        "model_id": "eleven_flash_v2",
        "voice_id": voices.DEFAULT_ID,
        "supported_voices": [],
        "expressive_mode": True,
        "agent_output_audio_format": "pcm_16000",
        "optimize_streaming_latency": 3,
        "stability": 0.5,
        "speed": 1.0,
        "similarity_boost": 0.8,
        "text_normalisation_type": "system_prompt",
        "pronunciation_dictionary_locators": [],
    },
    "conversation": {
        "text_only": False,
        "max_duration_seconds": 600,
        "client_events": list(_CLIENT_EVENTS),
        "file_input": {"enabled": True},
        "monitoring_enabled": False,
    },
    "language_presets": {},
    "agent": {
        "first_message": "",
        "language": "en",
        "hinglish_mode": False,
        "dynamic_variables": {"dynamic_variable_placeholders": {}},
        "disable_first_message_interruptions": False,
        "max_conversation_duration_message": "",
        "prompt": _PROMPT,
    },
}

_OVERRIDES: dict[str, Any] = {
    "agent": {
        "first_message": False,
        "language": False,
        "max_conversation_duration_message": False,
        "prompt": dict.fromkeys(("prompt", "llm", "tool_ids", "native_mcp_server_ids", "knowledge_base"), False),
    },
    "tts": dict.fromkeys(("voice_id", "model_id", "stability", "speed", "similarity_boost"), False),
    "conversation": {"text_only": False, "max_duration_seconds": False},
    "asr": {"keywords": False},
    "turn": {"soft_timeout_config": {"message": False, "additional_soft_timeout_messages": False}},
}

_PLATFORM: dict[str, Any] = {
    "auth": {"enable_auth": False, "allowlist": [], "require_origin_header": False, "shareable_token": None},
    "evaluation": {"criteria": []},
    "data_collection": {},
    "overrides": {
        "conversation_config_override": _OVERRIDES,
        "custom_llm_extra_body": False,
        "enable_conversation_initiation_client_data_from_webhook": False,
        "enable_starting_workflow_node_id_from_client": False,
        "enable_procedure_ids_from_client": False,
    },
    "workspace_overrides": {"conversation_initiation_client_data_webhook": None, "webhooks": {}},
    "call_limits": {"agent_concurrency_limit": -1, "daily_limit": 100000, "bursting_enabled": True},
    "queueing_config": {"enabled": False, "wait_timeout_seconds": 180, "hold_audio": None},
    "privacy": {
        "record_voice": True,
        "retention_days": -1,
        "delete_transcript_and_pii": False,
        "delete_audio": False,
        "apply_to_existing_conversations": False,
        "zero_retention_mode": False,
    },
    "widget": {},
    "guardrails": {},
    "summary_language": None,
    "analysis_llm": "gemini-2.5-flash",
    "testing": {"attached_tests": []},
    "archived": False,
    "alerting": None,
    "topic_discovery": None,
    "sentiment_analysis": None,
}


def workflow() -> dict[str, Any]:
    return {"edges": {}, "nodes": {}, "prevent_subagent_loops": False}


def conversation_config() -> dict[str, Any]:
    return deepcopy(_CONVERSATION)


def platform_settings() -> dict[str, Any]:
    return deepcopy(_PLATFORM)


def at(config: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where nothing is."""
    value: Any = config
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The dotted paths of all values that are not objects."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
