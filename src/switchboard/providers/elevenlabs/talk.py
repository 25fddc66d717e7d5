"""A conversation with an ElevenLabs agent over its socket.

Source: ElevenLabs "Agent WebSockets", "Get signed URL", "Overrides", "Client events".
"""

import asyncio
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, suppress
from typing import Any, Self

from switchboard.providers.elevenlabs.agents import plain_variables
from switchboard.providers.elevenlabs.errors import NAME
from switchboard.providers.errors import ProviderError, ProviderRejected, ProviderUnavailable
from switchboard.providers.normalised import JsonObject
from switchboard.providers.phone_audio import AudioFormat, Decoder, Encoder, UnknownFormat
from switchboard.providers.sockets import NORMAL, Closed, VendorSocket
from switchboard.providers.talk import (
    BYTES_PER_SECOND,
    AgentAudio,
    Caption,
    Ended,
    Interrupted,
    StateChanged,
    TalkEvent,
    TalkOrder,
    ToolUsed,
)
from switchboard.providers.talk_pump import Pump, Uplink, broken, json_object

TITLE = "ElevenLabs"
_METADATA = "conversation_initiation_metadata"
_CONTRACT = 1008
_PAUSE_SECONDS = 0.5
"""An agent may pause so long between two sentences of one turn."""
_NO_CLIENT_TOOLS = "This tool is not available in a conversation through Switchboard."


class ElevenLabsTalk:
    """The port's `TalkSocket` over a conversation socket."""

    def __init__(self, socket: VendorSocket, started: JsonObject, *, spoken: bool) -> None:
        self.session_id = str(started.get("conversation_id") or "")
        self._socket = socket
        self._encoder = Encoder(AudioFormat.named(str(started.get("user_input_audio_format"))))
        self._decoder = Decoder(AudioFormat.named(str(started.get("agent_output_audio_format"))))
        self._spoken = spoken
        self._user_turn = 1
        self._parts: dict[str, str] = {}
        self._cut_off_at = -1
        self._trouble = ""
        self._hung_up = False
        self._plays_until = 0.0
        self._played: asyncio.TimerHandle | None = None
        self._state = ""
        self._readers: dict[str, Callable[[JsonObject], Iterable[TalkEvent]]] = {
            "audio": self._on_audio,
            "user_transcript": self._on_user_transcript,
            "tentative_user_transcript": self._on_tentative_transcript,
            "agent_response": self._on_response,
            "agent_chat_response_part": self._on_part,
            "agent_response_correction": self._on_correction,
            "interruption": self._on_interruption,
            "agent_tool_response": self._on_tool,
            "error": self._on_error,
        }
        self._pump = Pump(NAME, socket, read=self._read, over=self._over)
        self._uplink = Uplink(NAME, self._send_pcm) if spoken else None

    @classmethod
    async def open(
        cls, order: TalkOrder, agent: JsonObject, url: str, *, timeout_seconds: float, encrypted: bool
    ) -> Self:
        """Dial the signed `url` and begin. `agent`: its object, which says what a conversation may override."""
        socket = await VendorSocket.dial(NAME, TITLE, url, timeout_seconds=timeout_seconds, encrypted=encrypted)
        async with AsyncExitStack() as unless_begun:
            unless_begun.push_async_callback(socket.close)
            try:
                async with asyncio.timeout(timeout_seconds):
                    await socket.send(json.dumps(_initiation(order, agent)))
                    begun = cls(socket, await _metadata(socket), spoken=order.mode == "voice")
            except TimeoutError:
                said = f"{TITLE} did not begin the conversation in time. Try again."
                raise ProviderUnavailable(said, provider=NAME) from None
            except Closed as closed:
                raise _not_begun(closed) from None
            except UnknownFormat as unknown:
                raise ProviderRejected(str(unknown), provider=NAME) from None
            unless_begun.pop_all()
        return begun

    async def send_audio(self, pcm: bytes) -> None:
        if self._uplink is not None:
            with suppress(Closed):
                await self._uplink.send(pcm)

    async def send_text(self, text: str) -> None:
        turn, self._user_turn = self._user_turn, self._user_turn + 1
        await self._pump.add(Caption("callee", text, final=True, turn=f"c{turn}"))
        await self._pump.add(self._now("thinking"))
        with suppress(Closed):
            await self._send({"type": "user_message", "text": text})

    async def events(self) -> AsyncIterator[TalkEvent]:
        async for event in self._pump.events():
            yield event

    async def hang_up(self) -> None:
        if self._played is not None:
            self._played.cancel()
        if self._uplink is not None:
            await self._uplink.close()
        await self._pump.close()

    async def _send_pcm(self, pcm: bytes) -> None:
        await self._send({"user_audio_chunk": b64encode(self._encoder.feed(pcm)).decode()})

    async def _send(self, message: JsonObject) -> None:
        await self._socket.send(json.dumps(message))

    async def _read(self, frame: str | bytes) -> Iterable[TalkEvent]:
        message = json_object(frame)
        kind = str(message.get("type"))
        if kind == "ping":
            with suppress(Closed):
                await self._send({"type": "pong", "event_id": _within(message, "ping_event").get("event_id")})
        elif kind == "client_tool_call":
            return await self._refuse(_within(message, "client_tool_call"))
        reader = self._readers.get(kind)
        return tuple(reader(message)) if reader else ()

    async def _refuse(self, call: JsonObject) -> Iterable[TalkEvent]:
        """Tools that run in a caller's own program; here is none."""
        answer = {"tool_call_id": call.get("tool_call_id"), "result": _NO_CLIENT_TOOLS, "is_error": True}
        with suppress(Closed):
            await self._send({"type": "client_tool_result", **answer})
        return [ToolUsed(str(call.get("tool_name")), failed=True)]

    def _on_audio(self, message: JsonObject) -> Iterable[TalkEvent]:
        told = _within(message, "audio_event")
        if not self._spoken or _number(told) <= self._cut_off_at:
            return
        with suppress(NotBase64, ValueError):
            pcm = self._decoder.feed(b64decode(str(told.get("audio_base_64") or "")))
            self._note_playing(len(pcm) / BYTES_PER_SECOND)
            if self._state != "speaking":
                yield self._now("speaking")
            yield AgentAudio(pcm)

    def _on_user_transcript(self, message: JsonObject) -> Iterable[TalkEvent]:
        text = str(_within(message, "user_transcription_event").get("user_transcript") or "")
        turn, self._user_turn = self._user_turn, self._user_turn + 1
        yield Caption("callee", text, final=True, turn=f"c{turn}")
        yield self._now("thinking")

    def _on_tentative_transcript(self, message: JsonObject) -> Iterable[TalkEvent]:
        text = str(_within(message, "tentative_user_transcription_event").get("user_transcript") or "")
        yield Caption("callee", text, final=False, turn=f"c{self._user_turn}")

    def _on_response(self, message: JsonObject) -> Iterable[TalkEvent]:
        told = _within(message, "agent_response_event")
        yield Caption("agent", str(told.get("agent_response") or ""), final=True, turn=_turn(told))
        if not self._spoken:
            yield self._now("listening")

    def _on_part(self, message: JsonObject) -> Iterable[TalkEvent]:
        part = _within(message, "text_response_part")
        turn = _turn(part)
        if part.get("type") == "stop":
            self._parts.pop(turn, None)
            return
        self._parts[turn] = self._parts.get(turn, "") + str(part.get("text") or "")
        if self._parts[turn]:
            yield Caption("agent", self._parts[turn], final=False, turn=turn)

    def _on_correction(self, message: JsonObject) -> Iterable[TalkEvent]:
        told = _within(message, "agent_response_correction_event")
        yield Caption("agent", str(told.get("corrected_agent_response") or ""), final=True, turn=_turn(told))

    def _on_interruption(self, message: JsonObject) -> Iterable[TalkEvent]:
        self._cut_off_at = _number(_within(message, "interruption_event"))
        self._plays_until = 0.0
        yield Interrupted()
        yield self._now("listening")

    def _on_tool(self, message: JsonObject) -> Iterable[TalkEvent]:
        told = _within(message, "agent_tool_response")
        name = str(told.get("tool_name"))
        self._hung_up = self._hung_up or name == "end_call"
        yield ToolUsed(name, failed=bool(told.get("is_error")))

    def _on_error(self, message: JsonObject) -> Iterable[TalkEvent]:
        told = _within(message, "error_event")
        self._trouble = str(told.get("error_type") or told.get("message") or "")
        return ()

    def _over(self, closed: Closed) -> Ended:
        if self._trouble == "max_duration_exceeded":
            return Ended("max_duration")
        if closed.code == NORMAL:
            return Ended("agent_hangup" if self._hung_up else None)
        return broken(TITLE, Closed(closed.code, closed.said or self._trouble))

    def _note_playing(self, seconds: float) -> None:
        """ElevenLabs does not tell when an agent has finished: its audio was played, and no more came."""
        loop = asyncio.get_running_loop()
        self._plays_until = max(loop.time(), self._plays_until) + seconds
        if self._played is not None:
            self._played.cancel()
        self._played = loop.call_at(self._plays_until + _PAUSE_SECONDS, self._finished)

    def _finished(self) -> None:
        if self._state == "speaking":
            self._pump.mention(self._now("listening"))

    def _now(self, state: Any) -> StateChanged:
        self._state = state
        return StateChanged(state)


