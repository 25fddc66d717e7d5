"""The implementations that every contract test runs over: fake, sandbox, and real accounts with `-m live`."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from tests.clocks import UnhurriedClock
from tests.contract import cases

from switchboard.sandbox.app import create_app
from switchboard.sandbox.world import World


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The whole sandbox under uvicorn in a thread, at 50 times the speed of life."""
    world = World(seed=7, clock=UnhurriedClock(50))
    config = uvicorn.Config(
        create_app(world), port=0, log_level="warning", ws="websockets-sansio", timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(
    params=[
        "fake",
        "sandbox-ultravox",
        "sandbox-elevenlabs",
        pytest.param("live-ultravox", marks=pytest.mark.live),
        pytest.param("live-elevenlabs", marks=pytest.mark.live),
    ]
)
async def platform_case(request: pytest.FixtureRequest) -> AsyncIterator[cases.PlatformCase]:
    kind, _, name = request.param.partition("-")
    if kind == "fake":
        case = cases.fake_platform()
    elif kind == "live":
        case = cases.live_platform(name)
    else:
        case = cases.sandbox_platform(name, request.getfixturevalue("sandbox_url"))
    yield case
    for made in (case.platform, case.wrong_key, case.carrier):
        if kind != "fake":
            await made.aclose()


@pytest.fixture
async def carrier_case(request: pytest.FixtureRequest) -> AsyncIterator[cases.CarrierCase]:
    """Needs `over(...)` on the test: which implementations it runs over."""
    kind = request.param
    if kind == "fake":
        case = cases.fake_carrier()
    elif kind == "live":
        case = cases.live_carrier()
    else:
        case = cases.sandbox_carrier(request.getfixturevalue("sandbox_url"))
    yield case
    for made in (case.carrier, case.wrong_key):
        if kind != "fake":
            await made.aclose()
