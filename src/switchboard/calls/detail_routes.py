"""What the call page shows beside the call itself: the life of both legs, and the vendors' own records."""

from fastapi import APIRouter, Request, Response

from switchboard.calls.details import legs, records
from switchboard.calls.routes import Reader, Service
from switchboard.calls.schemas import LegOut, RecordOut
from switchboard.http.json import JsonResponse
from switchboard.http.problems import problem_responses

router = APIRouter(prefix="/api/v1/calls", tags=["calls"])


@router.get("/{call_id}/timeline", response_model=list[LegOut], responses=problem_responses(401, 403, 404))
async def show_timeline(call_id: str, request: Request, service: Service, caller: Reader) -> Response:
    """When each leg of the call reached which state."""
    call = await service.get(call_id)
    return JsonResponse(legs(call, await request.app.state.events.of_call(call_id)))


@router.get("/{call_id}/records", response_model=list[RecordOut], responses=problem_responses(401, 403, 404))
async def show_records(call_id: str, request: Request, service: Service, caller: Reader) -> Response:
    """What the providers said about the call, in their own words."""
    call = await service.get(call_id)
    return JsonResponse(records(call, await request.app.state.inbox.of_call(call_id, call.session_id)))
