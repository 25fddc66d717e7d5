"""Tools that run at the client: asked over the socket, answered by `client_tool_result`.

Source: ElevenLabs "Client tools" (fact sheet 6.2 to 6.4).
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from switchboard.sandbox.elevenlabs import protocol
from switchboard.sandbox.elevenlabs.outlet import Outlet
from switchboard.sandbox.line import ToolCall, ToolResult


class ClientTools:
    """One socket's. `answers` tells whether a tool's answer is awaited at all."""

    def __init__(self, outlet: Outlet, answers: Callable[[str], bool], event_id: Callable[[], int]) -> None:
        self._outlet = outlet
        self._answers = answers
        self._event_id = event_id
        self._awaited: dict[str, asyncio.Future[ToolResult]] = {}

    async def ask(self, call: ToolCall) -> ToolResult:
        if not self._outlet.wants("client_tool_call"):
            return ToolResult("The client does not take client_tool_call events.", is_error=True)
        frame = protocol.client_tool_call(call.name, call.id, call.arguments, self._event_id())
        if not self._answers(call.name):
            await self._outlet.tell(frame)
            return ToolResult("Client tool execution started.")
        answer: asyncio.Future[ToolResult] = asyncio.get_running_loop().create_future()
        self._awaited[call.id] = answer
        try:
            await self._outlet.tell(frame)
            return await answer
        finally:
            del self._awaited[call.id]

    def answered(self, frame: Mapping[str, Any]) -> None:
        """A `client_tool_result`; one that nobody waits for is read over."""
        answer = self._awaited.get(frame["tool_call_id"])
        if answer and not answer.done():
            result = frame.get("result")
            text = result if isinstance(result, str) else "" if result is None else str(result)
            answer.set_result(ToolResult(text, is_error=bool(frame.get("is_error"))))