def _initiation(order: TalkOrder, agent: JsonObject) -> JsonObject:
    """The first frame. An override that the agent does not allow would end the conversation at once."""
    first: dict[str, Any] = {
        "type": "conversation_initiation_client_data",
        "dynamic_variables": plain_variables(order.variables),
        "user_id": order.call_id,
    }
    overrides = _within(_within(agent, "platform_settings"), "overrides")
    allowed = _within(_within(overrides, "conversation_config_override"), "conversation")
    if order.mode == "text" and allowed.get("text_only"):
        first["conversation_config_override"] = {"conversation": {"text_only": True}}
    return first


async def _metadata(socket: VendorSocket) -> JsonObject:
    """Wait for the frame that begins a conversation. Raises: Closed with the vendor's last words."""
    trouble = ""
    while True:
        try:
            message = json_object(await socket.receive())
        except Closed as closed:
            raise Closed(closed.code, closed.said or trouble) from None
        if message.get("type") == _METADATA:
            return _within(message, f"{_METADATA}_event")
        if message.get("type") == "error":
            trouble = str(_within(message, "error_event").get("message") or "")


def _not_begun(closed: Closed) -> ProviderError:
    facts: dict[str, Any] = {"provider": NAME, "provider_code": str(closed.code)}
    if closed.code == _CONTRACT:
        return ProviderRejected(
            f"{TITLE} refused the conversation: {closed.said or 'it did not say why.'}", **facts
        )
    said = f"{TITLE} ended the conversation before it began ({closed.said or closed.code}). Try again."
    return ProviderUnavailable(said, **facts)


def _within(message: JsonObject, key: str) -> JsonObject:
    part = message.get(key)
    return part if isinstance(part, dict) else {}


def _turn(told: JsonObject) -> str:
    return f"a{told.get('event_id')}"


def _number(told: JsonObject) -> int:
    number = told.get("event_id")
    return number if isinstance(number, int) else 0
