"""The way out of a conversation's socket: which frames a client gets, and how the socket ends.

Source: ElevenLabs "Client events" (fact sheet 6.4).
"""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from switchboard.sandbox.elevenlabs.protocol import Breach, Frame

_UNASKED = frozenset({"conversation_initiation_metadata", "error", "queue_status"})
_PATIENCE = 10.0
"""Real seconds that a client may take to read."""


class Outlet:
    """Sends frames until the client is gone; then it does nothing any more."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._asked: frozenset[str] = _UNASKED
        self.is_open = True

    def ask(self, client_events: Iterable[str]) -> None:
        """Which events the client wants from now on, beside those that everybody gets."""
        self._asked = _UNASKED | frozenset(client_events)

    def wants(self, kind: str) -> bool:
        return kind in self._asked

    async def tell(self, frame: Frame) -> None:
        """Send a frame if the client wants its kind."""
        if not self.is_open or frame["type"] not in self._asked:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._websocket.send_text(json.dumps(frame, separators=(",", ":")))
        except (WebSocketDisconnect, RuntimeError, TimeoutError):  # starlette raises RuntimeError once closed
            self.is_open = False

    async def refuse(self, breach: Breach) -> None:
        """Say what is wrong and close."""
        await self.tell(breach.frame())
        await self.close(breach.code, breach.reason)

    async def close(self, code: int, reason: str = "") -> None:
        if self.is_open:
            self.is_open = False
            with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await self._websocket.close(code, reason)
