"""Keys pressed on the callee's telephone, for whichever verb listens."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

KEYS = frozenset("0123456789*#ABCD")
_MOST = 100


class Keypad:
    """Keys that nobody listens to are lost, as on a call."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[str], None]] = []

    def press(self, keys: str) -> None:
        """Each key goes to the verb that began to listen last."""
        for key in keys:
            if key in KEYS and self._listeners:
                self._listeners[-1](key)

    @contextmanager
    def heard_by(self, listener: Callable[[str], None]) -> Iterator[None]:
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    @contextmanager
    def queued(self) -> Iterator[asyncio.Queue[str]]:
        """Keys as they come, 100 at most."""
        queue: asyncio.Queue[str] = asyncio.Queue()

        def keep(key: str) -> None:
            if queue.qsize() < _MOST:
                queue.put_nowait(key)

        with self.heard_by(keep):
            yield queue
