"""One Ultravox call at work: waits to be joined, talks, ends, is summed up and billed.

Source: Ultravox "Calls", "Telephony platforms", "FAQ" (billing); fact sheet 2.5, 3.3, 6.1, 7.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.websockets import WebSocket

from switchboard.sandbox.conversation.analysis import analyse
from switchboard.sandbox.conversation.dialogue import Dialogue
from switchboard.sandbox.conversation.live import SpokenVoice, Talk
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.conversation.minds import mind_for
from switchboard.sandbox.conversation.stream import NoStreamError, hold, start_of
from switchboard.sandbox.conversation.talk_events import TalkEvent
from switchboard.sandbox.conversation.tape import Tape
from switchboard.sandbox.conversation.turns import Ending, Turn
from switchboard.sandbox.line import PhoneLeg, StreamEnd
from switchboard.sandbox.memory import MOST_SOUNDS
from switchboard.sandbox.speech.timbre import Timbre
from switchboard.sandbox.ultravox import character, events, refusals, voices
from switchboard.sandbox.ultravox.call import Call, Stage
from switchboard.sandbox.ultravox.data_connection import DataConnection
from switchboard.sandbox.ultravox.data_messages import DataMessages
from switchboard.sandbox.ultravox.keypad import Keypad
from switchboard.sandbox.ultravox.requests import seconds
from switchboard.sandbox.ultravox.sound import Sound
from switchboard.sandbox.ultravox.staged_mind import StagedMind
from switchboard.sandbox.ultravox.state import Account, State
from switchboard.sandbox.ultravox.tool_runner import ToolRunner
from switchboard.sandbox.ultravox.web_socket import ClientLine
from switchboard.sandbox.ultravox.witness import witness

_USUAL_BUFFER = 60
"""`clientBufferSizeMs` where none is given."""
_TELEPHONE_LEAD = 0.2
_A_CLIENT = "a client"
_CONFLICT = 409
_NORMAL, _INTERNAL_ERROR, _SERVICE_RESTART = 1000, 1011, 1012
_NO_WEB_RTC = "WebRTC is not emulated. Create the call with medium.serverWebSocket."
_STEP = 6
_END_REASONS = {
    Ending.CALLEE_HUNG_UP: "hangup",
    Ending.CARRIER_HUNG_UP: "hangup",
    Ending.AGENT_ENDED: "agent_hangup",
    Ending.STOPPED: "agent_hangup",
    Ending.TIME_UP: "timeout",
}


class _NobodyWaits:
    """What is left of a call that is over."""

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        del leg
        return StreamEnd.PLATFORM_CLOSED


_NOBODY_WAITS = _NobodyWaits()


class Session:
    """Answers at the call's joinUrl, once."""

    def __init__(self, state: State, account: Account, call: Call) -> None:
        self._state = state
        self._world = state.world
        self._account = account
        self._call = call
        self._mind = StagedMind(call, self._mind_of)
        self._tools = ToolRunner(state, account, call)
        self._data = DataConnection(call) if call.config.get("dataConnection") else None
        self._serving = False
        self._timer: asyncio.Task[None] | None = None

    def wait_for_join(self) -> None:
        """Begin to live: tell `call.started`, and give up after `joinTimeout`."""
        self._tell("started")
        self._timer = self._world.spawn(self._expires())

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        """Hold the conversation on a carrier's line by text. A joinUrl serves once; later streams are closed."""
        if self._is_taken or self._serving:
            return StreamEnd.PLATFORM_CLOSED
        dialogue = Dialogue(
            self._mind,
            leg.person,
            self._world.clock,
            character.manners(self._call.config),
            listeners=[self._call.note, *([self._data.said] if self._data else [])],
            run_tool=self._tools,
        )
        self._joins(
            DataMessages(self._world, self._call, dialogue, self._tools),
            _carriers_metadata(leg.call_sid, leg.stream_sid, leg.account_sid),
        )
        ending = Ending.CARRIER_HUNG_UP
        try:
            ending = await dialogue.run()
        finally:
            self._ends(dialogue.turns, ending, leg.to)
        return ending.stream_end

    def was_not_answered(self, outcome: Mapping[str, str]) -> None:
        """The call that Ultravox dialled itself is over; if nobody was ever there, so is this one."""
        if not self._is_taken:
            self._call.log("info", "not_answered", f"The call ended as {outcome.get('CallStatus')}.")
            self._world.spawn(self._ends_unjoined())

    async def accept(self, websocket: WebSocket, medium: str) -> None:
        """Hold the conversation on a socket. A joinUrl serves once, and only its own medium."""
        if self._is_taken or self._serving or medium != _way_of(self._call):
            await refusals.refuse(websocket, _CONFLICT, "The call was joined already, or by another medium.")
            return
        self._serving = True
        try:
            if not await self._world.attend(self._serve(websocket, medium)):
                await refusals.close(websocket, _SERVICE_RESTART, "The sandbox was reset.")
        finally:
            self._serving = False

    async def _serve(self, websocket: WebSocket, medium: str) -> None:
        await websocket.accept()
        if medium == "webRtc":
            await refusals.close(websocket, _INTERNAL_ERROR, _NO_WEB_RTC)
        elif medium == "telephony":
            await self._serve_carrier(websocket)
        elif not await self._came_too_late(websocket):
            await self._serve_client(websocket)

    async def _came_too_late(self, websocket: WebSocket) -> bool:
        """Whether `joinTimeout` passed while the client introduced itself; its socket is closed then."""
        if self._is_taken:
            await refusals.close(websocket, _NORMAL, "The call is over.")
        return self._is_taken

    async def _serve_client(self, websocket: WebSocket) -> None:
        call = self._call
        way = call.config["medium"]["serverWebSocket"]
        talk = self._talk_aloud((way.get("clientBufferSizeMs") or _USUAL_BUFFER) / 1000)
        sound = None
        if self._world.studio.why_not is None:
            rates = way["inputSampleRate"], way.get("outputSampleRate") or way["inputSampleRate"]
            sound = Sound(*rates, call, recorded=bool(call.config.get("recordingEnabled")))
        messages = DataMessages(self._world, call, talk, self._tools)
        line = ClientLine(self._world, websocket, call, talk, messages, sound, self._sees)
        self._tools.remotes["client"] = line.tools
        call.client_version = websocket.query_params.get("clientVersion")
        self._joins(messages, {})
        ending = Ending.CARRIER_HUNG_UP
        try:
            ending = await line.run()
        finally:
            self._ends(talk.turns, ending, _A_CLIENT, "connection_error" if line.broke else None)

    async def _serve_carrier(self, websocket: WebSocket) -> None:
        try:
            started = await start_of(websocket)
        except NoStreamError as error:
            self._call.log("warning", "no_stream", str(error))
            return
        if await self._came_too_late(websocket):
            return
        call = self._call
        talk = self._talk_aloud(_TELEPHONE_LEAD)
        keypad = Keypad(self._world, call, talk)
        call.tape = Tape() if call.config.get("recordingEnabled") else None
        self._joins(
            DataMessages(self._world, call, talk, self._tools),
            _carriers_metadata(started.call_sid, started.stream_sid, started.account_sid),
        )
        ending = Ending.CARRIER_HUNG_UP
        try:
            ending = await hold(
                websocket,
                started,
                talk,
                lambda event: self._sees(event, aloud=talk.speaks),
                on_digit=keypad.press,
                tape=call.tape,
            )
        finally:
            self._ends(talk.turns, ending, self._number(started.call_sid))

    def _sees(self, event: TalkEvent, *, aloud: bool) -> None:
        witness(self._call, event, aloud=aloud)
        if self._data:
            self._data.told(event)

    def _talk_aloud(self, lead_seconds: float) -> Talk:
        call = self._call
        talk = Talk(
            self._mind,
            self._world.clock,
            manners=character.manners(call.config),
            voice=SpokenVoice(self._world.studio, _timbre(call.config)),
            run_tool=self._tools,
            lead_seconds=lead_seconds,
        )
        if call.config.get("initialOutputMedium") == "MESSAGE_MEDIUM_TEXT":
            talk.speaks = False
        self._mind.on_stage = lambda stage: talk.sound_like(_timbre(stage.config))
        return talk

    def _number(self, call_sid: str) -> str:
        """Whom the carrier connected, for the summary."""
        return self._world.carrier.number_of(call_sid) or _A_CLIENT

    @property
    def _is_taken(self) -> bool:
        return self._call.joined_at is not None or self._call.ended_at is not None

    def _mind_of(self, stage: Stage) -> Mind:
        mind = mind_for(character.persona(stage.config, self._call.context, stage.tools), self._world.llm)
        for message in stage.inherited:
            mind.notes(message.text)
        return mind

    def _joins(self, messages: DataMessages, metadata: Mapping[str, str]) -> None:
        call = self._call
        if self._timer:
            self._timer.cancel()
        call.joined_at = call.watch.now()
        call.metadata |= metadata
        call.messages = messages
        call.log("info", "call_joined", "The call was joined.")
        if self._data:
            self._tools.remotes["dataConnection"] = self._data.tools
            self._world.spawn(self._data.run())
        self._tell("joined")

    def _ends(self, turns: Sequence[Turn], ending: Ending, number: str, reason: str | None = None) -> None:
        call = self._call
        call.ended_at, call.end_reason = call.watch.now(), reason or _END_REASONS[ending]
        # The vendor's names of agents are keys more than names, and its summaries do not tell them.
        language = character.language(call.config)
        found = analyse(turns, ending, agent=None, number=number, language=language)
        call.summary, call.short_summary = found.summary, found.short_summary
        self._is_over()
        if call.tape is not None:
            for one in [known for known in self._account.calls.values() if known.tape is not None][:-MOST_SOUNDS]:
                one.tape = None
        self._world.spawn(self._is_billed())

    def _is_over(self) -> None:
        self._call.log("info", "call_ended", f"The call ended: {self._call.end_reason}.")
        if self._call.messages:
            self._call.messages.close()
            self._call.messages = None
        # The address stays taken, but nothing of the talk is kept.
        self._tools.remotes.clear()
        if self._data:
            self._data.close()
        self._world.exchange.register(self._call.stream_path, _NOBODY_WAITS)
        self._state.sessions.pop(self._call.call_id, None)
        self._tell("ended")

    async def _expires(self) -> None:
        await self._world.clock.sleep(seconds(self._call.config["joinTimeout"], "joinTimeout"))
        await self._ends_unjoined()

    async def _ends_unjoined(self) -> None:
        if not self._is_taken:
            self._call.ended_at, self._call.end_reason = self._call.watch.now(), "unjoined"
            self._is_over()
            await self._is_billed()

    async def _is_billed(self) -> None:
        await self._world.clock.sleep(self._state.settings.billing_seconds)
        billed = billed_seconds(self._call.talked_seconds)
        self._call.billing_status = self._account.bill(billed)
        self._call.billed_seconds = billed
        self._tell("billed")

    def _tell(self, what: str) -> None:
        events.tell(self._world.delivery, self._account, self._call, what)


def billed_seconds(talked: float) -> int:
    """Rounded up to steps of 6 s: 0 → 0, 1 → 6, 12 → 12, 37 → 42. Source: Ultravox "FAQ"."""
    return math.ceil(round(talked, 3) / _STEP) * _STEP


def _timbre(config: Mapping[str, Any]) -> Timbre:
    return voices.voice_of(config.get("voice")).timbre


def _way_of(call: Call) -> str:
    """The medium, all telephone carriers being one."""
    kind = next(iter(call.config.get("medium") or {"webRtc": {}}))
    return str(kind) if kind in ("webRtc", "serverWebSocket") else "telephony"


def _carriers_metadata(call_sid: str, stream_sid: str, account_sid: str) -> dict[str, str]:
    return {
        "ultravox.twilio.call_sid": call_sid,
        "ultravox.twilio.stream_sid": stream_sid,
        "ultravox.twilio.account_sid": account_sid,
    }
