"""Calling an HTTP tool as the service does. Source: Ultravox "Tools", "Custom tools" (fact sheet 4.6)."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from switchboard.sandbox.answers import beginning
from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.ultravox.tools import ChosenTool, security

_LONGEST_ANSWER = 64 * 1024
_RESPONSE_TYPES = ("tool-response", "hang-up", "new-stage", "send-to-thread")
_REACTIONS = ("speaks", "listens", "speaks-once")


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a tool said and what it wants to happen. `error`: why there is no answer of its own."""

    text: str
    response_type: str = "tool-response"
    reaction: str | None = None
    new_state: dict[str, Any] | None = None
    error: str | None = None


@dataclass(slots=True)
class _Request:
    url: str
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    def place(self, location: str, name: str, value: Any) -> None:
        match location.removeprefix("PARAMETER_LOCATION_"):
            case "PATH":
                self.url = self.url.replace(f"{{{name}}}", quote(_text(value), safe=""))
            case "QUERY":
                self.query[name] = _text(value)
            case "HEADER":
                self.headers[name] = _text(value).encode("ascii", "backslashreplace").decode().replace("\n", " ")
            case _:
                self.body[name] = value


async def send(
    http: httpx.AsyncClient, tool: ChosenTool, arguments: Mapping[str, Any], facts: Mapping[str, Any]
) -> ToolAnswer:
    """Call the tool with the model's arguments and, by `KNOWN_PARAM_…`, what the call knows.

    Waits the tool's time-out in real seconds. Never raises for what the other side does: the answer tells.
    """
    wanted = _request(tool, arguments, facts)
    method = str(tool.definition["http"]["httpMethod"]).upper()
    try:
        async with (
            asyncio.timeout(tool.timeout),
            http.stream(
                method,
                wanted.url,
                params=wanted.query or None,
                headers=wanted.headers,
                json=wanted.body or None,
                timeout=None,
            ) as answer,
        ):
            said = (await beginning(answer, _LONGEST_ANSWER)).decode("utf-8", "replace")
    except TimeoutError:
        return _failed(f"Tool timed out after {tool.timeout:g}s.")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return _failed(f"Tool could not be reached: {type(error).__name__}.")
    if not answer.is_success:
        return _failed(f"Tool answered with status {answer.status_code}: {said}")
    return _read(answer, said)


def values(tool: ChosenTool, arguments: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters of a tool by name, for tools that get nothing but a body."""
    wanted = _Request("")
    for location, name, value in _parameters(tool, arguments, facts):
        del location
        wanted.body[name] = value
    return wanted.body


def _request(tool: ChosenTool, arguments: Mapping[str, Any], facts: Mapping[str, Any]) -> _Request:
    wanted = _Request(str(tool.definition["http"]["baseUrlPattern"]))
    for location, name, value in _parameters(tool, arguments, facts):
        wanted.place(location, name, value)
    for name, requirement in (security(tool.definition, tool.auth) or {}).items():
        _authorise(wanted, requirement, tool.auth[name])
    return wanted


def _parameters(
    tool: ChosenTool, arguments: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[tuple[str, str, Any]]:
    definition = tool.definition
    given = {**arguments, **tool.overrides}
    placed = [
        (one["location"], one["name"], given[one["name"]])
        for one in definition.get("dynamicParameters") or []
        if given.get(one["name"]) is not None
    ]
    placed += [
        (one["location"], one["name"], one.get("value")) for one in definition.get("staticParameters") or []
    ]
    placed += [
        (one["location"], one["name"], facts[one["knownValue"]])
        for one in definition.get("automaticParameters") or []
        if one["knownValue"] in facts
    ]
    return placed


def _authorise(wanted: _Request, requirement: Mapping[str, Any], token: str) -> None:
    if "queryApiKey" in requirement:
        wanted.query[requirement["queryApiKey"]["name"]] = token
    elif "headerApiKey" in requirement:
        wanted.headers[requirement["headerApiKey"]["name"]] = token
    elif "httpAuth" in requirement:
        wanted.headers["Authorization"] = f"{requirement['httpAuth'].get('scheme') or 'Bearer'} {token}"


def _read(answer: httpx.Response, said: str) -> ToolAnswer:
    kind = answer.headers.get("x-ultravox-response-type", "tool-response").lower()
    reaction = answer.headers.get("x-ultravox-agent-reaction", "").lower()
    return ToolAnswer(
        text=said,
        response_type=kind if kind in _RESPONSE_TYPES else "tool-response",
        reaction=reaction if reaction in _REACTIONS else None,
        new_state=_object(answer.headers.get("x-ultravox-update-call-state")),
    )


def _object(text: str | None) -> dict[str, Any] | None:
    try:
        read = parsed(text) if text else None
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _failed(why: str) -> ToolAnswer:
    return ToolAnswer(why, error=why)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
