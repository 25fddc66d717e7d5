"""Recordings of calls: fetched from the platform once, then kept on this machine for a while.

A player asks for a recording part by part, and several people listen to the same one. Each file has the call's id
as its name; its first line is the media type. Processes on one machine share the folder: the files themselves are
the truth, and a file appears whole or not at all.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from switchboard.http.flights import Flights
from switchboard.providers.normalised import Audio
from switchboard.voices.wishes import kind_of

_PIECE = 262_144
_LONGEST_HEAD = 200
_IN_USE_SECONDS = 5.0
"""A file that was found so lately may not have been opened yet."""
_UNFINISHED = ".part"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recording:
    """Audio that can be read in parts. `kept`: it is final, so that whoever has heard it need not ask again."""

    media_type: str
    size: int
    kept: bool
    _source: bytes | Path
    _offset: int = 0

    async def part(self, first: int, last: int) -> AsyncIterator[bytes]:
        """The bytes from `first` to `last`, both included, in pieces that a slow listener can take one by one."""
        if isinstance(self._source, bytes):
            yield self._source[first : last + 1]
            return
        file = await asyncio.to_thread(self._source.open, "rb")
        try:
            await asyncio.to_thread(file.seek, self._offset + first)
            left = last + 1 - first
            while left > 0 and (piece := await asyncio.to_thread(file.read, min(left, _PIECE))):
                left -= len(piece)
                yield piece
        finally:
            file.close()


class Recordings:
    """Finds and keeps recordings. `aclose()` it at shutdown.

    `max_bytes`: the most that all kept ones take together, 0 for none; the longest unheard go first.
    `keep_seconds`: one that was fetched so long ago is fetched anew, so that what the platform has deleted is
    gone here too.
    """

    def __init__(self, folder: Path, *, max_bytes: int, keep_seconds: float) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._keep_seconds = keep_seconds
        self._flights: Flights[tuple[str, bool], Recording] = Flights()

    async def aclose(self) -> None:
        await self._flights.aclose()

    async def get(self, call_id: str, fetch: Callable[[], Awaitable[Audio]], *, final: bool) -> Recording:
        """The call's recording; `fetch` gets it from the platform. One that is not `final` is not kept.

        However many ask at once, it is fetched once. Raises: what `fetch` raises.
        """
        if final and (kept := await asyncio.to_thread(self._find, call_id)):
            return kept
        return await self._flights.join((call_id, final), lambda: self._fetched(call_id, fetch, final))

    async def _fetched(self, call_id: str, fetch: Callable[[], Awaitable[Audio]], final: bool) -> Recording:
        audio = await fetch()
        content, media_type = audio.content, _media_type(audio)
        if final:
            try:
                await asyncio.to_thread(self._keep, call_id, media_type, content)
            except OSError as failure:
                log.warning("recording.not_kept", call_id=call_id, error=type(failure).__name__)
        return Recording(media_type, len(content), final, content)

    def _find(self, call_id: str) -> Recording | None:
        path = self._folder / call_id
        try:
            with path.open("rb") as file:
                head, facts = file.readline(_LONGEST_HEAD), os.fstat(file.fileno())
            if not head.endswith(b"\n") or time.time() - facts.st_mtime > self._keep_seconds:
                return None
            os.utime(path, (time.time(), facts.st_mtime))
        except OSError:
            return None
        media_type = head.decode("ascii", "replace").rstrip()
        return Recording(media_type, facts.st_size - len(head), True, path, len(head))

    def _keep(self, call_id: str, media_type: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._make_room(len(content)):
            return
        handle, unfinished = tempfile.mkstemp(suffix=_UNFINISHED, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(f"{media_type}\n".encode())
                file.write(content)
            Path(unfinished).replace(self._folder / call_id)
        except OSError:
            Path(unfinished).unlink(missing_ok=True)
            raise

    def _make_room(self, needed: int) -> bool:
        """Drop what is too old, and the longest unheard until `needed` more bytes fit; whether they do.

        What can never fit drives nothing out.
        """
        fits = needed <= self._max_bytes
        now, room = time.time(), self._max_bytes - (needed if fits else 0)
        with os.scandir(self._folder) as entries:
            files = [(entry.stat(), Path(entry.path)) for entry in entries if entry.is_file()]
        for facts, path in sorted(files, key=lambda file: file[0].st_atime, reverse=True):
            spare = room < facts.st_size or now - facts.st_mtime > self._keep_seconds
            if spare and now - facts.st_atime > _IN_USE_SECONDS:
                with suppress(OSError):
                    path.unlink()
            else:
                room -= facts.st_size
        return fits and room >= 0


def _media_type(audio: Audio) -> str:
    """What the platform says if it is audio: nothing else is handed on under our own address."""
    told = audio.media_type.lower()
    if told.startswith("audio/") and len(told) < _LONGEST_HEAD and told.isprintable() and told.isascii():
        return told
    return kind_of(audio.content) or "application/octet-stream"
