"""An ElevenLabs of its own in the test's process, and a customer of it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from tests.sandbox.conversation.lines import Studio
from tests.sandbox.elevenlabs.customers import SLOW, Customer, FakeCarrier
from tests.sandbox.serving import serving

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.elevenlabs.routes import router
from switchboard.sandbox.world import World

_BRISK = 10
KEY = {"xi-api-key": "a-key"}


@pytest.fixture
async def customer() -> AsyncIterator[Customer]:
    world = World(seed=7, clock=SandboxClock(SLOW))
    carrier = FakeCarrier()
    world.connect_carrier(carrier)
    app = FastAPI()
    app.include_router(router(world))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test", headers=KEY) as http:
        yield Customer(world, http, carrier)
    await world.close()


@pytest.fixture(scope="session")
async def service() -> AsyncIterator[Customer]:
    """A customer of a service behind a real server, with a studio that needs no models."""
    world = World(seed=7, clock=SandboxClock(_BRISK))
    own = world.studio
    carrier = FakeCarrier()
    world.connect_carrier(carrier)
    app = FastAPI()
    app.include_router(router(world))
    async with (
        serving(app) as host,
        httpx.AsyncClient(base_url=f"http://{host}", headers=KEY, trust_env=False) as http,
    ):
        yield Customer(world, http, carrier, host)
        world.studio = own
        await world.close()


@pytest.fixture
async def talking(service: Customer) -> Customer:
    """The same, as new, at ten times real time."""
    await service.world.reset(seed=7)
    service.world.clock.set_speed(_BRISK)
    service.world.studio = Studio()  # type: ignore[assignment]  # what of a studio talks use
    return service
