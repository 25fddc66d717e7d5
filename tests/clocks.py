"""The sandbox's time for tests: as fast as ordered, but never faster than the machine can follow."""

import asyncio
import time
from contextlib import suppress

from switchboard.sandbox.clock import SandboxClock

_SLICE, _LONGEST = 0.005, 0.01  # real seconds: how often a sleeper looks, and how much may pass between two looks


class UnhurriedClock(SandboxClock):
    """Time stands still while this process is held up, and waits for every sleeper who is due.

    At fifty times the speed of life, a third of a second in which a busy machine runs something else would be a
    caller's quarter of a minute: phones would stop ringing before a test could pick them up.
    """

    def __init__(self, speed: float = 1.0) -> None:
        super().__init__(speed)
        self._due: list[float] = []

    def elapsed(self) -> float:
        now = time.monotonic()
        counted = self._counted + min(now - self._since, _LONGEST) * self._speed
        self._counted, self._since = max(self._counted, min([counted, *self._due])), now
        return self._counted

    async def sleep(self, seconds: float) -> None:
        until = self.elapsed() + seconds
        self._due.append(until)
        try:
            while (left := until - self.elapsed()) > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left / self._speed, _SLICE)):
                        await self._changed.wait()
        finally:
            self._due.remove(until)
