"""Tools of an agent in Ultravox' words and in ours. Pure functions.

Source: Ultravox "Tools" (SelectedTool, built-in tools, parameter locations).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from switchboard.providers.agent_spec import (
    AgentSpec,
    Constant,
    Destination,
    EndCall,
    Header,
    HttpTool,
    Keypad,
    Parameter,
    Scalar,
    Tool,
    Transfer,
    Voicemail,
    secret_key,
)

STORED_ELSEWHERE = "secret_id:"
"""Begins a header's value that names a secret kept at ElevenLabs, which Ultravox cannot use."""
_ON_VOICEMAIL = "hangUpOnVoicemail"
_TRANSFER = "transferCall_"
RESERVED = frozenset({"hangUp", "leaveVoicemail", "playDtmfSounds", "coldTransfer", "warmTransfer", "queryCorpus"})
_HANG_UP = {"toolName": "hangUp"}
_KEYPAD = {"toolName": "playDtmfSounds"}
_MACHINE = "Hang up. Use it as soon as an answering machine or voicemail speaks instead of a person."
_LOCATION = "PARAMETER_LOCATION_"
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
_SCALARS = {"string", "integer", "number", "boolean"}

Place = Literal["path", "query", "body", "header"]


@dataclass
class Read:
    """What the selected tools say in our words; `kept` are those that only Ultravox' words can say."""

    tools: list[Tool] = field(default_factory=list)
    voicemail: Voicemail = field(default_factory=Voicemail)
    secrets: dict[str, str] = field(default_factory=dict)
    kept: list[Mapping[str, Any]] = field(default_factory=list)
    definitions: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The HTTP tools in Ultravox' words, by name."""


def is_reserved(name: str) -> bool:
    """Whether a tool of the user's cannot have this name, since a built-in one of the agent may."""
    return name in RESERVED or name == _ON_VOICEMAIL or name.startswith(_TRANSFER)


def selected(spec: AgentSpec, current: Sequence[Any] = ()) -> list[Mapping[str, Any]]:
    """`selectedTools`: what only Ultravox' words can say first, then ours. Every agent can hang up."""
    before = read(current)
    secrets = {**before.secrets, **spec.secrets}
    ours = [_hang_up(spec)]
    for tool in spec.tools:
        ours += _written(tool, before, secrets)
    ours += _for_machines(spec.voicemail)
    taken = {model_name(entry) for entry in ours}
    return [*(entry for entry in before.kept if model_name(entry) not in taken), *ours]


def read(entries: Iterable[Any]) -> Read:
    """Tools that our words do not cover fully are kept as they are, so that no update cuts them down."""
    result = Read()
    destinations: list[Destination] = []
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        told = {key: value for key, value in entry.items() if value not in (None, "", {}, [])}
        if not (_read_built_in(told, result, destinations) or _read_http(told, result)):
            result.kept.append(entry)
    if destinations:
        result.tools.append(Transfer(tuple(destinations)))
    return result


def model_name(entry: Mapping[str, Any]) -> str:
    """What the model calls the tool by; the id where only Ultravox knows the name."""
    temporary = entry.get("temporaryTool") or {}
    named = (entry.get("nameOverride"), temporary.get("modelToolName"), entry.get("toolName"), entry.get("toolId"))
    return next((str(name) for name in named if name), "?")


def _hang_up(spec: AgentSpec) -> dict[str, Any]:
    when = next((tool.when for tool in spec.tools if isinstance(tool, EndCall)), None)
    return {**_HANG_UP, "descriptionOverride": when} if when else dict(_HANG_UP)


def _for_machines(voicemail: Voicemail) -> list[dict[str, Any]]:
    if voicemail.action == "hang_up":
        return [{**_HANG_UP, "nameOverride": _ON_VOICEMAIL, "descriptionOverride": _MACHINE}]
    if voicemail.action == "leave_message":
        return [{"toolName": "leaveVoicemail", "parameterOverrides": {"message": voicemail.message}}]
    return []


def _written(tool: Tool, before: Read, secrets: Mapping[str, str]) -> list[dict[str, Any]]:
    match tool:
        case HttpTool():
            definition = {**before.definitions.get(tool.name, {}), **_definition(tool, secrets)}
            return [{"temporaryTool": definition}]
        case Transfer():
            return [
                {
                    "toolName": "coldTransfer",
                    "nameOverride": f"{_TRANSFER}{number}",
                    "descriptionOverride": destination.when,
                    "parameterOverrides": {"target": destination.number},
                }
                for number, destination in enumerate(tool.destinations, 1)
            ]
        case Keypad():
            return [dict(_KEYPAD)]
        case EndCall():
            return []


