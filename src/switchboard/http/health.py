"""Is it running, and what is not: `/health` for load balancers, `/health/detailed` for people."""

from importlib.metadata import version
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from switchboard.http.json import JsonResponse
from switchboard.persistence.database import Database
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import Health
from switchboard.providers.registry import Providers

router = APIRouter(tags=["health"])

_WORKERS = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '15 seconds'")
_FINE = {Health.OK, Health.UNKNOWN}


class HealthOut(BaseModel):
    """`degraded`: it works, but not everything does."""

    status: Literal["ok", "degraded", "down"]
    version: str


class ProviderHealthOut(BaseModel):
    """One provider as last seen; `reason` says in words what is wrong and what to do."""

    name: str
    kind: Literal["platform", "carrier"]
    state: Health
    reason: str | None
    checked_at: str | None
    latency_ms: float | None
    sandboxed: bool = Field(description="Something else than the vendor answers, as the sandbox does.")


class DetailedHealthOut(HealthOut):
    """The parts behind the status."""

    database: Literal["ok", "down"]
    workers: int = Field(
        description="Worker pools seen alive in the last 15 seconds; without one no call is placed."
    )
    providers: list[ProviderHealthOut]
    telephone: bool = Field(description="The sandbox's telephone rings in the console.")


@router.get("/health", response_model=HealthOut)
async def health(request: Request) -> Response:
    """200 while requests can be served, 503 while not. Open to everybody, tells nothing else."""
    workers = await _workers(request.app.state.database)
    body = {"status": "down" if workers is None else "ok", "version": version("switchboard")}
    return JsonResponse(body, status_code=503 if workers is None else 200)


@router.get("/health/detailed", response_model=DetailedHealthOut)
async def detailed_health(request: Request) -> Response:
    """Database, workers and every provider, with the reason for what is off. Holds no secret."""
    monitor: HealthMonitor = request.app.state.health
    workers = await _workers(request.app.state.database)
    stand_ins: Providers = request.app.state.providers
    providers = [
        _shown(known) | {"sandboxed": name in stand_ins.sandboxed} for name, known in sorted(monitor.known.items())
    ]
    status = "down" if workers is None else "ok"
    if workers == 0 or any(provider["state"] not in _FINE for provider in providers):
        status = "degraded"
    body = {
        "status": status,
        "version": version("switchboard"),
        "database": "down" if workers is None else "ok",
        "workers": workers or 0,
        "providers": providers,
        "telephone": request.app.state.sandbox_url is not None,
    }
    return JsonResponse(body, status_code=503 if workers is None else 200)


async def _workers(database: Database) -> int | None:
    try:
        async with database.transaction() as session:
            return int(await session.scalar(_WORKERS) or 0)
    except (SQLAlchemyError, OSError):
        return None


def _shown(known: Any) -> dict[str, Any]:
    return {name: getattr(known, name) for name in ProviderHealthOut.model_fields if name != "sandboxed"}
