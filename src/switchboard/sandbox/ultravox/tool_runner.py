"""Running the tools of a call, wherever they are implemented. Source: Ultravox "Tools" (fact sheet 4.6)."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from switchboard.sandbox.line import ToolCall, ToolResult
from switchboard.sandbox.ultravox import stages, tool_request
from switchboard.sandbox.ultravox.call import Call, ToolMessage
from switchboard.sandbox.ultravox.state import Account, State
from switchboard.sandbox.ultravox.tool_request import ToolAnswer
from switchboard.sandbox.ultravox.tools import ChosenTool
from switchboard.sandbox.ultravox.views import stage_messages

Remote = Callable[[ChosenTool, str, Mapping[str, Any]], Awaitable[ToolAnswer]]
"""Asks whoever implements a client or data-connection tool: the tool, the invocation's id, all parameters."""

_WEB_RTC_RATE, _TELEPHONE_RATE = 48_000, 8_000
_THREAD = "UI"
"""The only one of a call that spawns none."""
_ENDS_CALL = ("hangUp", "leaveVoicemail", "coldTransfer", "warmTransfer")


class ToolRunner:
    """A `RunTool` for one call. `remotes` by implementation: `client`, `dataConnection`."""

    def __init__(self, state: State, account: Account, call: Call) -> None:
        self.remotes: dict[str, Remote] = {}
        self._state = state
        self._account = account
        self._call = call

    async def __call__(self, asked: ToolCall) -> ToolResult:
        call = self._call
        self._note("TOOL_CALL", asked, json.dumps(dict(asked.arguments)))
        tool = call.stage.tool(asked.name)
        if tool is None:
            answer = ToolAnswer(f"There is no tool {asked.name}.", error="undefined")
        else:
            answer = await self._answer(tool, asked)
        result = self._take(answer, asked, answer.reaction or (tool.reaction if tool else "speaks"))
        self._note("TOOL_RESULT", asked, result.text, answer.error)
        if answer.error:
            call.log("warning", "tool_failed", answer.error, toolName=asked.name, invocationId=asked.id)
        return result

    async def _answer(self, tool: ChosenTool, asked: ToolCall) -> ToolAnswer:
        if tool.built_in:
            kind = "hang-up" if tool.built_in in _ENDS_CALL else "tool-response"
            return ToolAnswer("OK", kind)
        static = tool.definition.get("staticResponse")
        if static is None:
            return await self._implemented(tool, asked)
        # The tool is called all the same; nobody waits for what it says.
        self._state.world.spawn(self._unheard(tool, asked))
        return ToolAnswer(str(static.get("responseText") or ""))

    async def _unheard(self, tool: ChosenTool, asked: ToolCall) -> None:
        await self._implemented(tool, asked)

    async def _implemented(self, tool: ChosenTool, asked: ToolCall) -> ToolAnswer:
        if tool.implementation == "http":
            http = self._state.world.delivery.http
            return await tool_request.send(http, tool, asked.arguments, self._facts())
        remote = self.remotes.get(tool.implementation or "")
        if remote is None:
            why = f"Nobody is connected who implements {tool.name}."
            return ToolAnswer(why, error=why)
        try:
            async with asyncio.timeout(tool.timeout):
                return await remote(tool, asked.id, tool_request.values(tool, asked.arguments, self._facts()))
        except TimeoutError:
            why = f"Tool timed out after {tool.timeout:g}s."
            return ToolAnswer(why, error=why)

    def note_known(self, asked: ToolCall, result: str) -> None:
        """Keep a call whose result the customer brought along."""
        self._note("TOOL_CALL", asked, json.dumps(dict(asked.arguments)))
        self._note("TOOL_RESULT", asked, result)

    def _take(self, answer: ToolAnswer, asked: ToolCall, reaction: str) -> ToolResult:
        """Let the answer happen to the call."""
        listens = reaction == "listens" or (reaction == "speaks-once" and self._call.agent_spoke_last)
        if answer.new_state is not None:
            self._call.state = answer.new_state
        if answer.response_type == "new-stage":
            text, error = stages.begin(self._state, self._account, self._call, answer.text)
            if error:
                self._call.log("error", "new_stage_failed", error, toolName=asked.name)
            return ToolResult(text, is_error=error is not None, listens=listens)
        ends = answer.response_type == "hang-up"
        return ToolResult(answer.text, is_error=answer.error is not None, hangs_up=ends, listens=listens)

    def _note(self, role: Any, asked: ToolCall, text: str, error: str | None = None) -> None:
        self._call.note(ToolMessage(role, text, asked.name, asked.id, self._call.seconds_in, error))

    def _facts(self) -> dict[str, Any]:
        """The values of automatic parameters. Source: Ultravox OpenAPI document, KnownParamEnum."""
        call = self._call
        medium = call.config.get("medium") or {"webRtc": {}}
        way = medium.get("serverWebSocket", {})
        usual = _WEB_RTC_RATE if "webRtc" in medium else _TELEPHONE_RATE
        return {
            "KNOWN_PARAM_CALL_ID": call.call_id,
            "KNOWN_PARAM_CONVERSATION_HISTORY": stage_messages(call, call.stage, with_inherited=True),
            "KNOWN_PARAM_OUTPUT_SAMPLE_RATE": way.get("outputSampleRate", way.get("inputSampleRate", usual)),
            "KNOWN_PARAM_CALL_STATE": call.state,
            "KNOWN_PARAM_CALL_STAGE_ID": call.stage.stage_id,
            "KNOWN_PARAM_CALL_METADATA": call.metadata,
            "KNOWN_PARAM_THREAD_ID": _THREAD,
        }
