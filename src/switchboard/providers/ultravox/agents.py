"""An agent in Ultravox' words and in ours. Pure functions; its tools are in `tools.py`.

Source: Ultravox "Agents" (callTemplate).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from switchboard.core.errors import FieldError
from switchboard.providers.agent_spec import (
    HIDDEN,
    AgentSpec,
    HttpTool,
    Inactivity,
    JsonObject,
    Loss,
    RemoteAgent,
    Tool,
    Transfer,
    in_order,
    secret_key,
)
from switchboard.providers.merging import held, lifted, merged
from switchboard.providers.ultravox import tools

_LONGEST_NAME = 64
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]+")
_DASHES = re.compile(r"-{2,}")
_MARKER = re.compile(r"--(agt_[0-9a-z]{26})$")
_LONGEST_MARKER = len("--agt_") + 26
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")
_THEIRS = re.compile(r"\{\{\s*((?:system|secret)__\w+)\s*\}\}")
_READ_ONLY = ("name", "created", "updated")
_DEFAULT_SECONDS = 3600
_HOTTEST = 1.0
_ENDS = "END_BEHAVIOR_HANG_UP"
_DEFAULTS: Mapping[str, Any] = {
    "joinTimeout": "30s",
    "initialOutputMedium": "MESSAGE_MEDIUM_VOICE",
    "retentionPolicy": "CALL_RETENTION_POLICY_UNSPECIFIED",
}
_BEYOND_US = (
    *("externalVoice", "voiceOverrides", "vadSettings", "timeExceededMessage", "medium", "dataConnection"),
    *_DEFAULTS,
)


def safe_name(name: str) -> str:
    """`name` as Ultravox allows it, with room for a marker: `^[a-zA-Z0-9_-]{1,64}$`.

    Accents are dropped, the rest becomes `_`; two dashes in a row are left to the marker.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    safe = _DASHES.sub("-", _NOT_IN_NAMES.sub("_", plain).strip("_"))
    return safe[: _LONGEST_NAME - _LONGEST_MARKER] or "agent"


def to_vendor(spec: AgentSpec, current: JsonObject | None = None, *, marker: str | None = None) -> dict[str, Any]:
    """The whole agent to send. A PATCH may replace the template, so what `current` holds is sent again."""
    current = current or {}
    before: JsonObject = current.get("callTemplate") or {}
    kept = {key: value for key, value in before.items() if key not in _READ_ONLY and value is not None}
    template = {**kept, **_template(spec, before)}
    if spec.voice:
        template.pop("externalVoice", None)
    if spec.voice != before.get("voice"):
        template.pop("voiceOverrides", None)
    wanted = {
        "name": _marked(safe_name(spec.name), marker or marker_of(current)),
        "callTemplate": {key: value for key, value in template.items() if value is not None},
    }
    return merged(wanted, spec.platform_options)


def from_vendor(raw: JsonObject, own: AgentSpec | None = None) -> AgentSpec:
    """An Agent object in our words. `own`: what we saved, to tell its platform options and full name by."""
    if own is None:
        return _spec(raw)
    bare = replace(own, platform_options={})
    spec = _spec(lifted(own.platform_options, raw, to_vendor(bare)))
    recognised = own.name if safe_name(own.name) == safe_name(spec.name) else spec.name
    return replace(spec, name=recognised, platform_options=held(own.platform_options, raw))


def expressed(spec: AgentSpec) -> AgentSpec:
    """`spec` as it comes back."""
    return from_vendor(to_vendor(replace(spec, secrets=_shown(spec))), spec)


def remote_agent(raw: JsonObject, own: AgentSpec | None = None) -> RemoteAgent:
    read = tools.read(_selected(raw))
    return RemoteAgent(
        str(raw.get("agentId") or ""),
        from_vendor(raw, own),
        dict(raw),
        marker=marker_of(raw),
        extras=_extras(raw.get("callTemplate") or {}, read),
        secrets=read.secrets,
    )


def marker_of(raw: JsonObject) -> str | None:
    found = _MARKER.search(str(raw.get("name") or ""))
    return found[1] if found else None


