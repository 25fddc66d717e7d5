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
from switchboard.sandbox.ultravox.shapes import (
    anything,
    flag,
    json_object,
    list_of,
    map_of,
    record,
    text,
    with_required,
    word,
)
from switchboard.sandbox.ultravox.state import Account, Agent, State

_LONGEST_URL, _LONGEST_SECRET = 200, 120


def _address(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")) or len(value) > _LONGEST_URL:
        raise bad_request(f"{where} must be an http(s) address of at most {_LONGEST_URL} characters.")
    return value


TARGET = with_required(record({"url": _address, "secrets": list_of(text(1, _LONGEST_SECRET))}), "url")
"""Whom to tell of calls."""


def _metadata(value: Any, where: str) -> dict[str, str]:
    given: dict[str, str] = map_of(text())(value, where)
    if any(key.startswith("ultravox.") for key in given):
        raise bad_request('metadata keys may not start with "ultravox.".')
    return given


_BOTH = {
    **{name: template.FIELDS[name] for name in (
        "medium", "joinTimeout", "maxDuration", "recordingEnabled", "initialOutputMedium", "firstSpeakerSettings",
        "dataConnection", "voice", "voiceOverrides", "retentionPolicy", "sharedSecrets",
    )},
    "metadata": _metadata,
    "callbacks": record(dict.fromkeys(events.CALLBACKS, TARGET)),
    "experimentalSettings": anything,
    "initialMessages": stages.FIRST_MESSAGES,
}  # fmt: skip
_AGENT_CALL = record({
    **_BOTH,
    "templateContext": json_object,
    "toolOverrides": record({
        "remove": list_of(text()), "removeAll": flag, "add": list_of(tools.selection),
    }),
    "agentId": text(),
})  # fmt: skip
_DIRECT_CALL = record({
    **_BOTH,
    **{name: template.FIELDS[name] for name in (
        "systemPrompt", "temperature", "model", "externalVoice", "languageHint", "timeExceededMessage",
        "inactivityMessages", "selectedTools", "vadSettings",
    )},
    "firstSpeaker": word("AGENT", "USER", prefix="FIRST_SPEAKER_"),
    "transcriptOptional": flag,
    "initialState": json_object,
})  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Draft:
    """What a valid order comes to. `inherited`: messages of before the call."""

    config: dict[str, Any]
    context: dict[str, Any]
    inherited: list[Message]
    call_state: dict[str, Any]


def agent_call(body: dict[str, Any], agent: Agent, known: tools.Known) -> Draft:
    """A call by an agent. Raises: UltravoxError 400."""
    context = body.get("templateContext", {})
    base = template.complete(agent.template)
    config = {**base, **_own_config(body, known)}
    if "voice" in body:
        # What was set for the template's voice would not fit another one.
        config["voiceOverrides"] = body.get("voiceOverrides")
    config["selectedTools"] = _tools(base["selectedTools"], body.get("toolOverrides", {}), known)
    template.check_context(config, context, known)
    return Draft(template.rendered(config, context), context, body.get("initialMessages", []), {})


def direct_call(body: dict[str, Any], known: tools.Known, prior: Call | None) -> Draft:
    """A call without an agent, or one that goes on where a prior one ended. Raises: UltravoxError 400."""
    if prior and "initialMessages" in body:
        raise bad_request("initialMessages may not be set with priorCallId.")
    base = template.complete({}) if prior is None else prior.stage.config
    config = {**base, **_own_config(body, known)}
    speaker = body.get("firstSpeaker")
    if speaker is not None:
        if "firstSpeakerSettings" in body:
            raise bad_request("At most one of firstSpeaker and firstSpeakerSettings may be set.")
        config["firstSpeakerSettings"] = _FIRST_SPEAKERS[speaker]
    inherited = body.get("initialMessages", [])
    if prior:
        inherited = [*prior.stage.inherited, *prior.stage.messages]
    state = body.get("initialState") or (prior.state if prior else {})
    return Draft(config, dict(prior.context) if prior else {}, inherited, dict(state))


def place(
    state: State,
    account: Account,
    request: Request,
    body: dict[str, Any],
    agent: Agent | None,
    request_context: dict[str, Any] | None = None,
) -> Call:
    """Validate, count and register a new call. Raises: UltravoxError 400, 402, 404 or 429.

    `request_context`: what the carrier told of a call that comes in.
    """
    query = request.query_params
    known = account.known_tools
    if agent is None:
        prior = account.call(query["priorCallId"]) if query.get("priorCallId") else None
        body = _DIRECT_CALL(body, "StartCallRequest")
        draft = direct_call(body, known, prior)
    else:
        body = _AGENT_CALL(body, "StartAgentCallRequest")
        draft = agent_call(body, agent, known)
    telephony.check_outgoing(account, draft.config.get("medium"))
    call = _call(state, account, request, body, draft, agent)
    call.request_context = request_context
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
        callbacks=body.get("callbacks", {}),
        stream_url=url,
        join_url=url,
        stages=[Stage(state.new_id(), watch.started_at, draft.config, chosen, draft.call_state, draft.inherited)],
        agent_id=agent.agent_id if agent else None,
        agent_name=agent.name if agent else None,
        metadata=body.get("metadata", {}),
        secrets=tuple(body.get("sharedSecrets") or (agent.template.get("sharedSecrets", ()) if agent else ())),
        state=dict(draft.call_state),
        initial_state=draft.call_state,
    )


def _own_config(body: dict[str, Any], known: tools.Known) -> dict[str, Any]:
    template.check(body, known)
    return {key: value for key, value in body.items() if key not in _NOT_CONFIG}


def _tools(selected: list[Any], overrides: dict[str, Any], known: tools.Known) -> list[Any]:
    if overrides.get("remove") and overrides.get("removeAll"):
        raise bad_request("At most one of remove and removeAll may be set.")
    removed = overrides.get("remove", [])
    kept = [tool for tool in selected if tools.model_name(tool, known) not in removed]
    together = [*([] if overrides.get("removeAll") else kept), *overrides.get("add", [])]
    tools.check(together, known)
    return together
