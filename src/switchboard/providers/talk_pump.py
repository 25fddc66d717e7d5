"""What the talk sockets of all platforms share: a reader with a bounded queue, and a line that is never dead."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress

import structlog

from switchboard.providers.normalised import JsonObject
from switchboard.providers.sockets import Closed, VendorSocket
from switchboard.providers.talk import BYTES_PER_SECOND, Ended, TalkEvent

log = structlog.get_logger(__name__)

Read = Callable[[str | bytes], Awaitable[Iterable[TalkEvent]]]

_WAITING = 256
_SILENCE_SECONDS = 0.1
_QUIET_SECONDS = 0.25
_SILENCE = bytes(int(BYTES_PER_SECOND * _SILENCE_SECONDS))
_ABNORMAL = 1006


class Pump:
    """Turns a vendor's frames into events, as fast as they are taken: nothing piles up in memory.

    `read` says what a frame means and may answer it. `over` says what the socket's end means.
    """

    def __init__(self, name: str, socket: VendorSocket, *, read: Read, over: Callable[[Closed], Ended]) -> None:
        self._socket = socket
        self._read = read
        self._over = over
        self._events: asyncio.Queue[TalkEvent] = asyncio.Queue(_WAITING)
        self._task = asyncio.create_task(self._run(), name=f"{name}-talk")
        self._task.add_done_callback(self._note_fault)

    async def events(self) -> AsyncIterator[TalkEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, Ended):
                return

    async def add(self, event: TalkEvent) -> None:
        """Something that happened on our side; waits while nobody takes events."""
        await self._events.put(event)

    def mention(self, event: TalkEvent) -> None:
        """As `add`, but forgotten when nobody takes events."""
        if not self._events.full():
            self._events.put_nowait(event)

    async def close(self) -> None:
        """Stop reading, close the socket, end the events. May be repeated."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._socket.close()
        self._end(Ended("callee_hangup"))

    def _end(self, ended: Ended) -> None:
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(ended)

    def _note_fault(self, task: asyncio.Task[None]) -> None:
        """A frame that our own code stumbled over must not leave anybody waiting for the next event."""
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            log.error("talk.unreadable", exc_info=fault)
            self._end(Ended("platform_error", "The platform said something that Switchboard cannot read."))

    async def _run(self) -> None:
        try:
            while True:
                for event in await self._read(await self._socket.receive()):
                    await self._events.put(event)
        except Closed as closed:
            await self._events.put(self._over(closed))


class Uplink:
    """Audio to a platform, with silence where none comes: platforms hear the end of a sentence by it."""

    def __init__(self, name: str, send: Callable[[bytes], Awaitable[None]]) -> None:
        self._send = send
        self._heard_at = 0.0
        self._task = asyncio.create_task(self._run(), name=f"{name}-silence")

    async def send(self, pcm: bytes) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        await self._send(pcm)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_SILENCE_SECONDS)
            if asyncio.get_running_loop().time() - self._heard_at >= _QUIET_SECONDS:
                with suppress(Closed):
                    await self._send(_SILENCE)


def broken(title: str, closed: Closed) -> Ended:
    """The end of a conversation that the platform did not mean."""
    if closed.code == _ABNORMAL:
        return Ended("platform_error", f"The connection to {title} broke.")
    said = f": {closed.said}" if closed.said else f" (code {closed.code})."
    return Ended("platform_error", f"{title} ended the conversation{said}")


def json_object(frame: str | bytes) -> JsonObject:
    """A vendor's frame as an object; an empty one for anything else."""
    with suppress(ValueError, RecursionError):
        message = json.loads(frame)
        if isinstance(message, dict):
            return message
    return {}
