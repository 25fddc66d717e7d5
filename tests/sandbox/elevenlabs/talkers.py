"""Somebody at the conversation socket, and agents that talk over it."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.sandbox.elevenlabs.customers import END_CALL, Customer
from tests.waiting import patience
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close

EVERYTHING = [
    *("conversation_initiation_metadata", "ping", "audio", "interruption", "agent_response", "user_transcript"),
    *("tentative_user_transcript", "agent_response_correction", "agent_chat_response_part", "client_tool_call"),
    *("agent_tool_request", "agent_tool_response", "vad_score"),
]
PROMPT = "You are the receptionist of Casa Verde. Breakfast is served from 7 to 10. A room costs 95 euros."
INIT: dict[str, Any] = {"type": "conversation_initiation_client_data"}


def spoken_config(**agent: Any) -> dict[str, Any]:
    """A `conversation_config` of an agent for browsers that tells everything."""
    prompt = {"prompt": PROMPT, "built_in_tools": {"end_call": END_CALL}, **agent.pop("prompt", {})}
    return {
        "agent": {"first_message": "Casa Verde, good day.", "prompt": prompt, **agent},
        "conversation": {"client_events": EVERYTHING},
    }


def text_config(**agent: Any) -> dict[str, Any]:
    config = spoken_config(**agent)
    config["conversation"]["text_only"] = True
    return config


@dataclass
class Talker:
    """One side of the socket. Answers pings unless told not to; `frames` is all that came."""

    socket: ClientConnection
    pongs: bool = True
    frames: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, frame: dict[str, Any]) -> None:
        with suppress(ConnectionClosed):  # reading tells how it was closed
            await self.socket.send(json.dumps(frame))

    async def say(self, text: str) -> None:
        await self.send({"type": "user_message", "text": text})

    async def sound(self, pcm: bytes) -> None:
        await self.send({"user_audio_chunk": base64.b64encode(pcm).decode()})

    async def frame(self, kind: str = "") -> dict[str, Any]:
        """The next frame of this kind."""
        async with patience():
            while True:
                got = json.loads(await self.socket.recv())
                self.frames.append(got)
                if got["type"] == "ping" and self.pongs:
                    await self.send({"type": "pong", "event_id": got["ping_event"]["event_id"]})
                if kind in ("", got["type"]):
                    return got

    async def answer(self) -> str:
        """The agent's next words."""
        return (await self.frame("agent_response"))["agent_response_event"]["agent_response"]

    async def closed(self) -> tuple[int, str]:
        """Wait for the close: its code and reason."""
        try:
            while True:
                await self.frame()
        except ConnectionClosed as closed:
            frame = closed.rcvd or Close(1006, "")
            return frame.code, frame.reason

    def kinds(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    def error(self) -> dict[str, Any]:
        return next(frame["error_event"] for frame in self.frames if frame["type"] == "error")


@asynccontextmanager
async def at_socket(
    customer: Customer, agent_id: str, /, first: dict[str, Any] | None = INIT, **more: Any
) -> AsyncIterator[Talker]:
    """At the socket of an agent, the first frame sent. `more`: options of `connect`, or `query`."""
    query = more.pop("query", f"agent_id={agent_id}")
    url = f"ws://{customer.host}/v1/convai/conversation?{query}"
    async with connect(url, proxy=None, max_size=None, max_queue=None, **more) as socket:
        talker = Talker(socket)
        if first is not None:
            await talker.send(first)
        yield talker
