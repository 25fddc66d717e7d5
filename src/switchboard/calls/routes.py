"""HTTP surface of calls (design §7)."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from switchboard.access.guard import require
from switchboard.access.schemas import Caller
from switchboard.calls.audio import audio_response
from switchboard.calls.model import Call, CallCost
from switchboard.calls.schemas import AgentCallIn, CallFilter, CallIn, CallOut, CostOut, Direction, TurnOut
from switchboard.calls.service import CallService
from switchboard.core.money import Money
from switchboard.events.schemas import EventOut
from switchboard.http.idempotency import IdempotencyKey, claim, fingerprint, keep
from switchboard.http.json import JsonResponse, encode
from switchboard.http.pagination import (
    PAGE_HEADERS,
    Cursor,
    Limit,
    Page,
    decode_cursor,
    encode_cursor,
    page_response,
)
from switchboard.http.problems import problem_responses
from switchboard.persistence.database import Database
from switchboard.providers.normalised import CallStatus

router = APIRouter(prefix="/api/v1/calls", tags=["calls"])

Reader = Annotated[Caller, require("calls:read")]
Writer = Annotated[Caller, require("calls:write")]
_PLACING = problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 424, 429, 503)
_NO_DIGIT = re.compile(r"\D")
_LIST: dict[int | str, dict[str, Any]] = {200: {"headers": PAGE_HEADERS}, **problem_responses(401, 403, 422)}


async def _service(request: Request) -> CallService:
    service: CallService = request.app.state.calls
    return service


async def _wanted(
    agent_id: Annotated[str | None, Query(max_length=40)] = None,
    platform: Annotated[str | None, Query(max_length=40)] = None,
    status: Annotated[list[CallStatus], Query(description="May be repeated: any of them.")] = [],  # noqa: B006 -- FastAPI copies it
    reason: Annotated[str | None, Query(max_length=100, examples=["callee_hangup"])] = None,
    direction: Direction | None = None,
    to: Annotated[str | None, Query(max_length=40, description="The whole number.")] = None,
    number: Annotated[str | None, Query(max_length=40, description="Digits anywhere in the number.")] = None,
    text: Annotated[str | None, Query(max_length=200, description="Anywhere in what was said.")] = None,
    created_from: AwareDatetime | None = None,
    created_to: Annotated[AwareDatetime | None, Query(description="Exclusive.")] = None,
) -> CallFilter:
    return CallFilter(
        agent_id=agent_id,
        platform=platform,
        status=tuple(status),
        reason=reason,
        direction=direction,
        to=to,
        number=_NO_DIGIT.sub("", number) if number else None,
        text=text.strip() or None if text else None,
        created_from=created_from,
        created_to=created_to,
    )


Service = Annotated[CallService, Depends(_service)]
Wanted = Annotated[CallFilter, Depends(_wanted)]


@router.get("", response_model=list[CallOut], responses=_LIST)
async def list_calls(
    request: Request, service: Service, caller: Reader, wanted: Wanted, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Calls, newest first."""
    after = decode_cursor(cursor, datetime, str) if cursor else None
    calls, total = await service.page(wanted, after=after, limit=limit)
    last = calls[limit - 1] if len(calls) > limit else None
    next_cursor = encode_cursor(last.created_at, last.id) if last else None
    names = await service.agent_names(None, *calls)
    return page_response(request, Page([_shown(call, names) for call in calls[:limit]], next_cursor, total))


@router.post("", status_code=201, response_model=CallOut, responses=_PLACING)
async def place_call(
    wanted: CallIn, request: Request, service: Service, caller: Writer, idempotency_key: IdempotencyKey = None
) -> Response:
    """Ring a phone. Answers at once; follow the call by its events."""
    return await _place(wanted, request, service, caller, idempotency_key)


