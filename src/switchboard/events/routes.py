"""`/api/v1/events`: the log as a stream of server-sent events, or as pages of JSON."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from switchboard.access.guard import presented, require
from switchboard.access.schemas import Badge, Caller
from switchboard.access.scopes import Scope, missing_scopes
from switchboard.access.service import AccessService, require_scopes
from switchboard.core.errors import FieldError, InvalidInput, NotAuthenticated
from switchboard.events.model import Event
from switchboard.events.schemas import EventFilter, EventOut
from switchboard.events.service import EventLog
from switchboard.events.types import OF_PEOPLE, OF_WORK, EventType
from switchboard.http.json import encode
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

_LONGEST_SECONDS = 3600.0
_HEARTBEAT_SECONDS = 15.0
_RETRY_MS = 1000
_LONGEST_POSITION = 18  # digits; a bigint holds them all

router = APIRouter(prefix="/api/v1", tags=["events"])

_EXAMPLE = {
    "position": 41,
    "id": "evt_01k8d4m0h6v1n2p3q4r5s6t7w8",
    "type": "call.ringing",
    "at": "2026-11-22T09:00:00Z",
    "agent_id": "agt_01k8d4m0h6v1n2p3q4r5s6t7w8",
    "call_id": "call_01k8d4m0h6v1n2p3q4r5s6t7w8",
    "data": {},
}
_CONTENT = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": f"id: 41\nevent: call.ringing\ndata: {encode(_EXAMPLE).decode()}\n\n",
    },
    "application/json": {
        "schema": {"type": "array", "items": EventOut.model_json_schema()},
        "example": [_EXAMPLE],
    },
}


@router.get(
    "/events",
    summary="Follow or read the event log",
    description=(
        "A stream of server-sent events, or with `Accept: application/json` a page of past ones (newest first; "
        "oldest first with `after`). A stream starts at the end of the log unless `Last-Event-ID` or `after` "
        "says otherwise, and misses nothing when it is resumed. Needs the scope `events:read`; events of users "
        "and keys are told to the scope `admin` only."
    ),
    responses={
        200: {"description": "Events.", "content": _CONTENT, "headers": PAGE_HEADERS},
        **problem_responses(401, 403, 429),
    },
    response_class=Response,
)
async def read_events(
    request: Request,
    caller: Annotated[Caller, require("events:read")],
    after: Annotated[int | None, Query(ge=0, lt=2**63, description="Only events past this position.")] = None,
    types: Annotated[str | None, Query(description="Only these types, separated by commas.")] = None,
    agent_id: Annotated[str | None, Query(description="Only events about this agent.")] = None,
    call_id: Annotated[str | None, Query(description="Only events about this call.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", description="As `after`; wins over it.")
    ] = None,
) -> Response:
    wanted = EventFilter(_visible(caller, parse_types(types)), agent_id, call_id)
    if _wants_json(request.headers.get("accept", "")):
        return page_response(request, await _page(_log(request), after, wanted, limit, cursor))
    start = _parse_position(last_event_id) if last_event_id is not None else after
    if start is None:
        start = await _log(request).last_position()
    access: AccessService = request.app.state.access
    allowed = partial(_goes_on, access, presented(request).badge, caller.scopes)
    frames = stream(_log(request), allowed, start, wanted)
    return StreamingResponse(frames, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def stream(
    log: EventLog,
    allowed: Callable[[], Awaitable[bool]],
    after: int,
    wanted: EventFilter,
    *,
    heartbeat_seconds: float = _HEARTBEAT_SECONDS,
    longest_seconds: float = _LONGEST_SECONDS,
) -> AsyncIterator[bytes]:
    """Frames of a stream. It ends when it is not `allowed` any more, the server shuts down or its time is up.

    The client then comes back with the last id it saw; the first frame gives it one before there is any event.
    """
    now = asyncio.get_running_loop().time
    deadline = now() + longest_seconds
    yield f"retry: {_RETRY_MS}\nid: {after}\n\n".encode()
    async with aclosing(log.batches(after, wanted, idle_seconds=heartbeat_seconds)) as batches:
        async for batch in batches:
            if not await allowed():
                return
            yield b"".join(map(frame, batch)) or b": still here\n\n"
            if now() >= deadline:
                return


def frame(event: Event) -> bytes:
    """One event as server-sent events write it. JSON has no line breaks, so one data line is enough."""
    head = f"id: {event.position}\nevent: {event.type}\ndata: "
    return head.encode() + encode(event.as_json()) + b"\n\n"


def _visible(caller: Caller, asked: frozenset[str] | None) -> frozenset[str] | None:
    """The types that this caller is told of those asked for. Raises: MissingScope for one by name."""
    if asked is None:
        return None if not missing_scopes(caller.scopes, [Scope.ADMIN]) else OF_WORK
    if asked & OF_PEOPLE:
        require_scopes(caller, [Scope.ADMIN])
    return asked


async def _goes_on(access: AccessService, badge: Badge, scopes: frozenset[str]) -> bool:
    """Nothing is told to a key that was revoked meanwhile, nor to a person whose role became another."""
    try:
        return (await access.identify(badge)).scopes == scopes
    except NotAuthenticated:
        return False


async def _page(
    log: EventLog, after: int | None, wanted: EventFilter, limit: int, cursor: str | None
) -> Page[dict[str, object]]:
    forwards, position = after is not None, after
    if cursor is not None:
        forwards, position = decode_cursor(cursor, bool, int)
    if forwards:
        found = await log.after(
            position or 0, types=wanted.types, agent_id=wanted.agent_id, call_id=wanted.call_id, limit=limit + 1
        )
    else:
        found = await log.before(position, wanted, limit=limit + 1)
    shown = found[:limit]
    following = encode_cursor(forwards, shown[-1].position) if len(found) > limit else None
    return Page([event.as_json() for event in shown], following)


def parse_types(text: str | None) -> frozenset[str] | None:
    """The types that a query names, None for all. Raises: InvalidInput for one that no event has."""
    if text is None:
        return None
    types = frozenset(part.strip() for part in text.split(",") if part.strip())
    unknown = sorted(types - set(EventType))
    if unknown or not types:
        problem = f"No event has the type {unknown[0]!r}." if unknown else "Name at least one type."
        raise InvalidInput(f"types: {problem}", [FieldError("types", problem)])
    return types


def _parse_position(text: str) -> int:
    if not text.isdecimal() or len(text) > _LONGEST_POSITION:
        problem = "This must be the id of an event of this stream, a whole number."
        raise InvalidInput(f"Last-Event-ID: {problem}", [FieldError("Last-Event-ID", problem)])
    return int(text)


def _wants_json(accept: str) -> bool:
    return "application/json" in accept and "text/event-stream" not in accept


def _log(request: Request) -> EventLog:
    log: EventLog = request.app.state.events
    return log
