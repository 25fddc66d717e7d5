"""The figures for Prometheus, at the address where it looks for them."""

from fastapi import APIRouter, Request, Response

from switchboard.telemetry.metrics import CONTENT_TYPE, Metrics

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """This process' figures in Prometheus' text format."""
    figures: Metrics = request.app.state.metrics
    return Response(figures.exposition(), media_type=CONTENT_TYPE)
