"""From a mind's wish for a tool to its words about the outcome."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.line import Speech, ToolCall, ToolResult

RunTool = Callable[[ToolCall], Awaitable[ToolResult]]
"""Does what a tool does and answers; whoever gives it turns failures into `ToolResult(is_error=True)`."""

_ROUNDS = 5
"""Tools that a mind may call for one answer."""


@dataclass(slots=True)
class Toolbox:
    """The tools of one conversation. `seconds` (real ones, as networks take them) bound each use."""

    mind: Mind
    run: RunTool | None = None
    seconds: float = 20.0
    on_asked: Callable[[ToolCall], None] | None = None
    on_answered: Callable[[ToolCall, ToolResult], None] | None = None

    is_busy: bool = field(default=False, init=False)
    """A tool was put to work and the mind has not got over it: it must not be cut off."""

    async def answer(self, heard: str) -> Speech | None:
        """What the mind says to this, after the tools that it wants."""
        return await self.settle(await self.mind.answers(heard))

    async def settle(self, reply: Speech | ToolCall | None) -> Speech | None:
        """Use the tools that are asked for until there are words, or nothing more to say."""
        try:
            for _ in range(_ROUNDS):
                if not isinstance(reply, ToolCall):
                    return reply
                self.is_busy = True
                result = await self._use(reply)
                if result.hangs_up:
                    return Speech("", hangs_up=True)
                reply = await self.mind.learns(reply, result)
                if result.listens and isinstance(reply, Speech):
                    return None
            return None if isinstance(reply, ToolCall) else reply
        finally:
            self.is_busy = False

    async def _use(self, call: ToolCall) -> ToolResult:
        if self.on_asked:
            self.on_asked(call)
        result = await self._result(call)
        if self.on_answered:
            self.on_answered(call, result)
        return result

    async def _result(self, call: ToolCall) -> ToolResult:
        if self.run is None:
            return ToolResult(f"There is no tool {call.name}.", is_error=True)
        try:
            async with asyncio.timeout(self.seconds):
                return await self.run(call)
        except TimeoutError:
            return ToolResult(f"The tool {call.name} did not answer in time.", is_error=True)
