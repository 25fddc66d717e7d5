"""Tools: what a definition and a selection may hold, the built-in ones, and what a call makes of its selection.

Source: Ultravox "Tools" (fact sheet 1.3, 4.6) and its OpenAPI document (SelectedTool, BaseToolDefinition).
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from switchboard.sandbox.conversation import persona
from switchboard.sandbox.conversation.spoken import render
from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.requests import seconds
from switchboard.sandbox.ultravox.shapes import (
    Shape,
    anything,
    choice,
    duration_up_to,
    flag,
    json_object,
    list_of,
    map_of,
    record,
    text,
    with_required,
    word,
)

LONGEST_TIMEOUT = 40.0
USUAL_TIMEOUT = 2.5
_MOST_EARLIER = 100
_NAME = text(pattern="[a-zA-Z0-9_-]{1,64}")
_IMPLEMENTATIONS = ("http", "client", "dataConnection")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def _base_url(value: Any, where: str) -> str:
    if not isinstance(value, str) or "?" in value or not (value.startswith("https://") or is_loopback(value)):
        raise bad_request(f"{where} must be an HTTPS URL without a query string.")
    return value


def _method(value: Any, where: str) -> str:
    if not isinstance(value, str) or value.upper() not in _METHODS:
        raise bad_request(f"{where} must be an HTTP method.")
    return value


def _parameters(**more: Shape) -> Shape:
    one = record({"name": text(1), "location": _LOCATION, **more})
    return list_of(with_required(one, "name", "location"))


_LOCATION = word("QUERY", "PATH", "HEADER", "BODY", prefix="PARAMETER_LOCATION_")
_KNOWN_VALUE = word(
    "CALL_ID", "CONVERSATION_HISTORY", "OUTPUT_SAMPLE_RATE", "CALL_STATE", "CALL_STAGE_ID", "THREAD_ID",
    "THREAD_STATES", "CALL_METADATA", prefix="KNOWN_PARAM_",
)  # fmt: skip
_KEY_PLACE = with_required(record({"name": text()}), "name")
_SECURITY_OPTION = record({
    "requirements": map_of(choice({
        "queryApiKey": _KEY_PLACE,
        "headerApiKey": _KEY_PLACE,
        "httpAuth": record({"scheme": text()}),
    })),
})  # fmt: skip
_DEFINITION = with_required(
    record({
        "modelToolName": _NAME,
        "description": text(),
        "dynamicParameters": _parameters(schema=json_object, required=flag),
        "staticParameters": _parameters(value=anything),
        "automaticParameters": _parameters(knownValue=_KNOWN_VALUE),
        "requirements": record({
            "httpSecurityOptions": record({"options": list_of(_SECURITY_OPTION)}),
            "requiredParameterOverrides": list_of(text()),
        }),
        "timeout": duration_up_to(LONGEST_TIMEOUT),
        "precomputable": flag,
        "http": with_required(
            record({"baseUrlPattern": _base_url, "httpMethod": _method}), "baseUrlPattern", "httpMethod"
        ),
        "client": record({}),
        "dataConnection": record({}),
        "defaultReaction": word("UNSPECIFIED", "SPEAKS", "LISTENS", "SPEAKS_ONCE", prefix="AGENT_REACTION_"),
        "staticResponse": record({"responseText": text()}),
    }),
    "modelToolName",
)  # fmt: skip


def definition(value: Any, where: str) -> dict[str, Any]:
    """A `Shape`: a tool without nulls, implemented in one way."""
    known: dict[str, Any] = _DEFINITION(value, where)
    ways = [way for way in _IMPLEMENTATIONS if way in known]
    if len(ways) > 1 or not (ways or "staticResponse" in known):
        raise bad_request(f"{where} must have exactly one of http, client and dataConnection.")
    for one in chain.from_iterable(known.get(kind, ()) for kind in _PARAMETERS) if "http" not in ways else ():
        if one["location"] != "PARAMETER_LOCATION_BODY":
            raise bad_request(f"Only body parameters are allowed here: {one['name']}")
    if any("knownValue" not in one for one in known.get("automaticParameters", ())):
        raise bad_request(f"{where}.automaticParameters need a knownValue.")
    return known


_PARAMETERS = ("dynamicParameters", "staticParameters", "automaticParameters")
_WAYS = ("toolId", "toolName", "temporaryTool")
_SELECTION = record({
    "toolId": text(),
    "toolName": text(),
    "temporaryTool": definition,
    "nameOverride": text(),
    "descriptionOverride": text(),
    "authTokens": map_of(text()),
    "parameterOverrides": json_object,
})  # fmt: skip


def selection(value: Any, where: str) -> dict[str, Any]:
    """A `Shape`: a SelectedTool without nulls, which names its tool in one way."""
    chosen: dict[str, Any] = _SELECTION(value, where)
    if sum(bool(chosen.get(way)) for way in _WAYS) != 1:
        raise bad_request("A selected tool must have exactly one of toolId, toolName and temporaryTool.")
    return chosen


@dataclass(slots=True)
class StoredTool:
    """A durable tool. `ownership` is `private`, or `public` for the service's own."""

    tool_id: str
    name: str
    created: datetime
    definition: dict[str, Any]
    ownership: str = "private"
    history: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_MOST_EARLIER))
    """The latest of the earlier definitions, oldest first."""


