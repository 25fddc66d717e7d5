"""`/v1/convai/tools`. Source: ElevenLabs "Tools" (fact sheet 2.5)."""

import re
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs.agent_views import access_info, novelty
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing, refused, unprocessable
from switchboard.sandbox.elevenlabs.records import Agent, Tool
from switchboard.sandbox.elevenlabs.requests import json_object, page, text
from switchboard.sandbox.elevenlabs.state import Account, State

_TYPES = ("webhook", "client", "system", "mcp")
_NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
_LONGEST_WAIT = {"webhook": (5, 300), "client": (1, 120)}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "webhook": {"response_timeout_secs": 20, "execution_mode": "immediate", "assignments": []},
    "client": {"response_timeout_secs": 20, "expects_response": False, "parameters": None},
}


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai/tools", route_class=ElevenLabsRoute)

    @routes.post("")
    async def create_tool(request: Request) -> dict[str, Any]:
        account = state.account(request)
        tool = Tool(state.new_id("tool"), _config(await json_object(request)))
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
        shown, cursor = page(request, found)
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
        if dependents(account, tool) and request.query_params.get("force") != "true":
            message = "The tool is used by agents. Delete it with force=true or take it from them first."
            raise refused(409, "conflict", message)
        del account.tools[tool_id]
        return {}

    @routes.get("/{tool_id}/dependent-agents")
    async def dependent_agents(tool_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        found = dependents(account, account.tool(tool_id))
        shown, cursor = page(request, [_dependent(agent) for agent in found])
        return {"agents": shown, "branches": [], "next_cursor": cursor, "has_more": cursor is not None}


def dependents(account: Account, tool: Tool) -> list[Agent]:
    """The agents that name the tool."""
    return [
        agent
        for agent in account.agents.values()
        if tool.tool_id in (agent.config["agent"]["prompt"].get("tool_ids") or [])
    ]


def _dependent(agent: Agent) -> dict[str, Any]:
    return {
        "type": "available",
        "id": agent.agent_id,
        "name": agent.name,
        "created_at_unix_secs": agent.created_at,
        "access_level": "admin",
    }


def _config(body: dict[str, Any]) -> dict[str, Any]:
    """Checked and filled up. Raises: ElevenLabsError 422."""
    config = body.get("tool_config")
    if not isinstance(config, dict):
        raise missing("body", "tool_config")
    kind = config.get("type")
    if kind not in _TYPES:
        raise _bad("type", f"Input should be one of {', '.join(_TYPES)}", "union_tag_invalid", kind)
    name = text(config, "name")
    if not _NAME.fullmatch(name):
        raise _bad("name", f"String should match pattern '{_NAME.pattern}'", "string_pattern_mismatch", name)
    if kind in ("webhook", "client"):
        text(config, "description")
        _check_wait(kind, config.get("response_timeout_secs"))
    if kind == "webhook" and not isinstance((config.get("api_schema") or {}).get("url"), str):
        raise missing("body", "tool_config", "webhook", "api_schema", "url")
    return {**_DEFAULTS.get(kind, {}), **config}


def _check_wait(kind: str, wanted: Any) -> None:
    least, most = _LONGEST_WAIT[kind]
    if wanted is not None and not (isinstance(wanted, int) and least <= wanted <= most):
        message = f"Input should be an integer from {least} to {most}"
        raise _bad("response_timeout_secs", message, "less_than_equal", wanted)


def _bad(field: str, message: str, kind: str, given: Any) -> Exception:
    return unprocessable(("body", "tool_config", field), message, kind, given)


def _json(tool: Tool) -> dict[str, Any]:
    latency = tool.latency / tool.calls if tool.calls else 0.0
    return {
        "id": tool.tool_id,
        "tool_config": tool.config,
        "access_info": access_info(),
        "usage_stats": {"total_calls": tool.calls, "avg_latency_secs": round(latency, 3)},
        **novelty(tool.tool_id),
    }
