"""Tools of an agent in ElevenLabs' words and in ours. Pure functions.

Source: ElevenLabs "Tools" (webhook tools, api_schema), "System tools" (built_in_tools).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
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
    Tool,
    Transfer,
    Voicemail,
    in_order,
    secret_key,
)

SECRET_ID = "secret_id:"  # noqa: S105 -- a prefix, no secret
"""A header's value that begins like this names a secret which is kept at ElevenLabs."""
PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
RESERVED = ("system__", "secret__")
"""Variables whose names begin so are the vendor's to fill in."""
SYSTEM_TOOLS = frozenset({
    *("end_call", "language_detection", "transfer_to_agent", "transfer_to_number"),
    *("skip_turn", "play_keypad_touch_tone", "voicemail_detection"),
})  # fmt: skip
_END, _TRANSFER, _KEYPAD, _VOICEMAIL = (
    "end_call",
    "transfer_to_number",
    "play_keypad_touch_tone",
    "voicemail_detection",
)
_JSON = "application/json"
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
_SCALARS = {"string", "integer", "number", "boolean"}
_LEAF = {"type", "description", "enum", "constant_value", "is_system_provided", "is_omitted", "dynamic_variable"}


@dataclass
class Read:
    """What the agent's own tools say in our words; `kept` are those that only ElevenLabs' words can say."""

    tools: list[HttpTool] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    kept: list[Mapping[str, Any]] = field(default_factory=list)
    configs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The HTTP tools in ElevenLabs' words, by name."""


def inline(spec: AgentSpec, current: Mapping[str, Any]) -> dict[str, Any]:
    """`tools` and `tool_ids` of the prompt, as far as they have to change; the array is sent whole.

    Tools that the agent has by id are shown inline, too. They stay shared as long as nothing changes here.
    """
    before = read(current.get("tools") or ())
    secrets = {**before.secrets, **spec.secrets}
    wanted = [tool for tool in spec.tools if isinstance(tool, HttpTool)]
    if _unchanged(wanted, before, secrets):
        return {}
    names = {tool.name for tool in wanted}
    kept = [entry for entry in before.kept if entry.get("name") not in names]
    ours = [{**before.configs.get(tool.name, {}), **_config(tool, before, secrets)} for tool in wanted]
    sent: dict[str, Any] = {"tools": [*kept, *ours]}
    # The vendor refuses both forms at once.
    return {**sent, "tool_ids": []} if current.get("tool_ids") and current.get("tools") else sent


def built_in(spec: AgentSpec, current: Mapping[str, Any]) -> dict[str, Any]:
    """`built_in_tools`: null takes one away. Every agent can hang up, which the API alone does not give it."""
    when = next((tool.when for tool in spec.tools if isinstance(tool, EndCall)), "")
    wanted: dict[str, Any] = {_END: _system(_END, description=when)}
    if spec.voicemail.action != "ignore":
        wanted[_VOICEMAIL] = _system(_VOICEMAIL, voicemail_message=spec.voicemail.message or None)
    if any(isinstance(tool, Keypad) for tool in spec.tools):
        wanted[_KEYPAD] = _system(_KEYPAD)
    # Transfers work on numbers imported there only: those that the agent has are left as they are.
    ours = {_VOICEMAIL, _KEYPAD} if _has_transfer(spec) else {_VOICEMAIL, _KEYPAD, _TRANSFER}
    gone = {name: None for name in sorted(ours) if current.get(name) and name not in wanted}
    return {**wanted, **gone}


def read(entries: Iterable[Any]) -> Read:
    """Tools that our words do not cover fully are kept as they are, so that no update cuts them down."""
    result = Read()
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        tool = _read_config(entry, result.secrets)
        if tool is None:
            result.kept.append(entry)
        else:
            result.tools.append(tool)
            result.configs[tool.name] = entry
    return result


