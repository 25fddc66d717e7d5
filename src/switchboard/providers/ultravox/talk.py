"""A conversation with an Ultravox agent over a server WebSocket.

Source: Ultravox "WebSockets", "Data messages".
"""

import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from typing import Literal

from switchboard.providers.normalised import JsonObject
from switchboard.providers.sockets import NORMAL, Closed, VendorSocket
from switchboard.providers.talk import (
    AgentAudio,
    Caption,
    Ended,
    Interrupted,
    StateChanged,
    TalkEvent,
    ToolUsed,
)
from switchboard.providers.talk_pump import Pump, Uplink, broken, json_object
from switchboard.providers.ultravox.errors import NAME

TITLE = "Ultravox"
_STATES: dict[str, Literal["listening", "thinking", "speaking"]] = {
    "idle": "listening",
    "listening": "listening",
    "thinking": "thinking",
    "speaking": "speaking",
}
_NO_CLIENT_TOOLS = "This tool is not available in a conversation through Switchboard."
_TYPED_KEPT = 20
_TURNS_KEPT = 8


class UltravoxTalk:
    """The port's `TalkSocket` over a call's socket, 16 kHz both ways."""

    def __init__(self, socket: VendorSocket, session_id: str, *, spoken: bool) -> None:
        self.session_id = session_id
        self._socket = socket
        self._spoken = spoken
        self._typed: deque[str] = deque(maxlen=_TYPED_KEPT)
        self._typed_turns = 0
        self._said: dict[str, str] = {}
        self._readers: dict[str, Callable[[JsonObject], Iterable[TalkEvent]]] = {
            "state": self._on_state,
            "transcript": self._on_transcript,
            "playback_clear_buffer": self._on_clear,
        }
        self._pump = Pump(NAME, socket, read=self._read, over=self._over)
        # Also in writing: Ultravox measures time by the audio that it hears.
        self._uplink = Uplink(NAME, socket.send)

    async def send_audio(self, pcm: bytes) -> None:
        with suppress(Closed):
            await self._uplink.send(pcm)

    async def send_text(self, text: str) -> None:
        self._typed.append(text)
        self._typed_turns += 1
        await self._pump.add(Caption("callee", text, final=True, turn=f"t{self._typed_turns}"))
        with suppress(Closed):
            await self._send({"type": "user_text_message", "text": text, "urgency": "immediate"})

    async def events(self) -> AsyncIterator[TalkEvent]:
        async for event in self._pump.events():
            yield event

    async def hang_up(self) -> None:
        await self._uplink.close()
        await self._pump.close()

    async def _send(self, message: JsonObject) -> None:
        await self._socket.send(json.dumps(message))

    async def _read(self, frame: str | bytes) -> Iterable[TalkEvent]:
        if isinstance(frame, bytes):
            return [AgentAudio(frame)] if self._spoken else ()
        message = json_object(frame)
        if message.get("type") == "client_tool_invocation":
            return await self._refuse(message)
        reader = self._readers.get(str(message.get("type")))
        return tuple(reader(message)) if reader else ()

    async def _refuse(self, call: JsonObject) -> Iterable[TalkEvent]:
        """Tools that run in a caller's own program; here is none."""
        answer = {"invocationId": call.get("invocationId"), "result": "", "errorType": "undefined"}
        with suppress(Closed):
            await self._send({"type": "client_tool_result", **answer, "errorMessage": _NO_CLIENT_TOOLS})
        return [ToolUsed(str(call.get("toolName")), failed=True)]

    def _on_state(self, message: JsonObject) -> Iterable[TalkEvent]:
        state = _STATES.get(str(message.get("state")))
        if state is not None:
            yield StateChanged(state)

    def _on_transcript(self, message: JsonObject) -> Iterable[TalkEvent]:
        """A text replaces, a delta appends, by the message's ordinal; ordinals may be left out."""
        role: Literal["agent", "callee"] = "agent" if message.get("role") == "agent" else "callee"
        turn = f"{role[0]}{message.get('ordinal')}"
        final = bool(message.get("final"))
        text = str(message.get("text") or "") or self._said.get(turn, "") + str(message.get("delta") or "")
        self._note(turn, text, final=final)
        echo = role == "callee" and message.get("medium") == "text" and text in self._typed
        if text and not echo:
            yield Caption(role, text, final=final, turn=turn)

    def _on_clear(self, _: JsonObject) -> Iterable[TalkEvent]:
        yield Interrupted()

    def _note(self, turn: str, text: str, *, final: bool) -> None:
        if final:
            self._said.pop(turn, None)
            return
        self._said[turn] = text
        while len(self._said) > _TURNS_KEPT:
            self._said.pop(next(iter(self._said)))

    def _over(self, closed: Closed) -> Ended:
        return Ended(None) if closed.code == NORMAL else broken(TITLE, closed)
