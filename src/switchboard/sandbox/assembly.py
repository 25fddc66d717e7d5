"""Puts vendors and the control API behind one front door."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from switchboard.sandbox import control
from switchboard.sandbox.gate import Gate
from switchboard.sandbox.recorder import Recorder
from switchboard.sandbox.twilio.errors import TwilioError, answer_error
from switchboard.sandbox.vendors import no_such_route, provider_of
from switchboard.sandbox.world import World

_UNROUTED = {404: "Not Found", 405: "Method Not Allowed"}


def assemble(world: World, vendors: Sequence[Callable[[World], APIRouter]]) -> ASGIApp:
    """The ASGI program of a world with these vendors; the first must bring the carrier."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await world.close()

    app = FastAPI(title="Switchboard sandbox", lifespan=lifespan, openapi_url=None)
    for router in vendors:
        app.include_router(router(world))
    recorder = Recorder()
    world.on_reset(recorder.clear)
    app.include_router(control.router(world, recorder))
    app.add_exception_handler(TwilioError, answer_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    return Gate(app, world.faults, recorder)


async def _answer_http_error(request: Request, error: Exception) -> Response:
    """A path or method that no route knows gets its vendor's own words; a route's own words stay."""
    assert isinstance(error, HTTPException)
    provider = provider_of(request.url.path)
    if provider and error.detail == _UNROUTED.get(error.status_code):
        body = no_such_route(provider, error.status_code, request.method, request.url.path)
    else:
        body = {"detail": error.detail}
    return JSONResponse(body, error.status_code, error.headers)