def read_built_in(present: Mapping[str, Any]) -> tuple[list[Tool], Voicemail]:
    """The system tools that our words have; the others stay."""
    tools: list[Tool] = []
    when = (present.get(_END) or {}).get("description")
    if when:
        tools.append(EndCall(str(when)))
    destinations = tuple(_destinations(present.get(_TRANSFER)))
    if destinations:
        tools.append(Transfer(destinations))
    if present.get(_KEYPAD):
        tools.append(Keypad())
    machine = present.get(_VOICEMAIL)
    if not machine:
        return tools, Voicemail()
    message = (machine.get("params") or {}).get("voicemail_message")
    return tools, Voicemail("leave_message", str(message)) if message else Voicemail("hang_up")


def is_foreign(name: str, config: Any) -> bool:
    """Whether a system tool is on that our words do not have."""
    if not config:
        return False
    return name not in {_END, _KEYPAD, _VOICEMAIL, _TRANSFER} or (
        name == _TRANSFER and not any(_destinations(config))
    )


def _has_transfer(spec: AgentSpec) -> bool:
    return any(isinstance(tool, Transfer) for tool in spec.tools)


def _unchanged(wanted: list[HttpTool], before: Read, secrets: Mapping[str, str]) -> bool:
    keys = [secret_key(tool.name, tool.url, header.name) for tool in wanted for header in tool.headers]
    same = all(secrets.get(key) == before.secrets.get(key) for key in keys)
    return same and in_order(AgentSpec("", "", tools=tuple(before.tools))).tools == tuple(wanted)


def _system(name: str, description: str = "", **params: Any) -> dict[str, Any]:
    return {
        "type": "system",
        "name": name,
        "description": description,
        "params": {"system_tool_type": name, **params},
    }


def _config(tool: HttpTool, before: Read, secrets: Mapping[str, str]) -> dict[str, Any]:
    schema = {
        key: value
        for key, value in (before.configs.get(tool.name, {}).get("api_schema") or {}).items()
        if key not in {"query_params_schema", "request_body_schema"}
    }
    schema |= {
        "url": tool.url,
        "method": tool.method,
        "path_params_schema": _properties(tool, "path"),
        "request_headers": dict(_headers(tool, secrets)),
    }
    for place, key in (("query", "query_params_schema"), ("body", "request_body_schema")):
        properties = _properties(tool, place)
        if properties:
            required = [p.name for p in tool.parameters if p.location == place and p.required]
            required += [one.name for one in tool.constants if one.location == place]
            kind = {"type": "object"} if place == "body" else {}
            schema[key] = {**kind, "properties": properties, "required": required}
    return {"type": "webhook", "name": tool.name, "description": tool.description, "api_schema": schema}


def _properties(tool: HttpTool, place: str) -> dict[str, Any]:
    filled: dict[str, Any] = {p.name: _leaf(p) for p in tool.parameters if p.location == place}
    return filled | {
        one.name: {"type": _type_of(one.value), "constant_value": one.value}
        for one in tool.constants
        if one.location == place
    }


def _leaf(parameter: Parameter) -> dict[str, Any]:
    leaf: dict[str, Any] = {"type": parameter.type, "description": parameter.description}
    return {**leaf, "enum": list(parameter.enum)} if parameter.enum else leaf


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {int: "integer", float: "number"}.get(type(value), "string")


