"""Pings, their pongs, and the end of patience with a client that sends nothing.

Source: ElevenLabs "Agent WebSockets" (ping, close code 1002; fact sheet 6.4, 6.5).
"""

import time
from typing import NoReturn

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.elevenlabs import protocol
from switchboard.sandbox.elevenlabs.outlet import Outlet
from switchboard.sandbox.elevenlabs.protocol import OPERATIONAL, Breach

PATIENCE = 60.0
"""Sandbox seconds without a frame, or without the pong to a ping, until the socket is closed."""
_EVERY = 5.0


class Heartbeat:
    """One socket's."""

    def __init__(self, clock: SandboxClock, outlet: Outlet) -> None:
        self._clock = clock
        self._outlet = outlet
        self._heard_at = clock.elapsed()
        self._waiting: dict[int, tuple[float, float]] = {}
        self._pinged = 0
        self._latency_ms: int | None = None

    def heard(self) -> None:
        """Something came from the client."""
        self._heard_at = self._clock.elapsed()

    def pong(self, event_id: int) -> None:
        """The answer to a ping; of pings never sent nothing is made."""
        sent = self._waiting.pop(event_id, None)
        if sent:
            self._latency_ms = round((time.monotonic() - sent[1]) * 1000)

    async def run(self) -> NoReturn:
        """Raises: Breach 1002."""
        while True:
            if self._outlet.wants("ping"):
                self._pinged += 1
                self._waiting[self._pinged] = (self._clock.elapsed(), time.monotonic())
                await self._outlet.tell(protocol.ping(self._pinged, self._latency_ms))
            await self._clock.sleep(_EVERY)
            oldest = min((sent for sent, _ in self._waiting.values()), default=self._heard_at)
            if self._clock.elapsed() - min(self._heard_at, oldest) > PATIENCE:
                message = f"Nothing was received from the client for {PATIENCE:g} seconds."
                raise Breach("transport_receive_timeout", message, OPERATIONAL)
