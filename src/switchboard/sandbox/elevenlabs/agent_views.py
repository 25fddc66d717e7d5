"""Agents as the API shows them. Source: ElevenLabs "Agents" (fact sheet 2.1, 2.2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from switchboard.sandbox.elevenlabs.records import Agent, Version
from switchboard.sandbox.elevenlabs.state import Account

_EVERY = 3


def novelty(of: str) -> dict[str, Any]:
    """A field that no documentation knows, for every third id: readers must live with such."""
    return {"introduced_lately": {"enabled": True}} if crc32(of.encode()) % _EVERY == 0 else {}


def access_info() -> dict[str, Any]:
    return {
        "is_creator": True,
        "creator_name": "Sandbox",
        "creator_email": "sandbox@example.com",
        "role": "admin",
    }


def item(agent: Agent, starts: Sequence[int]) -> dict[str, Any]:
    """An entry of the list: no prompt, no configuration. `starts`: when its conversations began."""
    return {
        "agent_id": agent.agent_id,
        "name": agent.name,
        "tags": agent.tags,
        "created_at_unix_secs": agent.created_at,
        "updated_at_unix_secs": agent.updated_at,
        "access_info": access_info(),
        "last_call_time_unix_secs": max(starts, default=None),
        "archived": agent.settings["archived"],
        "voice_id": agent.config["tts"]["voice_id"],
    }


def full(account: Account, agent: Agent, version: Version | None = None) -> dict[str, Any]:
    """The whole agent, as it is or as it was in a version."""
    shown = version or agent.versions[agent.version_id]
    return {
        "agent_id": agent.agent_id,
        "name": shown.name,
        "conversation_config": _with_tools(account, shown.config),
        "metadata": {"created_at_unix_secs": agent.created_at, "updated_at_unix_secs": shown.created_at},
        "platform_settings": shown.settings,
        "phone_numbers": _numbers(account, agent),
        "whatsapp_accounts": [],
        "workflow": shown.workflow,
        "access_info": access_info(),
        "tags": shown.tags,
        "version_id": shown.version_id,
        "branch_id": agent.branch_id,
        "main_branch_id": agent.branch_id,
        **novelty(agent.agent_id),
    }


def widget(agent: Agent) -> dict[str, Any]:
    """What a web page needs to show the agent's widget; open to everybody. Source: "Get widget"."""
    conversation = agent.config["conversation"]
    usual = {
        "variant": "full",
        "placement": "bottom-right",
        "expandable": "never",
        "feedback_mode": "none",
        "avatar": {"type": "orb", "color_1": "#2792dc", "color_2": "#9ce6e6"},
        "transcript_enabled": False,
        "text_input_enabled": True,
        "supports_text_only": True,
        "use_rtc": False,
    }
    own = {name: value for name, value in agent.settings["widget"].items() if value is not None}
    derived = {
        "language": agent.config["agent"]["language"],
        "supported_language_overrides": sorted(agent.config["language_presets"]),
        "language_presets": {},
        "first_message": agent.config["agent"]["first_message"] or None,
        "text_only": bool(conversation.get("text_only")),
    }
    return {"agent_id": agent.agent_id, "widget_config": {**usual, **own, **derived}}


def starts(account: Account) -> Mapping[str, list[int]]:
    """When conversations began, in unix seconds, by the agents' ids."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for conversation in account.conversations.values():
        found[conversation.agent_id].append(int(conversation.watch.started_at.timestamp()))
    return found


def _with_tools(account: Account, config: dict[str, Any]) -> dict[str, Any]:
    """Tools given by id are shown inline as well."""
    prompt = config["agent"]["prompt"]
    if not prompt.get("tool_ids"):
        return config
    tools = [account.tools[one].config for one in prompt["tool_ids"] if one in account.tools]
    return {**config, "agent": {**config["agent"], "prompt": {**prompt, "tools": tools}}}


def _numbers(account: Account, agent: Agent) -> list[dict[str, Any]]:
    return [
        {
            "phone_number_id": one.phone_number_id,
            "phone_number": one.phone_number,
            "label": one.label,
            "provider": "twilio",
        }
        for one in account.phone_numbers.values()
        if one.agent_id == agent.agent_id
    ]
