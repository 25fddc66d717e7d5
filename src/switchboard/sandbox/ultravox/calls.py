"""`/api/calls` and `/api/agents/{id}/calls`. Source: Ultravox "Calls" (fact sheet 3)."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.conversation import audio
from switchboard.sandbox.conversation.dialogue import Role
from switchboard.sandbox.ultravox import orders, voices
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_request, not_found, not_joined, too_early
from switchboard.sandbox.ultravox.requests import instant, json_object, page, seconds
from switchboard.sandbox.ultravox.state import State
from switchboard.sandbox.ultravox.views import call_json, messages

_CALLEE_PITCH, _AGENT_PITCH = 220, 300
_TOMBSTONE = ("callId", "created", "joined", "ended", "maxDuration", "endReason", "recordingEnabled")


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api", route_class=UltravoxRoute)

    @routes.post("/agents/{agent_id}/calls", status_code=201)
    async def start_agent_call(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        agent = account.agent(agent_id)
        body = await json_object(request)
        return call_json(orders.place(state, account, request, body, agent))

    @routes.get("/agents/{agent_id}/calls")
    async def list_agent_calls(agent_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        account.agent(agent_id)
        calls = [call for call in account.calls.values() if call.agent_id == agent_id]
        return page(request, [call_json(call) for call in reversed(calls)])

    @routes.post("/calls", status_code=201)
    async def start_call(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        return call_json(orders.place(state, account, request, body, None))

    @routes.get("/calls")
    async def list_calls(request: Request) -> dict[str, Any]:
        account = state.account(request)
        calls = [call for call in account.calls.values() if _fits(call, request)]
        if request.query_params.get("sort", "-created") != "created":
            calls.reverse()
        return page(request, [call_json(call) for call in calls])

    @routes.get("/calls/{call_id}")
    async def get_call(call_id: str, request: Request) -> dict[str, Any]:
        return call_json(state.account(request).call(call_id))

    @routes.delete("/calls/{call_id}", status_code=204)
    async def delete_call(call_id: str, request: Request) -> Response:
        account = state.account(request)
        call = account.call(call_id)
        if not call.settled:
            raise too_early()
        shown = call_json(call)
        account.deleted_calls[call_id] = {
            **{key: shown[key] for key in _TOMBSTONE},
            "accountId": account.account_id,
            "deletionTime": instant(datetime.now(UTC)),
            "hadSummary": call.summary is not None,
        }
        del account.calls[call_id]
        return Response(status_code=204)

    @routes.get("/deleted_calls")
    async def list_deleted_calls(request: Request) -> dict[str, Any]:
        return page(request, list(state.account(request).deleted_calls.values()))

    _add_insides(routes, state)
    return routes


def _add_insides(routes: APIRouter, state: State) -> None:
    @routes.get("/calls/{call_id}/messages")
    async def list_messages(call_id: str, request: Request) -> dict[str, Any]:
        call = state.account(request).call(call_id)
        if request.query_params.get("mode", "last_stage") not in ("last_stage", "in_call"):
            raise bad_request("mode must be last_stage or in_call.")
        return page(request, messages(call))

    @routes.get("/calls/{call_id}/tools")
    async def list_tools(call_id: str, request: Request) -> list[dict[str, Any]]:
        call = state.account(request).call(call_id)
        return [
            {"callToolId": tool["toolName"], "toolId": None, "name": tool["toolName"], "definition": {}}
            for tool in call.config.get("selectedTools") or []
            if isinstance(tool, dict) and "toolName" in tool
        ]

    @routes.get("/calls/{call_id}/events")
    async def list_events(call_id: str, request: Request) -> dict[str, Any]:
        state.account(request).call(call_id)
        return page(request, [])

    @routes.post("/calls/{call_id}/send_data_message", status_code=204)
    async def send_data_message(call_id: str, request: Request) -> Response:
        call = state.account(request).call(call_id)
        _obey(call, await json_object(request))
        return Response(status_code=204)

    @routes.get("/calls/{call_id}/recording")
    async def get_recording(call_id: str, request: Request) -> Response:
        call = state.account(request).call(call_id)
        if not call.config.get("recordingEnabled") or call.joined_at is None or call.ended_at is None:
            raise not_found("Recording")
        sound = await asyncio.to_thread(audio.wav, _tones(call), call.talked_seconds)
        return Response(sound, media_type="audio/wav")


def _obey(call: Call, message: dict[str, Any]) -> None:
    """Pass a data message on to the conversation. Raises: UltravoxError 400, 422 when it is not joined."""
    kind = message.get("type")
    if kind not in ("hang_up", "user_text_message", "forced_agent_message"):
        raise bad_request(f"Unsupported data message type: {kind}")
    if not call.live or call.dialogue is None:
        raise not_joined()
    if kind == "hang_up":
        call.dialogue.stop(str(message.get("message") or ""))
    elif kind == "user_text_message":
        call.dialogue.hear_text(_text(message, "text"))
    else:
        call.dialogue.say(_text(message, "content"))


def _text(message: Mapping[str, Any], field: str) -> str:
    text = message.get(field)
    if not isinstance(text, str) or not text.strip():
        raise bad_request(f"{field} is required.")
    return text


def _fits(call: Call, request: Request) -> bool:
    query = request.query_params
    agents, voice = query.getlist("agentIds"), voices.find(query.get("voiceId") or "")
    created = call.watch.started_at
    return (
        (not agents or call.agent_id in agents)
        and (voice is None or voices.find(str(call.config.get("voice") or "")) == voice)
        and _moment(query.get("fromDate"), created, last=False) <= created
        and created <= _moment(query.get("toDate"), created, last=True)
        and ("durationMin" not in query or call.talked_seconds >= seconds(query["durationMin"], "durationMin"))
        and ("durationMax" not in query or call.talked_seconds <= seconds(query["durationMax"], "durationMax"))
        and all(
            call.metadata.get(key.removeprefix("metadata.")) == value
            for key, value in query.multi_items()
            if key.startswith("metadata.")
        )
        and (query.get("search") or "").casefold() in f"{call.summary or ''} {call.agent_name or ''}".casefold()
    )


def _moment(given: str | None, otherwise: datetime, *, last: bool) -> datetime:
    """A date without time is the start, or with `last` the end of that day, in UTC."""
    if not given:
        return otherwise
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise bad_request(f"{given} is no ISO 8601 date.") from error
    if len(given) == len("2026-01-31"):
        moment = datetime.combine(moment, time.min) + (timedelta(days=1, microseconds=-1) if last else timedelta())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tones(call: Call) -> list[audio.Tone]:
    speaker = voices.find(str(call.config.get("voice") or ""))
    pitch = speaker.pitch if speaker else _AGENT_PITCH
    turns = call.dialogue.turns if call.dialogue else []
    return [
        audio.Tone(turn.starts_at, turn.duration, pitch if turn.role is Role.AGENT else _CALLEE_PITCH)
        for turn in turns
    ]
