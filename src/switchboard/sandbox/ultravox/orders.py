"""What may be asked of a new call, and the call that comes of it.

Source: Ultravox "StartAgentCallRequest", "StartCallRequest" (fact sheet 2.5, 3.2).
"""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.ultravox import events, stages, telephony, template, tools
from switchboard.sandbox.ultravox.call import Call, Message, Stage
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
    "initialMessages",
    "initialState",
)
_FIRST_SPEAKERS: dict[str, dict[str, Any]] = {
    "FIRST_SPEAKER_AGENT": {"agent": {}},
    "FIRST_SPEAKER_USER": {"user": {}},
}
_PATHS = {"webRtc": "", "serverWebSocket": "/server_web_socket"}
_LONGEST_URL, _LONGEST_SECRET = 200, 120


@dataclass(frozen=True, slots=True)
class Draft:
    """What a valid order comes to. `inherited`: messages of before the call."""

    config: dict[str, Any]
    context: dict[str, Any]
    inherited: list[Message]
    call_state: dict[str, Any]


def agent_call(body: dict[str, Any], agent: Agent, known: tools.Known) -> Draft:
    """A call by an agent. Raises: UltravoxError 400."""
    template.check_known(body, _AGENT_CALL, "StartAgentCallRequest")
    context = body.get("templateContext") or {}
    if not isinstance(context, dict):
        raise bad_request("templateContext must be an object.")
    base = template.complete(agent.template)
    template.check_context(base, context)
    config = {**base, **_own_config(body, known)}
    config["selectedTools"] = _tools(config.get("selectedTools") or [], body.get("toolOverrides"), known)
    filled = template.rendered(config, context)
    return Draft(filled, context, stages.first_messages(body.get("initialMessages")), {})


def direct_call(body: dict[str, Any], known: tools.Known, prior: Call | None) -> Draft:
    """A call without an agent, or one that goes on where a prior one ended. Raises: UltravoxError 400."""
    template.check_known(body, _DIRECT_CALL, "StartCallRequest")
    if prior and "initialMessages" in body:
        raise bad_request("initialMessages may not be set with priorCallId.")
    base = template.complete({}) if prior is None else prior.stage.config
    config = {**base, **_own_config(body, known)}
    speaker = body.get("firstSpeaker")
    if speaker is not None:
        if speaker not in _FIRST_SPEAKERS or "firstSpeakerSettings" in body:
            raise bad_request("firstSpeaker contradicts firstSpeakerSettings or is unknown.")
        config["firstSpeakerSettings"] = _FIRST_SPEAKERS[speaker]
    inherited = stages.first_messages(body.get("initialMessages"))
    if prior:
        inherited = [*prior.stage.inherited, *prior.stage.messages]
    state = body.get("initialState") or (prior.state if prior else {})
    if not isinstance(state, dict):
        raise bad_request("initialState must be an object.")
    return Draft(config, dict(prior.context) if prior else {}, inherited, dict(state))


def place(state: State, account: Account, request: Request, body: dict[str, Any], agent: Agent | None) -> Call:
    """Validate, count and register a new call. Raises: UltravoxError 400, 402, 404 or 429."""
    query = request.query_params
    known = account.known_tools
    if agent is None:
        prior = account.call(query["priorCallId"]) if query.get("priorCallId") else None
        draft = direct_call(body, known, prior)
    else:
        draft = agent_call(body, agent, known)
    telephony.check_outgoing(account, draft.config.get("medium"))
    call = _call(state, account, request, body, draft, agent)
    state.admit_call(account, query.get("throttle"))
    begin(state, account, call)
    if agent is not None:
        agent.calls += 1
    return call


def begin(state: State, account: Account, call: Call) -> None:
    """Let a new call wait to be joined, or dial by itself. Raises: UltravoxError 400 from the carrier."""
    session = Session(state, account, call)
    if telephony.outgoing(call.config.get("medium")):
        telephony.dial(state, account, call, session)
        call.join_url = None
    account.calls[call.call_id] = call
    for old in forget_oldest(account.calls, lambda known: known.settled):
        state.forget(old)
    state.sessions[call.call_id] = session
    state.world.exchange.register(call.stream_path, session)
    session.wait_for_join()


def _call(
    state: State, account: Account, request: Request, body: dict[str, Any], draft: Draft, agent: Agent | None
) -> Call:
    metadata, callbacks = _metadata(body.get("metadata")), _callbacks(body.get("callbacks"))
    call_id = state.new_id()
    watch = state.world.clock.stopwatch()
    chosen = tools.chosen(draft.config.get("selectedTools") or [], account.known_tools, draft.context)
    scheme = "wss" if request.url.scheme == "https" else "ws"
    medium = next(iter(draft.config.get("medium") or {"webRtc": {}}))
    url = f"{scheme}://{request.url.netloc}/calls/{call_id}{_PATHS.get(medium, '/telephony')}"
    return Call(
        call_id=call_id,
        watch=watch,
        config=draft.config,
        context=draft.context,
        callbacks=callbacks,
        stream_url=url,
        join_url=url,
        stages=[Stage(state.new_id(), watch.started_at, draft.config, chosen, draft.inherited)],
        agent_id=agent.agent_id if agent else None,
        agent_name=agent.name if agent else None,
        metadata=metadata,
        secrets=tuple(body.get("sharedSecrets") or (agent.template.get("sharedSecrets") if agent else None) or ()),
        state=dict(draft.call_state),
        initial_state=draft.call_state,
    )


def _own_config(body: dict[str, Any], known: tools.Known) -> dict[str, Any]:
    template.check(body, "call", known)
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


def _tools(selected: list[Any], overrides: Any, known: tools.Known) -> list[Any]:
    if overrides is None:
        return selected
    if not isinstance(overrides, dict):
        raise bad_request("toolOverrides must be an object.")
    template.check_known(overrides, ("remove", "removeAll", "add"), "toolOverrides")
    if overrides.get("remove") and overrides.get("removeAll"):
        raise bad_request("At most one of remove and removeAll may be set.")
    removed = overrides.get("remove") or []
    kept = [tool for tool in selected if tools.model_name(tool, known) not in removed]
    together = [*([] if overrides.get("removeAll") else kept), *(overrides.get("add") or [])]
    tools.check(together, known)
    return together
