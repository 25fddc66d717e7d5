"""Sockets that are not served any longer, told in words."""

from contextlib import suppress

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect


async def refuse(websocket: WebSocket, status: int, detail: str) -> None:
    """Answer the upgrade with an HTTP status."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await websocket.send_denial_response(JSONResponse({"detail": detail}, status))


async def close(websocket: WebSocket, code: int, reason: str) -> None:
    """Close an accepted socket, which may be gone already."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await websocket.close(code, reason)