def losses(spec: AgentSpec) -> Sequence[Loss]:
    """What Ultravox cannot express, and what happens instead."""
    found: list[Loss] = []
    if safe_name(spec.name) != spec.name:
        found.append(Loss("name", f"At Ultravox it is called {safe_name(spec.name)}."))
    found += [
        Loss("prompt", f"{{{{{name}}}}} is filled in by ElevenLabs only; on Ultravox it stays empty.")
        for name in dict.fromkeys(_THEIRS.findall(spec.prompt))
    ]
    found += _lost_manners(spec)
    for tool in spec.tools:
        found += _lost_of_tool(spec, tool)
    if spec.evaluation:
        found.append(Loss("evaluation", "Ultravox does not judge calls: no verdict is given on these goals."))
    if spec.data_collection:
        found.append(Loss("data_collection", "Ultravox collects no data: the transcript tells what was said."))
    if spec.tags:
        found.append(Loss("tags", "Ultravox has no tags: they are kept in Switchboard only."))
    return found


def problems(spec: AgentSpec) -> Sequence[FieldError]:
    """What Ultravox would refuse. Source: Ultravox "Agents" (temperature), "Tools" (unique names)."""
    found = [
        FieldError(f"tools.{tool.name}", f"Ultravox has a tool {tool.name} of its own. Choose another name.")
        for tool in spec.tools
        if isinstance(tool, HttpTool) and tools.is_reserved(tool.name)
    ]
    if spec.temperature is not None and spec.temperature > _HOTTEST:
        found.append(FieldError("temperature", "Ultravox takes temperatures from 0 to 1."))
    return found


def seconds(duration: Any) -> float:
    """A duration such as `90s` or `0.384s`; 0 for anything else."""
    try:
        return float(str(duration).removesuffix("s"))
    except ValueError:
        return 0.0


def _marked(name: str, marker: str | None) -> str:
    return f"{name}--{marker}" if marker else name


def _shown(spec: AgentSpec) -> dict[str, str]:
    """Every header has some value, so that it shows in what comes back; one kept elsewhere stays lost."""
    wanted = {
        secret_key(tool.name, tool.url, header.name)
        for tool in spec.tools
        if isinstance(tool, HttpTool)
        for header in tool.headers
    }
    return dict.fromkeys(wanted, HIDDEN) | {
        key: value for key, value in spec.secrets.items() if value.startswith(tools.STORED_ELSEWHERE)
    }


def _lost_manners(spec: AgentSpec) -> list[Loss]:
    found = []
    if spec.voice_settings is not None and any(
        value is not None
        for value in (spec.voice_settings.speed, spec.voice_settings.stability, spec.voice_settings.similarity)
    ):
        said = "The voice speaks as Ultravox has it: which settings there are depends on the maker of each voice."
        found.append(Loss("voice_settings", said))
    if spec.inactivity and not spec.inactivity.message and not spec.inactivity.end_call:
        said = "Ultravox says prepared sentences only: without a message the agent stays silent, too."
        found.append(Loss("inactivity", said))
    return found


def _lost_of_tool(spec: AgentSpec, tool: Tool) -> list[Loss]:
    if isinstance(tool, Transfer):
        said = "Ultravox transfers only if your Twilio credentials are stored there, and leaves the call at once."
        return [Loss("tools.transfer", said)]
    if not isinstance(tool, HttpTool):
        return []
    said = "This secret is kept at ElevenLabs and cannot be read: the header is not sent. Send its value."
    return [
        Loss(f"tools.{tool.name}.headers.{header.name}", said)
        for header in tool.headers
        if spec.secrets.get(secret_key(tool.name, tool.url, header.name), "").startswith(tools.STORED_ELSEWHERE)
    ]


def _template(spec: AgentSpec, before: JsonObject) -> dict[str, Any]:
    """Our fields; None takes a field out, so that the vendor's default holds."""
    return {
        "systemPrompt": spec.prompt,
        "languageHint": spec.language,
        "voice": spec.voice,
        "model": spec.model,
        "temperature": spec.temperature,
        "maxDuration": f"{spec.max_duration_seconds}s",
        "recordingEnabled": spec.recording,
        "firstSpeakerSettings": _first_speaker(spec, before.get("firstSpeakerSettings") or {}),
        "inactivityMessages": _silence(spec.inactivity, before.get("inactivityMessages") or []),
        "selectedTools": tools.selected(spec, before.get("selectedTools") or ()),
        "contextSchema": _context_schema(spec.variables, before.get("contextSchema")),
    }


