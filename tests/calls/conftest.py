"""The product of the domain's tests on a port of its own, for those that need a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext

import pytest
import uvicorn
from tests.harness import Harness


class _Server(uvicorn.Server):
    def capture_signals(self):
        return nullcontext()  # they are pytest's


@pytest.fixture(scope="session")
async def product_port(product: Harness) -> AsyncIterator[int]:
    app = product.api._transport.app  # noqa: SLF001 -- httpx tells no other way which application it calls
    config = uvicorn.Config(
        app,
        port=0,
        lifespan="off",
        log_config=None,
        ws="websockets-sansio",
        ws_max_size=1_048_576,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.005)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving
