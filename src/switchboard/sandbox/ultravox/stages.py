"""Call stages: how a new one begins, and `/api/calls/{id}/stages`. Source: Ultravox "Call stages"."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.conversation.turns import Role, Turn
from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.ultravox import template, tools
from switchboard.sandbox.ultravox.call import Call, Message, Stage, ToolMessage
from switchboard.sandbox.ultravox.errors import UltravoxError, UltravoxRoute, not_found
from switchboard.sandbox.ultravox.media import OUTPUT_MEDIUM
from switchboard.sandbox.ultravox.requests import instant, page
from switchboard.sandbox.ultravox.shapes import anything, list_of, record, text, with_required, word
from switchboard.sandbox.ultravox.state import Account, State
from switchboard.sandbox.ultravox.views import stage_messages


def _first_message(value: Any, where: str) -> Message:
    """A message of before the call."""
    message = _MESSAGE(value, where)
    role, said = message["role"].removeprefix("MESSAGE_ROLE_"), message.get("text", "")
    if role in ("USER", "AGENT"):
        typed = message.get("medium") != "MESSAGE_MEDIUM_VOICE"
        return Turn(Role.USER if role == "USER" else Role.AGENT, said, 0.0, 0.0, said, typed=typed)
    error = message.get("errorDetails")
    return ToolMessage(role, said, message.get("toolName", ""), message.get("invocationId", ""), 0.0, error)


_MESSAGE = with_required(
    record({
        "role": word("USER", "AGENT", "TOOL_CALL", "TOOL_RESULT", prefix="MESSAGE_ROLE_"),
        "text": text(),
        "medium": OUTPUT_MEDIUM,
        "toolName": text(),
        "invocationId": text(),
        "errorDetails": text(),
        **dict.fromkeys(
            ("callStageMessageIndex", "callStageId", "callState", "timespan", "wallClockTimespan", "metadata"),
            anything,
        ),
    }),
    "role",
)  # fmt: skip
FIRST_MESSAGES = list_of(_first_message)
"""`initialMessages`. What the service adds to messages when it shows them is not heeded."""
_CHANGES = record({
    **{name: template.FIELDS[name] for name in (
        "systemPrompt", "temperature", "voice", "languageHint", "selectedTools",
    )},
    "initialMessages": FIRST_MESSAGES,
    "toolResultText": text(),
})  # fmt: skip


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
        changes = _CHANGES(parsed(body), "new-stage")
        said = changes.pop("toolResultText", "") or "OK"
        call.stages.append(_next(state, account, call, changes))
    except ValueError:
        return body, "A new stage must be JSON."
    except UltravoxError as error:
        return body, str(error)
    call.log("info", "stage_started", "A tool began a new stage.", changed=sorted(changes))
    return said, None


def _next(state: State, account: Account, call: Call, changes: dict[str, Any]) -> Stage:
    template.check(changes, account.known_tools)
    inherited = changes.pop("initialMessages", [*call.stage.inherited, *call.stage.messages])
    config = template.rendered({**call.stage.config, **changes}, call.context)
    chosen = call.stage.tools
    if "selectedTools" in changes:
        chosen = tools.chosen(changes["selectedTools"], account.known_tools, call.context)
    return Stage(state.new_id(), call.watch.now(), config, chosen, dict(call.state), inherited)


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
        "initialState": stage.initial_state,
        "experimentalSettings": config.get("experimentalSettings"),
        "errorCount": sum(event.severity == "error" for event in mine),
        "initialTokenCount": _tokens(stage.inherited),
        "latestTokenCount": _tokens([*stage.inherited, *stage.messages]),
    }


def _tokens(messages: list[Message]) -> int:
    """About what the texts would take: four letters to the token."""
    return sum(len(message.text) for message in messages) // 4
