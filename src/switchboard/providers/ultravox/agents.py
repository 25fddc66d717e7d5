"""An agent in Ultravox' words and in ours. Pure functions.

Source: Ultravox "Agents" (callTemplate).
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from switchboard.providers.merging import merged
from switchboard.providers.normalised import AgentSpec, JsonObject, RemoteAgent

_LONGEST_NAME = 64
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]+")
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")
_READ_ONLY = ("name", "created", "updated")
_HANG_UP = {"toolName": "hangUp"}
_DEFAULT_SECONDS = 3600


def safe_name(name: str) -> str:
    """`name` as Ultravox allows it: `^[a-zA-Z0-9_-]{1,64}$`. Accents are dropped, the rest becomes `_`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NOT_IN_NAMES.sub("_", plain).strip("_")[:_LONGEST_NAME] or "agent"


def body(spec: AgentSpec, current: JsonObject | None = None) -> dict[str, Any]:
    """The whole agent to send. A PATCH may replace the template, so what `current` holds is sent again."""
    kept = {key: value for key, value in (current or {}).items() if key not in _READ_ONLY and value is not None}
    template = {**kept, **_template(spec)}
    if spec.voice:
        template.pop("externalVoice", None)
    template.setdefault("selectedTools", [_HANG_UP])
    wanted = {"name": safe_name(spec.name), "callTemplate": {k: v for k, v in template.items() if v is not None}}
    return merged(wanted, spec.platform_options)


def remote_agent(raw: JsonObject, *, name: str | None = None) -> RemoteAgent:
    """An Agent object. `name`: what we called it, if Ultravox' own is that name made safe."""
    own = str(raw.get("name") or "")
    shown = name if name is not None and safe_name(name) == own else own
    return RemoteAgent(str(raw.get("agentId") or ""), _spec(shown, raw.get("callTemplate") or {}), dict(raw))


def seconds(duration: Any) -> float:
    """A duration such as `90s` or `0.384s`; 0 for anything else."""
    try:
        return float(str(duration).removesuffix("s"))
    except ValueError:
        return 0.0


def _template(spec: AgentSpec) -> dict[str, Any]:
    """Our fields; None takes a field out, so that the vendor's default holds."""
    return {
        "systemPrompt": spec.prompt,
        "languageHint": spec.language,
        "voice": spec.voice,
        "model": spec.model,
        "temperature": spec.temperature,
        "maxDuration": f"{spec.max_duration_seconds}s",
        "recordingEnabled": True,
        "firstSpeakerSettings": {"agent": {"text": spec.first_message} if spec.first_message else {}},
        "contextSchema": _context_schema(spec.variables),
    }


def _context_schema(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Values of any type are welcome; variables without a default are required."""
    properties = {name: {} if default is None else {"default": default} for name, default in variables.items()}
    required = [name for name, default in variables.items() if default is None]
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def _spec(name: str, template: JsonObject) -> AgentSpec:
    prompt = str(template.get("systemPrompt") or "")
    speaker = template.get("firstSpeakerSettings") or {}
    opening = speaker.get("agent") or (speaker.get("user") or {}).get("fallback") or {}
    first_message = str(opening.get("text") or "")
    return AgentSpec(
        name=name,
        prompt=prompt,
        first_message=first_message,
        language=str(template.get("languageHint") or "en"),
        voice=template.get("voice"),
        model=template.get("model"),
        temperature=template.get("temperature"),
        max_duration_seconds=int(seconds(template.get("maxDuration"))) or _DEFAULT_SECONDS,
        variables=_variables(template.get("contextSchema"), prompt + first_message),
    )


def _variables(schema: Any, text: str) -> dict[str, Any]:
    if isinstance(schema, Mapping) and isinstance(schema.get("properties"), Mapping):
        return {
            str(name): shape.get("default") if isinstance(shape, Mapping) else None
            for name, shape in schema["properties"].items()
        }
    return dict.fromkeys(_PLACEHOLDER.findall(text))
