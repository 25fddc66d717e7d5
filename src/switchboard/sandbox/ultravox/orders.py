"""What may be asked of a new call, and the call that comes of it.

Source: Ultravox "StartAgentCallRequest", "StartCallRequest" (fact sheet 2.5, 3.2).
"""

from typing import Any

from fastapi import Request

from switchboard.sandbox.ultravox import events, template
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.session import Session
from switchboard.sandbox.ultravox.state import Account, Agent, State

_BOTH = frozenset({
    "metadata", "medium", "joinTimeout", "maxDuration", "recordingEnabled", "initialOutputMedium",
    "firstSpeakerSettings", "dataConnection", "experimentalSettings", "callbacks", "voice", "voiceOverrides",
    "retentionPolicy", "sharedSecrets", "initialMessages",
})  # fmt: skip
_AGENT_CALL = _BOTH | {"templateContext", "toolOverrides", "agentId"}
_DIRECT_CALL = _BOTH | {
    "systemPrompt", "temperature", "model", "externalVoice", "languageHint", "timeExceededMessage",
    "inactivityMessages", "selectedTools", "firstSpeaker", "transcriptOptional", "vadSettings", "initialState",
}  # fmt: skip
_NOT_CONFIG = (
    "metadata",
    "callbacks",
    "templateContext",
    "toolOverrides",
    "agentId",
    "sharedSecrets",
    "firstSpeaker",
)
_FIRST_SPEAKERS: dict[str, dict[str, Any]] = {
    "FIRST_SPEAKER_AGENT": {"agent": {}},
    "FIRST_SPEAKER_USER": {"user": {}},
}
_PATHS = {"webRtc": "", "serverWebSocket": "/server_web_socket"}
_LONGEST_URL, _LONGEST_SECRET = 200, 120


def agent_call(body: dict[str, Any], agent: Agent) -> tuple[dict[str, Any], dict[str, Any]]:
    """Configuration and context of a call by an agent. Raises: UltravoxError 400."""
    template.check_known(body, _AGENT_CALL, "StartAgentCallRequest")
    context = body.get("templateContext") or {}
    if not isinstance(context, dict):
        raise bad_request("templateContext must be an object.")
    base = template.complete(agent.template)
    template.check_context(base, context)
    config = {**base, **_own_config(body)}
    config["selectedTools"] = _tools(config.get("selectedTools") or [], body.get("toolOverrides"))
    return template.rendered(config, context), context


def direct_call(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Configuration of a call without an agent; its context is empty. Raises: UltravoxError 400."""
    template.check_known(body, _DIRECT_CALL, "StartCallRequest")
    config = {**template.complete({}), **_own_config(body)}
    speaker = body.get("firstSpeaker")
    if speaker is not None:
        if speaker not in _FIRST_SPEAKERS or "firstSpeakerSettings" in body:
            raise bad_request("firstSpeaker contradicts firstSpeakerSettings or is unknown.")
        config["firstSpeakerSettings"] = _FIRST_SPEAKERS[speaker]
    return config, {}


def place(state: State, account: Account, request: Request, body: dict[str, Any], agent: Agent | None) -> Call:
    """Validate, count and register a new call. Raises: UltravoxError 400 or 429."""
    config, context = direct_call(body) if agent is None else agent_call(body, agent)
    metadata, callbacks = _metadata(body.get("metadata")), _callbacks(body.get("callbacks"))
    state.admit_call(account)
    call_id = state.new_id()
    medium = next(iter(config.get("medium") or {"webRtc": {}}))
    path = f"/calls/{call_id}{_PATHS.get(medium, '/telephony')}"
    scheme = "wss" if request.url.scheme == "https" else "ws"
    call = Call(
        call_id=call_id,
        stage_id=state.new_id(),
        watch=state.world.clock.stopwatch(),
        config=config,
        context=context,
        callbacks=callbacks,
        join_url=f"{scheme}://{request.url.netloc}{path}",
        agent_id=agent.agent_id if agent else None,
        agent_name=agent.name if agent else None,
        metadata=metadata,
    )
    account.calls[call_id] = call
    session = Session(state.world, account, call)
    state.world.exchange.register(path, session)
    session.wait_for_join()
    return call


def _own_config(body: dict[str, Any]) -> dict[str, Any]:
    template.check(body, "call")
    return {key: value for key, value in body.items() if key not in _NOT_CONFIG and value is not None}


def _metadata(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise bad_request("metadata values must be strings.")
    if any(key.startswith("ultravox.") for key in given):
        raise bad_request('metadata keys may not start with "ultravox.".')
    return dict(given)


def _callbacks(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise bad_request("callbacks must be an object.")
    template.check_known(given, events.CALLBACKS, "callbacks")
    for target in given.values():
        check_target(target)
    return given


def check_target(target: Any) -> None:
    """`{url, secrets}` of a callback. Raises: UltravoxError 400."""
    url = target.get("url") if isinstance(target, dict) else None
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or len(url) > _LONGEST_URL:
        raise bad_request(f"url must be an http(s) address of at most {_LONGEST_URL} characters.")
    template.check_secrets(target.get("secrets"), 1, _LONGEST_SECRET)


def _tools(selected: list[Any], overrides: Any) -> list[Any]:
    if overrides is None:
        return selected
    if not isinstance(overrides, dict):
        raise bad_request("toolOverrides must be an object.")
    template.check_known(overrides, ("remove", "removeAll", "add"), "toolOverrides")
    if overrides.get("remove") and overrides.get("removeAll"):
        raise bad_request("At most one of remove and removeAll may be set.")
    removed = overrides.get("remove") or []
    kept = [] if overrides.get("removeAll") else [tool for tool in selected if _model_name(tool) not in removed]
    return [*kept, *(overrides.get("add") or [])]


def _model_name(tool: Any) -> Any:
    return (tool.get("nameOverride") or tool.get("toolName")) if isinstance(tool, dict) else None
