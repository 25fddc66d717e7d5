"""Data connections: the service dials the customer's own socket and tells it of the call.

Source: Ultravox "Data connections", "Securing data connections" (fact sheet 6.7). Its audio is not imitated.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from switchboard.sandbox.conversation.talk_events import (
    AgentDone,
    AgentSays,
    Interrupted,
    StateChanged,
    TalkEvent,
    UserSaid,
)
from switchboard.sandbox.conversation.turns import Role, Turn
from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import UltravoxError
from switchboard.sandbox.ultravox.messenger import Messenger
from switchboard.sandbox.ultravox.remote_tools import RemoteTools

_OPENS_WITHIN = 5.0
_LARGEST_FRAME = 1024 * 1024
_WAITING = 256


class DataConnection:
    """One customer's socket for one call. What it reads too slowly is lost, the oldest first."""

    def __init__(self, call: Call) -> None:
        order = call.config["dataConnection"]
        self.tools = RemoteTools("data_connection_tool_invocation", self._send)
        self._call = call
        self._url = str(order["websocketUrl"])
        self._headers = {**(order.get("headers") or {}), **_signed(call)}
        # Nothing is played here, so there is no buffer to clear.
        self._messenger = Messenger({**(order.get("dataMessages") or {}), "playbackClearBuffer": False})
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue(_WAITING)
        self._speaking: Turn | None = None

    async def run(self) -> None:
        """Dial, and stay until `close` or until the customer hangs up. A failure is told in the call's log."""
        self._put({"type": "call_started", "callId": self._call.call_id})
        try:
            async with connect(
                self._url,
                additional_headers=self._headers,
                open_timeout=_OPENS_WITHIN,
                max_size=_LARGEST_FRAME,
                proxy=None,
            ) as socket:
                await self._serve(socket)
        except (OSError, TimeoutError, WebSocketException) as error:
            self._call.log("error", "data_connection_failed", f"{type(error).__name__} at {self._url}")

    def told(self, event: TalkEvent) -> None:
        """Tell what happens in a talk."""
        for message in self._messenger.told(event):
            self._put(message)

    def said(self, turn: Turn) -> None:
        """Tell a turn of a call that passes text: an agent's when it begins, and again when it is over."""
        for event in self._events(turn):
            self.told(event)

    def _events(self, turn: Turn) -> tuple[TalkEvent, ...]:
        if turn.role is Role.USER:
            return UserSaid(turn), StateChanged("thinking")
        begins, self._speaking = turn is not self._speaking, turn
        if begins:
            return StateChanged("speaking"), AgentSays(turn)
        return Interrupted(turn) if turn.interrupted else AgentDone(turn), StateChanged("listening")

    def close(self) -> None:
        """Hang up once everything is told."""
        self._queue(None)

    async def _serve(self, socket: ClientConnection) -> None:
        reading = asyncio.create_task(self._read(socket))
        try:
            with suppress(ConnectionClosed):
                while (frame := await self._outgoing.get()) is not None:
                    await socket.send(frame)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, socket: ClientConnection) -> None:
        async for frame in socket:
            with suppress(ValueError):
                message = parsed(frame)
                if isinstance(message, dict):
                    self._do(message)
        self.close()

    def _do(self, message: Mapping[str, Any]) -> None:
        """What cannot be understood is ignored."""
        if message.get("type") == "data_connection_tool_result":
            self.tools.answered(message)
        elif message.get("type") == "ping":
            self._put(self._messenger.pong(message))
        elif self._call.messages is not None:
            with suppress(UltravoxError):
                self._call.messages.obey(message)

    async def _send(self, message: dict[str, Any]) -> None:
        self._put(message)

    def _put(self, message: dict[str, Any]) -> None:
        if self._messenger.wanted(message["type"]):
            self._queue(json.dumps(message))

    def _queue(self, frame: str | None) -> None:
        if self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(frame)


def _signed(call: Call) -> dict[str, str]:
    """Signature headers, one digest for each shared secret. Source: Ultravox "Securing data connections"."""
    if not call.secrets:
        return {}
    timestamp = datetime.now(UTC).isoformat()
    signed = (call.call_id + timestamp).encode()
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in call.secrets]
    return {
        "X-Ultravox-Call-ID": call.call_id,
        "X-Ultravox-Signature-Timestamp": timestamp,
        "X-Ultravox-Signature": ",".join(digests),
    }
