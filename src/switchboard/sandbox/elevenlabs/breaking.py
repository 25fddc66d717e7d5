"""Conversations over a socket that break off because something behind them fails, as ordered.

Source: ElevenLabs "Agent WebSockets" (error types and close codes; fact sheet 6.5).
"""

import asyncio
from typing import Literal

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.elevenlabs.protocol import INTERNAL, OPERATIONAL, Breach
from switchboard.sandbox.line import Speech, ToolCall, ToolResult

BreakageType = Literal[
    "llm_timeout",
    "llm_error",
    "custom_llm_error",
    "cascade_brain_error",
    "tts_cascade_error",
    "asr_transcription_error",
    "safety_violation",
    "unknown_websocket_crash",
]
_LLM_PATIENCE = 20.0
_MESSAGES = {
    "llm_timeout": f"The LLM did not answer within {_LLM_PATIENCE:g} seconds.",
    "safety_violation": "The conversation was ended because of a safety violation.",
    "unknown_websocket_crash": "An internal error occurred.",
}


class Breakage:
    """One failure that waits for its moment: the agent's next answer."""

    def __init__(self, clock: SandboxClock, error_type: str) -> None:
        self._clock = clock
        self._error_type = error_type
        self._came = asyncio.Event()

    async def strike(self) -> None:
        """Let it happen: at once, or when the LLM's time is over."""
        if self._error_type == "llm_timeout":
            await self._clock.sleep(_LLM_PATIENCE)
        self._came.set()

    async def comes(self) -> None:
        """Wait for it. Raises: Breach 1002 or 1011."""
        await self._came.wait()
        message = _MESSAGES.get(self._error_type, f"The conversation broke off: {self._error_type}.")
        code = INTERNAL if self._error_type == "unknown_websocket_crash" else OPERATIONAL
        raise Breach(self._error_type, message, code)


class BreakingMind:
    """A mind that opens the conversation well and fails at its first answer."""

    def __init__(self, mind: Mind, breakage: Breakage) -> None:
        self._mind = mind
        self._breakage = breakage

    async def opens(self) -> Speech:
        return await self._mind.opens()

    async def answers(self, heard: str) -> Speech | ToolCall | None:
        del heard
        await self._breakage.strike()
        return None

    async def learns(self, call: ToolCall, result: ToolResult) -> Speech | ToolCall | None:
        return await self._mind.learns(call, result)

    def waits(self) -> float:
        return self._mind.waits()

    def notes(self, context: str) -> None:
        self._mind.notes(context)
