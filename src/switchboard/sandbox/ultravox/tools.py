"""Tools: what a definition and a selection may hold, the built-in ones, and what a call makes of its selection.

Source: Ultravox "Tools" (fact sheet 1.3, 4.6) and its OpenAPI document (SelectedTool, BaseToolDefinition).
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from switchboard.sandbox.conversation import persona
from switchboard.sandbox.conversation.spoken import render
from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.requests import seconds

LONGEST_TIMEOUT = 40.0
USUAL_TIMEOUT = 2.5
_MOST_EARLIER = 100
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_WAYS = ("toolId", "toolName", "temporaryTool")
_SELECTION = (*_WAYS, "nameOverride", "descriptionOverride", "authTokens", "parameterOverrides")
_DEFINITION = (
    "modelToolName", "description", "dynamicParameters", "staticParameters", "automaticParameters", "requirements",
    "timeout", "precomputable", "http", "client", "dataConnection", "defaultReaction", "staticResponse",
)  # fmt: skip
_IMPLEMENTATIONS = ("http", "client", "dataConnection")
_LOCATIONS = tuple(f"PARAMETER_LOCATION_{place}" for place in ("QUERY", "PATH", "HEADER", "BODY"))
_KNOWN_VALUES = tuple(
    f"KNOWN_PARAM_{name}"
    for name in (
        "CALL_ID", "CONVERSATION_HISTORY", "OUTPUT_SAMPLE_RATE", "CALL_STATE", "CALL_STAGE_ID", "THREAD_ID",
        "THREAD_STATES", "CALL_METADATA",
    )
)  # fmt: skip
_REACTIONS = tuple(f"AGENT_REACTION_{name}" for name in ("UNSPECIFIED", "SPEAKS", "LISTENS", "SPEAKS_ONCE"))
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


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


def check(selected: Any, known: Known) -> None:
    """What the service refuses in `selectedTools`. Raises: UltravoxError 400."""
    if selected is None:
        return
    if not isinstance(selected, list) or not all(isinstance(tool, dict) for tool in selected):
        raise bad_request("selectedTools must be a list of objects.")
    names = [_check_one(tool, known) for tool in selected]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise bad_request(f"Tool names must be unique within a call: {twice}")


def chosen(selected: Sequence[Mapping[str, Any]], known: Known, context: dict[str, Any]) -> tuple[ChosenTool, ...]:
    """The tools of a call, from a selection that was checked. Raises: UltravoxError 400 for one that is gone."""
    return tuple(_choose(tool, known, context) for tool in selected)


def model_name(selection: Mapping[str, Any], known: Known) -> str:
    """What the model knows a selected tool by. Raises: UltravoxError 400 for an unknown tool."""
    if selection.get("nameOverride"):
        return str(selection["nameOverride"])
    return str(_definition_of(selection, known).get("modelToolName") or selection.get("toolName") or "")


def check_definition(definition: Any, where: str) -> None:
    """What the service refuses in a tool. Raises: UltravoxError 400."""
    if not isinstance(definition, dict) or not definition.get("modelToolName"):
        raise bad_request(f"{where}.modelToolName is required.")
    unknown = sorted(set(definition) - set(_DEFINITION))
    if unknown:
        raise bad_request(f'{where} has no field named "{unknown[0]}".')
    if not _NAME.fullmatch(str(definition["modelToolName"])):
        raise bad_request("Tool names must match ^[a-zA-Z0-9_-]{1,64}$.")
    ways = [way for way in _IMPLEMENTATIONS if definition.get(way) is not None]
    if len(ways) > 1:
        raise bad_request(f"{where} must have exactly one of http, client and dataConnection.")
    _check_http(definition.get("http"))
    _check_parameters(definition, body_only=ways in (["client"], ["dataConnection"]))
    if definition.get("defaultReaction") not in (None, *_REACTIONS):
        raise bad_request(f"Unknown defaultReaction: {definition['defaultReaction']}")
    timeout = definition.get("timeout")
    if timeout is not None and seconds(timeout, f"{where}.timeout") > LONGEST_TIMEOUT:
        raise bad_request(f"{where}.timeout must be at most {LONGEST_TIMEOUT:g}s.")


def _check_one(tool: dict[str, Any], known: Known) -> str:
    ways = [way for way in _WAYS if tool.get(way)]
    if len(ways) != 1:
        raise bad_request("A selected tool must have exactly one of toolId, toolName and temporaryTool.")
    unknown = sorted(set(tool) - set(_SELECTION))
    if unknown:
        raise bad_request(f'selectedTools has no field named "{unknown[0]}".')
    if ways == ["temporaryTool"]:
        check_definition(tool["temporaryTool"], "temporaryTool")
    for part in ("authTokens", "parameterOverrides"):
        if not isinstance(tool.get(part) or {}, dict):
            raise bad_request(f"{part} must be an object.")
    _check_requirements(tool, _definition_of(tool, known))
    name = model_name(tool, known)
    if not _NAME.fullmatch(name):
        raise bad_request("Tool names must match ^[a-zA-Z0-9_-]{1,64}$.")
    return name


def _check_http(http: Any) -> None:
    if http is None:
        return
    url = str(http.get("baseUrlPattern") or "") if isinstance(http, dict) else ""
    if "?" in url or not (url.startswith("https://") or is_loopback(url)):
        raise bad_request("baseUrlPattern must be an HTTPS URL without a query string.")
    if str(http.get("httpMethod") or "").upper() not in _METHODS:
        raise bad_request("http.httpMethod is required.")


def is_loopback(url: str) -> bool:
    """Whether a plain `http` address leads to this very machine; only there the HTTPS rule is relaxed."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def _check_parameters(definition: Mapping[str, Any], *, body_only: bool) -> None:
    for kind in ("dynamicParameters", "staticParameters", "automaticParameters"):
        for parameter in definition.get(kind) or []:
            if (
                not isinstance(parameter, dict)
                or not parameter.get("name")
                or parameter.get("location") not in _LOCATIONS
            ):
                raise bad_request(f"{kind} need a name and a location.")
            if body_only and parameter["location"] != "PARAMETER_LOCATION_BODY":
                raise bad_request(f"Only body parameters are allowed here: {parameter['name']}")
            if kind == "automaticParameters" and parameter.get("knownValue") not in _KNOWN_VALUES:
                raise bad_request(f"Unknown knownValue: {parameter.get('knownValue')}")


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
