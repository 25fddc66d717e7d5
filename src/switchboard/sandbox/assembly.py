"""Puts vendors and the control API behind one front door."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from switchboard.sandbox import control, index_page
from switchboard.sandbox.gate import Gate
from switchboard.sandbox.nonsense import answer_nonsense
from switchboard.sandbox.recorder import Recorder
from switchboard.sandbox.script import Script, play
from switchboard.sandbox.twilio.errors import TwilioError, answer_error
from switchboard.sandbox.vendors import no_such_route, provider_of
from switchboard.sandbox.world import World

_UNROUTED = {404: "Not Found", 405: "Method Not Allowed"}


Vendors = Sequence[Callable[[World], APIRouter]]


def assemble(world: World, vendors: Vendors, script: Script | None = None) -> ASGIApp:
    """The ASGI program of a world with these vendors; the first must bring the carrier.

    A script begins when the program starts.
    """
    recorder = Recorder()
    world.on_reset(recorder.clear)
    return Gate(routed(world, vendors, recorder, script), world.faults, recorder)


def routed(world: World, vendors: Vendors, recorder: Recorder, script: Script | None = None) -> FastAPI:
    """Every route, without the front door."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if script is not None:
            await play(script, world, app)
        yield
        await world.close()

    app = FastAPI(
        title="Switchboard sandbox",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    for router in vendors:
        app.include_router(router(world))
    app.include_router(control.router(world, recorder, app))
    app.add_route("/", index_page.at_the_root, include_in_schema=False)
    app.add_exception_handler(RequestValidationError, answer_nonsense)
    app.add_exception_handler(TwilioError, answer_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    return app


def _operation_id(route: APIRoute) -> str:
    """By method and path as they are: vendors have paths that differ by a hyphen only."""
    return f"{min(route.methods or {'GET'})} {route.path_format}"


async def _answer_http_error(request: Request, error: Exception) -> Response:
    """A path or method that no route knows gets its vendor's own words; a route's own words stay."""
    assert isinstance(error, HTTPException)
    provider = provider_of(request.url.path)
    if provider and error.detail == _UNROUTED.get(error.status_code):
        body = no_such_route(provider, error.status_code, request.method, request.url.path)
    else:
        body = {"detail": error.detail}
    return JSONResponse(body, error.status_code, error.headers)
