"""The addresses of calls: `/calls/{id}` and below it. Source: Ultravox joinUrls as seen (fact sheet 6.1)."""

from fastapi import APIRouter, WebSocket

from switchboard.sandbox.ultravox.refusals import refuse
from switchboard.sandbox.ultravox.state import State


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/calls/{call_id}")

    async def serve(websocket: WebSocket, call_id: str, medium: str) -> None:
        session = state.sessions.get(call_id)
        if session is None:
            await refuse(websocket, 404, "No call waits here.")
        else:
            await session.accept(websocket, medium)

    @routes.websocket("")
    async def web_rtc(websocket: WebSocket, call_id: str) -> None:
        await serve(websocket, call_id, "webRtc")

    @routes.websocket("/server_web_socket")
    async def server_web_socket(websocket: WebSocket, call_id: str) -> None:
        await serve(websocket, call_id, "serverWebSocket")

    @routes.websocket("/telephony")
    async def telephony(websocket: WebSocket, call_id: str) -> None:
        await serve(websocket, call_id, "telephony")

    return routes
