"""From what happens on a live line to the frames of the conversation socket.

Source: ElevenLabs "Agent WebSockets" (fact sheet 6.3, 6.4, 6.6).
"""

from collections.abc import Callable
from typing import Any

from switchboard.sandbox.conversation.dialogue import Ending, Turn
from switchboard.sandbox.conversation.live import Talk
from switchboard.sandbox.conversation.talk_events import (
    AgentAudio,
    AgentDone,
    AgentSays,
    Interrupted,
    Over,
    TalkEvent,
    ToolAnswered,
    ToolAsked,
    UserSaid,
    UserTentative,
    VoiceActivity,
)
from switchboard.sandbox.elevenlabs import protocol
from switchboard.sandbox.elevenlabs.audio_format import Outward
from switchboard.sandbox.elevenlabs.outlet import Outlet
from switchboard.sandbox.elevenlabs.taped import BrowserTape
from switchboard.sandbox.line import ToolCall, ToolResult
from switchboard.sandbox.speech.timbre import RATE

_WORDS_PER_PART = 3
_TIME_IS_UP = ("max_duration_exceeded", "The conversation reached its maximum duration.", protocol.NORMAL)


class Teller:
    """Tells one client about one talk. Every utterance has an event id of its own, in order."""

    def __init__(
        self, outlet: Outlet, tape: BrowserTape, output_format: str, tool_kind: Callable[[str], str]
    ) -> None:
        self._outlet = outlet
        self._tape = tape
        self._format = output_format
        self._tool_kind = tool_kind
        self._user_event = 0
        self._spoken = _Spoken(output_format, "", 0.0)
        self.event_id = 0
        self.streams_text = False
        """Answers are told in parts, too, as text-only conversations do."""

    async def tell(self, talk: Talk) -> None:
        """Until the talk is over."""
        async for event in talk.events():
            await self._one(event)

    async def _one(self, event: TalkEvent) -> None:
        match event:
            case AgentSays(turn):
                await self._agent_says(turn)
            case AgentAudio(_, pcm):
                await self._sounds(pcm)
            case AgentDone(_):
                await self._sounds(b"", last=True)
            case Interrupted(turn):
                await self._is_cut(turn)
            case ToolAsked(call):
                await self._tool_asked(call)
            case ToolAnswered(call, result):
                await self._tool_answered(call, result)
            case Over(ending):
                await self._ended(ending)
            case _:
                await self._heard(event)

    async def _heard(self, event: TalkEvent) -> None:
        match event:
            case UserTentative(text):
                await self._outlet.tell(protocol.tentative_transcript(text, self._users_event()))
            case UserSaid(turn):
                await self._user_said(turn)
            case VoiceActivity(score):
                await self._outlet.tell(protocol.vad_score(score))

    async def _agent_says(self, turn: Turn) -> None:
        self._user_event = 0
        self.event_id += 1
        self._spoken = _Spoken(self._format, turn.full_text, turn.duration)
        if self.streams_text and self.event_id > 1:
            await self._in_parts(turn.full_text)
        await self._outlet.tell(protocol.agent_response(turn.full_text, self.event_id))

    async def _in_parts(self, text: str) -> None:
        words = text.split(" ")
        await self._outlet.tell(protocol.response_part("start", "", self.event_id))
        for start in range(0, len(words), _WORDS_PER_PART):
            piece = " ".join(words[start : start + _WORDS_PER_PART])
            delta = piece if start == 0 else f" {piece}"
            await self._outlet.tell(protocol.response_part("delta", delta, self.event_id))
        await self._outlet.tell(protocol.response_part("stop", "", self.event_id))

    async def _sounds(self, pcm: bytes, *, last: bool = False) -> None:
        self._tape.agent(pcm)
        sound, alignment = self._spoken.next(pcm, last=last)
        if sound:
            await self._outlet.tell(protocol.audio(self.event_id, sound, alignment))

    async def _is_cut(self, turn: Turn) -> None:
        self._tape.cut_agent()
        await self._outlet.tell(protocol.interruption(self.event_id))
        await self._outlet.tell(protocol.correction(turn.full_text, turn.text, self.event_id))

    async def _user_said(self, turn: Turn) -> None:
        event_id = self._users_event()
        self._user_event = 0
        if not turn.typed:
            await self._outlet.tell(protocol.user_transcript(turn.text, event_id))

    def _users_event(self) -> int:
        """The event id of what the user is saying."""
        if not self._user_event:
            self.event_id += 1
            self._user_event = self.event_id
        return self._user_event

    async def _tool_asked(self, call: ToolCall) -> None:
        kind = self._tool_kind(call.name)
        await self._outlet.tell(protocol.tool_request(call.name, call.id, kind, self.event_id))

    async def _tool_answered(self, call: ToolCall, result: ToolResult) -> None:
        kind = self._tool_kind(call.name)
        told = protocol.tool_response(call.name, call.id, kind, self.event_id, is_error=result.is_error)
        await self._outlet.tell(told)
        name = "agent_tool_response_full_payload"
        full = {**told["agent_tool_response"], "full_tool_result": result.text, "truncated": False}
        await self._outlet.tell({"type": name, name: {**full, "is_blocked": False}})

    async def _ended(self, ending: Ending) -> None:
        if ending is Ending.AGENT_ENDED:
            name = "end_call"
            frame = protocol.tool_response(
                name, f"{name}_{self.event_id}", "system", self.event_id, is_error=False
            )
            await self._outlet.tell(frame)
        if ending is Ending.TIME_UP:
            await self._outlet.tell(protocol.Breach(*_TIME_IS_UP).frame())


class _Spoken:
    """One turn's sound on its way out, with the letters that each piece is about."""

    def __init__(self, output_format: str, text: str, seconds: float) -> None:
        self._outward = Outward(output_format)
        self._text = text
        self._expected = max(seconds, 0.1)
        self._done = 0.0
        self._letters = 0

    def next(self, pcm: bytes, *, last: bool) -> tuple[bytes, dict[str, Any]]:
        seconds = len(pcm) / 2 / RATE
        self._done += seconds
        share = 1.0 if last else min(1.0, self._done / self._expected)
        upto = round(share * len(self._text))
        letters = list(self._text[self._letters : upto])
        self._letters = max(self._letters, upto)
        each = 1000 * seconds / max(1, len(letters))
        alignment = {
            "chars": letters,
            "char_start_times_ms": [round(place * each) for place in range(len(letters))],
            "char_durations_ms": [round(each) for _ in letters],
        }
        return self._outward.feed(pcm, last=last), alignment
