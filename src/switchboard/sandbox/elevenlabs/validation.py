"""What the service refuses in an agent's configuration.

What is given must be of the kind that stands there by default; fields that the service does not know pass.

Source: ElevenLabs OpenAPI document, schemas of agents (fact sheet 1.3, 2.3, 2.5, 2.7).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.sandbox.elevenlabs import defaults, tool_config, voices
from switchboard.sandbox.elevenlabs.errors import Where, missing, not_found, of_kind, one_of, unprocessable

_OPTIONAL: Mapping[str, type] = {
    "agent.prompt.reasoning_effort": str,
    "agent.prompt.thinking_budget": int,
    "agent.prompt.temperature": float,
    "agent.prompt.custom_llm": dict,
    "agent.prompt.timezone": str,
    **{f"agent.prompt.built_in_tools.{name}": dict for name in defaults.SYSTEM_TOOLS},
    "turn.initial_wait_time": float,
    "tts.stability": float,
    "tts.similarity_boost": float,
    "tts.speed": float,
    "tts.optimize_streaming_latency": int,
    "auth.shareable_token": str,
    "workspace_overrides.conversation_initiation_client_data_webhook": dict,
    "queueing_config.hold_audio": object,
    "summary_language": str,
    "alerting": dict,
    "topic_discovery": dict,
    "sentiment_analysis": dict,
}
"""What may be null as well, and what it is otherwise."""
_ENTRIES: Mapping[str, type] = {
    "agent.prompt.tools": dict,
    "agent.prompt.tool_ids": str,
    "agent.prompt.knowledge_base": dict,
    "agent.prompt.mcp_server_ids": str,
    "agent.prompt.native_mcp_server_ids": str,
    "asr.keywords": str,
    "conversation.client_events": str,
    "tts.supported_voices": dict,
    "turn.interruption_ignore_terms": str,
    "auth.allowlist": dict,
    "evaluation.criteria": dict,
}
_CHOICES: Mapping[str, Sequence[str]] = {
    "asr.user_input_audio_format": defaults.FORMATS,
    "tts.agent_output_audio_format": defaults.FORMATS,
    "tts.model_id": (
        *("eleven_turbo_v2", "eleven_turbo_v2_5", "eleven_flash_v2", "eleven_flash_v2_5"),
        *("eleven_multilingual_v2", "eleven_v3_conversational", "eleven_v4", "eleven_v4_turbo"),
    ),
    "tts.text_normalisation_type": ("system_prompt", "elevenlabs"),
    "turn.turn_eagerness": ("patient", "normal", "eager"),
    "turn.spelling_patience": ("auto", "off"),
    "agent.prompt.reasoning_effort": ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
}
_BOUNDS = {
    "tts.stability": (0.0, 1.0),
    "tts.similarity_boost": (0.0, 1.0),
    "tts.speed": (0.7, 1.2),
    "agent.prompt.temperature": (0.0, 2.0),
    "agent.prompt.cascade_timeout_seconds": (2.0, 15.0),
    "turn.turn_timeout": (1.0, 30.0),
    "conversation.max_duration_seconds": (1.0, 86400.0),
    "queueing_config.wait_timeout_seconds": (1.0, 1800.0),
}
_WEBHOOK_EVENTS = (
    *("transcript", "audio", "call_initiation_failure"),
    *("answering_machine_detection", "unredacted_transcript", "unredacted_audio"),
)
_DATA_TYPES = ("boolean", "string", "integer", "number")
_MOST_CRITERIA, _MOST_DATA_POINTS, _LONGEST_GOAL = 30, 40, 2000


def check_config(config: Mapping[str, Any]) -> None:
    """Raises: ElevenLabsError 422 for values of the wrong kind or beyond bounds, 404 `voice_not_found`."""
    where = ("body", "conversation_config")
    _check(where, defaults.conversation_config(), config)
    prompt = config["agent"]["prompt"]
    for place, tool in enumerate(prompt["tools"]):
        tool_config.check((*where, "agent", "prompt", "tools", place), tool)
    for place, entry in enumerate(prompt["knowledge_base"]):
        _required((*where, "agent", "prompt", "knowledge_base", place), entry, "id")
    for name, tool in prompt["built_in_tools"].items():
        of_kind((*where, "agent", "prompt", "built_in_tools", name), tool or {}, dict)
        params = (tool or {}).get("params") or {}
        of_kind((*where, "agent", "prompt", "built_in_tools", name, "params"), params, dict)
    for language, preset in config["language_presets"].items():
        of_kind((*where, "language_presets", language), preset, dict)
        for part in ("overrides", "first_message_translation"):
            of_kind((*where, "language_presets", language, part), preset.get(part) or {}, dict)
    if voices.find(config["tts"]["voice_id"]) is None:
        raise not_found("voice", config["tts"]["voice_id"])


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raises: ElevenLabsError 422 for values of the wrong kind, bad criteria or too many data points."""
    where = ("body", "platform_settings")
    _check(where, defaults.platform_settings(), settings)
    _check_criteria((*where, "evaluation", "criteria"), settings["evaluation"]["criteria"])
    collected = settings["data_collection"]
    _not_more((*where, "data_collection"), collected, _MOST_DATA_POINTS)
    for name, point in collected.items():
        if point is not None:
            of_kind((*where, "data_collection", name), point, dict)
            one_of((*where, "data_collection", name, "type"), point.get("type"), _DATA_TYPES)
    check_personal_hook(
        (*where, "workspace_overrides"),
        settings["workspace_overrides"].get("conversation_initiation_client_data_webhook"),
    )
    check_hook_use((*where, "workspace_overrides", "webhooks"), settings["workspace_overrides"]["webhooks"])


