"""`/v1/convai/tools`. Source: ElevenLabs "Tools" (fact sheet 2.5)."""

from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs import dependents, tool_config
from switchboard.sandbox.elevenlabs.agent_views import access_info, novelty
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing
from switchboard.sandbox.elevenlabs.limits import room_for
from switchboard.sandbox.elevenlabs.records import Tool
from switchboard.sandbox.elevenlabs.requests import json_object, page
from switchboard.sandbox.elevenlabs.state import State


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai/tools", route_class=ElevenLabsRoute)

    @routes.post("")
    async def create_tool(request: Request) -> dict[str, Any]:
        account = state.account(request)
        tool = Tool(state.new_id("tool"), _config(await json_object(request)))
        room_for(account.tools, "tools")
        account.tools[tool.tool_id] = tool
        return _json(tool)

    @routes.get("")
    async def list_tools(request: Request) -> dict[str, Any]:
        account = state.account(request)
        search = (request.query_params.get("search") or "").casefold()
        kinds = request.query_params.getlist("types")
        found = [
            one
            for one in account.tools.values()
            if search in str(one.config["name"]).casefold() and (not kinds or one.config["type"] in kinds)
        ]
        shown, cursor = page(request, found, lambda one: one.tool_id)
        return {"tools": [_json(one) for one in shown], "next_cursor": cursor, "has_more": cursor is not None}

    @routes.get("/{tool_id}")
    async def get_tool(tool_id: str, request: Request) -> dict[str, Any]:
        return _json(state.account(request).tool(tool_id))

    @routes.patch("/{tool_id}")
    async def update_tool(tool_id: str, request: Request) -> dict[str, Any]:
        tool = state.account(request).tool(tool_id)
        tool.config = _config(await json_object(request))
        return _json(tool)

    _add_ends(routes, state)
    return routes


def _add_ends(routes: APIRouter, state: State) -> None:
    @routes.delete("/{tool_id}")
    async def delete_tool(tool_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        tool = account.tool(tool_id)
        dependents.check_removal(request, dependents.of_tool(account, tool.tool_id), "tool")
        del account.tools[tool_id]
        return {}

    @routes.get("/{tool_id}/dependent-agents")
    async def dependent_agents(tool_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        return dependents.paged(request, dependents.of_tool(account, account.tool(tool_id).tool_id))


def _config(body: dict[str, Any]) -> dict[str, Any]:
    """Checked and filled up. Raises: ElevenLabsError 422."""
    if "tool_config" not in body:
        raise missing("body", "tool_config")
    tool_config.check(("body", "tool_config"), body["tool_config"])
    return tool_config.filled(body["tool_config"])


def _json(tool: Tool) -> dict[str, Any]:
    latency = tool.latency / tool.calls if tool.calls else 0.0
    return {
        "id": tool.tool_id,
        "tool_config": tool.config,
        "access_info": access_info(),
        "usage_stats": {"total_calls": tool.calls, "avg_latency_secs": round(latency, 3)},
        **novelty(tool.tool_id),
    }
