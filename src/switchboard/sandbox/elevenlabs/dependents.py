"""Agents that depend on something of the workspace, which is therefore not removed without force.

Source: ElevenLabs "Get dependent agents", of tools and of documents (fact sheet 2.5).
"""

from collections.abc import Sequence
from typing import Any

from fastapi import Request

from switchboard.sandbox.elevenlabs.errors import refused
from switchboard.sandbox.elevenlabs.records import Agent
from switchboard.sandbox.elevenlabs.requests import flag, page
from switchboard.sandbox.elevenlabs.state import Account


def of_tool(account: Account, tool_id: str) -> list[Agent]:
    """The agents that name the tool."""
    return [one for one in account.agents.values() if tool_id in one.config["agent"]["prompt"]["tool_ids"]]


def of_document(account: Account, document_id: str) -> list[Agent]:
    """The agents that know the document."""
    return [
        agent
        for agent in account.agents.values()
        if any(entry["id"] == document_id for entry in agent.config["agent"]["prompt"]["knowledge_base"])
    ]


def as_json(agent: Agent) -> dict[str, Any]:
    return {
        "type": "available",
        "id": agent.agent_id,
        "name": agent.name,
        "created_at_unix_secs": agent.created_at,
        "access_level": "admin",
    }


def paged(request: Request, agents: Sequence[Agent]) -> dict[str, Any]:
    """One page of them, as `dependent-agents` answers."""
    shown, cursor = page(request, agents, lambda one: one.agent_id)
    listed = [as_json(agent) for agent in shown]
    return {"agents": listed, "branches": [], "next_cursor": cursor, "has_more": cursor is not None}


def check_removal(request: Request, agents: Sequence[Agent], what: str) -> None:
    """Raises: ElevenLabsError 409 while agents use it, unless the request has `force=true`."""
    if agents and not flag(request, "force", default=False):
        message = f"The {what} is used by agents. Delete it with force=true or take it from them first."
        raise refused(409, "conflict", message)
