"""A play for the sandbox: what goes wrong, and what changes, at which second. Read from a file or sent."""

import asyncio
import logging
from pathlib import Path
from typing import Any, Self

import httpx
import yaml  # type: ignore[import-untyped]  # it has no types, and a stub package only for this would be much
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.types import ASGIApp

from switchboard.sandbox.fault_orders import FaultOrder
from switchboard.sandbox.media import MediaMode
from switchboard.sandbox.world import World

_log = logging.getLogger(__name__)
_MOST_STEPS = 1_000
_PATIENCE = 10.0


class Step(BaseModel):
    """One thing that happens `at` so many sandbox seconds after the start: a fault, or a control request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: float = Field(default=0, ge=0, le=86_400)
    fault: FaultOrder | None = None
    lasts: float | None = Field(default=None, gt=0, le=86_400)
    """Sandbox seconds until the fault is over; None: until it is used up or deleted."""
    control: str | None = Field(default=None, pattern=r"^(POST|PUT|DELETE) \S+$")
    """Such as `PUT ultravox/limits`: a method and a path below `/_sandbox/`."""
    body: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if (self.fault is None) is (self.control is None):
            raise ValueError("A step is either a fault or a control request.")
        if self.lasts is not None and self.fault is None:
            raise ValueError("Only faults last; order the end of anything else as a step of its own.")
        if self.control == "POST reset":
            raise ValueError("A reset would end the play itself; leave it out.")
        if self.body is not None and self.control is None:
            raise ValueError("A body belongs to a control request.")
        return self


class Script(BaseModel):
    """The whole play. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int | None = Field(default=None, ge=0)
    speed: float | None = Field(default=None, ge=1, le=100)
    media: MediaMode | None = None
    steps: tuple[Step, ...] = Field(default=(), max_length=_MOST_STEPS)


class BadScriptError(Exception):
    """The file holds no script; the message says where and why."""


def read(path: Path) -> Script:
    """A script from a YAML or JSON file. Raises: BadScriptError."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadScriptError(f"{path} cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise BadScriptError(f"{path} is no YAML: {error}") from None
    try:
        return Script.model_validate(content if content is not None else {})
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(str(part) for part in wrong["loc"]) or "the top"
        message = wrong["msg"].removeprefix("Value error, ")
        raise BadScriptError(f"{path}, at {place}: {message}") from None


async def play(script: Script, world: World, app: ASGIApp) -> None:
    """Set the stage, then run the steps in the background; a reset of the world ends them."""
    if script.seed is not None:
        await world.reset(script.seed)
    if script.speed is not None:
        world.clock.set_speed(script.speed)
    if script.media is not None:
        world.media.mode = script.media
    for step in sorted(script.steps, key=lambda step: step.at):
        world.spawn(_perform(step, world, app))


async def _perform(step: Step, world: World, app: ASGIApp) -> None:
    await world.clock.sleep(step.at)
    if step.fault is None:
        assert step.control is not None
        method, path = step.control.split(" ", 1)
        await _control(app, method, path, step.body)
        return
    fault = world.faults.add(step.fault)
    if step.lasts is not None:
        await world.clock.sleep(step.lasts)
        world.faults.remove(fault.id)


async def _control(app: ASGIApp, method: str, path: str, body: dict[str, Any] | None) -> None:
    transport = httpx.ASGITransport(app)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client,
        asyncio.timeout(_PATIENCE),
    ):
        answer = await client.request(method, f"/_sandbox/{path.lstrip('/')}", json=body)
    if answer.is_error:
        _log.error("The script's %s %s was refused: %s %s", method, path, answer.status_code, answer.text[:300])
