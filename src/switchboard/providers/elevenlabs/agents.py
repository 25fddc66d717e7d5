"""An agent in ElevenLabs' words and in ours. Pure functions; its tools are in `tools.py`.

Source: ElevenLabs "Agents" (conversation_config, platform_settings).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from switchboard.core.errors import FieldError
from switchboard.providers.agent_spec import (
    HIDDEN,
    AgentSpec,
    Criterion,
    DataPoint,
    HttpTool,
    Inactivity,
    JsonObject,
    Loss,
    RemoteAgent,
    Transfer,
    VoiceSettings,
    in_order,
    secret_key,
)
from switchboard.providers.elevenlabs import tools
from switchboard.providers.merging import held, lifted, merged

PHONE_AUDIO = "ulaw_8000"
"""Twilio's audio. It can be set on the agent only, not per conversation, in both directions."""
MARKER = "switchboard:"
"""Begins the tag that holds our agent's id."""

_CLIENT_EVENTS = (
    *("conversation_initiation_metadata", "ping", "audio", "interruption"),
    *("user_transcript", "tentative_user_transcript", "agent_response", "agent_response_correction"),
    *("agent_chat_response_part", "agent_tool_response", "client_tool_call"),
)
"""What a conversation in the browser has to be told; those after the first seven only come when asked for."""

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_REGIONAL = {"pt-br"}
"""Languages that ElevenLabs knows by region."""
_ENGLISH_ONLY = {None, "eleven_flash_v2", "eleven_turbo_v2"}
_MULTILINGUAL = "eleven_flash_v2_5"
_DEFAULT_SECONDS, _SHORTEST_SECONDS = 600, 60
_DEFAULT_MODEL, _DEFAULT_TEMPERATURE = "gemini-2.5-flash", 0.0
_DEFAULT_VOICE = {"speed": 1.0, "stability": 0.5, "similarity_boost": 0.8}
_TURN_SECONDS, _LONGEST_TURN_SECONDS, _OFF = 7.0, 30.0, -1.0


def to_vendor(spec: AgentSpec, current: JsonObject | None = None, *, marker: str | None = None) -> dict[str, Any]:
    """What creates an agent, or what a PATCH changes on `current`.

    A PATCH merges objects deeply, so only our own fields are sent. It replaces arrays whole, so each of ours
    is complete, and those that `spec.platform_options` names must be.
    """
    current = current or {}
    config: JsonObject = current.get("conversation_config") or {}
    wanted = {
        "name": spec.name,
        "conversation_config": {
            "agent": _agent(spec, config),
            "asr": {"user_input_audio_format": PHONE_AUDIO},
            "tts": _speech(spec, config),
            "turn": _turn(spec.inactivity, config),
            "conversation": {
                "max_duration_seconds": spec.max_duration_seconds,
                "client_events": list(_CLIENT_EVENTS),
            },
        },
        "platform_settings": _settings(spec, current.get("platform_settings") or {}),
        "tags": [*spec.tags, *_marks(current, marker)],
    }
    return merged(wanted, spec.platform_options)


def from_vendor(raw: JsonObject, own: AgentSpec | None = None) -> AgentSpec:
    """An agent object in our words. `own`: what we saved, to tell its platform options by."""
    if own is None:
        return _spec(raw)
    bare = replace(own, platform_options={})
    spec = _spec(lifted(own.platform_options, raw, to_vendor(bare)))
    known = {**own.variables, **_referenced(own)}
    return replace(
        spec,
        # A placeholder cannot be taken away: those of earlier versions stay there, unused, also where the
        # variable has no default any more (every call of ours brings all values).
        variables={
            name: None if own.variables.get(name) is None else value
            for name, value in spec.variables.items()
            if name in known
        },
        platform_options=held(own.platform_options, raw),
    )


def expressed(spec: AgentSpec) -> AgentSpec:
    """`spec` as it comes back."""
    wanted = {
        secret_key(tool.name, tool.url, header.name): HIDDEN
        for tool in spec.tools
        if isinstance(tool, HttpTool)
        for header in tool.headers
    }
    return from_vendor(to_vendor(replace(spec, secrets=wanted)), spec)


