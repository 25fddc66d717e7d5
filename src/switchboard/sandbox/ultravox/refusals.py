"""Sockets that are not served, told in words."""

from contextlib import suppress

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

_NO_WEB_RTC = "WebRTC is not emulated. Create the call with medium.serverWebSocket."
_INTERNAL_ERROR = 1011


async def refuse(websocket: WebSocket, status: int, detail: str) -> None:
    """Answer the upgrade with an HTTP status."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await websocket.send_denial_response(JSONResponse({"detail": detail}, status))


async def no_web_rtc(websocket: WebSocket) -> None:
    """Close an accepted socket of the default medium."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await websocket.close(_INTERNAL_ERROR, _NO_WEB_RTC)
