"""HTTP surface of figures: `/api/v1/metrics/…`, `/quota`, `/platforms`, `/alerts` (design §7)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from switchboard.access.guard import require
from switchboard.access.schemas import Caller
from switchboard.http.json import JsonResponse
from switchboard.http.problems import problem_responses
from switchboard.monitoring.platforms import PlatformOverview
from switchboard.monitoring.schemas import AgentFigures, Alert, Bucket, PlatformOut, Quota, Summary
from switchboard.monitoring.service import Monitoring

router = APIRouter(prefix="/api/v1", tags=["figures"])

Reader = Annotated[Caller, require("metrics:read")]
Zone = Annotated[str, Query(max_length=60, description="Whose midnight begins a day.", examples=["Europe/Madrid"])]
From = Annotated[AwareDatetime | None, Query(alias="from")]
To = Annotated[AwareDatetime | None, Query(alias="to")]
_REFUSALS = problem_responses(401, 403, 422)


def _monitoring(request: Request) -> Monitoring:
    monitoring: Monitoring = request.app.state.monitoring
    return monitoring


def _overview(request: Request) -> PlatformOverview:
    overview: PlatformOverview = request.app.state.overview
    return overview


@router.get("/metrics/summary", response_model=Summary, responses=_REFUSALS)
async def summary(request: Request, caller: Reader, zone: Zone = "UTC") -> Response:
    """What happens now, and today so far."""
    return JsonResponse(await _monitoring(request).summary(zone))


@router.get("/metrics/calls", response_model=list[Bucket], responses=_REFUSALS)
async def call_series(
    request: Request,
    caller: Reader,
    since: From = None,
    until: To = None,
    bucket: Literal["hour", "day"] = "day",
    zone: Zone = "UTC",
    platform: Annotated[str | None, Query(max_length=40)] = None,
    agent_id: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Calls per hour (a day, if not told) or per day (30 days), oldest first; at most 800 of them."""
    series = await _monitoring(request).series(
        since=since, until=until, unit=bucket, zone=zone, platform=platform, agent_id=agent_id
    )
    return JsonResponse(series)


@router.get("/metrics/agents", response_model=list[AgentFigures], responses=_REFUSALS)
async def agent_figures(
    request: Request,
    caller: Reader,
    since: From = None,
    until: To = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The busiest agents of the last 30 days, or of the time told."""
    return JsonResponse(await _monitoring(request).agents(since, until, limit))


@router.get("/quota", response_model=list[Quota], responses=problem_responses(401, 403))
async def quota(request: Request, caller: Reader) -> Response:
    """What is left at each platform, at most a minute old."""
    return JsonResponse(await _overview(request).quotas.all())


@router.get("/platforms", response_model=list[PlatformOut], responses=problem_responses(401, 403))
async def platforms(request: Request, caller: Reader) -> Response:
    """Every provider: how it does, what is left, and what it can do."""
    return JsonResponse(await _overview(request).all())


@router.get("/alerts", response_model=list[Alert], responses=problem_responses(401, 403))
async def alerts(request: Request, caller: Reader) -> Response:
    """What a person should look at now, the worst first."""
    return JsonResponse(await _overview(request).alerts())
