"""An Ultravox of its own in the test's process, and a customer of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.clocks import UnhurriedClock
from tests.sandbox.conversation.people import PROMPT, leg, resident
from tests.sandbox.serving import serving
from tests.sandbox.ultravox.clients import ClosableStudio
from tests.waiting import PATIENCE, patience

from switchboard.sandbox.conversation.callee import callee
from switchboard.sandbox.line import StreamEnd
from switchboard.sandbox.phones.residents import Manner
from switchboard.sandbox.twilio.routes import router as twilio_router
from switchboard.sandbox.ultravox.routes import router
from switchboard.sandbox.world import World

KEY = "abcdefgh." + "K" * 32
_ORDER = {"medium": {"twilio": {}}, "joinTimeout": "3000s"}
_FAST, _SLOW = 100, 1
HANG_UP = {"toolName": "hangUp"}


@dataclass
class Customer:
    """What a test does with the service."""

    world: World
    http: httpx.AsyncClient

    async def agent(self, **template: Any) -> str:
        usual = {"systemPrompt": PROMPT, "selectedTools": [HANG_UP], "recordingEnabled": True}
        answer = await self.http.post("/api/agents", json={"name": "rosa", "callTemplate": {**usual, **template}})
        assert answer.status_code == 201, answer.text
        return answer.json()["agentId"]

    async def call(self, agent_id: str, **order: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/api/agents/{agent_id}/calls", json=_ORDER | order)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def chat(self, *, way: dict[str, Any] | None = None, **order: Any) -> dict[str, Any]:
        """A direct call over a serverWebSocket; by text unless ordered otherwise."""
        usual = {
            "systemPrompt": PROMPT,
            "medium": {"serverWebSocket": {"inputSampleRate": 16_000, **(way or {})}},
            "initialOutputMedium": "MESSAGE_MEDIUM_TEXT",
            "firstSpeakerSettings": {"agent": {"text": "Casa Verde, good day."}},
            "selectedTools": [HANG_UP],
            "joinTimeout": "3000s",
        }
        answer = await self.http.post("/api/calls", json=usual | order)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def messages(self, call: dict[str, Any]) -> list[dict[str, Any]]:
        return (await self.get(f"/api/calls/{call['callId']}/messages?pageSize=100"))["results"]

    async def until_messages(self, call: dict[str, Any], count: int, role: str) -> list[dict[str, Any]]:
        """The messages of one role, once there are so many."""
        async with patience():
            while True:
                found = [one for one in await self.messages(call) if one["role"] == f"MESSAGE_ROLE_{role}"]
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.01)

    async def picked_up(self, call: dict[str, Any], manner: Manner = Manner.TALKS) -> StreamEnd:
        """The carrier connects somebody to the call; answers when the stream is over.

        Time then goes slowly until `becomes`, so that a test can look at what is not billed yet.
        """
        target = self.world.exchange.find(call["joinUrl"])
        assert target is not None
        ended = await target.talk(leg(callee(resident(manner=manner), 1)))
        self.world.clock.set_speed(_SLOW)
        await asyncio.sleep(0.01)  # lets the sleepers notice
        return ended

    async def until_said(self, call: dict[str, Any], text: str) -> None:
        async with patience():
            while not any(message["text"] == text for message in await self.messages(call)):
                await self.world.clock.sleep(0.2)

    async def becomes(self, call: dict[str, Any], field: str, *wanted: Any) -> dict[str, Any]:
        self.world.clock.set_speed(_FAST)
        async with patience():
            while (shown := await self.get(f"/api/calls/{call['callId']}"))[field] not in wanted:
                await self.world.clock.sleep(0.2)
        return shown

    async def billed(self, call: dict[str, Any]) -> dict[str, Any]:
        statuses = ("FREE_MINUTES", "FREE_ZERO_EFFECTIVE_DURATION", "BILLED")
        return await self.becomes(call, "billingStatus", *(f"BILLING_STATUS_{status}" for status in statuses))


@pytest.fixture
async def customer() -> AsyncIterator[Customer]:
    world = World(seed=7, clock=UnhurriedClock(_FAST))
    app = FastAPI()
    app.include_router(router(world))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://sandbox.test", headers={"X-API-Key": KEY}, trust_env=False
    ) as http:
        yield Customer(world, http)
    await world.close()


@pytest.fixture
async def live_customer() -> AsyncIterator[Customer]:
    """The same over a real server, at twenty times real time, with a studio that makes its sound of nothing."""
    world = World(seed=7, clock=UnhurriedClock(20))
    world.studio = ClosableStudio()  # type: ignore[assignment]
    app = FastAPI()
    app.include_router(twilio_router(world))
    app.include_router(router(world))
    async with (
        serving(app) as address,
        httpx.AsyncClient(
            base_url=f"http://{address}", headers={"X-API-Key": KEY}, timeout=PATIENCE, trust_env=False
        ) as http,
    ):
        yield Customer(world, http)
        await world.close()
