"""`GET /api/v1/calls.csv`: the list of calls for spreadsheets."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from switchboard.calls.export import table
from switchboard.calls.routes import Reader, Service, Wanted
from switchboard.core.zones import zone_of
from switchboard.http.problems import problem_responses

router = APIRouter(prefix="/api/v1", tags=["calls"])


@router.get(
    "/calls.csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}, **problem_responses(401, 403, 422)},
)
async def export_calls(
    service: Service,
    caller: Reader,
    wanted: Wanted,
    zone: Annotated[str, Query(max_length=60, description="For the times.", examples=["Europe/Madrid"])] = "UTC",
) -> StreamingResponse:
    """The same calls as in the list, newest first, at most 100,000."""
    rows = table(service.all(wanted), zone_of(zone))
    headers = {"Content-Disposition": 'attachment; filename="calls.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)
