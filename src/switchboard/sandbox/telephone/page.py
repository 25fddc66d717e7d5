"""One open page: what is told to it waits here until its socket takes it."""

import asyncio
import json
from typing import Any

_MOST_WAITING = 500


class Page:
    """A bounded outbox. A page that reads too slowly loses sound first, and is taken for closed after that."""

    def __init__(self) -> None:
        self.outbox: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.is_lost = asyncio.Event()

    def tell(self, kind: str, **content: Any) -> None:
        if self.outbox.qsize() >= 2 * _MOST_WAITING:
            self.is_lost.set()
            return
        self.outbox.put_nowait(json.dumps({"type": kind, **content}))

    def play(self, pcm: bytes) -> None:
        """Sound for its loudspeaker: s16le mono 16 kHz."""
        if self.outbox.qsize() < _MOST_WAITING:
            self.outbox.put_nowait(pcm)
