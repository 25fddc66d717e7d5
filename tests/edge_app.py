"""An application with the edge, keys and events, but no domain: what tests of these three stand on."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from switchboard.access.guard import require
from switchboard.access.passwords import Passwords
from switchboard.access.routes import router as access_routes
from switchboard.access.schemas import Caller
from switchboard.access.service import AccessService
from switchboard.access.session_routes import router as session_routes
from switchboard.access.settings import AccessSettings
from switchboard.access.user_routes import router as user_routes
from switchboard.core.clock import SystemClock
from switchboard.core.errors import Unavailable
from switchboard.events.audit_routes import router as audit_routes
from switchboard.events.routes import router as event_routes
from switchboard.events.service import EventLog
from switchboard.events.wakeups import Wakeups
from switchboard.http.json import JsonResponse
from switchboard.http.middleware import install_edge
from switchboard.http.problems import problem_responses
from switchboard.http.rate_limit import RateLimiter, RateLimitSettings
from switchboard.persistence.database import Database
from switchboard.telemetry.metrics import Metrics

ADMIN = "sb_admin_key_for_tests_only_0123456789"


class Guest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    age: int = Field(ge=0)


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    guest: Guest


def edge_app(database_url: str, *, rate: str = "off", access: AccessSettings | None = None) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(database_url)
        wakeups = Wakeups(database.conninfo)
        await wakeups.start()
        app.state.database = database
        app.state.events = EventLog(database, wakeups)
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        app.state.access = AccessService(
            database, app.state.events, SystemClock(), settings=access, passwords=quick
        )
        app.state.access.start()
        app.state.loop = asyncio.get_running_loop()
        await app.state.access.seed_admin(ADMIN, "tests")
        yield
        await app.state.access.aclose()
        await wakeups.close()
        await database.close()

    app = FastAPI(lifespan=lifespan)
    app.state.metrics = Metrics()
    app.state.rate_limiter = RateLimiter(RateLimitSettings(rate=rate))
    for router in (access_routes, session_routes, user_routes, audit_routes):
        app.include_router(router)
    app.include_router(event_routes)
    _add_probes(app)
    install_edge(app, metrics=app.state.metrics)
    return app


def _add_probes(app: FastAPI) -> None:
    @app.post("/api/v1/orders", responses=problem_responses(400, 415))
    async def order(order: Order) -> Any:
        return JsonResponse(order)

    @app.get("/api/v1/crash")
    async def crash() -> Any:
        raise ZeroDivisionError("the secret reason")

    @app.get("/api/v1/away")
    async def away() -> Any:
        raise Unavailable("Out for lunch.", retry_after=2.2)

    @app.get("/api/v1/agents-only")
    async def agents_only(caller: Annotated[Caller, require("agents:read")]) -> Any:
        return JsonResponse({"owner": caller.owner})

    @app.post("/inbox/echo")
    async def echo(request: Request) -> Any:
        return JsonResponse({"bytes": len(await request.body())})


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a thread of its own."""

    app: FastAPI
    port: int
    server: uvicorn.Server
    thread: threading.Thread

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """What a signal does: end the streams, then the server."""
        self.app.state.loop.call_soon_threadsafe(self.app.state.events.stop_following)
        self.server.should_exit = True


@contextmanager
def served(app: FastAPI) -> Iterator[Served]:
    """Serve `app` over real HTTP on a free port until the block ends."""
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="on", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="served")
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive(), "the server did not start"
    running = Served(app, server.servers[0].sockets[0].getsockname()[1], server, thread)
    try:
        yield running
    finally:
        if thread.is_alive():
            running.stop()
        thread.join(20)


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """A client that calls `app` without a network."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://switchboard.test")
