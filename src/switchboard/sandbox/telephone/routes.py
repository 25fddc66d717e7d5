"""`/_sandbox/telephone`: the page, and the socket that it talks through."""

import asyncio
from contextlib import suppress
from importlib.resources import files
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.telephone.page import Page
from switchboard.sandbox.telephone.telephone import Telephone

_MOST_TEXT = 16 * 1024
_MOST_SOUND = 64 * 1024
_MOST_WORDS = 2_000


class _RefusedError(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def router(telephone: Telephone) -> APIRouter:
    """Page and socket of a telephone."""
    routes = APIRouter(prefix="/_sandbox")
    page = files(__package__).joinpath("page.html").read_text("utf-8")

    @routes.get("/telephone", response_class=HTMLResponse)
    async def show_page() -> HTMLResponse:
        return HTMLResponse(page)

    @routes.websocket("/telephone")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await _serve(websocket, telephone)

    return routes


async def _serve(websocket: WebSocket, telephone: Telephone) -> None:
    page = Page()
    telephone.enter(page)
    working = (
        asyncio.create_task(_send(websocket, page)),
        asyncio.create_task(_receive(websocket, page, telephone)),
        asyncio.create_task(page.is_lost.wait()),
    )
    try:
        await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
    finally:
        telephone.leave(page)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
    if page.is_lost.is_set():
        await _close(websocket, 1008, "The page reads too slowly.")


async def _send(websocket: WebSocket, page: Page) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # starlette's answer to a socket that was closed meanwhile
        while True:
            message = await page.outbox.get()
            if isinstance(message, bytes):
                await websocket.send_bytes(message)
            else:
                await websocket.send_text(message)


async def _receive(websocket: WebSocket, page: Page, telephone: Telephone) -> None:
    try:
        while (message := await websocket.receive())["type"] == "websocket.receive":
            _take(message, page, telephone)
    except _RefusedError as error:
        await _close(websocket, error.code, error.reason)


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # it may be closed already
        await websocket.close(code, reason)


def _take(message: Any, page: Page, telephone: Telephone) -> None:
    call = telephone.call_of(page)
    if sound := message.get("bytes"):
        if len(sound) > _MOST_SOUND or len(sound) % 2:
            raise _RefusedError(1009, "Sound comes in whole 16 bit samples, 64 KiB at most.")
        if call:
            call.sound(sound)
        return
    wish = _wish(message.get("text") or "")
    match wish.get("type"):
        case "answer":
            telephone.answer(page)
        case "decline":
            telephone.decline()
        case "hangup" if call:
            call.hang_up()
        case "say" if call and (words := _words(wish)):
            call.say(words)
        case "say" | "hangup":
            pass
        case _:
            raise _RefusedError(1008, "The type is one of answer, decline, say and hangup.")


def _wish(text: str) -> dict[str, Any]:
    if len(text) > _MOST_TEXT:
        raise _RefusedError(1009, "A message is 16 KiB at most.")
    try:
        wish = parsed(text)
    except ValueError:
        raise _RefusedError(1007, "Text messages are JSON.") from None
    if not isinstance(wish, dict):
        raise _RefusedError(1007, "Text messages are JSON objects.")
    return wish


def _words(wish: dict[str, Any]) -> str:
    words = wish.get("text")
    if not isinstance(words, str) or len(words) > _MOST_WORDS:
        raise _RefusedError(1008, "`say` needs a text of at most 2000 characters.")
    return " ".join(words.split())
