"""`serverWebSocket`: a customer's own program on a call's socket. Text frames are JSON, binary ones are PCM.

Source: Ultravox "WebSockets", "Data messages" (fact sheet 6.2 to 6.4). What the service does with broken frames
is not documented: here they end the call as `connection_error`.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from switchboard.sandbox.conversation.live import Talk
from switchboard.sandbox.conversation.talk_events import AgentAudio, AgentDone, Interrupted, TalkEvent
from switchboard.sandbox.conversation.turns import Ending
from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.data_messages import DataMessages
from switchboard.sandbox.ultravox.errors import UltravoxError
from switchboard.sandbox.ultravox.messenger import Messenger
from switchboard.sandbox.ultravox.remote_tools import RemoteTools
from switchboard.sandbox.ultravox.requests import seconds
from switchboard.sandbox.ultravox.sound import Sound
from switchboard.sandbox.world import World

LARGEST_FRAME = 1024 * 1024
_WAITING = 256
_PATIENCE = 10.0
_SHORTEST_MEDIA_IDLE = 10.0
_NO_THREADS = "Threads are not imitated."


class Sees(Protocol):
    """Keeps what happens in the talk."""

    def __call__(self, event: TalkEvent, *, aloud: bool) -> None: ...


class _BrokenError(Exception):
    """The client broke the protocol; `code` closes the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class ClientLine:
    """One accepted socket and the talk that is held over it."""

    def __init__(
        self,
        world: World,
        websocket: WebSocket,
        call: Call,
        talk: Talk,
        obey: DataMessages,
        sound: Sound | None,
        sees: Sees,
    ) -> None:
        """Without `sound` the client's audio is not heard. `sees` is told of every event."""
        way = call.config["medium"]["serverWebSocket"]
        self.tools = RemoteTools("client_tool_invocation", self._send)
        self._world = world
        self._websocket = websocket
        self._call = call
        self._talk = talk
        self._obey = obey
        self._sound = sound
        self._sees = sees
        self._messenger = Messenger(way.get("dataMessages") or {}, debug="debug" in _experimental(websocket))
        self._idle_after = _idle(way)
        self._heard_at = world.clock.elapsed()
        self._outgoing: asyncio.Queue[str | bytes] = asyncio.Queue(_WAITING)
        self._close = (1000, "")
        self._gone = False

    @property
    def broke(self) -> bool:
        """The line did not end as its parties wished, but because it broke."""
        return self._close[0] != 1000  # noqa: PLR2004 -- RFC 6455's normal closure

    async def run(self) -> Ending:
        """Converse until one side ends it, and close the socket. Cancelled: the socket is left to the server."""
        telling = asyncio.create_task(self._tell())
        others = [asyncio.create_task(work()) for work in (self._read, self._write, self._watch)]
        try:
            ending = await self._talk.run()
            await telling
            await self._is_written()
        finally:
            for task in (telling, *others):
                task.cancel()
            await asyncio.gather(telling, *others, return_exceptions=True)
        await self._hang_up()
        return ending

    async def _read(self) -> None:
        try:
            while True:
                message = await self._websocket.receive()
                if message["type"] == "websocket.disconnect":
                    self._gone = True
                    break
                await self._take(message)
        except _BrokenError as broken:
            self._break(broken.code, broken.reason)
        finally:
            self._talk.other_side_left()

    async def _take(self, message: Mapping[str, Any]) -> None:
        text, data = message.get("text"), message.get("bytes")
        if len(text or data or "") > LARGEST_FRAME:
            raise _BrokenError(1009, "Frames may have at most 1 MiB.")
        if text is None:
            self._heard_at = self._world.clock.elapsed()
            if self._sound:
                self._talk.hear_audio(self._sound.heard(data or b""))
            return
        try:
            read = parsed(text)
        except ValueError:
            raise _BrokenError(1007, "A text frame is no JSON.") from None
        if not isinstance(read, dict):
            raise _BrokenError(1007, "A text frame is no JSON object.")
        await self._do(read)

    async def _do(self, message: dict[str, Any]) -> None:
        """Obey. What the service does not know, or what is incomplete, is ignored."""
        match message.get("type"):
            case "ping":
                await self._send(self._messenger.pong(message))
            case "client_tool_result":
                if not self.tools.answered(message):
                    await self._complain(f"Nobody waits for the result of {message.get('invocationId')}.")
            case "spawn_thread":
                await self._send(
                    {"type": "thread_rejected", "threadId": message.get("newThreadId"), "reason": _NO_THREADS}
                )
            case _:
                await self._pass_on(message)

    async def _pass_on(self, message: dict[str, Any]) -> None:
        try:
            self._obey.obey(message)
        except UltravoxError as error:
            await self._complain(str(error))

    async def _complain(self, text: str) -> None:
        await self._send({"type": "debug", "message": text})

    async def _tell(self) -> None:
        """Pass on what happens in the talk."""
        await self._send({"type": "call_started", "callId": self._call.call_id})
        async for event in self._talk.events():
            self._sees(event, aloud=self._sound is not None and self._talk.speaks)
            if self._sound:
                await self._sounds(event, self._sound)
            for message in self._messenger.told(event):
                await self._send(message)

    async def _sounds(self, event: TalkEvent, sound: Sound) -> None:
        match event:
            case AgentAudio(pcm=pcm):
                await self._outgoing.put(sound.said(pcm))
            case AgentDone():
                await self._outgoing.put(sound.rest())
            case Interrupted():
                sound.cut()

    async def _send(self, message: dict[str, Any]) -> None:
        if self._messenger.wanted(message["type"]):
            await self._outgoing.put(json.dumps(message))

    async def _write(self) -> None:
        try:
            while True:
                frame = await self._outgoing.get()
                if not self._gone:
                    await self._write_one(frame)
                self._outgoing.task_done()
        finally:
            self._talk.other_side_left()

    async def _write_one(self, frame: str | bytes) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                if isinstance(frame, str):
                    await self._websocket.send_text(frame)
                elif frame:
                    await self._websocket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError):  # starlette raises RuntimeError once the socket is closed
            self._gone = True
            self._talk.other_side_left()
        except TimeoutError:
            self._gone = True
            self._break(1011, "The client reads too slowly.")

    async def _is_written(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._outgoing.join()

    async def _watch(self) -> None:
        """End the call when a client that must send sound sends none."""
        if self._idle_after is None:
            return
        while (left := self._heard_at + self._idle_after - self._world.clock.elapsed()) > 0:
            await self._world.clock.sleep(left)
        self._break(1001, "No media came within mediaIdleTimeout.")

    def _break(self, code: int, reason: str) -> None:
        self._close = (code, reason)
        self._call.log("error", "connection_error", reason)
        self._talk.other_side_left()

    async def _hang_up(self) -> None:
        if self._gone:
            return
        with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._websocket.close(*self._close)


def _experimental(websocket: WebSocket) -> list[str]:
    return websocket.query_params.get("experimentalMessages", "").split(",")


def _idle(way: Mapping[str, Any]) -> float | None:
    given = way.get("mediaIdleTimeout")
    return None if given is None else max(_SHORTEST_MEDIA_IDLE, seconds(given, "mediaIdleTimeout"))