def remote_agent(raw: JsonObject, own: AgentSpec | None = None) -> RemoteAgent:
    """A full agent, or an item of a list (which has no configuration)."""
    prompt = _prompt(raw)
    marks = _marks(raw, None)
    return RemoteAgent(
        str(raw.get("agent_id") or ""),
        from_vendor(raw, own),
        dict(raw),
        complete="conversation_config" in raw,
        marker=marks[0].removeprefix(MARKER) if marks else None,
        extras=_extras(raw),
        hindrance=_hindrance(raw),
        secrets=tools.read(prompt.get("tools") or ()).secrets,
    )


def losses(spec: AgentSpec) -> Sequence[Loss]:
    """What ElevenLabs cannot express, and what happens instead."""
    found: list[Loss] = []
    if _our_language(_their_language(spec.language)) != spec.language:
        found.append(Loss("language", f"ElevenLabs knows the language {_their_language(spec.language)} only."))
    if spec.first_speaker == "agent" and not spec.first_message:
        said = "ElevenLabs lets an agent without a first message wait until the callee speaks."
        found.append(Loss("first_speaker", said))
    if spec.first_speaker == "callee" and spec.first_message:
        said = "On ElevenLabs an agent that lets the callee speak first has no prepared sentence."
        found.append(Loss("first_message", said))
    found += _lost_silence(spec.inactivity)
    for tool in spec.tools:
        if isinstance(tool, Transfer):
            said = "ElevenLabs cannot transfer calls that Switchboard dials: the agent is not given the tool."
            found.append(Loss("tools.transfer", said))
        if isinstance(tool, HttpTool):
            said = "On ElevenLabs the agent cannot fill in headers: this one is not sent."
            lost = [one.name for one in tool.parameters if one.location == "header"]
            found += [Loss(f"tools.{tool.name}.parameters.{name}", said) for name in lost]
    return found


def problems(spec: AgentSpec) -> Sequence[FieldError]:
    """What ElevenLabs would refuse. Source: ElevenLabs "Agents" (max_duration_seconds), "System tools"."""
    found = [
        FieldError(f"tools.{tool.name}", f"ElevenLabs has a tool {tool.name} of its own. Choose another name.")
        for tool in spec.tools
        if isinstance(tool, HttpTool) and tool.name in tools.SYSTEM_TOOLS
    ]
    if spec.max_duration_seconds < _SHORTEST_SECONDS:
        said = f"ElevenLabs takes {_SHORTEST_SECONDS} to 7200 seconds."
        found.append(FieldError("max_duration_seconds", said))
    return found


def plain_variables(variables: Mapping[str, Any]) -> dict[str, str | int | float | bool]:
    """Values as the vendor takes them. A variable without value is left out, so that it stays required."""
    return {
        name: value if isinstance(value, str | int | float | bool) else str(value)
        for name, value in variables.items()
        if value is not None
    }


def _lost_silence(inactivity: Inactivity | None) -> list[Loss]:
    if inactivity is None:
        return []
    found = []
    if inactivity.message:
        what = "ends the call without a word" if inactivity.end_call else "speaks in words of its own"
        found.append(Loss("inactivity.message", f"On ElevenLabs the agent {what}."))
    if not inactivity.end_call and inactivity.after_seconds > _LONGEST_TURN_SECONDS:
        said = f"On ElevenLabs the agent speaks after {_LONGEST_TURN_SECONDS:g} seconds at the latest."
        found.append(Loss("inactivity.after_seconds", said))
    return found


def _marks(raw: JsonObject, marker: str | None) -> list[str]:
    if marker:
        return [MARKER + marker]
    return [tag for tag in raw.get("tags") or () if str(tag).startswith(MARKER)]


def _agent(spec: AgentSpec, config: JsonObject) -> dict[str, Any]:
    before = (config.get("agent") or {}).get("prompt") or {}
    prompt = {
        "prompt": spec.prompt,
        "llm": spec.model or (_DEFAULT_MODEL if before.get("llm") else None),
        "temperature": spec.temperature,
        "built_in_tools": tools.built_in(spec, before.get("built_in_tools") or {}),
        **tools.inline(spec, before),
    }
    if spec.temperature is None and before.get("temperature"):
        prompt["temperature"] = _DEFAULT_TEMPERATURE
    return {
        "first_message": spec.first_message if spec.first_speaker == "agent" else "",
        "language": _their_language(spec.language),
        "dynamic_variables": {"dynamic_variable_placeholders": plain_variables(spec.variables)},
        "prompt": {key: value for key, value in prompt.items() if value is not None},
    }