Known = Mapping[str, StoredTool]
"""The tools that an account may select, by id."""


@dataclass(frozen=True, slots=True)
class ChosenTool:
    """One tool of one call: its definition with the selection's overrides, templates filled in."""

    name: str
    """What the model knows it by."""
    definition: Mapping[str, Any]
    tool_id: str | None = None
    built_in: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Dynamic parameters with a fixed value; the model never sees them."""
    auth: Mapping[str, str] = field(default_factory=dict)
    """Tokens by the name of the security requirement."""

    @property
    def implementation(self) -> str | None:
        """`http`, `client` or `dataConnection`; None for built-in and purely static tools."""
        return next((way for way in _IMPLEMENTATIONS if way in self.definition), None)

    @property
    def timeout(self) -> float:
        given = self.definition.get("timeout")
        return min(LONGEST_TIMEOUT, seconds(given, "timeout")) if given else USUAL_TIMEOUT

    @property
    def reaction(self) -> str:
        """`speaks`, `listens` or `speaks-once`."""
        given = str(self.definition.get("defaultReaction") or "").removeprefix("AGENT_REACTION_")
        return given.lower().replace("_", "-") if given and given != "UNSPECIFIED" else "speaks"

    def for_model(self) -> persona.Tool:
        """The tool as the agent's mind sees it."""
        shown = [
            one for one in self.definition.get("dynamicParameters") or [] if one["name"] not in self.overrides
        ]
        return persona.Tool(
            name=self.name,
            description=str(self.definition.get("description") or ""),
            parameters={
                "type": "object",
                "properties": {one["name"]: one.get("schema") or {"type": "string"} for one in shown},
                "required": [one["name"] for one in shown if one.get("required")],
            },
        )

    def as_json(self) -> dict[str, Any]:
        """As `GET /calls/{id}/tools` shows it."""
        definition = {**self.definition, "modelToolName": self.name}
        return {
            "callToolId": self.tool_id or self.name,
            "toolId": self.tool_id,
            "name": self.name,
            "definition": definition,
        }


def check(selected: Sequence[Mapping[str, Any]], known: Known) -> None:
    """What the service refuses in selections of good shape. Raises: UltravoxError 400."""
    names = []
    for one in selected:
        _check_requirements(one, _definition_of(one, known))
        names.append(_NAME(model_name(one, known), "Tool names"))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise bad_request(f"Tool names must be unique within a call: {twice}")


