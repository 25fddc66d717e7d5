"""The emulated ElevenLabs Agents API, under `/v1` and `/v2`, and its limits under `/_sandbox/elevenlabs`."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from switchboard.sandbox.elevenlabs import (
    agents,
    batches,
    catalog,
    conversations,
    inbound,
    knowledge,
    phone_numbers,
    signing,
    sockets,
    speech,
    telephony,
    tools,
    workspace,
)
from switchboard.sandbox.elevenlabs.breaking import BreakageType
from switchboard.sandbox.elevenlabs.limits import Limits
from switchboard.sandbox.elevenlabs.state import State
from switchboard.sandbox.elevenlabs.voices import MOST_EXTRA
from switchboard.sandbox.world import World

_PARTS = (
    *(agents, tools, knowledge, telephony, inbound, phone_numbers, batches),
    *(signing, conversations, sockets, catalog, speech, workspace),
)


class VoicesOrder(BaseModel):
    """What accounts find from now on: so many voices more, and some no more. Left out: as the service starts."""

    model_config = ConfigDict(extra="forbid")

    extra: int = Field(default=0, ge=0, le=MOST_EXTRA)
    withdrawn: list[str] = Field(default_factory=list)


class LimitsOrder(BaseModel):
    """Limits of every account from now on; null lifts one. Left out: as the service starts."""

    model_config = ConfigDict(extra="forbid")

    concurrent_conversations: int | None = Field(default=1000, ge=0)
    burst: float = Field(default=3.0, ge=1, le=10)
    credits: int | None = Field(default=None, ge=0)
    quota_status: Literal[401, 402] = 401


class BreakageOrder(BaseModel):
    """So many of the next conversations over sockets break off with this error at the agent's first answer."""

    model_config = ConfigDict(extra="forbid")

    error_type: BreakageType
    count: int = Field(default=1, ge=1, le=100)


def router(world: World) -> APIRouter:
    """All routes of one world's ElevenLabs. Accounts, conversations and limits are forgotten on reset."""
    state = State(world)
    world.on_reset(state.clear)
    routes = APIRouter()
    for part in _PARTS:
        routes.include_router(part.router(state))

    @routes.put("/_sandbox/elevenlabs/limits")
    async def set_limits(order: Annotated[LimitsOrder, Body()]) -> dict[str, Any]:
        state.set_limits(Limits(**order.model_dump()))
        return asdict(state.limits)

    @routes.put("/_sandbox/elevenlabs/voices")
    async def set_voices(order: Annotated[VoicesOrder, Body()]) -> dict[str, Any]:
        state.extra_voices, state.withdrawn_voices = order.extra, frozenset(order.withdrawn)
        return order.model_dump()

    @routes.post("/_sandbox/elevenlabs/breakages", status_code=201)
    async def add_breakages(order: Annotated[BreakageOrder, Body()]) -> dict[str, Any]:
        state.breakages.extend([order.error_type] * order.count)
        return order.model_dump()

    return routes