def _speech(spec: AgentSpec, config: JsonObject) -> dict[str, Any]:
    before: JsonObject = config.get("tts") or {}
    speech: dict[str, Any] = {"agent_output_audio_format": PHONE_AUDIO}
    if spec.voice:
        speech["voice_id"] = spec.voice
    english = spec.language.lower().partition("-")[0] == "en"
    if not english and before.get("model_id") in _ENGLISH_ONLY:
        speech["model_id"] = _MULTILINGUAL
    settings = spec.voice_settings or VoiceSettings()
    wanted = {"speed": settings.speed, "stability": settings.stability, "similarity_boost": settings.similarity}
    for key, value in wanted.items():
        if value is not None:
            speech[key] = value
        elif before.get(key) not in (None, _DEFAULT_VOICE[key]):
            speech[key] = _DEFAULT_VOICE[key]
    return speech


def _turn(inactivity: Inactivity | None, config: JsonObject) -> dict[str, Any]:
    """`turn_timeout` makes the agent speak again, `silence_end_call_timeout` (-1: off) ends the call."""
    if inactivity is None:
        before = _inactivity(config.get("turn") or {})
        return {"turn_timeout": _TURN_SECONDS, "silence_end_call_timeout": _OFF} if before else {}
    if inactivity.end_call:
        return {"silence_end_call_timeout": inactivity.after_seconds}
    seconds = min(inactivity.after_seconds, _LONGEST_TURN_SECONDS)
    return {"turn_timeout": seconds, "silence_end_call_timeout": _OFF}


def _settings(spec: AgentSpec, before: JsonObject) -> dict[str, Any]:
    settings: dict[str, Any] = {
        # Without it anybody who knows the agent's id can start conversations at our cost.
        "auth": {"enable_auth": True},
        "privacy": {"record_voice": spec.recording},
        # A conversation in writing is cheaper, and each is told to be one when it begins.
        "overrides": {"conversation_config_override": {"conversation": {"text_only": True}}},
    }
    criteria = (before.get("evaluation") or {}).get("criteria") or []
    if spec.evaluation or criteria:
        settings["evaluation"] = {"criteria": _criteria(spec.evaluation, criteria)}
    present = before.get("data_collection") or {}
    gone = {point.name for point in _data_points(present)} - {point.name for point in spec.data_collection}
    collected: dict[str, Any] = {
        point.name: {"type": point.type, "description": point.description} for point in spec.data_collection
    }
    if collected or gone:
        settings["data_collection"] = {**collected, **dict.fromkeys(sorted(gone))}
    return settings


def _criteria(wanted: Sequence[Criterion], before: Sequence[JsonObject]) -> list[dict[str, Any]]:
    """One for each goal; what the vendor knows beyond about one of that name is kept."""
    known = {str(one.get("name")): one for one in before}
    taken = {str(one.get("id")) for one in before}
    made = []
    for number, criterion in enumerate(wanted, 1):
        old = known.get(criterion.name, {})
        slug = _NOT_IN_IDS.sub("_", criterion.name.lower()).strip("_") or "goal"
        identity = old.get("id") or (slug if slug not in taken else f"{slug}_{number}")
        taken.add(identity)
        ours = {
            "id": identity,
            "name": criterion.name,
            "type": "prompt",
            "conversation_goal_prompt": criterion.goal,
        }
        made.append({**old, **ours})
    return made


def _their_language(tag: str) -> str:
    """ElevenLabs names languages, hardly ever regions: `de-AT` is `de`."""
    lower = tag.lower()
    return lower if lower in _REGIONAL else lower.partition("-")[0]


def _our_language(code: str) -> str:
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if region else language


def _prompt(raw: JsonObject) -> JsonObject:
    prompt: JsonObject = ((raw.get("conversation_config") or {}).get("agent") or {}).get("prompt") or {}
    return prompt


