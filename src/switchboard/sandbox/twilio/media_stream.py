"""The carrier's end of a media stream: a WebSocket client that joins a spoken line to a platform.

Source: Twilio "TwiML <Stream>", "Media Streams - WebSocket Messages"; Error and warning dictionary 319xx.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from switchboard.sandbox.line import StreamEnd
from switchboard.sandbox.twilio.playout import Playout
from switchboard.sandbox.twilio.signature import signature
from switchboard.sandbox.twilio.stream_messages import BadMessageError, Clear, Mark, Messages, Sound, read
from switchboard.sandbox.twilio.wire import FRAME_SECONDS, Wire

_LARGEST_MESSAGE = 8 * 1024 * 1024
_CONNECT_WITHIN = 5.0
_PING_EVERY = 20.0
_CLOSE_WITHIN = 1.0
_MOST_MEDIA = 250
"""Five seconds of frames that a slow platform may be behind."""
_MOST_MESSAGES = 4_000
_FINE = (1000, 1001, 1005)


@dataclass(frozen=True, slots=True)
class StreamOrder:
    """What the TwiML or the REST API asks for. `tracks`: `inbound` is what the callee says."""

    url: str
    stream_sid: str
    account_sid: str
    call_sid: str
    token: str
    name: str = ""
    tracks: tuple[str, ...] = ("inbound",)
    both_ways: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)


class StreamFailedError(Exception):
    """The socket could not be opened; `code` is Twilio's."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


