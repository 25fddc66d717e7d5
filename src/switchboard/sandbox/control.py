"""The control API under `/_sandbox`: reset, clock, faults, and what was asked, called and sent."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp

from switchboard.sandbox import index_page
from switchboard.sandbox.fault_orders import FaultOrder
from switchboard.sandbox.faults import TooManyFaultsError
from switchboard.sandbox.memory import MOST_CALLS
from switchboard.sandbox.phones.directory import KNOWN, household
from switchboard.sandbox.recorder import REMEMBERED, Recorder
from switchboard.sandbox.script import Script, play
from switchboard.sandbox.vendors import Provider
from switchboard.sandbox.world import World

_CALLS_SHOWN = 1_000


class ResetOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seed: int | None = Field(default=None, ge=0)


class ClockOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    speed: float = Field(ge=1, le=100)


def router(world: World, recorder: Recorder, app: ASGIApp) -> APIRouter:
    """All routes of the control API. `app`: the program itself, which scripts control."""
    routes = APIRouter(prefix="/_sandbox")
    routes.include_router(index_page.router)

    @routes.post("/script", status_code=202)
    async def start_script(script: Script) -> dict[str, Any]:
        await play(script, world, app)
        return {"seed": world.seed, "speed": world.clock.speed, "steps": len(script.steps)}

    _add_world(routes, world)
    _add_faults(routes, world)
    _add_views(routes, world, recorder)
    return routes


def _add_world(routes: APIRouter, world: World) -> None:
    @routes.post("/reset")
    async def reset(order: ResetOrder | None = None) -> dict[str, Any]:
        await world.reset(order.seed if order else None)
        return {"seed": world.seed}

    @routes.get("/clock")
    async def clock() -> dict[str, Any]:
        return {"speed": world.clock.speed, "elapsed_seconds": round(world.clock.elapsed(), 3)}

    @routes.get("/speech")
    async def speech() -> dict[str, Any]:
        return {"available": world.studio.why_not is None, "reason": world.studio.why_not}

    @routes.put("/clock")
    async def set_clock(order: ClockOrder) -> dict[str, Any]:
        world.clock.set_speed(order.speed)
        return await clock()


def _add_faults(routes: APIRouter, world: World) -> None:
    @routes.post("/faults", status_code=201)
    async def add_fault(order: FaultOrder) -> dict[str, Any]:
        try:
            return world.faults.add(order).as_json()
        except TooManyFaultsError:
            raise HTTPException(409, "1000 faults are in force. DELETE /_sandbox/faults ends them.") from None

    @routes.get("/faults")
    async def faults() -> list[dict[str, Any]]:
        return [fault.as_json() for fault in world.faults.all()]

    @routes.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        world.faults.clear()

    @routes.delete("/faults/{fault_id}", status_code=204)
    async def remove_fault(fault_id: str) -> None:
        if not world.faults.remove(fault_id):
            raise HTTPException(404, f"No fault {fault_id}. GET /_sandbox/faults lists them.")


def _add_views(routes: APIRouter, world: World, recorder: Recorder) -> None:
    @routes.get("/requests")
    async def requests(
        provider: Provider | None = None,
        method: str | None = None,
        path: str | None = None,
        after: int = 0,
        limit: Annotated[int, Query(ge=1, le=REMEMBERED)] = REMEMBERED,
    ) -> list[dict[str, Any]]:
        return recorder.told(provider, method, path, after=after, most=limit)

    @routes.delete("/requests", status_code=204)
    async def forget_requests() -> None:
        recorder.clear()

    @routes.get("/callbacks")
    async def callbacks(provider: Provider | None = None, url: str | None = None) -> list[dict[str, Any]]:
        return world.delivery.log(provider, url)

    @routes.get("/calls")
    async def calls(limit: Annotated[int, Query(ge=1, le=MOST_CALLS)] = _CALLS_SHOWN) -> list[dict[str, Any]]:
        return world.carrier.told(limit)

    @routes.get("/phones")
    async def phones(number: str | None = None) -> list[dict[str, Any]]:
        homes = [household(number, world.seed)] if number else list(KNOWN.values())
        return [asdict(home) for home in homes]