def _definition(tool: HttpTool, secrets: Mapping[str, str]) -> dict[str, Any]:
    values = {header.name: secrets.get(secret_key(tool.name, tool.url, header.name)) for header in tool.headers}
    return {
        "modelToolName": tool.name,
        "description": tool.description,
        "dynamicParameters": [_parameter(parameter) for parameter in tool.parameters],
        "staticParameters": [
            *(_static(one.name, one.location, one.value) for one in tool.constants),
            *(
                _static(name, "header", value)
                for name, value in values.items()
                if value is not None and not value.startswith(STORED_ELSEWHERE)
            ),
        ],
        "http": {"baseUrlPattern": tool.url, "httpMethod": tool.method},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": parameter.type, "description": parameter.description}
    if parameter.enum:
        schema["enum"] = list(parameter.enum)
    return {
        "name": parameter.name,
        "location": _location(parameter.location),
        "schema": schema,
        "required": parameter.required,
    }


def _static(name: str, place: Place, value: Scalar) -> dict[str, Any]:
    return {"name": name, "location": _location(place), "value": value}


def _location(place: Place) -> str:
    return _LOCATION + place.upper()


def _place(location: Any) -> Place | None:
    word = str(location).removeprefix(_LOCATION).lower()
    return next((place for place in get_args(Place) if place == word), None)


def _read_built_in(told: Mapping[str, Any], result: Read, destinations: list[Destination]) -> bool:
    name, alias, when = told.get("toolName"), told.get("nameOverride"), told.get("descriptionOverride")
    overrides = told.get("parameterOverrides") or {}
    if set(told) - {"toolName", "nameOverride", "descriptionOverride", "parameterOverrides"}:
        return False
    match name:
        case "hangUp" if alias == _ON_VOICEMAIL and not overrides:
            result.voicemail = Voicemail("hang_up")
        case "hangUp" if not alias and not overrides:
            if when:
                result.tools.append(EndCall(str(when)))
        case "leaveVoicemail" if not alias and not when and set(overrides) == {"message"}:
            result.voicemail = Voicemail("leave_message", str(overrides["message"]))
        case "playDtmfSounds" if not alias and not when and not overrides:
            result.tools.append(Keypad())
        case "coldTransfer" if when and set(overrides) == {"target"}:
            destinations.append(Destination(str(overrides["target"]), str(when)))
        case _:
            return False
    return True


def _read_http(told: Mapping[str, Any], result: Read) -> bool:
    definition = told.get("temporaryTool")
    if set(told) != {"temporaryTool"} or not isinstance(definition, Mapping):
        return False
    http = definition.get("http") or {}
    # What the vendor fills in by itself or only our words cannot say.
    if definition.get("automaticParameters") or definition.get("requirements") or not http.get("baseUrlPattern"):
        return False
    name, method = str(definition.get("modelToolName") or ""), http.get("httpMethod")
    parameters = [_read_parameter(one) for one in definition.get("dynamicParameters") or ()]
    static = definition.get("staticParameters") or ()
    if not name or method not in _METHODS or None in parameters or not all(map(_is_constant, static)):
        return False
    headers = [one for one in static if _place(one["location"]) == "header"]
    result.definitions[name] = definition
    result.secrets |= {secret_key(name, str(http["baseUrlPattern"]), one["name"]): one["value"] for one in headers}
    result.tools.append(
        HttpTool(
            name=name,
            description=str(definition.get("description") or ""),
            method=method,
            url=str(http["baseUrlPattern"]),
            parameters=tuple(one for one in parameters if one),
            constants=tuple(
                Constant(one["name"], place, one["value"])
                for one in static
                if (place := _place(one["location"])) is not None and place != "header"
            ),
            headers=tuple(Header(one["name"]) for one in headers),
        )
    )
    return True


def _read_parameter(told: Mapping[str, Any]) -> Parameter | None:
    schema, place = told.get("schema") or {}, _place(told.get("location"))
    if place is None or schema.get("type") not in _SCALARS or set(schema) - {"type", "description", "enum"}:
        return None
    return Parameter(
        name=str(told.get("name") or ""),
        location=place,
        type=schema["type"],
        description=str(schema.get("description") or ""),
        required=bool(told.get("required")),
        enum=tuple(str(one) for one in schema.get("enum") or ()),
    )


def _is_constant(told: Mapping[str, Any]) -> bool:
    place, value = _place(told.get("location")), told.get("value")
    if not told.get("name") or place is None:
        return False
    return isinstance(value, str if place == "header" else str | int | float | bool)
