"""A vendor's WebSocket as it passes the front door: written down, and made to go wrong where that was ordered."""

import asyncio
import base64
import binascii
import json
from collections.abc import MutableMapping
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switchboard.sandbox.fault_orders import SocketFault
from switchboard.sandbox.recorder import Seen

_ABNORMAL = 1006
_MU_LAW_SILENCE = 0xFF


class SocketGate:
    """One connection. Frames towards the client may be delayed, silenced, cut or end the connection."""

    def __init__(self, receive: Receive, send: Send, seen: Seen, fault: SocketFault | None) -> None:
        self._receive = receive
        self._send = send
        self._seen = seen
        self._fault = fault
        self._broken = asyncio.Event()
        self._timer: asyncio.Task[None] | None = None
        self._frames = 0

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Serve the connection; returns when both sides are done."""
        fault = self._fault
        if fault and fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
        if fault and fault.refuse is not None:
            await self._receive()
            self._seen.status = fault.refuse
            await self._send({"type": "websocket.http.response.start", "status": fault.refuse, "headers": []})
            await self._send({"type": "websocket.http.response.body", "body": b""})
            return
        try:
            await app(scope, self._received, self._sent)
        finally:
            if self._timer:
                self._timer.cancel()
                await asyncio.gather(self._timer, return_exceptions=True)

    async def _received(self) -> Message:
        """What the client sends; a connection that was broken looks as if the client had gone."""
        breaks = self._fault and (self._fault.after_frames is not None or self._fault.after_seconds is not None)
        message = await (self._received_unless_broken() if breaks else self._receive())
        if message["type"] == "websocket.receive":
            self._seen.frame("client", message)
        elif message["type"] == "websocket.disconnect":
            self._seen.closed("client", message.get("code") or _ABNORMAL)
        return message

    async def _received_unless_broken(self) -> Message:
        coming = asyncio.ensure_future(self._receive())
        broken = asyncio.ensure_future(self._broken.wait())
        try:
            await asyncio.wait({coming, broken}, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                return {"type": "websocket.disconnect", "code": _ABNORMAL}
            return coming.result()
        finally:
            for task in (coming, broken):
                task.cancel()
            await asyncio.gather(coming, broken, return_exceptions=True)

    async def _sent(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            self._seen.status = 101
            if self._fault and self._fault.after_seconds is not None:
                self._timer = asyncio.create_task(self._break_later(self._fault.after_seconds))
        elif message["type"] == "websocket.http.response.start":
            self._seen.status = message["status"]
        elif message["type"] == "websocket.close":
            self._seen.closed("server", message.get("code", 1000))
        elif message["type"] == "websocket.send":
            await self._frame(message)
            return
        if not self._broken.is_set():
            await self._send(message)

    async def _frame(self, message: Message) -> None:
        if self._broken.is_set():
            return
        fault = self._fault
        if fault is not None:
            await asyncio.sleep(fault.slow_seconds)
            if fault.after_frames is not None and self._frames >= fault.after_frames:
                await self._break()
                return
            message = _changed(message, fault)
        self._frames += 1
        self._seen.frame("server", message)
        await self._send(message)

    async def _break_later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._break()

    async def _break(self) -> None:
        """End the connection with the ordered code, or without a word."""
        assert self._fault is not None
        if self._broken.is_set():
            return
        self._broken.set()
        code = self._fault.close_code
        self._seen.closed("fault", code or _ABNORMAL)
        if code is not None:
            await self._send({"type": "websocket.close", "code": code, "reason": self._fault.close_reason})
            return
        protocol = getattr(self._send, "__self__", None)
        transport = cast("asyncio.Transport | None", getattr(protocol, "transport", None))
        if transport is None:
            raise ConnectionAbortedError("The connection was dropped by a fault.")
        transport.abort()


def _changed(message: Message, fault: SocketFault) -> Message:
    if fault.silent:
        message = _silenced(message)
    text = message.get("text")
    if fault.malformed and text:
        message = {**message, "text": text[: len(text) // 2]}
    return message


def _silenced(message: Message) -> Message:
    """The same frame with silence where it carries sound: PCM, or base64 inside ElevenLabs' or Twilio's JSON."""
    if message.get("bytes"):
        return {**message, "bytes": bytes(len(message["bytes"]))}
    try:
        frame = json.loads(message.get("text") or "")
    except ValueError:
        return message
    if not isinstance(frame, dict):
        return message
    hushed = _hush(frame, "audio_event", "audio_base_64", 0) or _hush(frame, "media", "payload", _MU_LAW_SILENCE)
    return {**message, "text": json.dumps(frame)} if hushed else message


def _hush(frame: MutableMapping[str, Any], part: str, name: str, silence: int) -> bool:
    inside = frame.get(part)
    if not isinstance(inside, dict) or not isinstance(inside.get(name), str):
        return False
    try:
        length = len(base64.b64decode(inside[name]))
    except binascii.Error:
        return False
    inside[name] = base64.b64encode(bytes([silence]) * length).decode()
    return True
