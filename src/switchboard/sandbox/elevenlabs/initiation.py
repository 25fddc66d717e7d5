"""Starting a conversation: overrides that must be allowed, variables that must have values.

Source: ElevenLabs "Overrides", "Dynamic variables", "Register call" (fact sheet 2.8, 4.3, 4.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from switchboard.sandbox.conversation.spoken import variables_in
from switchboard.sandbox.elevenlabs import character, defaults, tool_config, validation
from switchboard.sandbox.elevenlabs.conversation import Conversation, Line, Origin
from switchboard.sandbox.elevenlabs.errors import ElevenLabsError, of_kind, refused
from switchboard.sandbox.elevenlabs.records import Agent
from switchboard.sandbox.elevenlabs.requests import merged, optional
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.memory import forget_oldest

_QUIETLY_DROPPED = "asr.keywords"
_ALWAYS_ALLOWED = "conversation.client_events"
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a conversation before it begins: how it came about, and its id if it has one already.

    `may_wait`: where there is no room it waits for some instead of being refused.
    """

    origin: Origin = field(default_factory=Origin)
    conversation_id: str | None = None
    may_wait: bool = False


def begin(
    state: State,
    account: Account,
    agent: Agent,
    given: dict[str, Any],
    line: Line | None,
    arrival: Arrival | None = None,
) -> Conversation:
    """A new conversation of the account, waiting for its media stream. `given`: its client data.

    Raises: ElevenLabsError 400 for an override that is not enabled, a variable without value or an agent that
    does not speak the telephone's format; 422 for data of the wrong kind; 429 when too many run; 401 or 402
    when the credits are spent.
    """
    arrival = arrival or Arrival()
    config = _overridden(agent, _object(given, "conversation_config_override"))
    if line is not None:
        check_telephone(config)
    text_only = line is None and bool(config["conversation"].get("text_only"))
    is_burst = _admitted(state, account, agent, text_only=text_only, may_wait=arrival.may_wait)
    conversation_id = arrival.conversation_id or state.new_id("conv")
    system = _system_variables(agent, conversation_id, line, text_only=text_only)
    needed = _needed(config, character.tool_configs(account, config))
    variables = _variables(config, _object(given, "dynamic_variables"), system, needed)
    conversation = Conversation(
        conversation_id=conversation_id,
        agent_id=agent.agent_id,
        agent_name=agent.name,
        branch_id=agent.branch_id,
        version_id=agent.version_id,
        watch=state.world.clock.stopwatch(),
        config=config,
        settings=agent.settings,
        client_data=given,
        variables=variables,
        line=line,
        origin=arrival.origin,
        is_burst=bool(is_burst),
        is_queued=is_burst is None,
        user_id=optional(given, "user_id", str),
    )
    account.conversations[conversation_id] = conversation
    forget_oldest(account.conversations, lambda known: known.ended_at is not None)
    return conversation


def client_data(body: dict[str, Any]) -> dict[str, Any]:
    """`conversation_initiation_client_data` of a request. Raises: ElevenLabsError 422."""
    return _object(body, "conversation_initiation_client_data")


def check_telephone(config: dict[str, Any]) -> None:
    """Raises: ElevenLabsError 400 unless μ-law 8 kHz is set both ways."""
    for path in ("asr.user_input_audio_format", "tts.agent_output_audio_format"):
        if defaults.at(config, path) != defaults.TELEPHONE:
            message = f"Telephone calls need {path} to be {defaults.TELEPHONE}, it is {defaults.at(config, path)}."
            raise refused(400, "invalid_parameters", message, param=path)


def _admitted(state: State, account: Account, agent: Agent, *, text_only: bool, may_wait: bool) -> bool | None:
    """Whether the conversation is a burst one; None: it has to wait. Raises: ElevenLabsError."""
    queueing = agent.settings.get("queueing_config") or {}
    try:
        return state.admit(account, agent, text_only=text_only)
    except ElevenLabsError as full:
        if full.status == _TOO_MANY and may_wait and queueing.get("enabled") and not text_only:
            return None
        raise


def _overridden(agent: Agent, override: dict[str, Any]) -> dict[str, Any]:
    allowed = agent.settings["overrides"]["conversation_config_override"]
    config = agent.config
    if defaults.at(allowed, "agent.language") is True:
        config = _in_language(config, defaults.at(override, "agent.language"))
    for path in defaults.leaves(override):
        permit, value = defaults.at(allowed, path), defaults.at(override, path)
        if permit is False and path != _QUIETLY_DROPPED:
            message = f"Override for field '{path}' is not allowed by config."
            raise refused(400, "override_error", message, param=path)
        if isinstance(permit, dict) and value is not None:
            of_kind(("body", "conversation_config_override", *path.split(".")), value, dict)
        if permit is True or path == _ALWAYS_ALLOWED:
            config = merged(config, _only(path, value))
    if config is not agent.config:
        validation.check_config(config)
    return config


def _in_language(config: dict[str, Any], language: Any) -> dict[str, Any]:
    """With what the agent has prepared for another language than its own."""
    preset = config["language_presets"].get(language) if isinstance(language, str) else None
    if preset is None or language == config["agent"]["language"]:
        return config
    translation = (preset.get("first_message_translation") or {}).get("text")
    overrides = merged({"agent": {"first_message": translation}}, preset.get("overrides") or {})
    for path in defaults.leaves(overrides):
        if (value := defaults.at(overrides, path)) is not None:
            config = merged(config, _only(path, value))
    return config


def _only(path: str, value: Any) -> dict[str, Any]:
    tree: Any = value
    for part in reversed(path.split(".")):
        tree = {part: tree}
    return dict(tree)


def _object(given: dict[str, Any], name: str) -> dict[str, Any]:
    return optional(given, name, dict) or {}


def _system_variables(agent: Agent, conversation_id: str, line: Line | None, *, text_only: bool) -> dict[str, Any]:
    now = datetime.now(UTC)
    inbound = line is not None and line.direction == "inbound"
    numbers = (line.external_number, line.agent_number) if line else (None, None)
    caller, called = numbers if inbound else numbers[::-1]
    return {
        "system__agent_id": agent.agent_id,
        "system__current_agent_id": agent.agent_id,
        "system__conversation_id": conversation_id,
        "system__caller_id": caller,
        "system__called_number": called,
        "system__call_sid": None,
        "system__call_duration_secs": 0,
        "system__time_utc": now.isoformat(),
        "system__time": now.strftime("%A, %H:%M %d %B %Y"),
        "system__timezone": "UTC",
        "system__agent_turns": 0,
        "system__is_text_only": text_only,
    }


def _needed(config: dict[str, Any], tools: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The variables that prompt, first message and tools refer to, but for those that tools' answers bring."""
    agent = config["agent"]
    named = set(variables_in(f"{agent['prompt']['prompt']} {agent['first_message']}"))
    brought: set[str] = set()
    for tool in tools.values():
        named |= tool_config.variables_in(tool)
        brought |= {str(one.get("dynamic_variable")) for one in tool.get("assignments") or []}
    return named - brought


def _variables(
    config: dict[str, Any], given: dict[str, Any], system: dict[str, Any], needed: set[str]
) -> dict[str, Any]:
    placeholders = defaults.at(config, "agent.dynamic_variables.dynamic_variable_placeholders") or {}
    variables = {**placeholders, **given, **system}
    lacking = sorted(needed - set(variables))
    if lacking:
        message = f"Missing required dynamic variables: {', '.join(lacking)}"
        raise refused(400, "missing_dynamic_variables", message, param="dynamic_variables")
    return variables
