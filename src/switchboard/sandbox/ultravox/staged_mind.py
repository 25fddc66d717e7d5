"""The agent of a call: a mind for each stage."""

from collections.abc import Callable

from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.line import Speech, ToolCall, ToolResult
from switchboard.sandbox.ultravox.call import Call, Stage


class StagedMind:
    """Hands over to a new mind when a tool began a new stage. Source: Ultravox "Call stages"."""

    def __init__(self, call: Call, make: Callable[[Stage], Mind]) -> None:
        self.on_stage: Callable[[Stage], None] = _ignore
        """Told of each new stage as its mind takes over."""
        self._call = call
        self._make = make
        self._stage = call.stage
        self._mind = make(call.stage)

    async def opens(self) -> Speech:
        return await self._mind.opens()

    async def answers(self, heard: str) -> Speech | ToolCall | None:
        return await self._present().answers(heard)

    async def learns(self, call: ToolCall, result: ToolResult) -> Speech | ToolCall | None:
        return await self._present().learns(call, result)

    def waits(self) -> float:
        return self._present().waits()

    def notes(self, context: str) -> None:
        self._present().notes(context)

    def _present(self) -> Mind:
        if self._stage is not self._call.stage:
            self._stage = self._call.stage
            self._mind = self._make(self._stage)
            self.on_stage(self._stage)
        return self._mind


def _ignore(_: Stage) -> None:
    pass
