"""An ElevenLabs of its own in the test's process, and a customer of it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from tests.sandbox.elevenlabs.customers import SLOW, Customer, FakeCarrier

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.elevenlabs.routes import router
from switchboard.sandbox.world import World


@pytest.fixture
async def customer() -> AsyncIterator[Customer]:
    world = World(seed=7, clock=SandboxClock(SLOW))
    carrier = FakeCarrier()
    world.connect_carrier(carrier)
    app = FastAPI()
    app.include_router(router(world))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://sandbox.test", headers={"xi-api-key": "a-key"}
    ) as http:
        yield Customer(world, http, carrier)
    await world.close()
