"""Call stages: how a new one begins, and `/api/calls/{id}/stages`. Source: Ultravox "Call stages"."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.conversation.turns import Role, Turn
from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.ultravox import template, tools
from switchboard.sandbox.ultravox.call import Call, Message, Stage, ToolMessage
from switchboard.sandbox.ultravox.errors import UltravoxError, UltravoxRoute, bad_request, not_found
from switchboard.sandbox.ultravox.requests import instant, page
from switchboard.sandbox.ultravox.state import Account, State
from switchboard.sandbox.ultravox.views import stage_messages

_CHANGEABLE = ("systemPrompt", "temperature", "voice", "languageHint", "initialMessages", "selectedTools")
_ROLES = ("USER", "AGENT", "TOOL_CALL", "TOOL_RESULT")


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api/calls/{call_id}/stages", route_class=UltravoxRoute)

    @routes.get("")
    async def list_stages(call_id: str, request: Request) -> dict[str, Any]:
        call = state.account(request).call(call_id)
        return page(request, call.stages, partial(_json, call))

    @routes.get("/{stage_id}")
    async def get_stage(call_id: str, stage_id: str, request: Request) -> dict[str, Any]:
        call = state.account(request).call(call_id)
        return _json(call, _stage(call, stage_id))

    @routes.get("/{stage_id}/messages")
    async def list_messages(call_id: str, stage_id: str, request: Request) -> dict[str, Any]:
        call = state.account(request).call(call_id)
        return page(request, stage_messages(call, _stage(call, stage_id), with_inherited=True))

    @routes.get("/{stage_id}/tools")
    async def list_tools(call_id: str, stage_id: str, request: Request) -> list[dict[str, Any]]:
        call = state.account(request).call(call_id)
        return [tool.as_json() for tool in _stage(call, stage_id).tools]

    return routes


def begin(state: State, account: Account, call: Call, body: str) -> tuple[str, str | None]:
    """Go on with changed properties. Answers the text for the agent, and what was wrong with `body`, if so."""
    try:
        changes = parsed(body)
        if not isinstance(changes, dict):
            raise bad_request("A new stage must be an object.")
        text = str(changes.pop("toolResultText", None) or "OK")
        call.stages.append(_next(state, account, call, changes))
    except ValueError:
        return body, "A new stage must be JSON."
    except UltravoxError as error:
        return body, str(error)
    call.log("info", "stage_started", "A tool began a new stage.", changed=sorted(changes))
    return text, None


def first_messages(given: Any) -> list[Message]:
    """`initialMessages` as messages of before the call. Raises: UltravoxError 400."""
    if given is None:
        return []
    if not isinstance(given, list):
        raise bad_request("initialMessages must be a list.")
    return [_first_message(message) for message in given]


def _first_message(message: Any) -> Message:
    role = str(message.get("role") or "").removeprefix("MESSAGE_ROLE_") if isinstance(message, dict) else ""
    if role not in _ROLES:
        raise bad_request("initialMessages need a role and a text.")
    text = str(message.get("text") or "")
    if role in ("USER", "AGENT"):
        typed = message.get("medium") != "MESSAGE_MEDIUM_VOICE"
        return Turn(Role.USER if role == "USER" else Role.AGENT, text, 0.0, 0.0, text, typed=typed)
    name, invocation = str(message.get("toolName") or ""), str(message.get("invocationId") or "")
    return ToolMessage("TOOL_CALL" if role == "TOOL_CALL" else "TOOL_RESULT", text, name, invocation, 0.0)


def _next(state: State, account: Account, call: Call, changes: dict[str, Any]) -> Stage:
    template.check_known(changes, _CHANGEABLE, "new-stage")
    template.check(changes, "new-stage", account.known_tools)
    config = template.rendered({**call.stage.config, **changes}, call.context)
    chosen = call.stage.tools
    if "selectedTools" in changes:
        chosen = tools.chosen(changes["selectedTools"] or [], account.known_tools, call.context)
    inherited = [*call.stage.inherited, *call.stage.messages]
    if "initialMessages" in changes:
        inherited = first_messages(changes["initialMessages"])
    return Stage(state.new_id(), call.watch.now(), config, chosen, inherited)


def _stage(call: Call, stage_id: str) -> Stage:
    found = next((stage for stage in call.stages if stage.stage_id == stage_id), None)
    if found is None:
        raise not_found("CallStage")
    return found


def _json(call: Call, stage: Stage) -> dict[str, Any]:
    config = stage.config
    mine = [event for event in call.events if event.stage_id == stage.stage_id]
    return {
        "callId": call.call_id,
        "callStageId": stage.stage_id,
        "created": instant(stage.created),
        **{
            field: config.get(field) for field in ("systemPrompt", "temperature", "model", "voice", "languageHint")
        },
        "externalVoice": config.get("externalVoice"),
        "inactivityMessages": config.get("inactivityMessages") or [],
        "timeExceededMessage": config.get("timeExceededMessage"),
        "initialState": config.get("initialState") or {},
        "experimentalSettings": config.get("experimentalSettings"),
        "errorCount": sum(event.severity == "error" for event in mine),
        "initialTokenCount": _tokens(stage.inherited),
        "latestTokenCount": _tokens([*stage.inherited, *stage.messages]),
    }


def _tokens(messages: list[Message]) -> int:
    """About what the texts would take: four letters to the token."""
    return sum(len(message.text) for message in messages) // 4
