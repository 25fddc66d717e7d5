"""A spoken line without people, and a platform that does as a test wishes."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from tests.sandbox.serving import serving
from tests.waiting import patience

from switchboard.sandbox.line import StreamEnd
from switchboard.sandbox.twilio.media_stream import MediaStream, StreamOrder
from switchboard.sandbox.twilio.wire import Wire

SID = "MZ" + "3" * 32
VOICE = b"\x20" * 160
Act = Callable[[WebSocket], Awaitable[None]]


class Phone:
    """Always says the same sound, and keeps what it hears."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.hangs_up = asyncio.Event()

    def take(self) -> bytes:
        return VOICE

    def give(self, frame: bytes) -> None:
        self.heard += frame

    async def run(self) -> None:
        await self.hangs_up.wait()


class Platform:
    """Keeps every frame it gets; `act` is what it does after the first ones."""

    def __init__(self, act: Act | None) -> None:
        self.act = act
        self.frames: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}
        self.url = ""
        self.done = asyncio.Event()
        self._arrived = asyncio.Event()

    async def serve(self, websocket: WebSocket) -> None:
        self.headers, self.url = dict(websocket.headers), str(websocket.url)
        await websocket.accept()
        acting = asyncio.create_task(self.act(websocket)) if self.act else None
        try:
            while True:
                self.frames.append(json.loads(await websocket.receive_text()))
                self._arrived.set()
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: `act` has closed it
            pass
        finally:
            if acting:
                acting.cancel()
                await asyncio.gather(acting, return_exceptions=True)
            self.done.set()

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["event"] in kinds]

    async def until(self, true: Callable[[], bool]) -> None:
        async with patience():
            while not true():
                self._arrived.clear()
                await self._arrived.wait()


class Streamed:
    """One stream at work."""

    def __init__(self, platform: Platform, host: str, *, beats: bool = True, **order: Any) -> None:
        self.platform = platform
        self.phone = Phone()
        self.wire = Wire(self.phone)
        self.warnings: list[int] = []
        self.url = f"ws://{host}/stream?lost=1"
        fields = {
            "url": self.url,
            "stream_sid": SID,
            "account_sid": "AC1",
            "call_sid": "CA1",
            "token": "a-token",
            "parameters": {"who": "us"},
        }
        self.stream = MediaStream(StreamOrder(**fields | order), lambda code, _: self.warnings.append(code))
        beating = self.wire.run() if beats else asyncio.Event().wait()
        self._beating = asyncio.create_task(beating)
        self.task = asyncio.create_task(self.stream.run(self.wire))

    async def ends(self) -> StreamEnd:
        async with patience():
            return await self.task

    async def close(self) -> None:
        for task in (self.task, self._beating):
            task.cancel()
        await asyncio.gather(self.task, self._beating, return_exceptions=True)


@asynccontextmanager
async def streamed(act: Act | None = None, **order: Any) -> AsyncIterator[Streamed]:
    """A stream to a platform on a real socket; both are closed at the end."""
    platform = Platform(act)
    async with serving(Starlette(routes=[WebSocketRoute("/stream", platform.serve)])) as host:
        one = Streamed(platform, host, **order)
        try:
            yield one
        finally:
            await one.close()


def sound(mu_law: bytes, **extra: Any) -> str:
    payload = base64.b64encode(mu_law).decode()
    return json.dumps({"event": "media", "streamSid": SID, "media": {"payload": payload}, **extra})


def mark(name: str) -> str:
    return json.dumps({"event": "mark", "streamSid": SID, "mark": {"name": name}})


CLEAR = json.dumps({"event": "clear", "streamSid": SID})
