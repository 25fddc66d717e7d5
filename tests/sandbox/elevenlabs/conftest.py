"""Services of ElevenLabs in the test's process, made once and as new for each test, and their customers."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from tests.clocks import UnhurriedClock
from tests.sandbox.conversation.lines import Studio
from tests.sandbox.elevenlabs.customers import FAST, SLOW, Customer, FakeCarrier
from tests.sandbox.serving import serving
from tests.waiting import PATIENCE

from switchboard.sandbox.app import create_app
from switchboard.sandbox.elevenlabs.routes import router
from switchboard.sandbox.world import World

_BRISK = 10
KEY = {"xi-api-key": "a-key"}


def _world() -> tuple[World, FakeCarrier]:
    world, carrier = World(seed=7, clock=UnhurriedClock(SLOW)), FakeCarrier()
    world.connect_carrier(carrier)
    return world, carrier


def _app(world: World) -> FastAPI:
    app = FastAPI()
    app.include_router(router(world))
    return app


async def _as_new(customer: Customer, speed: float) -> Customer:
    await customer.world.reset(seed=7)
    customer.carrier.placed.clear()
    customer.carrier.wired.clear()
    customer.world.clock.set_speed(speed)
    return customer


@pytest.fixture(scope="session")
async def plain_service() -> AsyncIterator[Customer]:
    world, carrier = _world()
    transport = httpx.ASGITransport(_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        yield Customer(world, http, carrier)
    await world.close()


@pytest.fixture
async def customer(plain_service: Customer) -> Customer:
    """A customer of a service without a socket and without a real carrier. Time is real but for `picked_up`."""
    plain_service.http.headers.update(KEY)
    return await _as_new(plain_service, SLOW)


@pytest.fixture(scope="session")
async def whole_service() -> AsyncIterator[Customer]:
    world = World(seed=7, clock=UnhurriedClock(FAST))
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test", headers=KEY) as http:
        yield Customer(world, http, FakeCarrier())
    await world.close()


@pytest.fixture
async def whole(whole_service: Customer) -> Customer:
    """A customer of the whole sandbox at full speed, with the carrier and the town."""
    return await _as_new(whole_service, FAST)


@pytest.fixture(scope="session")
async def service() -> AsyncIterator[Customer]:
    """A customer of a service behind a real server, with a studio that needs no models."""
    world, carrier = _world()
    own = world.studio
    async with (
        serving(_app(world)) as host,
        httpx.AsyncClient(base_url=f"http://{host}", headers=KEY, timeout=PATIENCE, trust_env=False) as http,
    ):
        yield Customer(world, http, carrier, host)
        world.studio = own
        await world.close()


@pytest.fixture
async def talking(service: Customer) -> Customer:
    """The same, as new, at ten times real time."""
    service.world.studio = Studio()  # type: ignore[assignment]  # what of a studio talks use
    return await _as_new(service, _BRISK)