class _Connect(connect):
    """A redirection is an answer other than 101, and is not followed."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class MediaStream:
    """One stream. `warn` gets each of Twilio's warnings at most once, `on_begin` is called on the handshake."""

    def __init__(
        self, order: StreamOrder, warn: Callable[[int, str], None], on_begin: Callable[[], None] | None = None
    ) -> None:
        self.began = False
        self._order = order
        self._on_begin = on_begin
        self._warn_call = warn
        self._warned: set[int] = set()
        self._messages = Messages(order.stream_sid, order.account_sid, order.call_sid)
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._playout = Playout(lambda name: self._post(self._messages.mark(name)))
        self._frames = 0

    async def run(self, wire: Wire) -> StreamEnd:
        """Exchange frames until the platform closes or the callee hangs up.

        Cancelled: the carrier ends the stream. Raises: StreamFailedError when it could not begin.
        """
        socket = await self._connected()
        self.began = True
        if self._on_begin:
            self._on_begin()
        try:
            return await self._exchange(wire, socket)
        finally:
            await self._close(socket)

    def press(self, digit: str) -> None:
        """Tell the platform of a key; streams in one direction have no `dtmf`."""
        if self._order.both_ways:
            self._post(self._messages.dtmf(digit))

    async def _connected(self) -> ClientConnection:
        url = self._order.url
        try:
            url = dialled_url(url)
            headers = {"X-Twilio-Signature": signature(self._order.token, url, {})}
            return await _Connect(
                url,
                additional_headers=headers,
                user_agent_header="Twilio.TmeWs/1.0",
                compression=None,
                proxy=None,
                open_timeout=_CONNECT_WITHIN,
                close_timeout=_CLOSE_WITHIN,
                ping_interval=_PING_EVERY,
                max_size=_LARGEST_MESSAGE,
            )
        except (TimeoutError, OSError, InvalidURI, InvalidHandshake, EOFError, ValueError) as error:
            raise _failure(error, url) from error

    async def _exchange(self, wire: Wire, socket: ClientConnection) -> StreamEnd:
        self._post(self._messages.connected())
        self._post(self._messages.start(self._order.tracks, self._order.parameters))
        receiving = asyncio.create_task(self._receive(socket))
        gone = asyncio.create_task(wire.gone.wait())
        working = (asyncio.create_task(self._send(socket)), receiving, gone)
        try:
            with ExitStack() as line:
                line.enter_context(wire.tapped(self._pass))
                if self._order.both_ways:
                    line.enter_context(wire.playing(self._playout))
                await asyncio.wait({receiving, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
        return StreamEnd.CALLEE_HUNG_UP if wire.gone.is_set() else StreamEnd.PLATFORM_CLOSED

    def _pass(self, said: bytes, played: bytes) -> None:
        timestamp = round(self._frames * FRAME_SECONDS * 1000)
        self._frames += 1
        if self._outbox.qsize() >= _MOST_MEDIA:
            self._warn(31930, "the platform reads too slowly, audio is dropped")
            return
        for track in self._order.tracks:
            self._post(self._messages.media(track, timestamp, said if track == "inbound" else played))

    def _post(self, message: str) -> None:
        if self._outbox.qsize() < _MOST_MESSAGES:
            self._outbox.put_nowait(message)

    async def _send(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            while True:
                await socket.send(await self._outbox.get())

    async def _receive(self, socket: ClientConnection) -> None:
        try:
            while True:
                self._obey(await socket.recv())
        except ConnectionClosed as closed:
            self._judge(closed)

    def _obey(self, message: str | bytes) -> None:
        if not self._order.both_ways:
            self._warn(31951, "a message on a stream in one direction")
            return
        try:
            wish = read(message, self._order.stream_sid)
        except BadMessageError as error:
            self._warn(error.code, error.why)
            return
        match wish:
            case Sound(mu_law):
                if not self._playout.put(mu_law):
                    self._warn(31931, "more than ten minutes of audio wait to be played, the rest is dropped")
            case Mark(name):
                if not self._playout.mark(name):
                    self._warn(31931, "too many marks wait")
            case Clear():
                self._playout.clear()

    def _judge(self, closed: ConnectionClosed) -> None:
        ours, theirs = closed.sent, closed.rcvd
        if ours and not closed.rcvd_then_sent and ours.code not in (*_FINE, 1011):
            self._warn(31924, f"a violation of the WebSocket protocol ({ours.code} {ours.reason})".strip())
        elif theirs is None:
            self._warn(31903, "the connection broke")
        elif theirs.code not in _FINE:
            self._warn(31921, f"the platform closed with {theirs.code} {theirs.reason}".strip())

    async def _close(self, socket: ClientConnection) -> None:
        """What waits, then `stop`, then the close: as far as the platform still takes it."""
        with suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN):
                while not self._outbox.empty():
                    await socket.send(self._outbox.get_nowait())
                await socket.send(self._messages.stop())
        try:
            async with asyncio.timeout(2 * _CLOSE_WITHIN):
                await socket.close()
        except TimeoutError:
            socket.transport.abort()

    def _warn(self, code: int, why: str) -> None:
        if code not in self._warned:
            self._warned.add(code)
            self._warn_call(code, why)


def dialled_url(url: str) -> str:
    """The address that is really asked: Twilio drops query and fragment. Raises: ValueError."""
    parts = urlsplit(url)
    if parts.port is not None and not parts.hostname:
        raise ValueError(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", "", ""))


def _failure(error: Exception, url: str) -> StreamFailedError:
    # A certificate's error is a ValueError, too.
    if isinstance(error, InvalidURI | ValueError) and not isinstance(error, ssl.SSLError):
        return StreamFailedError(31922, f"the address {url} cannot be a stream's")
    host = urlsplit(url).netloc
    match error:
        case TimeoutError():
            return StreamFailedError(31901, f"{host} did not answer within {_CONNECT_WITHIN:g} s")
        case ssl.SSLError():
            return StreamFailedError(31910, f"no secure connection to {host}")
        case ConnectionRefusedError():
            return StreamFailedError(31902, f"{host} refuses connections")
        case InvalidHandshake() | EOFError() | ConnectionResetError():
            return StreamFailedError(31920, f"the handshake was not answered with 101: {error}")
        case _:
            return StreamFailedError(31904, f"{host} cannot be reached")
