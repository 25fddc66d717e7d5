"""`/v1/convai/agents`. Source: ElevenLabs "Agents" (fact sheet 2.1, 2.2)."""

import time
from copy import deepcopy
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs import defaults, voices
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing, refused, unprocessable
from switchboard.sandbox.elevenlabs.requests import choice, flag, json_object, merged, page
from switchboard.sandbox.elevenlabs.state import Account, Agent, State

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
        agent = _blank(state)
        _apply(account, agent, body)
        account.agents[agent.agent_id] = agent
        return {"agent_id": agent.agent_id}

    @routes.get("")
    async def list_agents(request: Request) -> dict[str, Any]:
        account = state.account(request)
        found, cursor = page(request, _found(account, request))
        return {
            "agents": [_item(account, agent) for agent in found],
            "next_cursor": cursor,
            "has_more": cursor is not None,
        }

    @routes.get("/{agent_id}")
    async def get_agent(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        return _json(account, account.agent(agent_id))

    @routes.patch("/{agent_id}")
    async def update_agent(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        agent = account.agent(agent_id)
        _apply(account, agent, await json_object(request))
        agent.updated_at, agent.version_id = int(time.time()), state.new_id("agtvrsn")
        return _json(account, agent)

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
        copy.name = body.get("name") or f"{source.name} (copy)"
        copy.config, copy.settings = deepcopy(source.config), deepcopy(source.settings)
        copy.tags, copy.workflow = list(source.tags), deepcopy(source.workflow)
        account.agents[copy.agent_id] = copy
        return {"agent_id": copy.agent_id}

    return routes


def _blank(state: State) -> Agent:
    now = int(time.time())
    ids = (state.new_id("agent"), state.new_id("agtbrch"), state.new_id("agtvrsn"))
    config, settings = defaults.conversation_config(), defaults.platform_settings()
    return Agent(*ids, "New agent", config, settings, [], {}, now, now)


def _apply(account: Account, agent: Agent, body: dict[str, Any]) -> None:
    """Merge a body into an agent, or refuse it whole."""
    for part in _PARTS:
        if body.get(part) is not None and not isinstance(body[part], dict):
            raise unprocessable(("body", part), "Input should be a valid dictionary", "dict_type", body[part])
    name, tags = body.get("name"), body.get("tags")
    if name is not None and not isinstance(name, str):
        raise unprocessable(("body", "name"), "Input should be a valid string", "string_type", name)
    if tags is not None and not isinstance(tags, list):
        raise unprocessable(("body", "tags"), "Input should be a valid list", "list_type", tags)
    config = merged(agent.config, body.get("conversation_config") or {})
    settings = merged(agent.settings, body.get("platform_settings") or {})
    defaults.check(config, settings)
    _check_voice(account, config["tts"]["voice_id"])
    agent.config, agent.settings = config, settings
    agent.workflow = merged(agent.workflow, body.get("workflow") or {})
    agent.name, agent.tags = name or agent.name, agent.tags if tags is None else tags


def _check_voice(account: Account, voice_id: str) -> None:
    """Raises: ElevenLabsError 402 for a library voice on the free tier."""
    speaker = voices.find(voice_id)
    if speaker and speaker.from_library and account.tier == "free":
        message = "Free users cannot use library voices via the API."
        raise refused(402, "paid_plan_required", message, legacy="payment_required")


def _found(account: Account, request: Request) -> list[Agent]:
    search = (request.query_params.get("search") or "").casefold()
    archived, tags = flag(request, "archived", default=False), set(request.query_params.getlist("tags"))
    sort = choice(request, "sort_by", _SORTS, "created_at")
    descending = choice(request, "sort_direction", ("asc", "desc"), "desc") == "desc"
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
    return sorted(ordered, key=lambda agent: _rank(account, agent, sort), reverse=descending)


def _rank(account: Account, agent: Agent, sort: str | None) -> int:
    return agent.updated_at if sort == "updated_at" else len(_starts(account, agent))


def _starts(account: Account, agent: Agent) -> list[int]:
    return [
        int(conversation.watch.started_at.timestamp())
        for conversation in account.conversations.values()
        if conversation.agent_id == agent.agent_id
    ]


def _access() -> dict[str, Any]:
    return {
        "is_creator": True,
        "creator_name": "Sandbox",
        "creator_email": "sandbox@example.com",
        "role": "admin",
    }


def _item(account: Account, agent: Agent) -> dict[str, Any]:
    return {
        "agent_id": agent.agent_id,
        "name": agent.name,
        "tags": agent.tags,
        "created_at_unix_secs": agent.created_at,
        "updated_at_unix_secs": agent.updated_at,
        "access_info": _access(),
        "last_call_time_unix_secs": max(_starts(account, agent), default=None),
        "archived": agent.settings["archived"],
        "voice_id": agent.config["tts"]["voice_id"],
    }


def _json(account: Account, agent: Agent) -> dict[str, Any]:
    numbers = [
        {
            "phone_number_id": one.phone_number_id,
            "phone_number": one.phone_number,
            "label": one.label,
            "provider": "twilio",
        }
        for one in account.phone_numbers.values()
        if one.agent_id == agent.agent_id
    ]
    return {
        "agent_id": agent.agent_id,
        "name": agent.name,
        "conversation_config": agent.config,
        "metadata": {"created_at_unix_secs": agent.created_at, "updated_at_unix_secs": agent.updated_at},
        "platform_settings": agent.settings,
        "phone_numbers": numbers,
        "whatsapp_accounts": [],
        "workflow": agent.workflow,
        "access_info": _access(),
        "tags": agent.tags,
        "version_id": agent.version_id,
        "branch_id": agent.branch_id,
        "main_branch_id": agent.branch_id,
    }
