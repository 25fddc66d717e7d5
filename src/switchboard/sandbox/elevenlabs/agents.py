"""`/v1/convai/agents`. Source: ElevenLabs "Agents" (fact sheet 2.1, 2.2)."""

import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs import agent_views, defaults, validation, voices
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing, not_found, of_kind, refused
from switchboard.sandbox.elevenlabs.limits import room_for
from switchboard.sandbox.elevenlabs.records import Agent, Version
from switchboard.sandbox.elevenlabs.requests import choice, flag, json_object, merged, optional, page, text
from switchboard.sandbox.elevenlabs.state import Account, State

_A_WEEK = 7 * 24 * 3600
_SORTS = ("name", "created_at", "call_count_7d", "updated_at")
_PARTS = ("conversation_config", "platform_settings", "workflow")


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai/agents", route_class=ElevenLabsRoute)

    @routes.post("/create")
    async def create_agent(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        if "conversation_config" not in body:
            raise missing("body", "conversation_config")
        of_kind(("body", "conversation_config"), body["conversation_config"], dict)
        agent = _blank(state)
        _apply(account, agent, body)
        agent.keep_version()
        room_for(account.agents, "agents")
        account.agents[agent.agent_id] = agent
        return {"agent_id": agent.agent_id}

    @routes.get("")
    async def list_agents(request: Request) -> dict[str, Any]:
        account = state.account(request)
        starts = agent_views.starts(account)
        found, cursor = page(request, _found(account, request, starts), lambda one: one.agent_id)
        return {
            "agents": [agent_views.item(agent, starts.get(agent.agent_id, ())) for agent in found],
            "next_cursor": cursor,
            "has_more": cursor is not None,
        }

    @routes.get("/summaries")
    async def get_summaries(request: Request) -> dict[str, Any]:
        account = state.account(request)
        wanted, starts = request.query_params.getlist("agent_ids"), agent_views.starts(account)
        return {agent_id: _summary(account.agents.get(agent_id), starts) for agent_id in wanted}

    @routes.get("/{agent_id}")
    async def get_agent(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        agent = account.agent(agent_id)
        _check_branch(agent, request)
        return agent_views.full(account, agent, _version(agent, request))

    @routes.patch("/{agent_id}")
    async def update_agent(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        agent = account.agent(agent_id)
        _check_branch(agent, request)
        body = await json_object(request)
        description = text(body, "version_description", "") or None
        _apply(account, agent, body)
        agent.updated_at, agent.version_id = int(time.time()), state.new_id("agtvrsn")
        agent.keep_version(description)
        return agent_views.full(account, agent)

    _add_more(routes, state)
    return routes


def _add_more(routes: APIRouter, state: State) -> None:
    @routes.delete("/{agent_id}")
    async def delete_agent(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        del account.agents[account.agent(agent_id).agent_id]
        for number in account.phone_numbers.values():
            if number.agent_id == agent_id:
                number.agent_id = None
        return {}

    @routes.post("/{agent_id}/duplicate")
    async def duplicate_agent(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        source = account.agent(agent_id)
        body = await json_object(request) if await request.body() else {}
        copy = _blank(state)
        copy.name = optional(body, "name", str) or f"{source.name} (copy)"
        copy.config, copy.settings = deepcopy(source.config), deepcopy(source.settings)
        copy.tags, copy.workflow = list(source.tags), deepcopy(source.workflow)
        copy.keep_version()
        room_for(account.agents, "agents")
        account.agents[copy.agent_id] = copy
        return {"agent_id": copy.agent_id}

    @routes.get("/{agent_id}/link")
    async def get_link(agent_id: str, request: Request) -> dict[str, Any]:
        agent = state.account(request).agent(agent_id)
        token = agent.settings["auth"].get("shareable_token")
        return {"agent_id": agent.agent_id, "token": token and _shared(agent, token)}

    @routes.get("/{agent_id}/widget")
    async def get_widget(agent_id: str) -> dict[str, Any]:
        found = state.public_agent(agent_id)
        if found is None:
            raise not_found("agent", agent_id)
        return agent_views.widget(found[1])


def _summary(agent: Agent | None, starts: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    if agent is None:
        return {"status": "failure", "error_code": 404, "error_status": "Not Found", "error_message": "Not found."}
    return {"status": "success", "data": agent_views.item(agent, starts.get(agent.agent_id, ()))}


def _shared(agent: Agent, token: str) -> dict[str, Any]:
    return {
        "agent_id": agent.agent_id,
        "conversation_token": token,
        "expiration_time_unix_secs": None,
        "conversation_id": None,
        "purpose": "shareable_link",
        "token_requester_user_id": None,
    }


def _check_branch(agent: Agent, request: Request) -> None:
    """Raises: ElevenLabsError 404: the sandbox's agents have their main branch only."""
    branch_id = request.query_params.get("branch_id")
    if branch_id not in (None, "", agent.branch_id):
        raise not_found("branch", branch_id or "")


def _version(agent: Agent, request: Request) -> Version | None:
    """The version that was asked for. Raises: ElevenLabsError 404."""
    version_id = request.query_params.get("version_id")
    if not version_id:
        return None
    if version_id not in agent.versions:
        raise not_found("version", version_id)
    return agent.versions[version_id]


def _blank(state: State) -> Agent:
    now = int(time.time())
    ids = (state.new_id("agent"), state.new_id("agtbrch"), state.new_id("agtvrsn"))
    config, settings = defaults.conversation_config(), defaults.platform_settings()
    return Agent(*ids, "New agent", config, settings, [], defaults.workflow(), now, now)


def _apply(account: Account, agent: Agent, body: dict[str, Any]) -> None:
    """Merge a body into an agent, or refuse it whole."""
    config, settings, workflow = (
        merged(before, optional(body, part, dict) or {})
        for part, before in zip(_PARTS, (agent.config, agent.settings, agent.workflow), strict=True)
    )
    name, tags = optional(body, "name", str), optional(body, "tags", list)
    for place, tag in enumerate(tags or []):
        of_kind(("body", "tags", place), tag, str)
    validation.check_config(config)
    validation.check_settings(settings)
    _check_tools(account, config["agent"]["prompt"], defaults.at(body, "conversation_config.agent.prompt") or {})
    _check_voice(account, config["tts"]["voice_id"])
    agent.config, agent.settings, agent.workflow = config, settings, workflow
    agent.name, agent.tags = name or agent.name, agent.tags if tags is None else tags


def _check_tools(account: Account, prompt: dict[str, Any], given: dict[str, Any]) -> None:
    """Raises: ElevenLabsError 404 for an unknown tool or document, 400 for tools by id and inline at once."""
    if given.get("tool_ids") and given.get("tools"):
        message = "Give either tool_ids or tools, not both."
        raise refused(400, "invalid_parameters", message, param="tools")
    for tool_id in prompt["tool_ids"]:
        account.tool(tool_id)
    for entry in prompt["knowledge_base"]:
        account.document(entry["id"])


def _check_voice(account: Account, voice_id: str) -> None:
    """Raises: ElevenLabsError 402 for a library voice on the free tier."""
    speaker = voices.find(voice_id)
    if speaker and speaker.from_library and account.tier == "free":
        message = "Free users cannot use library voices via the API."
        raise refused(402, "paid_plan_required", message, legacy="payment_required")


def _found(account: Account, request: Request, starts: Mapping[str, Sequence[int]]) -> list[Agent]:
    search = (request.query_params.get("search") or "").casefold()
    archived, tags = flag(request, "archived", default=False), set(request.query_params.getlist("tags"))
    sort = choice(request, "sort_by", _SORTS, "created_at")
    descending = choice(request, "sort_direction", ("asc", "desc"), "desc") == "desc"
    if request.query_params.get("created_by_user_id") not in (None, "", "@me", account.user_id):
        return []
    found = [
        agent
        for agent in account.agents.values()
        if search in agent.name.casefold() and agent.settings["archived"] == archived and tags <= set(agent.tags)
    ]
    if sort == "name":
        return sorted(found, key=lambda agent: agent.name.casefold(), reverse=descending)
    # Agents are kept in order of creation, which unix seconds alone could not tell.
    ordered = list(reversed(found)) if descending else found
    if sort == "created_at":
        return ordered
    if sort == "updated_at":
        return sorted(ordered, key=lambda agent: agent.updated_at, reverse=descending)
    since = time.time() - _A_WEEK
    counts = {agent_id: sum(start >= since for start in begun) for agent_id, begun in starts.items()}
    return sorted(ordered, key=lambda agent: counts.get(agent.agent_id, 0), reverse=descending)
