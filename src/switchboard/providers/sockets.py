"""The one module that knows `websockets`: dialling a vendor's socket, its limits, its errors."""

from collections.abc import Mapping
from typing import Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from switchboard.providers.errors import ProviderRejected, ProviderUnavailable

NORMAL = 1000
_LARGEST_FRAME = 4 * 1024 * 1024
"""Bytes. ElevenLabs sends whole sentences of audio in one JSON text."""
_FRAMES_WAITING = 64
_HEARTBEAT_SECONDS = 20.0
_CLOSE_SECONDS = 2.0
_TOO_MANY, _SERVER_ERROR_FROM = 429, 500


class Closed(Exception):
    """The vendor's socket is closed: its code (1006 when the connection broke) and its words."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(code, said)
        self.code = code
        self.said = said


class VendorSocket:
    """Frames to and from one vendor. Its address is a credential and appears in no error of ours."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def dial(
        cls,
        provider: str,
        title: str,
        url: str,
        *,
        timeout_seconds: float,
        encrypted: bool,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Connect. `encrypted`: refuse addresses that are not `wss`.

        Raises: ProviderUnavailable; ProviderRejected when the vendor refuses the handshake.
        """
        allowed = {"wss"} if encrypted else {"ws", "wss"}
        if urlsplit(url).scheme not in allowed:
            raise ProviderUnavailable(f"{title} told an address that is no secure socket.", provider=provider)
        try:
            return cls(
                await connect(
                    url,
                    additional_headers=headers,
                    user_agent_header=None,
                    open_timeout=timeout_seconds,
                    close_timeout=_CLOSE_SECONDS,
                    ping_interval=_HEARTBEAT_SECONDS,
                    ping_timeout=_HEARTBEAT_SECONDS,
                    max_size=_LARGEST_FRAME,
                    max_queue=_FRAMES_WAITING,
                    compression=None,
                    proxy=None,
                )
            )
        except InvalidStatus as refused:
            raise _refused(provider, title, refused.response.status_code) from None
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            said = f"{title}'s socket cannot be reached ({type(error).__name__}). Try again."
            raise ProviderUnavailable(said, provider=provider) from None

    async def send(self, frame: str | bytes) -> None:
        """Raises: Closed."""
        try:
            await self._connection.send(frame)
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def receive(self) -> str | bytes:
        """The next frame. May be cancelled without loss. Raises: Closed."""
        try:
            return await self._connection.recv()
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def close(self) -> None:
        """Say good-bye and wait at most two seconds for an answer. May be repeated."""
        await self._connection.close(NORMAL)


def _closed(closed: ConnectionClosed) -> Closed:
    return Closed(closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else Closed(1006, "")


def _refused(provider: str, title: str, status: int) -> ProviderUnavailable | ProviderRejected:
    if status == _TOO_MANY or status >= _SERVER_ERROR_FROM:
        said = f"{title}'s socket is not available now (HTTP {status}). Try again in a moment."
        return ProviderUnavailable(said, provider=provider, provider_status=status)
    said = f"{title} refused the conversation's socket (HTTP {status})."
    return ProviderRejected(said, provider=provider, provider_status=status)
