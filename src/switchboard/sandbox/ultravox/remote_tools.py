"""Tools that whoever is connected by a socket implements. Source: Ultravox "Tools", "Data messages"."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from switchboard.sandbox.ultravox.tool_request import ToolAnswer
from switchboard.sandbox.ultravox.tools import ChosenTool

_RESPONSE_TYPES = ("tool-response", "hang-up", "new-stage", "send-to-thread")
_REACTIONS = ("speaks", "listens", "speaks-once")
_LONGEST_RESULT = 64 * 1024

Send = Callable[[dict[str, Any]], Awaitable[None]]


class RemoteTools:
    """Asks the other side of a socket and waits for its answers. `kind` is the invocation's message type."""

    def __init__(self, kind: str, send: Send) -> None:
        self._kind = kind
        self._send = send
        self._waiting: dict[str, asyncio.Future[ToolAnswer]] = {}

    async def __call__(self, tool: ChosenTool, invocation_id: str, parameters: Mapping[str, Any]) -> ToolAnswer:
        """Ask, and wait as long as the caller lets us."""
        answer: asyncio.Future[ToolAnswer] = asyncio.get_running_loop().create_future()
        self._waiting[invocation_id] = answer
        try:
            await self._send(
                {
                    "type": self._kind,
                    "toolName": tool.name,
                    "invocationId": invocation_id,
                    "parameters": dict(parameters),
                }
            )
            return await answer
        finally:
            del self._waiting[invocation_id]

    def answered(self, message: Mapping[str, Any]) -> bool:
        """Take a result. False: nobody waits for it, because it is unknown, late or a second one."""
        waiting = self._waiting.get(str(message.get("invocationId")))
        if waiting is None or waiting.done():
            return False
        waiting.set_result(_read(message))
        return True


def _read(message: Mapping[str, Any]) -> ToolAnswer:
    kind, reaction = message.get("responseType"), message.get("agentReaction")
    result, state = message.get("result"), message.get("updateCallState")
    text = result if isinstance(result, str) else json.dumps(result)
    error = message.get("errorType")
    if error:
        why = f"{error}: {message.get('errorMessage') or 'The tool failed.'}"
        return ToolAnswer(why, error=why)
    return ToolAnswer(
        text[:_LONGEST_RESULT],
        response_type=kind if kind in _RESPONSE_TYPES else "tool-response",
        reaction=reaction if reaction in _REACTIONS else None,
        new_state=state if isinstance(state, dict) else None,
    )
