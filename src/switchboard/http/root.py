"""The addresses beside the API: where a person who opens the server lands, and the figures for Prometheus."""

from html import escape

from fastapi import APIRouter, Request, Response

from switchboard.telemetry.metrics import CONTENT_TYPE, Metrics

router = APIRouter(include_in_schema=False)

_LINKS = {
    "/openapi.json": "Every path of the API, for people and for generators",
    "/health/detailed": "What runs, and what is off and why",
    "/metrics": "Figures for Prometheus",
}


@router.get("/")
async def welcome() -> Response:
    """A page without script or style: it must work under the strictest policy."""
    links = "".join(f'<li><a href="{path}">{path}</a>: {escape(text)}</li>' for path, text in _LINKS.items())
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Switchboard</title>'
        "<h1>Switchboard</h1><p>This is the API. Send your key in the header <code>X-API-Key</code>.</p>"
        f"<ul>{links}</ul></html>"
    )
    return Response(page, media_type="text/html")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """This process' figures in Prometheus' text format."""
    figures: Metrics = request.app.state.metrics
    return Response(figures.exposition(), media_type=CONTENT_TYPE)