def _first_speaker(spec: AgentSpec, before: JsonObject) -> dict[str, Any]:
    """Exactly one branch. Its other settings stay, but a prepared text takes the place of a prompt for one."""
    branch = "agent" if spec.first_speaker == "agent" else "user"
    rest = dict(before.get(branch) or {})
    opening = rest if branch == "agent" else dict(rest.get("fallback") or {})
    opening = {key: value for key, value in opening.items() if key != "text" and value is not None}
    if spec.first_message:
        opening.pop("prompt", None)
        opening["text"] = spec.first_message
    if branch == "agent":
        return {"agent": opening}
    return {"user": {**rest, "fallback": opening} if opening else {}}


def _silence(inactivity: Inactivity | None, before: Sequence[Any]) -> list[Any] | None:
    """One message. A list of several is more than our words can say: it stays until something else is wanted."""
    if inactivity is None:
        return list(before) if len(before) > 1 else None
    if not inactivity.message and not inactivity.end_call:
        return None
    line = {"duration": f"{inactivity.after_seconds:g}s", "message": inactivity.message}
    if inactivity.end_call:
        line["endBehavior"] = f"{_ENDS}_SOFT" if inactivity.message else f"{_ENDS}_STRICT"
    return [line]


def _context_schema(variables: Mapping[str, Any], before: Any) -> dict[str, Any]:
    """Values of any type are welcome; variables without a default are required."""
    known: Mapping[str, Any] = before if isinstance(before, Mapping) else {}
    shapes: Mapping[str, Any] = known.get("properties") or {}
    properties = {
        name: {**_without_default(shapes.get(name)), **({} if default is None else {"default": default})}
        for name, default in variables.items()
    }
    required = [name for name, default in variables.items() if default is None]
    rest = {key: value for key, value in known.items() if key != "required"}
    schema = {"type": "object", **rest, "properties": properties}
    return {**schema, "required": required} if required else schema


def _without_default(shape: Any) -> dict[str, Any]:
    return {key: value for key, value in shape.items() if key != "default"} if isinstance(shape, Mapping) else {}


def _spec(raw: JsonObject) -> AgentSpec:
    template: JsonObject = raw.get("callTemplate") or {}
    prompt, speaker = str(template.get("systemPrompt") or ""), template.get("firstSpeakerSettings") or {}
    opening = speaker.get("agent") or (speaker.get("user") or {}).get("fallback") or {}
    first_message = str(opening.get("text") or "")
    read = tools.read(_selected(raw))
    return in_order(
        AgentSpec(
            name=_MARKER.sub("", str(raw.get("name") or "")),
            prompt=prompt,
            first_message=first_message,
            first_speaker="callee" if speaker.get("user") is not None else "agent",
            language=str(template.get("languageHint") or "en"),
            voice=template.get("voice"),
            model=template.get("model"),
            temperature=template.get("temperature"),
            max_duration_seconds=int(seconds(template.get("maxDuration"))) or _DEFAULT_SECONDS,
            inactivity=_inactivity(template.get("inactivityMessages") or ()),
            voicemail=read.voicemail,
            recording=bool(template.get("recordingEnabled")),
            variables=_variables(template.get("contextSchema"), prompt + first_message),
            tools=tuple(read.tools),
        )
    )


def _selected(raw: JsonObject) -> Sequence[Any]:
    return (raw.get("callTemplate") or {}).get("selectedTools") or ()


def _inactivity(lines: Sequence[JsonObject]) -> Inactivity | None:
    if len(lines) != 1:
        return None
    (line,) = lines
    ends = str(line.get("endBehavior") or "").startswith(_ENDS)
    return Inactivity(seconds(line.get("duration")), str(line.get("message") or ""), ends)


def _variables(schema: Any, text: str) -> dict[str, Any]:
    if isinstance(schema, Mapping) and isinstance(schema.get("properties"), Mapping):
        return {
            str(name): shape.get("default") if isinstance(shape, Mapping) else None
            for name, shape in schema["properties"].items()
        }
    return {name: None for name in _PLACEHOLDER.findall(text) if not _THEIRS.fullmatch(f"{{{{{name}}}}}")}


def _extras(template: JsonObject, read: tools.Read) -> list[str]:
    """Settings at Ultravox that our words do not cover."""
    found = [
        f"callTemplate.{key}" for key in _BEYOND_US if template.get(key) not in (None, {}, "", _DEFAULTS.get(key))
    ]
    if len(template.get("inactivityMessages") or ()) > 1:
        found.append("callTemplate.inactivityMessages")
    return [*found, *(f"callTemplate.selectedTools.{tools.model_name(entry)}" for entry in read.kept)]
