"""A platform's side of a Twilio Media Stream: an accepted socket joined to a mind on a live line.

Source: Twilio "Media Streams - WebSocket Messages".
"""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from switchboard.core.g711 import from_mu_law, to_mu_law
from switchboard.sandbox.conversation.dialogue import Ending
from switchboard.sandbox.conversation.live import Talk
from switchboard.sandbox.conversation.talk_events import AgentAudio, AgentDone, Interrupted, TalkEvent
from switchboard.sandbox.conversation.tape import LINE_RATE, Tape
from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE

_MAX_FRAME = 256 * 1024
_PATIENCE = 10.0
_LAST_MARK_WITHIN = 1.0

OnEvent = Callable[[TalkEvent], None]
OnDigit = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StreamStart:
    """What a carrier tells of a call when its stream begins."""

    stream_sid: str
    call_sid: str
    account_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The `<Parameter>`s of the TwiML."""


class NoStreamError(Exception):
    """The other side went away or does not speak Media Streams. `code` is the close code it got."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def start_of(websocket: WebSocket, first: str | None = None) -> StreamStart:
    """Read `connected` and `start` from an accepted socket.

    `first`: a text frame that was read before, to see who is calling. Raises: NoStreamError, with the socket
    closed: 1003 for binary, 1007 for what is no JSON object, 1008 for another order or after 10 s.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            _check_connected(await _frame(websocket) if first is None else _parsed(first))
            return _start(await _frame(websocket))
    except WebSocketDisconnect as gone:
        raise NoStreamError(gone.code, "The carrier left before `start`.") from None
    except TimeoutError:
        raise await _refused(websocket, NoStreamError(1008, "No `start` came within 10 s.")) from None
    except NoStreamError as error:
        raise await _refused(websocket, error) from None


async def hold(
    websocket: WebSocket,
    started: StreamStart,
    talk: Talk,
    on_event: OnEvent | None = None,
    *,
    on_digit: OnDigit | None = None,
    tape: Tape | None = None,
) -> Ending:
    """Let a talk be held over the socket until either side ends it, and close the socket.

    Audio that the carrier sends is heard, the agent's is sent with a mark after each turn, an interruption
    clears what the carrier has not played yet. `on_event` sees every event of the talk, `on_digit` each key
    pressed on the telephone, `tape` records. The ending is `CALLEE_HUNG_UP` when the carrier closes.
    A frame that breaks the protocol ends the line, too: 1003 for binary, 1007 for bad JSON or base64, 1009
    above 256 KiB; unknown events are read over.
    Cancelled: the talk is cancelled and the socket is left to the server.
    """
    observer = _Observer(on_event or _ignore, on_digit or _ignore, tape or Tape())
    return await _Bridge(websocket, started.stream_sid, talk, observer).run()


def _ignore(_: Any) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Observer:
    event: OnEvent
    digit: OnDigit
    tape: Tape


class _Bridge:
    def __init__(self, websocket: WebSocket, stream_sid: str, talk: Talk, observer: _Observer) -> None:
        self._websocket = websocket
        self._stream_sid = stream_sid
        self._talk = talk
        self._observer = observer
        self._to_line = Resampler(RATE, LINE_RATE)
        self._marks: set[str] = set()
        self._marked = 0
        self._played = asyncio.Event()
        self._is_dead = False
        self._close_code = 1000

    async def run(self) -> Ending:
        reading = asyncio.create_task(self._read())
        writing = asyncio.create_task(self._write())
        try:
            ending = await self._talk.run()
            await writing
            await self._wait_for_last_mark()
        finally:
            for task in (reading, writing):
                task.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)
        if not self._is_dead:
            with suppress(WebSocketDisconnect, RuntimeError):
                await self._websocket.close(self._close_code)
        return ending

    async def _read(self) -> None:
        from_line = Resampler(LINE_RATE, RATE)
        try:
            while True:
                frame = await _frame(self._websocket)
                match frame.get("event"):
                    case "media":
                        sound = _payload(frame)
                        self._observer.tape.callee(sound)
                        self._talk.hear_audio(from_line.feed(from_mu_law(sound)))
                    case "mark":
                        self._mark_came(_part(frame, "mark").get("name"))
                    case "dtmf":
                        self._observer.digit(str(_part(frame, "dtmf").get("digit", ""))[:1])
                    case "stop":
                        return
        except WebSocketDisconnect:
            self._is_dead = True
        except NoStreamError as error:
            self._close_code = error.code
        finally:
            self._played.set()
            self._talk.other_side_left()

    def _mark_came(self, name: object) -> None:
        self._marks.discard(str(name))
        if not self._marks:
            self._played.set()

    async def _write(self) -> None:
        async for event in self._talk.events():
            if isinstance(event, AgentAudio):
                await self._send_audio(self._to_line.feed(event.pcm))
            elif isinstance(event, AgentDone):
                await self._send_audio(self._to_line.feed(b"", last=True))
                await self._send_mark()
            elif isinstance(event, Interrupted):
                self._observer.tape.cut_agent()
                await self._send("clear")
            if isinstance(event, AgentDone | Interrupted):
                self._to_line = Resampler(RATE, LINE_RATE)
            self._observer.event(event)

    async def _send_audio(self, pcm: bytes) -> None:
        if pcm:
            sound = to_mu_law(pcm)
            self._observer.tape.agent(sound)
            await self._send("media", media={"payload": base64.b64encode(sound).decode()})

    async def _send_mark(self) -> None:
        self._marked += 1
        name = f"turn-{self._marked}"
        self._marks.add(name)
        self._played.clear()
        await self._send("mark", mark={"name": name})

    async def _send(self, event: str, **content: Any) -> None:
        if self._is_dead:
            return
        text = json.dumps({"event": event, "streamSid": self._stream_sid, **content}, separators=(",", ":"))
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError, TimeoutError):  # starlette raises RuntimeError once closed
            self._is_dead = True
            self._talk.other_side_left()

    async def _wait_for_last_mark(self) -> None:
        """Closing the socket drops what the carrier has not played yet."""
        if self._marks and not self._is_dead:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_MARK_WITHIN):
                    await self._played.wait()


async def _refused(websocket: WebSocket, error: NoStreamError) -> NoStreamError:
    with suppress(WebSocketDisconnect, RuntimeError):
        await websocket.close(error.code, error.reason)
    return error


async def _frame(websocket: WebSocket) -> dict[str, Any]:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1005)
    text = message.get("text")
    if text is None:
        raise NoStreamError(1003, "Only text frames are understood.")
    return _parsed(text)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > _MAX_FRAME:
        raise NoStreamError(1009, "A message is longer than 256 KiB.")
    try:
        frame = parsed(text)
    except ValueError:
        raise NoStreamError(1007, "A message is no JSON.") from None
    if not isinstance(frame, dict):
        raise NoStreamError(1007, "A message is no JSON object.")
    return frame


def _part(frame: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = frame.get(name)
    return part if isinstance(part, dict) else {}


def _payload(frame: Mapping[str, Any]) -> bytes:
    payload = _part(frame, "media").get("payload")
    if not isinstance(payload, str):
        raise NoStreamError(1007, "A `media` message has no payload.")
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise NoStreamError(1007, "A payload is no base64.") from None


def _check_connected(frame: Mapping[str, Any]) -> None:
    if frame.get("event") != "connected":
        raise NoStreamError(1008, "The first message must be `connected`.")


def _start(frame: Mapping[str, Any]) -> StreamStart:
    start = _part(frame, "start")
    if frame.get("event") != "start" or not start:
        raise NoStreamError(1008, "The second message must be `start`.")
    return StreamStart(
        stream_sid=str(start.get("streamSid") or frame.get("streamSid") or ""),
        call_sid=str(start.get("callSid") or ""),
        account_sid=str(start.get("accountSid") or ""),
        parameters={str(name): str(value) for name, value in _part(start, "customParameters").items()},
    )
