"""What waits to be heard by the callee: sound in its order, with marks in between."""

import asyncio
from collections import deque
from collections.abc import Callable

from switchboard.sandbox.conversation.tape import LINE_RATE, SILENCE

FRAME = 160
"""Bytes of mu-law in 20 ms."""
LONGEST = 600 * LINE_RATE
"""Ten minutes may wait. Source: Twilio warning 31931."""
_MOST_MARKS = 1_000


class Playout:
    """A queue of mu-law that is heard at 8 kHz. `on_mark` gets each mark's name when it was reached or flushed."""

    def __init__(self, on_mark: Callable[[str], None] | None = None) -> None:
        self._sound = bytearray()
        self._heard = 0
        self._marks: deque[tuple[int, str]] = deque()
        self._on_mark = on_mark
        self._emptied = asyncio.Event()

    @property
    def seconds(self) -> float:
        """How long until all is heard."""
        return len(self._sound) / LINE_RATE

    def put(self, mu_law: bytes) -> bool:
        """Queue sound; False when it is more than may wait, of which the rest is dropped."""
        room = LONGEST - len(self._sound)
        self._sound += mu_law[:room]
        return len(mu_law) <= room

    def mark(self, name: str) -> bool:
        """Have `name` told when what waits now was heard, at once if nothing waits. False: too many wait."""
        if not self._sound and not self._marks:
            self._tell(name)
        elif len(self._marks) >= _MOST_MARKS:
            return False
        else:
            self._marks.append((self._heard + len(self._sound), name))
        return True

    def clear(self) -> None:
        """Drop what waits; every pending mark is told."""
        self._heard += len(self._sound)
        self._sound.clear()
        self._tell_reached()

    async def heard(self) -> None:
        """Until nothing waits, while it is played."""
        self._emptied.clear()
        await self._emptied.wait()

    def take(self) -> bytes:
        """The next 20 ms, filled up with silence."""
        self._tell_reached()
        if not self._sound:
            self._emptied.set()
        frame = bytes(self._sound[:FRAME])
        del self._sound[:FRAME]
        self._heard += len(frame)
        return frame.ljust(FRAME, SILENCE)

    def _tell_reached(self) -> None:
        while self._marks and self._marks[0][0] <= self._heard:
            self._tell(self._marks.popleft()[1])

    def _tell(self, name: str) -> None:
        if self._on_mark:
            self._on_mark(name)
