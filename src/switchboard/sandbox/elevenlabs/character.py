"""Who an agent is in one conversation: what it knows, which tools it has, how it behaves.

Source: ElevenLabs "Agents", "Tools", "Knowledge base" (fact sheet 2.3 to 2.5).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.sandbox.conversation.persona import Persona, Tool
from switchboard.sandbox.conversation.turns import Manners
from switchboard.sandbox.elevenlabs.conversation import Conversation
from switchboard.sandbox.elevenlabs.state import Account

_USUAL_PAUSE, _TOOL_SECONDS = 0.5, 20.0
_PAUSES = {"patient": 0.9, "eager": 0.35}
"""Seconds of silence that end the user's turn, by `turn_eagerness`."""
_NOT_FILLED_IN = ("constant_value", "dynamic_variable")


def persona(account: Account, conversation: Conversation) -> Persona:
    config = conversation.config
    agent, turn = config["agent"], config["turn"]
    built_in = agent["prompt"].get("built_in_tools") or {}
    voicemail = built_in.get("voicemail_detection")
    silence = float(turn.get("silence_end_call_timeout") or -1)
    configs = tool_configs(account, config)
    return Persona(
        prompt="\n".join([agent["prompt"]["prompt"], *_known(account, agent["prompt"])]),
        first_message=agent["first_message"],
        language=agent["language"],
        variables=conversation.variables,
        can_hang_up=bool(built_in.get("end_call")) or "end_call" in configs,
        patience=float(turn.get("turn_timeout") or 7.0),
        ends_after_silence=silence if silence > 0 else None,
        voicemail_message=(voicemail.get("params") or {}).get("voicemail_message") or "" if voicemail else None,
        tools=tuple(_tool(one) for one in configs.values() if one.get("type") in ("webhook", "client")),
    )


def manners(account: Account, conversation: Conversation) -> Manners:
    config = conversation.config
    agent, events = config["agent"], config["conversation"].get("client_events") or ()
    waits = [float(one.get("response_timeout_secs") or 0) for one in tool_configs(account, config).values()]
    return Manners(
        agent_first=bool(agent["first_message"]),
        longest=float(config["conversation"]["max_duration_seconds"]),
        last_words=agent.get("max_conversation_duration_message") or "",
        interruptible=conversation.line is not None or "interruption" in events,
        opening_interruptible=not agent.get("disable_first_message_interruptions"),
        pause=_PAUSES.get(config["turn"].get("turn_eagerness"), _USUAL_PAUSE),
        tool_seconds=max([_TOOL_SECONDS, *waits]),
    )


def tool_configs(account: Account, config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The agent's own tools by name: those of the workspace that it names, and inline ones."""
    prompt = config["agent"]["prompt"]
    shared = [account.tools[one].config for one in prompt.get("tool_ids") or [] if one in account.tools]
    inline = [one for one in prompt.get("tools") or [] if isinstance(one, dict)]
    return {str(one.get("name")): one for one in (*shared, *inline)}


def _known(account: Account, prompt: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the documents that the agent may use."""
    for entry in prompt.get("knowledge_base") or []:
        document = account.documents.get(str(entry.get("id"))) if isinstance(entry, dict) else None
        if document is None:
            continue
        yield document.content
        inside = [one for one in account.documents.values() if one.folder_id == document.document_id]
        yield from (one.content for one in inside)


def _tool(config: Mapping[str, Any]) -> Tool:
    if config.get("type") == "client":
        parameters = config.get("parameters") or {}
        return Tool(
            str(config.get("name")),
            str(config.get("description") or ""),
            {"type": "object", **parameters},
            expects_answer=bool(config.get("expects_response")),
        )
    return Tool(
        str(config.get("name")),
        str(config.get("description") or ""),
        _asked_of_the_model(config.get("api_schema") or {}),
    )


def _asked_of_the_model(schema: Mapping[str, Any]) -> dict[str, Any]:
    """One JSON schema of whatever the agent has to fill in, wherever the request carries it."""
    path: Mapping[str, Any] = schema.get("path_params_schema") or {}
    properties: dict[str, Any] = {name: leaf for name, leaf in path.items() if _is_asked(leaf)}
    required = list(properties)
    for part in ("query_params_schema", "request_body_schema"):
        section = schema.get(part) or {}
        own = {name: leaf for name, leaf in (section.get("properties") or {}).items() if _is_asked(leaf)}
        properties |= own
        required += [name for name in section.get("required") or [] if name in own]
    return {"type": "object", "properties": properties, "required": required}


def _is_asked(leaf: Any) -> bool:
    if not isinstance(leaf, Mapping):
        return False
    filled = any(leaf.get(name) not in (None, "") for name in _NOT_FILLED_IN)
    return not (filled or leaf.get("is_system_provided") or leaf.get("is_omitted"))
