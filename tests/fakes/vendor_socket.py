"""A vendor's socket that does what a test says: one connection, frames noted, frames sent by hand."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.waiting import patience
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


@dataclass
class VendorEnd:
    """The vendor's end of the line. `greeting` is sent to whoever connects, after a first frame if `waits`."""

    greeting: list[Any] = field(default_factory=list)
    waits: bool = False
    url: str = ""
    received: list[Any] = field(default_factory=list)
    """JSON objects and pieces of audio, as they came."""
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    connection: ServerConnection | None = None

    async def send(self, *frames: Any) -> None:
        assert self.connection is not None
        for frame in frames:
            await self.connection.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def close(self, code: int = 1000, said: str = "") -> None:
        assert self.connection is not None
        await self.connection.close(code, said)

    async def heard(self, wanted: Any) -> Any:
        """The first frame that fits `wanted`, a predicate; waits for it."""
        async with patience():
            while True:
                for frame in self.received:
                    if wanted(frame):
                        return frame
                await asyncio.sleep(0.005)

    async def serve(self, connection: ServerConnection) -> None:
        self.connection = connection
        try:
            if self.waits:
                self._note(await connection.recv())
            await self.send(*self.greeting)
            async for frame in connection:
                self._note(frame)
        except ConnectionClosed:
            pass
        finally:
            self.closed.set()

    def _note(self, frame: str | bytes) -> None:
        self.received.append(frame if isinstance(frame, bytes) else json.loads(frame))


@asynccontextmanager
async def vendor_end(**script: Any) -> AsyncIterator[VendorEnd]:
    end = VendorEnd(**script)
    async with serve(end.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        end.url = f"ws://127.0.0.1:{port}/line"
        yield end


async def told(talk: Any, count: int) -> list[Any]:
    """The next events of a talk."""
    found: list[Any] = []
    async with patience():
        async for event in talk.events():
            found.append(event)
            if len(found) == count:
                break
    return found
