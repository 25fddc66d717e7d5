"""An agent in ElevenLabs' words and in ours. Pure functions.

Source: ElevenLabs "Agents" (conversation_config, platform_settings).
"""

import re
from collections.abc import Mapping
from typing import Any

from switchboard.providers.merging import merged
from switchboard.providers.normalised import AgentSpec, JsonObject, RemoteAgent

PHONE_AUDIO = "ulaw_8000"
"""Twilio's audio. It can be set on the agent only, not per conversation, in both directions."""

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_RESERVED = ("system__", "secret__")
_ENGLISH_ONLY = {None, "eleven_flash_v2", "eleven_turbo_v2"}
_MULTILINGUAL = "eleven_flash_v2_5"
_DEFAULT_SECONDS = 600
_END_CALL = {
    "type": "system",
    "name": "end_call",
    "description": "",
    "params": {"system_tool_type": "end_call"},
}


def body(spec: AgentSpec, current: JsonObject | None = None) -> dict[str, Any]:
    """What creates an agent, or what a PATCH changes on `current`.

    A PATCH merges objects deeply, so only our own fields are sent. It replaces arrays whole, so the arrays
    that `spec.platform_options` names must be complete.
    """
    config: JsonObject = (current or {}).get("conversation_config") or {}
    wanted = {
        "name": spec.name,
        "conversation_config": {
            "agent": _agent(spec, config),
            "asr": {"user_input_audio_format": PHONE_AUDIO},
            "tts": _speech(spec, config),
            "conversation": {"max_duration_seconds": spec.max_duration_seconds},
        },
        # Without it anybody who knows the agent's id can start conversations at our cost.
        "platform_settings": {"auth": {"enable_auth": True}},
    }
    return merged(wanted, spec.platform_options)


def remote_agent(raw: JsonObject) -> RemoteAgent:
    """A full agent, or an item of a list (which has no configuration)."""
    return RemoteAgent(str(raw.get("agent_id") or ""), _spec(raw), dict(raw))


def _agent(spec: AgentSpec, config: JsonObject) -> dict[str, Any]:
    present = ((config.get("agent") or {}).get("prompt") or {}).get("built_in_tools") or {}
    prompt = {
        "prompt": spec.prompt,
        "llm": spec.model,
        "temperature": spec.temperature,
        # The API, unlike the vendor's dashboard, makes agents that cannot hang up.
        "built_in_tools": None if present.get("end_call") else {"end_call": _END_CALL},
    }
    return {
        "first_message": spec.first_message,
        "language": spec.language,
        "dynamic_variables": {"dynamic_variable_placeholders": plain_variables(spec.variables)},
        "prompt": {key: value for key, value in prompt.items() if value is not None},
    }


def plain_variables(variables: Mapping[str, Any]) -> dict[str, str | int | float | bool]:
    """Values as the vendor takes them. A variable without value is left out, so that it stays required."""
    return {
        name: value if isinstance(value, str | int | float | bool) else str(value)
        for name, value in variables.items()
        if value is not None
    }


def _speech(spec: AgentSpec, config: JsonObject) -> dict[str, Any]:
    speech: dict[str, Any] = {"agent_output_audio_format": PHONE_AUDIO}
    if spec.voice:
        speech["voice_id"] = spec.voice
    english = spec.language.lower().partition("-")[0] == "en"
    if not english and (config.get("tts") or {}).get("model_id") in _ENGLISH_ONLY:
        speech["model_id"] = _MULTILINGUAL
    return speech


def _spec(raw: JsonObject) -> AgentSpec:
    config = raw.get("conversation_config") or {}
    agent, speech = config.get("agent") or {}, config.get("tts") or {}
    prompt = agent.get("prompt") or {}
    text, first_message = str(prompt.get("prompt") or ""), str(agent.get("first_message") or "")
    placeholders = (agent.get("dynamic_variables") or {}).get("dynamic_variable_placeholders") or {}
    duration = (config.get("conversation") or {}).get("max_duration_seconds")
    return AgentSpec(
        name=str(raw.get("name") or ""),
        prompt=text,
        first_message=first_message,
        language=str(agent.get("language") or "en"),
        voice=speech.get("voice_id") or raw.get("voice_id"),
        model=prompt.get("llm"),
        temperature=prompt.get("temperature"),
        max_duration_seconds=int(duration or _DEFAULT_SECONDS),
        variables={**_referenced(text + first_message), **placeholders},
    )


def _referenced(text: str) -> dict[str, Any]:
    return {name: None for name in _PLACEHOLDER.findall(text) if not name.startswith(_RESERVED)}