def templates(selected: Sequence[Mapping[str, Any]], known: Known) -> list[str]:
    """The texts that are filled in from the template context."""
    texts = []
    for one in selected:
        definition = _definition_of(one, known)
        static = [parameter.get("value") for parameter in definition.get("staticParameters") or []]
        texts += [one.get("descriptionOverride") or definition.get("description"), *static]
        texts += [*(one.get("parameterOverrides") or {}).values(), *(one.get("authTokens") or {}).values()]
    return [text for text in texts if isinstance(text, str)]


def chosen(selected: Sequence[Mapping[str, Any]], known: Known, context: dict[str, Any]) -> tuple[ChosenTool, ...]:
    """The tools of a call, from a selection that was checked. Raises: UltravoxError 400 for one that is gone."""
    return tuple(_choose(tool, known, context) for tool in selected)


def model_name(selection: Mapping[str, Any], known: Known) -> str:
    """What the model knows a selected tool by. Raises: UltravoxError 400 for an unknown tool."""
    if selection.get("nameOverride"):
        return str(selection["nameOverride"])
    return str(_definition_of(selection, known).get("modelToolName") or selection.get("toolName") or "")


def is_loopback(url: str) -> bool:
    """Whether a plain `http` address leads to this very machine; only there the HTTPS rule is relaxed."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def _check_requirements(tool: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    requirements = definition.get("requirements") or {}
    overrides = tool.get("parameterOverrides") or {}
    for name in requirements.get("requiredParameterOverrides") or []:
        if name not in overrides:
            raise bad_request(f"The parameter {name} must be overridden.")
    if security(definition, tool.get("authTokens") or {}) is None:
        raise bad_request("The tool's security requirements are not satisfied by authTokens.")


def security(definition: Mapping[str, Any], tokens: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The first security option that these tokens satisfy, one that asks for something before an empty one.

    None when there are options and none is satisfied. Source: Ultravox OpenAPI document, SecurityOptions.
    """
    told = (definition.get("requirements") or {}).get("httpSecurityOptions") or {}
    options = [dict(option.get("requirements") or {}) for option in told.get("options") or []]
    satisfied = [option for option in options if set(option) <= set(tokens)]
    if options and not satisfied:
        return None
    return next((option for option in satisfied if option), {})


def _definition_of(selection: Mapping[str, Any], known: Known) -> Mapping[str, Any]:
    if selection.get("temporaryTool"):
        return dict(selection["temporaryTool"])
    return _stored(selection, known).definition


def _stored(selection: Mapping[str, Any], known: Known) -> StoredTool:
    wanted_id, wanted_name = selection.get("toolId"), selection.get("toolName")
    found = known.get(str(wanted_id)) if wanted_id else None
    if wanted_name:
        found = next((tool for tool in known.values() if tool.name == wanted_name), None)
    if found is None:
        raise bad_request(f"Tool not found: {wanted_id or wanted_name}")
    return found


def _choose(selection: Mapping[str, Any], known: Known, context: dict[str, Any]) -> ChosenTool:
    stored = None if selection.get("temporaryTool") else _stored(selection, known)
    definition = _rendered(_definition_of(selection, known), context)
    if selection.get("descriptionOverride"):
        definition["description"] = render(str(selection["descriptionOverride"]), context)
    return ChosenTool(
        name=model_name(selection, known),
        definition=definition,
        tool_id=stored.tool_id if stored else None,
        built_in=stored.name if stored and stored.ownership == "public" else None,
        overrides={
            name: _filled(value, context) for name, value in (selection.get("parameterOverrides") or {}).items()
        },
        auth={name: render(str(token), context) for name, token in (selection.get("authTokens") or {}).items()},
    )


def _rendered(definition: Mapping[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    static = [
        {**one, "value": _filled(one.get("value"), context)} for one in definition.get("staticParameters") or []
    ]
    return {
        **definition,
        "description": render(str(definition.get("description") or ""), context),
        "staticParameters": static,
    }


def _filled(value: Any, context: dict[str, Any]) -> Any:
    return render(value, context) if isinstance(value, str) else value