def check_personal_hook(where: Where, hook: Any) -> None:
    """`conversation_initiation_client_data_webhook`: null, or `url` and headers. Raises: ElevenLabsError 422."""
    where = (*where, "conversation_initiation_client_data_webhook")
    if hook is not None:
        of_kind(where, hook, dict)
        _required(where, hook, "url")
        of_kind((*where, "request_headers"), hook.get("request_headers") or {}, dict)


def check_hook_use(where: Where, use: Any) -> None:
    """`webhooks` of the workspace or of an agent: which one is told, and of what. Raises: ElevenLabsError 422."""
    of_kind(where, use, dict)
    if use.get("post_call_webhook_id") is not None:
        of_kind((*where, "post_call_webhook_id"), use["post_call_webhook_id"], str)
    of_kind((*where, "events"), use.get("events") or [], list)
    for place, event in enumerate(use.get("events") or []):
        one_of((*where, "events", place), event, _WEBHOOK_EVENTS)


def _check_criteria(where: Where, criteria: Sequence[Mapping[str, Any]]) -> None:
    _not_more(where, criteria, _MOST_CRITERIA)
    for place, one in enumerate(criteria):
        for field in ("id", "name", "conversation_goal_prompt"):
            _required((*where, place), one, field)
        if len(one["conversation_goal_prompt"]) > _LONGEST_GOAL:
            message = f"String should have at most {_LONGEST_GOAL} characters"
            raise unprocessable((*where, place, "conversation_goal_prompt"), message, "string_too_long")


def _check(where: Where, like: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> None:
    """Each value of `given` against what stands at its place in `like`."""
    for name, usual in like.items():
        at, inner = (*where, name), f"{path}.{name}" if path else name
        value: Any = given.get(name)
        if inner in _OPTIONAL and value is None:
            continue
        of_kind(at, value, _OPTIONAL.get(inner) or type(usual))
        if isinstance(usual, dict):
            _check(at, usual, value, inner)
        for place, entry in enumerate(value if inner in _ENTRIES else ()):
            of_kind((*at, place), entry, _ENTRIES[inner])
        if inner in _CHOICES:
            one_of(at, value, _CHOICES[inner])
        if inner in _BOUNDS:
            _within(at, value, *_BOUNDS[inner])


def _within(where: Where, value: float, least: float, most: float) -> None:
    if value < least:
        message = f"Input should be greater than or equal to {least:g}"
        raise unprocessable(where, message, "greater_than_equal", value)
    if value > most:
        raise unprocessable(where, f"Input should be less than or equal to {most:g}", "less_than_equal", value)


def _required(where: Where, of: Mapping[str, Any], field: str) -> None:
    if field not in of:
        raise missing(*where, field)
    of_kind((*where, field), of[field], str)


def _not_more(where: Where, some: Any, most: int) -> None:
    if len(some) > most:
        raise unprocessable(where, f"List should have at most {most} items", "too_long", len(some))
