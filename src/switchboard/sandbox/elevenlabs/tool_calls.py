"""Tools at work: webhook tools are asked over HTTP, client tools by whoever is at the other end of the socket.

Source: ElevenLabs "Server tools", "Client tools" (fact sheet 2.5, 6.2, 6.3).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx

from switchboard.sandbox.answers import beginning
from switchboard.sandbox.conversation.spoken import render
from switchboard.sandbox.elevenlabs.character import tool_configs
from switchboard.sandbox.elevenlabs.conversation import Conversation, ToolUse
from switchboard.sandbox.elevenlabs.state import Account
from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.line import ToolCall, ToolResult

AskClient = Callable[[ToolCall], Awaitable[ToolResult]]
_SECONDS = 20.0
_LONGEST_ANSWER = 64 * 1024
_WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")


class ToolCalls:
    """Runs one conversation's tools and writes down what came of it. `ask_client`: None on the telephone."""

    def __init__(
        self,
        account: Account,
        conversation: Conversation,
        http: httpx.AsyncClient,
        ask_client: AskClient | None = None,
    ) -> None:
        self._account = account
        self._conversation = conversation
        self._http = http
        self._ask_client = ask_client
        self._configs = tool_configs(account, conversation.config)

    def kind(self, name: str) -> str:
        """webhook, client or system."""
        return str(self._configs.get(name, {}).get("type") or "system")

    async def run(self, call: ToolCall) -> ToolResult:
        conversation = self._conversation
        use = ToolUse(
            call_id=call.id,
            name=call.name,
            kind=self.kind(call.name),
            arguments=dict(call.arguments),
            asked_at=conversation.watch.seconds() - self._accepted(),
        )
        conversation.tools_used.append(use)
        began = time.monotonic()
        result = await self._result(call, self._configs.get(call.name, {}))
        use.result, use.is_error, use.latency = result.text, result.is_error, time.monotonic() - began
        self._count(call.name, use.latency)
        return result

    def _accepted(self) -> float:
        accepted = self._conversation.accepted_at or self._conversation.watch.started_at
        return (accepted - self._conversation.watch.started_at).total_seconds()

    async def _result(self, call: ToolCall, config: Mapping[str, Any]) -> ToolResult:
        seconds = float(config.get("response_timeout_secs") or _SECONDS)
        try:
            async with asyncio.timeout(seconds):
                if config.get("type") == "webhook":
                    return await self._over_http(call, config)
                if config.get("type") == "client" and self._ask_client is not None:
                    return await self._ask_client(call)
        except TimeoutError:
            return ToolResult(f"The tool {call.name} did not answer within {seconds:g} s.", is_error=True)
        return ToolResult(f"The tool {call.name} cannot be used here.", is_error=True)

    async def _over_http(self, call: ToolCall, config: Mapping[str, Any]) -> ToolResult:
        request = webhook_request(config, call.arguments, self._conversation.variables)
        try:
            async with self._http.stream(**request, timeout=None) as answer:
                said = (await beginning(answer, _LONGEST_ANSWER)).decode("utf-8", "replace")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return ToolResult(f"The tool could not be reached: {type(error).__name__}.", is_error=True)
        if answer.is_success:
            self._assign(config, said)
        return ToolResult(said, is_error=not answer.is_success)

    def _assign(self, config: Mapping[str, Any], said: str) -> None:
        """Copy fields of the answer into dynamic variables, as `assignments` order."""
        found: Any = None
        with suppress(ValueError):
            found = parsed(said)
        for one in config.get("assignments") or []:
            value = found
            for part in str(one.get("value_path") or "").removeprefix("$.").split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if one.get("dynamic_variable") and value is not None:
                self._conversation.variables[str(one["dynamic_variable"])] = value

    def _count(self, name: str, latency: float) -> None:
        for tool in self._account.tools.values():
            if tool.config.get("name") == name:
                tool.calls, tool.latency = tool.calls + 1, tool.latency + latency


def webhook_request(
    config: Mapping[str, Any], arguments: Mapping[str, Any], variables: dict[str, Any]
) -> dict[str, Any]:
    """`method`, `url`, `params`, `json` and `headers` of a webhook tool's request."""
    schema = config.get("api_schema") or {}
    values = _Values(arguments, variables)
    method = str(schema.get("method") or "GET").upper()
    url = str(schema.get("url") or "")
    for name, value in values.of(schema.get("path_params_schema") or {}).items():
        url = url.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = (schema.get("query_params_schema") or {}).get("properties") or {}
    body = (schema.get("request_body_schema") or {}).get("properties") or {}
    request: dict[str, Any] = {
        "method": method,
        "url": render(url, variables),
        "params": values.of(query) or None,
        "headers": values.headers(schema.get("request_headers") or {}),
    }
    return {**request, "json": values.of(body)} if method in _WITH_BODY and body else request


class _Values:
    """What a schema's leaves stand for: what the agent filled in, constants, dynamic variables."""

    def __init__(self, arguments: Mapping[str, Any], variables: dict[str, Any]) -> None:
        self._arguments = arguments
        self._variables = variables

    def of(self, leaves: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: self._value(name, leaf) for name, leaf in leaves.items() if isinstance(leaf, Mapping)}
        return {name: value for name, value in found.items() if value is not None}

    def headers(self, wanted: Mapping[str, Any]) -> dict[str, bytes]:
        """Texts as UTF-8 with variables filled in; secrets kept at the service are told by their id only."""
        found = {}
        for name, value in wanted.items():
            if isinstance(value, str):
                found[name] = render(value, self._variables)
            elif isinstance(value, Mapping) and value.get("variable_name"):
                found[name] = str(self._variables.get(str(value["variable_name"]), ""))
            elif isinstance(value, Mapping) and value.get("secret_id"):
                found[name] = f"secret:{value['secret_id']}"
        return {name: value.encode() for name, value in found.items()}

    def _value(self, name: str, leaf: Mapping[str, Any]) -> Any:
        if leaf.get("is_omitted"):
            return None
        if leaf.get("constant_value") not in (None, ""):
            return leaf["constant_value"]
        if variable := leaf.get("dynamic_variable"):
            return self._variables.get(str(variable))
        return self._arguments.get(name)
