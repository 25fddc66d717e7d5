"""The sandbox's front door: writes down each vendor request and lets the ordered faults happen to it."""

import asyncio
import json
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switchboard.sandbox.fault_orders import BODILESS, SOCKET
from switchboard.sandbox.faults import Fault, Faults
from switchboard.sandbox.recorder import Recorder, Seen
from switchboard.sandbox.socket_gate import SocketGate
from switchboard.sandbox.vendors import Provider, error_body, provider_of, quota_spent

_LARGEST_BODY = 64 * 1024 * 1024


class _TooLargeError(Exception):
    """More than is kept in memory."""


class Gate:
    """The outermost ASGI layer. It must stay outermost: a dropped connection needs the server's own `send`."""

    def __init__(self, app: ASGIApp, faults: Faults, recorder: Recorder) -> None:
        self._app = app
        self._faults = faults
        self._recorder = recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider = provider_of(scope["path"]) if scope["type"] in {"http", "websocket"} else None
        if provider is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._open_socket(provider, scope, receive, send)
        else:
            await self._ask(provider, scope, receive, send)

    async def _open_socket(self, provider: Provider, scope: Scope, receive: Receive, send: Send) -> None:
        seen = self._note(provider, SOCKET, scope)
        found = self._faults.for_socket(provider, scope["path"])
        fault = None
        if found is not None:
            seen.fault, fault = found
        await SocketGate(receive, send, seen, fault).run(self._app, scope)

    async def _ask(self, provider: Provider, scope: Scope, receive: Receive, send: Send) -> None:
        seen = self._note(provider, scope["method"], scope)
        try:
            read = await _Body.read(receive)
        except _TooLargeError:
            await _answer(_watched(send, seen), 413, error_body(provider, 413, "The body is too large."), {})
            return
        if read is None:
            return
        body, content = read
        self._recorder.note_body(seen, content)
        fault = self._faults.for_request(provider, scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, body, _watched(send, seen))
        else:
            seen.fault = fault.id
            await self._go_wrong(fault, provider, _Asked(scope, body, send, seen))

    def _note(self, provider: Provider, method: str, scope: Scope) -> Seen:
        return self._recorder.note(
            at=datetime.now(UTC),
            provider=provider,
            method=method,
            path=scope["path"],
            query=scope["query_string"],
            headers=scope["headers"],
        )

    async def _go_wrong(self, fault: Fault, provider: Provider, request: "_Asked") -> None:
        order = fault.order
        if order.delay_seconds:
            await asyncio.sleep(order.delay_seconds)
        if order.outage or order.quota:
            status, body = (
                quota_spent(provider) if order.quota else (503, error_body(provider, 503, "Unavailable"))
            )
            await _answer(_watched(request.send, request.seen), status, body, {})
        elif order.status is not None:
            usual = error_body(provider, order.status, "Fault ordered", order.code)
            body = usual if order.body is None else order.body
            await _answer(_watched(request.send, request.seen), order.status, body, order.headers)
        elif order.drop == "before":
            await _hang_up(request)
        elif order.drop == "after":
            await self._app(request.scope, request.body, _Swallowed())
            await _hang_up(request)
        elif order.malformed:
            swallowed = _Swallowed()
            await self._app(request.scope, request.body, swallowed)
            await swallowed.give_half(_watched(request.send, request.seen))
        else:
            await self._app(request.scope, request.body, _watched(request.send, request.seen))


class _Body:
    """A `receive` that hands on a body which was read before.

    Read first, so that it is on record even when no route looks at it, and so that a customer who gives up
    waiting has asked nevertheless.
    """

    def __init__(self, receive: Receive, content: bytes) -> None:
        self._receive = receive
        self._left: bytes | None = content

    @classmethod
    async def read(cls, receive: Receive) -> "tuple[_Body, bytes] | None":
        """None when the customer went away in the middle of it. Raises: _TooLargeError."""
        content = bytearray()
        while (message := await receive())["type"] == "http.request":
            content += message.get("body", b"")
            if len(content) > _LARGEST_BODY:
                raise _TooLargeError
            if not message.get("more_body"):
                return cls(receive, bytes(content)), bytes(content)
        return None

    async def __call__(self) -> Message:
        if self._left is None:
            return await self._receive()
        content, self._left = self._left, None
        return {"type": "http.request", "body": content, "more_body": False}


@dataclass(frozen=True, slots=True)
class _Asked:
    scope: Scope
    body: _Body
    send: Send
    seen: Seen


class _Swallowed:
    """A `send` that keeps an answer instead of sending it."""

    def __init__(self) -> None:
        self._start: MutableMapping[str, Any] | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    async def give_half(self, send: Send) -> None:
        """Send the answer cut in its middle, complete as far as HTTP is concerned."""
        assert self._start is not None
        half = bytes(self._body[: len(self._body) // 2])
        kept = [(name, value) for name, value in self._start["headers"] if name.lower() != b"content-length"]
        headers = [*kept, (b"content-length", str(len(half)).encode())]
        await send({**self._start, "headers": headers})
        await send({"type": "http.response.body", "body": half})


def _watched(send: Send, seen: Seen) -> Send:
    async def watching(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.status = message["status"]
        await send(message)

    return watching


async def _answer(send: Send, status: int, body: Any, headers: dict[str, str]) -> None:
    plain = isinstance(body, str)
    content = body.encode() if plain else json.dumps(body).encode()
    shown = {"content-type": "text/plain; charset=utf-8" if plain else "application/json"}
    shown["content-length"] = str(len(content))
    if status in BODILESS:
        content, shown = b"", {}
    shown |= {name.lower(): value for name, value in headers.items()}
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in shown.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


async def _hang_up(request: _Asked) -> None:
    """Close the connection without an answer.

    ASGI has no word for it, so this takes the transport from uvicorn's request cycle, whose method `send`
    is. Other servers get an exception, which most turn into a 500.
    """
    cycle = getattr(request.send, "__self__", None)
    transport = cast("asyncio.Transport | None", getattr(cycle, "transport", None))
    if transport is None:
        raise ConnectionAbortedError("The connection was dropped by a fault.")
    transport.close()
    while (await request.body())["type"] != "http.disconnect":
        pass
