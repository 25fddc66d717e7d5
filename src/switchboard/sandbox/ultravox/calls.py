"""`/api/calls` and `/api/agents/{id}/calls`. Source: Ultravox "Calls" (fact sheet 3)."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.ultravox import orders
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.data_messages import BY_REST
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_request, not_found, not_joined, too_early
from switchboard.sandbox.ultravox.filters import fits
from switchboard.sandbox.ultravox.requests import instant, json_object, page
from switchboard.sandbox.ultravox.state import State
from switchboard.sandbox.ultravox.views import call_json, event_json, messages

_SEVERITIES = ("debug", "info", "warning", "error")
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
        return page(request, calls[::-1], call_json)

    @routes.post("/calls", status_code=201)
    async def start_call(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        return call_json(orders.place(state, account, request, body, None))

    @routes.get("/calls")
    async def list_calls(request: Request) -> dict[str, Any]:
        account = state.account(request)
        calls = [call for call in account.calls.values() if fits(call, request.query_params)]
        if request.query_params.get("sort", "-created") != "created":
            calls.reverse()
        return page(request, calls, call_json)

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
        forget_oldest(account.deleted_calls, lambda _: True)
        state.forget(account.calls.pop(call_id))
        return Response(status_code=204)

    _add_tombstones(routes, state)
    _add_insides(routes, state)
    return routes


def _add_tombstones(routes: APIRouter, state: State) -> None:
    @routes.get("/deleted_calls")
    async def list_deleted_calls(request: Request) -> dict[str, Any]:
        return page(request, list(state.account(request).deleted_calls.values()))

    @routes.get("/deleted_calls/{call_id}")
    async def get_deleted_call(call_id: str, request: Request) -> dict[str, Any]:
        found = state.account(request).deleted_calls.get(call_id)
        if found is None:
            raise not_found("DeletedCall")
        return found


def _add_insides(routes: APIRouter, state: State) -> None:
    @routes.get("/calls/{call_id}/messages")
    async def list_messages(call_id: str, request: Request) -> dict[str, Any]:
        call = state.account(request).call(call_id)
        mode = request.query_params.get("mode", "last_stage")
        if mode not in ("last_stage", "in_call"):
            raise bad_request("mode must be last_stage or in_call.")
        return page(request, messages(call, mode))

    @routes.get("/calls/{call_id}/tools")
    async def list_tools(call_id: str, request: Request) -> list[dict[str, Any]]:
        call = state.account(request).call(call_id)
        return [tool.as_json() for stage in call.stages[:1] for tool in stage.tools]

    @routes.get("/calls/{call_id}/events")
    async def list_events(call_id: str, request: Request) -> dict[str, Any]:
        call = state.account(request).call(call_id)
        least, kind = request.query_params.get("minimum_severity", "info"), request.query_params.get("type")
        if least not in _SEVERITIES:
            raise bad_request(f"minimum_severity must be one of {', '.join(_SEVERITIES)}.")
        wanted = _SEVERITIES[_SEVERITIES.index(least) :]
        found = [one for one in call.events if one.severity in wanted and kind in (None, one.type)]
        return page(request, found, partial(event_json, call))

    @routes.get("/calls/{call_id}/sip_logs")
    async def sip_logs(call_id: str, request: Request) -> None:
        state.account(request).call(call_id)
        raise not_found("SipLog")

    @routes.post("/calls/{call_id}/send_data_message", status_code=204)
    async def send_data_message(call_id: str, request: Request) -> Response:
        call = state.account(request).call(call_id)
        _pass_on(call, await json_object(request))
        return Response(status_code=204)


def _pass_on(call: Call, message: dict[str, Any]) -> None:
    """Let a data message reach the conversation. Raises: UltravoxError 400, 422 when it is not joined."""
    kind = message.get("type")
    if kind not in BY_REST:
        raise bad_request(f"Unsupported data message type: {kind}")
    if not call.live or call.messages is None:
        raise not_joined()
    call.messages.obey(message)
