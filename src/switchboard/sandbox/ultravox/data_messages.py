"""What clients, data connections and REST may tell a joined call.

Source: Ultravox "Data messages" (fact sheet 6.4).
"""

import asyncio
from collections.abc import Mapping
from typing import Any, get_args

from switchboard.sandbox.conversation.dialogue import Dialogue
from switchboard.sandbox.conversation.live import Talk, Urgency
from switchboard.sandbox.line import ToolCall
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.tool_runner import ToolRunner
from switchboard.sandbox.world import World

BY_REST = ("hang_up", "user_text_message", "forced_agent_message")
_MEDIA = {"voice": True, "text": False}
_LONGEST_TEXT = 32 * 1024


class DataMessages:
    """Obeys the messages that every way of sending allows."""

    def __init__(self, world: World, call: Call, line: Talk | Dialogue, tools: ToolRunner) -> None:
        self._world = world
        self._call = call
        self._line = line
        self._tools = tools
        self._running: set[asyncio.Task[None]] = set()

    def obey(self, message: Mapping[str, Any]) -> None:
        """Let a message happen. Raises: UltravoxError 400."""
        match message.get("type"):
            case "hang_up":
                self._line.stop(str(message.get("message") or ""))
            case "user_text_message":
                self.hear(_text(message, "text"), _urgency(message))
            case "forced_agent_message":
                self._force(message)
            case "input_text_message":
                later = bool(message.get("deferResponse"))
                self.hear(_text(message, "text"), "later" if later else "immediate")
            case "set_output_medium":
                self._speak_or_write(str(message.get("medium")))
            case kind:
                raise bad_request(f"Unsupported data message type: {kind}")

    def close(self) -> None:
        """Give up the tools that still run: what they answer comes too late for the call."""
        for task in self._running:
            task.cancel()

    def hear(self, text: str, urgency: Urgency) -> None:
        """Words that the user wrote. On a line that passes text each kind is read at the agent's next turn."""
        if isinstance(self._line, Talk):
            self._line.hear_text(text, urgency)
        else:
            self._line.hear_text(text)

    def _speak_or_write(self, medium: str) -> None:
        """On a line that passes text there is nothing to choose."""
        if medium not in _MEDIA:
            raise bad_request(f"Unknown medium: {medium}")
        if isinstance(self._line, Talk):
            self._line.speaks = _MEDIA[medium]

    def _force(self, message: Mapping[str, Any]) -> None:
        calls = [_asked(one) for one in _objects(message, "toolCalls")]
        results = {str(one.get("invocationId")): one for one in _objects(message, "knownToolResults")}
        if message.get("content") or not calls:
            self._say(message)
        if calls:
            task = self._world.spawn(self._run(calls, results))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def _say(self, message: Mapping[str, Any]) -> None:
        content, urgency = _text(message, "content"), _urgency(message)
        if urgency == "later":
            raise bad_request("urgency must be immediate or soon.")
        if not isinstance(self._line, Talk):
            self._line.say(content)
            return
        if urgency == "immediate":
            self._line.interrupt()
        self._line.say(content, interruptible=not message.get("uninterruptible"))

    async def _run(self, calls: list[ToolCall], results: Mapping[str, Mapping[str, Any]]) -> None:
        for asked in calls:
            known = results.get(asked.id)
            if known is not None:
                self._tools.note_known(asked, str(known.get("text") or known.get("result") or ""))
                continue
            result = await self._tools(asked)
            if result.hangs_up:
                self._line.stop()


def _asked(wanted: Mapping[str, Any]) -> ToolCall:
    arguments = wanted.get("arguments") or {}
    if not isinstance(arguments, dict):
        raise bad_request("arguments must be an object.")
    return ToolCall(str(wanted.get("id") or ""), str(wanted.get("name") or ""), arguments)


def _text(message: Mapping[str, Any], field: str) -> str:
    text = message.get(field)
    if not isinstance(text, str) or not text.strip():
        raise bad_request(f"{field} is required.")
    return text[:_LONGEST_TEXT]


def _urgency(message: Mapping[str, Any]) -> Urgency:
    given = str(message.get("urgency") or "soon").lower().removeprefix("urgency_")
    if given not in get_args(Urgency):
        raise bad_request(f"Unknown urgency: {given}")
    return given  # type: ignore[return-value] # it is one of the literals


def _objects(message: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    given = message.get(field) or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise bad_request(f"{field} must be a list of objects.")
    return given
