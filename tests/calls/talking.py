"""A page's end of a conversation."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.harness import ADMIN
from tests.waiting import patience
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

LOUD = (b"\x00\x20\x00\xe0" * 320)[:1280]
"""40 ms."""


@dataclass
class Page:
    """Everything that a page receives, in order: JSON objects and pieces of audio."""

    socket: ClientConnection
    seen: list[Any] = field(default_factory=list)

    async def send(self, frame: Any) -> None:
        """Quiet when the server has closed: what it said is read by `closed`."""
        with suppress(ConnectionClosed):
            await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def next(self) -> Any:
        async with patience():
            frame = await self.socket.recv()
        self.seen.append(frame if isinstance(frame, bytes) else json.loads(frame))
        return self.seen[-1]

    async def until(self, kind: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The next JSON frame of this type that fits."""
        while True:
            frame = await self.next()
            if isinstance(frame, dict) and frame["type"] == kind and fits(frame):
                return frame

    async def start(self, mode: str = "text", **fields: Any) -> dict[str, Any]:
        await self.send({"type": "start", "mode": mode} | fields)
        return await self.until("started")

    async def closed(self) -> tuple[int, str]:
        """The close code and its reason, once everything before was read."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as closed:
            return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")

    def audio(self) -> bytes:
        return b"".join(frame for frame in self.seen if isinstance(frame, bytes))


@asynccontextmanager
async def page(
    port: int, agent_id: str, *, query: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[Page]:
    url = f"ws://127.0.0.1:{port}/api/v1/agents/{agent_id}/talk{query}"
    sent = {"X-API-Key": ADMIN} if headers is None else headers
    async with connect(url, additional_headers=sent, proxy=None, max_size=None, compression=None) as socket:
        yield Page(socket)


async def speak(page: Page, sound: bytes, *, silence_seconds: float = 1.0) -> float:
    """Send this as a microphone does, 40 ms at a time, then silence; when its last word was sent (loop time)."""
    now = asyncio.get_running_loop().time
    began, ended = now(), 0.0
    padded = sound + bytes(int(silence_seconds * 25) * len(LOUD))
    for number in range(0, len(padded), len(LOUD)):
        await page.send(padded[number : number + len(LOUD)])
        if number <= len(sound):
            ended = now()
        await asyncio.sleep(max(0.0, began + (number + len(LOUD)) / 32_000 - now()))
    return ended