@router.post("/elevenlabs/{agent_id}", status_code=201, response_model=CallOut, responses=_PLACING)
async def place_call_of_elevenlabs_agent(
    agent_id: str,
    wanted: AgentCallIn,
    request: Request,
    service: Service,
    caller: Writer,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The older form for agents on ElevenLabs; it knows no others."""
    call = CallIn(agent_id=agent_id, to=wanted.to, from_=wanted.from_, variables=wanted.variables)
    return await _place(call, request, service, caller, idempotency_key, platform="elevenlabs")


@router.post("/{agent_id}", status_code=201, response_model=CallOut, responses=_PLACING)
async def place_call_of_agent(
    agent_id: str,
    wanted: AgentCallIn,
    request: Request,
    service: Service,
    caller: Writer,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The older form: the agent in the address, `{phone_number, template_context}` in the body."""
    call = CallIn(agent_id=agent_id, to=wanted.to, from_=wanted.from_, variables=wanted.variables)
    return await _place(call, request, service, caller, idempotency_key)


@router.get("/{call_id}", response_model=CallOut, responses=problem_responses(401, 403, 404))
async def show_call(call_id: str, service: Service, caller: Reader) -> Response:
    """One call."""
    call = await service.get(call_id)
    return JsonResponse(_shown(call, await service.agent_names(None, call)))


@router.post(
    "/{call_id}/hangup", status_code=202, response_model=CallOut, responses=problem_responses(401, 403, 404, 409)
)
async def hang_up(call_id: str, service: Service, caller: Writer) -> Response:
    """End a call in any state."""
    call = await service.hang_up(call_id)
    return JsonResponse(_shown(call, await service.agent_names(None, call)), status_code=202)


@router.get("/{call_id}/transcript", response_model=list[TurnOut], responses=problem_responses(401, 403, 404))
async def show_transcript(call_id: str, service: Service, caller: Reader) -> Response:
    """What was said so far."""
    return JsonResponse([_fields(turn, TurnOut.model_fields) for turn in await service.transcript(call_id)])


@router.get("/{call_id}/events", response_model=list[EventOut], responses=problem_responses(401, 403, 404))
async def list_call_events(call_id: str, request: Request, service: Service, caller: Reader) -> Response:
    """Everything that happened to the call, oldest first."""
    await service.get(call_id)
    return JsonResponse([event.as_json() for event in await request.app.state.events.of_call(call_id)])


@router.get(
    "/{call_id}/recording",
    response_class=Response,
    responses={
        200: {"content": {"audio/*": {}}},
        206: {"content": {"audio/*": {}}, "description": "The part that was asked for."},
        **problem_responses(401, 403, 404, 416, 424, 503),
    },
)
async def play_recording(
    call_id: str,
    request: Request,
    service: Service,
    caller: Reader,
    download: Annotated[bool, Query(description="As a file to keep.")] = False,
) -> Response:
    """The recording, as the platform keeps it; in parts if asked, so that players can seek."""
    return audio_response(await service.recording(call_id), request, f"{call_id}" if download else None)


@router.get("/{call_id}/cost", response_model=CostOut, responses=problem_responses(401, 403, 404))
async def show_cost(call_id: str, service: Service, caller: Reader) -> Response:
    """What the call cost, line by line."""
    call, lines = await service.costs(call_id)
    total = _cost(call) or {"amount": "0.00", "currency": "USD", "final": False}
    return JsonResponse({**total, "lines": [_line(line) for line in lines]})


async def _place(
    wanted: CallIn,
    request: Request,
    service: CallService,
    caller: Caller,
    key: str | None,
    *,
    platform: str | None = None,
) -> Response:
    database: Database = request.app.state.database
    async with database.transaction() as session:
        if key is not None:
            mark = fingerprint("POST", "/api/v1/calls", encode(wanted))
            stored = await claim(session, owner=caller.owner, key=key, fingerprint=mark)
            if stored is not None:
                return stored.response()
        call = await service.place(session, wanted, platform)
        body = encode(_shown(call, await service.agent_names(session, call)))
        if key is not None:
            await keep(session, owner=caller.owner, key=key, status=201, body=body)
    return JsonResponse(body, status_code=201)


def _shown(call: Call, names: Mapping[str, str]) -> dict[str, Any]:
    body = _fields(call, CallOut.model_fields, leave_out={"to", "from_", "cost", "agent_name"})
    body["agent_name"] = names.get(call.agent_id, "")
    return {**body, "to": call.to_number, "from": call.from_number, "cost": _cost(call)}


def _cost(call: Call) -> dict[str, Any] | None:
    if call.cost_micros is None:
        return None
    money = Money(call.cost_micros, call.cost_currency or "USD")
    return {"amount": money.amount, "currency": money.currency, "final": call.cost_final}


def _line(line: CallCost) -> dict[str, Any]:
    shown = _fields(line, ("provider", "item", "currency", "quantity", "unit", "final"))
    return {**shown, "amount": Money(line.micros, line.currency).amount}


def _fields(row: object, names: Iterable[str], leave_out: Iterable[str] = ()) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names if name not in leave_out}
