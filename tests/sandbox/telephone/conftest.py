"""A whole sandbox with its telephone, in the test's own loop, and pages as sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from tests.clocks import UnhurriedClock
from tests.sandbox.serving import serving
from tests.waiting import PATIENCE, patience
from websockets.asyncio.client import ClientConnection, connect

from switchboard.sandbox.app import create_app
from switchboard.sandbox.world import World

SID, TOKEN = "AC" + "1" * 32, "a-token"
NUMBER = "+14155550110"
_RUNNING = ("queued", "ringing", "in-progress")


class PageSocket:
    """A page without a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.sound = bytearray()

    async def hears(self, kind: str, **content: str) -> dict[str, Any]:
        """Wait for a message; sound is put aside, other messages are passed over."""
        async with patience():
            while True:
                message = await self.socket.recv()
                if isinstance(message, bytes):
                    self.sound += message
                elif (told := json.loads(message))["type"] == kind and content.items() <= told.items():
                    return told

    async def does(self, kind: str, **content: str) -> None:
        await self.socket.send(json.dumps({"type": kind, **content}))


@dataclass
class Town:
    url: str
    world: World
    http: httpx.AsyncClient

    async def dial(self, twiml: str, **fields: str) -> str:
        order = {"To": NUMBER, "From": "+15005550006", "Twiml": twiml, "Timeout": "60"} | fields
        path = f"/2010-04-01/Accounts/{SID}/Calls.json"
        answer = await self.http.post(path, data=order, auth=(SID, TOKEN))
        assert answer.status_code == 201, answer.text
        return answer.json()["sid"]

    async def call(self, sid: str) -> dict[str, Any]:
        calls = (await self.http.get("/_sandbox/calls")).json()
        return next(call for call in calls if call["sid"] == sid)

    async def ends(self, sid: str, status: str) -> dict[str, Any]:
        async with patience():
            while (call := await self.call(sid))["status"] in _RUNNING:  # noqa: ASYNC110 -- told by HTTP only
                await asyncio.sleep(0.02)
        assert call["status"] == status
        return call

    async def hang_up(self, sid: str) -> None:
        path = f"/2010-04-01/Accounts/{SID}/Calls/{sid}.json"
        (await self.http.post(path, data={"Status": "completed"}, auth=(SID, TOKEN))).raise_for_status()

    @asynccontextmanager
    async def page(self) -> AsyncIterator[PageSocket]:
        url = self.url.replace("http", "ws") + "/_sandbox/telephone"
        async with connect(url, proxy=None, max_size=None) as socket:
            yield PageSocket(socket)


@pytest.fixture(scope="session")
async def whole() -> AsyncIterator[Town]:
    world = World(seed=1, clock=UnhurriedClock(10))
    async with serving(create_app(world), lifespan="on") as host:
        url = f"http://{host}"
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE) as http:
            yield Town(url, world, http)


@pytest.fixture
async def town(whole: Town) -> Town:
    """Reset, at ten times real time, so that calls pass words."""
    (await whole.http.post("/_sandbox/reset", json={"seed": 1})).raise_for_status()
    (await whole.http.put("/_sandbox/clock", json={"speed": 10})).raise_for_status()
    return whole
