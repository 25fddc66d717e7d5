"""Callbacks owed to customers: sent in the background, repeated as the vendor would, on sandbox time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import httpx

from switchboard.sandbox.clock import SandboxClock

Signer = Callable[[], tuple[bytes, Mapping[str, str]]]
"""Makes body and headers anew for each attempt, so that signatures carry the time of sending."""


class Delivery:
    """Sends callbacks and keeps them to vendor rules. Owns its tasks; `close()` cancels and awaits them."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def post(
        self, url: str, sign: Signer, *, retry_after: Sequence[float] = (), timeout: float = 15.0
    ) -> None:
        """Owe one POST. `retry_after`: sandbox seconds before each further attempt after a failure."""
        task = asyncio.create_task(self._deliver(url, sign, retry_after, timeout))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, url: str, sign: Signer, retry_after: Sequence[float], timeout: float) -> None:
        raise NotImplementedError