def _headers(tool: HttpTool, secrets: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for header in tool.headers:
        value = secrets.get(secret_key(tool.name, tool.url, header.name))
        if value is not None:
            kept_there = value.startswith(SECRET_ID)
            yield header.name, {"secret_id": value.removeprefix(SECRET_ID)} if kept_there else value


def _read_config(entry: Mapping[str, Any], secrets: dict[str, str]) -> HttpTool | None:
    schema = entry.get("api_schema") or {}
    name = entry.get("name")
    method: Method | None = next((one for one in get_args(Method) if one == (schema.get("method") or "GET")), None)
    if entry.get("type") != "webhook" or not name or not schema.get("url") or method is None:
        return None
    if schema.get("auth_connection") or schema.get("content_type") not in (None, _JSON):
        return None
    values = _read_values(schema)
    headers = _read_headers(schema.get("request_headers") or {})
    if values is None or headers is None:
        return None
    secrets |= {secret_key(str(name), str(schema["url"]), header): value for header, value in headers.items()}
    return HttpTool(
        name=str(name),
        description=str(entry.get("description") or ""),
        method=method,
        url=str(schema["url"]),
        parameters=tuple(one for one in values if isinstance(one, Parameter)),
        constants=tuple(one for one in values if isinstance(one, Constant)),
        headers=tuple(Header(header) for header in headers),
    )


def _read_values(schema: Mapping[str, Any]) -> list[Parameter | Constant] | None:
    """None when one of them is more than a plain value."""
    found: list[Parameter | Constant | None] = []
    path = schema.get("path_params_schema") or {}
    found += [_read_leaf(name, "path", leaf, required=True) for name, leaf in path.items()]
    for place, key in (("query", "query_params_schema"), ("body", "request_body_schema")):
        part = schema.get(key) or {}
        required = part.get("required") or ()
        properties = part.get("properties") or {}
        found += [_read_leaf(name, place, leaf, required=name in required) for name, leaf in properties.items()]
    return None if None in found else [one for one in found if one is not None]


def _read_leaf(name: str, place: Any, leaf: Any, *, required: bool) -> Parameter | Constant | None:
    if not isinstance(leaf, Mapping) or leaf.get("type") not in _SCALARS:
        return None
    told = {key for key, value in leaf.items() if value not in (None, "", False, [])}
    if told - _LEAF or told & {"is_system_provided", "is_omitted", "dynamic_variable"}:
        return None
    constant = leaf.get("constant_value")
    if constant not in (None, "") or (constant == "" and not leaf.get("description")):
        return Constant(name, place, constant)
    enum = tuple(str(one) for one in leaf.get("enum") or ())
    return Parameter(name, place, leaf["type"], str(leaf.get("description") or ""), required, enum)


def variables_in(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The dynamic variables that tools need before a call begins; those that tools' answers bring come later."""
    brought: set[str] = set()
    named: dict[str, None] = {}
    for entry in entries:
        brought |= {str(one.get("dynamic_variable")) for one in entry.get("assignments") or ()}
        schema = entry.get("api_schema") or {}
        headers = (schema.get("request_headers") or {}).values()
        leaves = [*(schema.get("path_params_schema") or {}).values(), *headers]
        for part in ("query_params_schema", "request_body_schema"):
            leaves += ((schema.get(part) or {}).get("properties") or {}).values()
        for leaf in (str(schema.get("url") or ""), *leaves):
            found = PLACEHOLDER.findall(leaf) if isinstance(leaf, str) else _variable(leaf)
            named |= dict.fromkeys(found)
    return (name for name in named if name not in brought and not name.startswith(RESERVED))


def _variable(leaf: Any) -> list[str]:
    told = leaf if isinstance(leaf, Mapping) else {}
    return [str(told[key]) for key in ("dynamic_variable", "variable_name") if told.get(key)]


def _read_headers(headers: Mapping[str, Any]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for name, value in headers.items():
        if isinstance(value, str):
            found[name] = value
        elif isinstance(value, Mapping) and set(value) == {"secret_id"}:
            found[name] = f"{SECRET_ID}{value['secret_id']}"
        else:
            return None
    return found


def _destinations(config: Any) -> Iterator[Destination]:
    transfers = ((config or {}).get("params") or {}).get("transfers") or ()
    for one in transfers:
        number = (one.get("transfer_destination") or {}).get("phone_number") or one.get("phone_number")
        if number:
            yield Destination(str(number), str(one.get("condition") or ""))