def _spec(raw: JsonObject) -> AgentSpec:
    config: JsonObject = raw.get("conversation_config") or {}
    settings: JsonObject = raw.get("platform_settings") or {}
    agent, speech, prompt = config.get("agent") or {}, config.get("tts") or {}, _prompt(raw)
    first_message = str(agent.get("first_message") or "")
    system, voicemail = tools.read_built_in(prompt.get("built_in_tools") or {})
    spec = AgentSpec(
        name=str(raw.get("name") or ""),
        prompt=str(prompt.get("prompt") or ""),
        first_message=first_message,
        first_speaker="agent" if first_message or not config else "callee",
        language=_our_language(str(agent.get("language") or "en")),
        voice=speech.get("voice_id") or raw.get("voice_id"),
        voice_settings=_voice_settings(speech),
        model=prompt.get("llm"),
        temperature=prompt.get("temperature"),
        max_duration_seconds=int(
            (config.get("conversation") or {}).get("max_duration_seconds") or _DEFAULT_SECONDS
        ),
        inactivity=_inactivity(config.get("turn") or {}),
        voicemail=voicemail,
        recording=bool((settings.get("privacy") or {}).get("record_voice", True)),
        tools=(*tools.read(prompt.get("tools") or ()).tools, *system),
        evaluation=tuple(
            Criterion(str(one.get("name") or ""), str(one.get("conversation_goal_prompt") or ""))
            for one in (settings.get("evaluation") or {}).get("criteria") or ()
        ),
        data_collection=tuple(_data_points(settings.get("data_collection") or {})),
        tags=tuple(str(tag) for tag in raw.get("tags") or () if not str(tag).startswith(MARKER)),
    )
    placeholders = (agent.get("dynamic_variables") or {}).get("dynamic_variable_placeholders") or {}
    given = {name: value for name, value in placeholders.items() if value is not None}
    needed = dict.fromkeys(tools.variables_in(prompt.get("tools") or ()))
    return in_order(replace(spec, variables={**_referenced(spec), **needed, **given}))


def _voice_settings(speech: JsonObject) -> VoiceSettings | None:
    told = VoiceSettings(speech.get("speed"), speech.get("stability"), speech.get("similarity_boost"))
    return None if told == VoiceSettings() else told


def _inactivity(turn: JsonObject) -> Inactivity | None:
    """ElevenLabs' own seven seconds are nobody's wish."""
    ends, speaks = turn.get("silence_end_call_timeout"), turn.get("turn_timeout")
    if ends is not None and ends > 0:
        return Inactivity(float(ends), end_call=True)
    return None if speaks in (None, _TURN_SECONDS) else Inactivity(float(speaks))


def _data_points(collected: JsonObject) -> list[DataPoint]:
    """Those that a description explains; others (constants, references) stay as they are."""
    return [
        DataPoint(name, point["type"], str(point["description"]))
        for name, point in collected.items()
        if isinstance(point, Mapping) and point.get("type") and point.get("description")
    ]


def _referenced(spec: AgentSpec) -> dict[str, Any]:
    text = spec.prompt + spec.first_message
    return {name: None for name in tools.PLACEHOLDER.findall(text) if not name.startswith(tools.RESERVED)}


def _hindrance(raw: JsonObject) -> str | None:
    """A registered phone call needs mu-law both ways. Source: ElevenLabs "Register call"."""
    config = raw.get("conversation_config")
    if config is None:
        return None
    told = {
        (config.get("asr") or {}).get("user_input_audio_format"),
        (config.get("tts") or {}).get("agent_output_audio_format"),
    }
    return None if told == {PHONE_AUDIO} else "its audio format is not the telephone's"


def _extras(raw: JsonObject) -> list[str]:
    """Settings at ElevenLabs that our words do not cover."""
    prompt, workflow = _prompt(raw), raw.get("workflow") or {}
    lists = ("tool_ids", "knowledge_base", "mcp_server_ids", "native_mcp_server_ids", "custom_llm")
    found = [f"prompt.{key}" for key in lists if prompt.get(key)]
    if (raw.get("conversation_config") or {}).get("language_presets"):
        found.append("language_presets")
    if workflow.get("nodes"):
        found.append("workflow")
    system = prompt.get("built_in_tools") or {}
    found += [f"built_in_tools.{name}" for name, config in system.items() if tools.is_foreign(name, config)]
    kept = tools.read(prompt.get("tools") or ()).kept
    return [*found, *(f"prompt.tools.{entry.get('name') or '?'}" for entry in kept)]
