"""Frames to a page: what is told at once, and the agent's voice at the speed of life."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from switchboard.calls.talk_frames import loudness
from switchboard.providers.talk import BYTES_PER_SECOND

_PIECE = BYTES_PER_SECOND // 25
"""40 ms."""
_AHEAD_SECONDS = 0.3
"""How far the audio runs ahead of its time, so that a page can ride out jitter."""
_LONGEST_SPEECH = BYTES_PER_SECOND * 120
_FRAMES_WAITING = 1_000
_LEVEL_SECONDS = 0.1

Frame = dict[str, Any]


class TooSlow(Exception):
    """The page does not take its frames."""


class Downlink:
    """`tell` and `play` never wait; `run` sends, until it is cancelled.

    Platforms send speech much faster than it is spoken. It waits here, so that an interruption takes effect
    at once and levels are told when they are heard; the oldest is dropped past two minutes.
    """

    def __init__(
        self, send_json: Callable[[Frame], Awaitable[None]], send_audio: Callable[[bytes], Awaitable[None]]
    ) -> None:
        self._send_json = send_json
        self._send_audio = send_audio
        self._frames: deque[Frame] = deque()
        self._speech = bytearray()
        self._played_until = 0.0
        self._wake = asyncio.Event()
        self._levels = {"agent": 0.0, "callee": 0.0}
        self._told_levels = dict(self._levels)
        self._levels_due = 0.0

    def tell(self, frame: Frame) -> None:
        """Raises: TooSlow."""
        if len(self._frames) >= _FRAMES_WAITING:
            raise TooSlow
        self._frames.append(frame)
        self._wake.set()

    def play(self, pcm: bytes) -> None:
        self._speech += pcm
        if len(self._speech) > _LONGEST_SPEECH:
            del self._speech[: len(self._speech) - _LONGEST_SPEECH]
        self._wake.set()

    def hush(self) -> None:
        """What was not sent yet will not be heard."""
        self._speech.clear()
        self._played_until = 0.0
        self._levels["agent"] = 0.0

    def heard(self, pcm: bytes) -> None:
        """What the microphone brought, for its level."""
        self._levels["callee"] = max(self._levels["callee"], loudness(pcm))
        self._wake.set()

    async def run(self) -> None:
        while True:
            wait = await self._send_due()
            self._wake.clear()
            if self._frames:
                continue
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def spoken(self) -> None:
        """Wait until all of the voice is sent."""
        while self._speech:  # noqa: ASYNC110 -- once in a conversation; an event would have to be set with each piece
            await asyncio.sleep(_AHEAD_SECONDS)

    async def drain(self) -> None:
        """Send what was told and not sent yet; the voice is left out."""
        while self._frames:
            await self._send_json(self._frames.popleft())

    async def _send_due(self) -> float | None:
        """Send all that is due; seconds until more is, None if nothing waits."""
        await self.drain()
        now = asyncio.get_running_loop().time()
        while self._speech and self._played_until - now < _AHEAD_SECONDS:
            piece = bytes(self._speech[:_PIECE])
            del self._speech[:_PIECE]
            self._played_until = max(now, self._played_until) + len(piece) / BYTES_PER_SECOND
            self._levels["agent"] = max(self._levels["agent"], loudness(piece))
            await self._send_audio(piece)
            await self.drain()
            now = asyncio.get_running_loop().time()
        await self._send_levels(now)
        waits = [self._played_until - now - _AHEAD_SECONDS] if self._speech else []
        if self._are_loud():
            waits.append(self._levels_due - now)
        return max(0.0, min(waits)) if waits else None

    async def _send_levels(self, now: float) -> None:
        """What was loudest since the last time, when it differs from what was told then."""
        if now < self._levels_due or not self._are_loud():
            return
        self._levels_due = now + _LEVEL_SECONDS
        before, self._told_levels = self._told_levels, self._levels
        self._levels = dict.fromkeys(before, 0.0)
        if self._told_levels != before:
            await self._send_json({"type": "level", **self._told_levels})

    def _are_loud(self) -> bool:
        return any(self._levels.values()) or any(self._told_levels.values())
