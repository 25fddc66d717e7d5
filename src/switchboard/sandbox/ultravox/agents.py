"""`/api/agents`: an agent is a name and a `callTemplate`. Source: Ultravox "Agents" (fact sheet 2)."""

import re
from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.ultravox import template
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_field, bad_request
from switchboard.sandbox.ultravox.requests import instant, json_object, page
from switchboard.sandbox.ultravox.state import Account, Agent, State, now

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api/agents", route_class=UltravoxRoute)

    @routes.get("")
    async def list_agents(request: Request) -> dict[str, Any]:
        return page(request, _found(state.account(request), request), _json)

    @routes.post("", status_code=201)
    async def create_agent(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        if "name" not in body:
            raise bad_field("name", "This field is required.")
        agent = Agent(state.new_id(), state.new_id(), "", {}, now(), now())
        _apply(state, account, agent, {"callTemplate": {}, **body})
        account.agents[agent.agent_id] = agent
        return _json(agent)

    @routes.get("/{agent_id}")
    async def get_agent(agent_id: str, request: Request) -> dict[str, Any]:
        return _json(state.account(request).agent(agent_id))

    @routes.patch("/{agent_id}")
    async def update_agent(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        agent = account.agent(agent_id)
        _apply(state, account, agent, await json_object(request))
        agent.updated, agent.revision_id = now(), state.new_id()
        return _json(agent)

    @routes.delete("/{agent_id}", status_code=204)
    async def delete_agent(agent_id: str, request: Request) -> Response:
        account = state.account(request)
        del account.agents[account.agent(agent_id).agent_id]
        return Response(status_code=204)

    return routes


def _apply(state: State, account: Account, agent: Agent, body: dict[str, Any]) -> None:
    """Take over name and template. Other top-level fields vanish silently.

    Whether the template is replaced whole or merged is a setting: sources contradict each other.
    """
    name, given = body.get("name", agent.name), body.get("callTemplate", agent.template)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise bad_field("name", "Name must match ^[a-zA-Z0-9_-]{1,64}$.")
    if not isinstance(given, dict):
        raise bad_request("callTemplate must be an object.")
    if state.settings.patch == "merge":
        given = {**agent.template, **given}
    agent.template = template.read(given, account.known_tools)
    agent.name = name


def _found(account: Account, request: Request) -> list[Agent]:
    """Newest first unless `sort` says otherwise."""
    search = (request.query_params.get("search") or "").casefold()
    sort = request.query_params.get("sort") or "-created"
    if sort.lstrip("-") not in ("created", "name"):
        raise bad_request(f"Cannot sort by {sort}.")
    found = [agent for agent in account.agents.values() if search in agent.name.casefold()]
    by_name = sort.endswith("name")
    return sorted(
        found,
        key=lambda agent: agent.name.casefold() if by_name else agent.created.isoformat(),
        reverse=sort.startswith("-"),
    )


def _json(agent: Agent) -> dict[str, Any]:
    shown = {
        **template.complete(agent.template),
        "name": agent.name,
        "created": instant(agent.created),
        "updated": instant(agent.updated),
    }
    return {
        "agentId": agent.agent_id,
        "publishedRevisionId": agent.revision_id,
        "name": agent.name,
        "created": instant(agent.created),
        "callTemplate": shown,
        "statistics": {"calls": agent.calls},
    }
