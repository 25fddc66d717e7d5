"""The end of a page's socket."""

import asyncio
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

LAST_SECONDS = 2.0
"""How long a page may take to take the last frames: one that reads nothing must hold nothing here."""
_LONGEST_REASON = 123
"""Bytes. Source: RFC 6455 section 5.5."""


async def close(page: WebSocket, code: int, said: str) -> None:
    """Close, unless the page did; one that does not read is left to the server."""
    reason = said.encode()[:_LONGEST_REASON].decode(errors="ignore")
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):  # starlette raises either of the first two
        async with asyncio.timeout(LAST_SECONDS):
            await page.close(code, reason)
