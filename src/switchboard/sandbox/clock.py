"""Sandbox time: as fast as you like. A minute of talk lasts a second at speed 60."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Counts sandbox seconds; `speed` of them pass in a real one. Changing speed wakes every sleeper."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._counted = 0.0
        self._since = time.monotonic()
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Run `speed` times as fast as real time from now on (1 to 100)."""
        self._counted, self._since = self.elapsed(), time.monotonic()
        self._speed = speed
        self._changed.set()
        self._changed = asyncio.Event()

    def elapsed(self) -> float:
        """Sandbox seconds since this clock was made."""
        return self._counted + (time.monotonic() - self._since) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` of sandbox time pass."""
        until = self.elapsed() + seconds
        while (left := until - self.elapsed()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left / self._speed):  # wait_for can lose a cancellation on 3.11
                    await self._changed.wait()

    def stopwatch(self) -> "Stopwatch":
        return Stopwatch(self)


class Stopwatch:
    """One call's time: begins at the real present and advances at the sandbox's speed.

    Vendors' timestamps of a call are taken from here, so they begin near real time whatever the speed is.
    Webhook signatures carry real time instead, because receivers check their age.
    """

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._mark = clock.elapsed()
        self.started_at = datetime.now(UTC)

    def seconds(self) -> float:
        """Sandbox seconds since the start."""
        return self._clock.elapsed() - self._mark

    def now(self) -> datetime:
        return self.started_at + timedelta(seconds=self.seconds())
