"""A customer's program on a call's socket, over a real server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.sandbox.conversation.lines import Studio
from tests.waiting import patience
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class ClosableStudio(Studio):
    """Words are samples and sound is counted; see `lines.Studio`."""

    async def close(self) -> None:
        pass


class Client:
    """Reads everything that comes; `messages` are the text frames, `sound` the bytes of the others."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.messages: list[dict[str, Any]] = []
        self.sound = 0
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def send(self, kind: str, **content: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **content}))

    async def speak(self, pcm: bytes) -> None:
        await self.socket.send(pcm)

    def of(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        return [
            one
            for one in self.messages
            if kind in (one.get("type"), one.get("event"))
            and all(one.get(name) == value for name, value in fields.items())
        ]

    def finals(self, role: str) -> list[str]:
        return [one["text"] for one in self.of("transcript", role=role, final=True)]

    async def until(self, kind: str, count: int = 1, **fields: Any) -> list[dict[str, Any]]:
        async with patience():
            while len(found := self.of(kind, **fields)) < count:
                self._news.clear()
                await self._news.wait()
        return found

    async def closed(self) -> tuple[int | None, str | None]:
        async with patience():
            await self._reading
        return self.socket.close_code, self.socket.close_reason

    async def leave(self) -> None:
        await self.socket.close()
        await self._reading

    async def _read(self) -> None:
        try:
            async for frame in self.socket:
                if isinstance(frame, bytes):
                    self.sound += len(frame)
                else:
                    self.messages.append(json.loads(frame))
                self._news.set()
        except ConnectionClosed:
            pass


@asynccontextmanager
async def joined(url: str) -> AsyncIterator[Client]:
    async with connect(url, max_size=None, proxy=None) as socket:
        client = Client(socket)
        yield client
        await client.leave()
