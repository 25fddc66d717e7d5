"""`/api/v1/audit`: who did what, as a view of the event log."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from switchboard.access.guard import require
from switchboard.access.schemas import Caller
from switchboard.events.model import Event
from switchboard.events.routes import parse_types
from switchboard.events.schemas import Deed, EventFilter
from switchboard.events.service import EventLog
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

_LAST = 2**63 - 1  # a bigint's last

router = APIRouter(prefix="/api/v1", tags=["access"])


@router.get(
    "/audit",
    summary="Who did what",
    description=(
        "Deeds of people and keys, newest first: signing in, users and keys, agents changed, calls placed and "
        "hung up. Needs the scope `admin`."
    ),
    responses={200: {"model": list[Deed], "headers": PAGE_HEADERS}, **problem_responses(401, 403, 429)},
)
async def read_audit(
    request: Request,
    _: Annotated[Caller, require("admin")],
    actor: Annotated[str | None, Query(description="Only deeds of this key or user.", max_length=100)] = None,
    types: Annotated[str | None, Query(description="Only these types, separated by commas.")] = None,
    agent_id: Annotated[str | None, Query(description="Only deeds about this agent.")] = None,
    call_id: Annotated[str | None, Query(description="Only deeds about this call.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    log: EventLog = request.app.state.events
    before = min(decode_cursor(cursor, int)[0], _LAST) if cursor else None
    wanted = EventFilter(parse_types(types), agent_id, call_id)
    found = await log.deeds(before, wanted, actor=actor, limit=limit + 1)
    shown = found[:limit]
    following = encode_cursor(shown[-1].position) if len(found) > limit else None
    return page_response(request, Page([_shown(event) for event in shown], following))


def _shown(event: Event) -> dict[str, Any]:
    data = dict(event.data)
    return event.as_json() | {"actor": data.pop("actor"), "data": data}
