"""A customer of an ElevenLabs in the test's own process, and a carrier for it."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.sandbox.conversation.people import NUMBER, PROMPT, leg, resident
from tests.waiting import patience

from switchboard.sandbox.conversation.callee import callee
from switchboard.sandbox.line import StreamEnd
from switchboard.sandbox.phones.residents import Manner
from switchboard.sandbox.world import CarrierRefusal, World

END_CALL = {"type": "system", "name": "end_call", "params": {"system_tool_type": "end_call"}}
OURS = "+15005550006"
FAST, SLOW = 100, 1


def config(**agent: Any) -> dict[str, Any]:
    """A `conversation_config` fit for the telephone."""
    usual = {"first_message": "Casa Verde, good day.", "language": "en"}
    prompt = {"prompt": PROMPT, "built_in_tools": {"end_call": END_CALL}}
    return {
        "agent": {"prompt": prompt, **usual, **agent},
        "asr": {"user_input_audio_format": "ulaw_8000"},
        "tts": {"agent_output_audio_format": "ulaw_8000"},
    }


def criterion(name: str, goal: str = "The agent was polite") -> dict[str, Any]:
    return {"id": name, "name": name, "conversation_goal_prompt": goal}


@dataclass
class FakeCarrier:
    """Takes orders to dial; refuses numbers that end in 0103."""

    placed: list[dict[str, Any]] = field(default_factory=list)
    wired: list[str] = field(default_factory=list)

    def place(self, *, on_end: Callable[[Mapping[str, str]], None] | None = None, **order: Any) -> str:
        if order["to"].endswith("0103"):
            raise CarrierRefusal(21217, "The number does not exist.")
        self.placed.append({**order, "on_end": on_end})
        return f"CA{len(self.placed):032x}"

    def wire(self, *, account_sid: str, **order: str) -> bool:
        if not account_sid.startswith("AC"):
            raise CarrierRefusal(20003, "Authenticate")
        self.wired.append(order["url"])
        return order["number"] == OURS

    def hang_up(self, call_sid: str) -> None:
        raise AssertionError(f"Nothing here may hang up, but {call_sid} was.")


@dataclass
class Customer:
    """What a test does with the service. Time goes slowly, but for talks and waits."""

    world: World
    http: httpx.AsyncClient
    carrier: FakeCarrier
    host: str = "sandbox.test"

    async def agent(self, name: str = "Reception", settings: dict[str, Any] | None = None, **agent: Any) -> str:
        return await self.made(config(**agent), settings, name)

    async def made(
        self, wanted: dict[str, Any], settings: dict[str, Any] | None = None, name: str = "Reception"
    ) -> str:
        """An agent with this `conversation_config`."""
        body = {"name": name, "conversation_config": wanted, "platform_settings": settings or {}}
        answer = await self.http.post("/v1/convai/agents/create", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["agent_id"]

    async def get(self, path: str) -> Any:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def settled(self, conversation_id: str) -> dict[str, Any]:
        """The conversation once it is done."""
        async with patience():
            while (shown := await self.get(f"/v1/convai/conversations/{conversation_id}"))["status"] != "done":
                await self.world.clock.sleep(0.2)
        return shown

    def register(self, agent_id: str, **client_data: Any):
        body = {"agent_id": agent_id, "from_number": OURS, "to_number": NUMBER, "direction": "outbound"}
        if client_data:
            body["conversation_initiation_client_data"] = client_data
        return self.http.post("/v1/convai/twilio/register-call", json=body)

    async def registered(self, agent_id: str, **client_data: Any) -> str:
        """The TwiML."""
        answer = await self.register(agent_id, **client_data)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def picked_up(self, twiml: str, manner: Manner = Manner.TALKS) -> StreamEnd:
        """The carrier runs the TwiML: connects somebody to the stream."""
        target = self.world.exchange.find(re.search('url="([^"]+)"', twiml)[1])
        assert target is not None
        self.world.clock.set_speed(FAST)
        ended = await target.talk(leg(callee(resident(manner=manner), 1), conversation_id=conversation_in(twiml)))
        self.world.clock.set_speed(SLOW)
        await asyncio.sleep(0.01)  # lets the sleepers notice
        return ended

    async def becomes(self, twiml: str, *statuses: str) -> dict[str, Any]:
        self.world.clock.set_speed(FAST)
        async with patience():
            while (shown := await self.conversation(twiml))["status"] not in statuses:
                await self.world.clock.sleep(0.2)
        self.world.clock.set_speed(SLOW)
        await asyncio.sleep(0.01)
        return shown

    async def conversation(self, twiml: str) -> dict[str, Any]:
        return await self.get(f"/v1/convai/conversations/{conversation_in(twiml)}")


def conversation_in(twiml: str) -> str:
    return re.search(r"conv_\w+", twiml)[0]
