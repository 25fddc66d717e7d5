"""The emulated Ultravox Realtime API, under `/api`, and its limits under `/_sandbox/ultravox`."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from switchboard.sandbox.ultravox import (
    agents,
    calls,
    catalog,
    incoming,
    recordings,
    sockets,
    stages,
    telephony,
    throttles,
    tool_catalog,
    usage,
    webhooks,
)
from switchboard.sandbox.ultravox.state import MOST_CREATIONS, MOST_REQUESTS, Limits, Settings, State
from switchboard.sandbox.ultravox.voices import MOST_EXTRA
from switchboard.sandbox.world import World

_PARTS = (
    usage,  # before agents: /agents/usage is no agent
    agents,
    incoming,
    calls,
    stages,
    recordings,
    tool_catalog,
    throttles,
    telephony,
    catalog,
    webhooks,
    sockets,
)


class VoicesOrder(BaseModel):
    """What accounts find from now on: so many voices more, and some no more. Left out: as the service starts."""

    model_config = ConfigDict(extra="forbid")

    extra: int = Field(default=0, ge=0, le=MOST_EXTRA)
    withdrawn: list[str] = Field(default_factory=list)


class LimitsOrder(BaseModel):
    """Limits of every account from now on; null lifts one. Left out: as the service starts."""

    model_config = ConfigDict(extra="forbid")

    concurrent_calls: int | None = Field(default=1000, ge=0)
    calls_per_second: int | None = Field(default=None, ge=1, le=MOST_CREATIONS)
    calls_per_minute: int | None = Field(default=None, ge=1, le=MOST_CREATIONS)
    requests_per_second: int | None = Field(default=None, ge=1, le=MOST_REQUESTS)


class SettingsOrder(BaseModel):
    """How the service behaves for every account from now on. Left out: as it starts. See `state.Settings`."""

    model_config = ConfigDict(extra="forbid")

    patch: Literal["replace", "merge"] = "replace"
    missing_key_status: Literal[401, 403] = 401
    recordings: Literal["direct", "redirect"] = "direct"
    subscription: bool = True
    free_minutes: float = Field(default=30, ge=0)
    billing_seconds: float = Field(default=2, ge=0, le=3600)


def router(world: World) -> APIRouter:
    """All routes of one world's Ultravox. Accounts, calls and limits are forgotten on reset."""
    state = State(world)
    world.on_reset(state.clear)
    routes = APIRouter()
    for part in _PARTS:
        routes.include_router(part.router(state))

    @routes.put("/_sandbox/ultravox/limits")
    async def set_limits(order: Annotated[LimitsOrder, Body()]) -> dict[str, Any]:
        state.limits = Limits(**order.model_dump())
        return asdict(state.limits)

    @routes.put("/_sandbox/ultravox/voices")
    async def set_voices(order: Annotated[VoicesOrder, Body()]) -> dict[str, Any]:
        state.extra_voices, state.withdrawn_voices = order.extra, frozenset(order.withdrawn)
        return order.model_dump()

    @routes.put("/_sandbox/ultravox/settings")
    async def set_settings(order: Annotated[SettingsOrder, Body()]) -> dict[str, Any]:
        state.change_settings(Settings(**order.model_dump()))
        return order.model_dump()

    return routes
