"""`/api/tools`: durable tools, and trying one out. Source: Ultravox "Tools" (fact sheet 4.6)."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.ultravox import tool_request, tools
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_field, not_found
from switchboard.sandbox.ultravox.requests import instant, json_object, page
from switchboard.sandbox.ultravox.state import Account, State, now
from switchboard.sandbox.ultravox.tools import ChosenTool, StoredTool

_LONGEST_NAME = 40


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api/tools", route_class=UltravoxRoute)

    @routes.get("")
    async def list_tools(request: Request) -> dict[str, Any]:
        found = [tool for tool in state.account(request).known_tools.values() if _fits(tool, request.query_params)]
        found.sort(key=lambda tool: tool.created, reverse=request.query_params.get("sortOrder", "DESC") != "ASC")
        return page(request, found, _json)

    @routes.post("", status_code=201)
    async def create_tool(request: Request) -> dict[str, Any]:
        account = state.account(request)
        name, definition = _wanted(account, await json_object(request), None)
        tool = StoredTool(state.new_id(), name, now(), definition)
        account.tools[tool.tool_id] = tool
        return _json(tool)

    @routes.get("/{tool_id}")
    async def get_tool(tool_id: str, request: Request) -> dict[str, Any]:
        return _json(state.account(request).tool(tool_id))

    @routes.put("/{tool_id}")
    async def replace_tool(tool_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        tool = _own(account, tool_id)
        name, definition = _wanted(account, await json_object(request), tool)
        tool.history.append(tool.definition)
        tool.name, tool.definition = name, definition
        return _json(tool)

    @routes.delete("/{tool_id}", status_code=204)
    async def delete_tool(tool_id: str, request: Request) -> Response:
        account = state.account(request)
        del account.tools[_own(account, tool_id).tool_id]
        return Response(status_code=204)

    _add_trials(routes, state)
    return routes


def _add_trials(routes: APIRouter, state: State) -> None:
    @routes.get("/{tool_id}/history")
    async def history(tool_id: str, request: Request) -> dict[str, Any]:
        tool = state.account(request).tool(tool_id)
        return page(request, [{"toolId": tool.tool_id, "definition": one} for one in reversed(tool.history)])

    @routes.post("/{tool_id}/test")
    async def try_tool(tool_id: str, request: Request) -> Response:
        tool = state.account(request).tool(tool_id)
        body = await json_object(request)
        chosen = ChosenTool(tool.name, tool.definition, auth=body.pop("authTokens", None) or {})
        if chosen.implementation != "http":
            raise bad_field("definition", "Only HTTP tools can be tested.")
        answer = await tool_request.send(state.world.delivery.http, chosen, body, {})
        return Response(answer.text, status_code=200, media_type="text/plain")


def _wanted(account: Account, body: Mapping[str, Any], tool: StoredTool | None) -> tuple[str, dict[str, Any]]:
    definition = tools.definition(body.get("definition"), "definition")
    name = body.get("name") or definition["modelToolName"]
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        raise bad_field("name", f"Ensure this field has no more than {_LONGEST_NAME} characters.")
    if any(one.name == name and one is not tool for one in account.known_tools.values()):
        raise bad_field("name", "A tool with this name already exists.")
    return name, definition


def _own(account: Account, tool_id: str) -> StoredTool:
    """Public tools are nobody's to change. Raises: UltravoxError 404."""
    if tool_id not in account.tools:
        raise not_found("Tool")
    return account.tools[tool_id]


def _fits(tool: StoredTool, query: Mapping[str, str]) -> bool:
    searched = f"{tool.name} {tool.definition.get('description') or ''}".casefold()
    return query.get("ownership") in (None, tool.ownership) and query.get("search", "").casefold() in searched


def _json(tool: StoredTool) -> dict[str, Any]:
    return {
        "toolId": tool.tool_id,
        "name": tool.name,
        "created": instant(tool.created),
        "ownership": tool.ownership,
        "definition": tool.definition,
    }
