"""`WS /api/v1/sandbox/telephone`: the sandbox's telephone under our own origin, so that the console can ring."""

import asyncio
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from switchboard.access.guard import presented, require
from switchboard.access.schemas import Badge, Caller
from switchboard.access.service import AccessService
from switchboard.calls import page_socket
from switchboard.core.errors import NotFound
from switchboard.providers.sockets import Closed, VendorSocket

router = APIRouter(prefix="/api/v1/sandbox")

_SCOPE = "calls:write"
_PATH = "/_sandbox/telephone"
_CONNECT_SECONDS = 5.0
_LARGEST_FRAME = 65_536
"""Bytes that a page may send at once: two seconds of audio."""
_NORMAL, _GOING_AWAY, _POLICY, _TOO_LARGE = 1000, 1001, 1008, 1009
_FIRST_OF_OURS = 3000  # codes below may be reserved words of the protocol, which nobody may send


@router.websocket("/telephone")
async def telephone(websocket: WebSocket, _: Annotated[Caller, require(_SCOPE)]) -> None:
    """Pass frames between a page and the sandbox's telephone until one of them closes.

    Nothing is queued: a side that reads slowly slows the other one down.

    Raises, as the answer to the handshake: NotFound when the providers are real; ProviderUnavailable.
    """
    base: str | None = websocket.app.state.sandbox_url
    if base is None:
        raise NotFound("There is no telephone here: it belongs to the sandbox, and the providers are real.")
    handset = await VendorSocket.dial(
        "sandbox", "The sandbox", _address(base), timeout_seconds=_CONNECT_SECONDS, encrypted=False
    )
    try:
        await websocket.accept()
        code, reason = await _until_one_closes(websocket, handset)
        await page_socket.close(websocket, code, reason)
    finally:
        await handset.close()


async def _until_one_closes(websocket: WebSocket, handset: VendorSocket) -> tuple[int, str]:
    """Code and reason to close the page's socket with."""
    access: AccessService = websocket.app.state.access
    ways = (
        _from_page(websocket, handset),
        _from_handset(websocket, handset),
        _until_refused(access, presented(websocket).badge),
    )
    tasks = [asyncio.create_task(way, name="telephone") for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return done.pop().result()


async def _from_page(websocket: WebSocket, handset: VendorSocket) -> tuple[int, str]:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return _NORMAL, ""
        frame: str | bytes = message.get("text") or message.get("bytes") or b""
        if len(frame) > _LARGEST_FRAME:
            return _TOO_LARGE, f"A frame may have at most {_LARGEST_FRAME} bytes."
        try:
            await handset.send(frame)
        except Closed:
            return _GOING_AWAY, "The sandbox has closed the line."


async def _from_handset(websocket: WebSocket, handset: VendorSocket) -> tuple[int, str]:
    while True:
        try:
            frame = await handset.receive()
        except Closed as closed:
            ours = closed.code >= _FIRST_OF_OURS or closed.code == _NORMAL
            return (closed.code if ours else _GOING_AWAY), closed.said or "The sandbox has closed the line."
        try:
            await (websocket.send_text(frame) if isinstance(frame, str) else websocket.send_bytes(frame))
        except (WebSocketDisconnect, RuntimeError):  # starlette raises either, by whom it was told first
            return _NORMAL, ""


async def _until_refused(access: AccessService, badge: Badge) -> tuple[int, str]:
    return _POLICY, await access.until_refused(badge, _SCOPE)


def _address(base: str) -> str:
    parts = urlsplit(base.rstrip("/"))
    scheme = "wss" if parts.scheme == "https" else "ws"
    return f"{scheme}://{parts.netloc}{parts.path}{_PATH}"
