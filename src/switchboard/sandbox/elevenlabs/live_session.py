"""A conversation over its own socket, by voice or by text.

Source: ElevenLabs "Agent WebSockets" (fact sheet 6).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.websockets import WebSocket

from switchboard.sandbox.conversation.dialogue import Ending
from switchboard.sandbox.conversation.live import Talk
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.elevenlabs import character, protocol
from switchboard.sandbox.elevenlabs.audio_format import Inward
from switchboard.sandbox.elevenlabs.breaking import Breakage, BreakingMind
from switchboard.sandbox.elevenlabs.client_tools import ClientTools
from switchboard.sandbox.elevenlabs.conversation import Conversation
from switchboard.sandbox.elevenlabs.errors import ElevenLabsError
from switchboard.sandbox.elevenlabs.heartbeat import Heartbeat
from switchboard.sandbox.elevenlabs.outlet import Outlet
from switchboard.sandbox.elevenlabs.protocol import Breach, Frame
from switchboard.sandbox.elevenlabs.session import Session
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.elevenlabs.taped import BrowserTape, Taken
from switchboard.sandbox.elevenlabs.telling import Teller
from switchboard.sandbox.speech.timbre import RATE

_LAST_FRAMES_WITHIN = 5.0
_LOOKS_FOR_ROOM_EVERY = 0.25
_QUEUE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class _Stage:
    """A conversation that was admitted: what is said, told and taped."""

    talk: Talk
    teller: Teller
    tape: BrowserTape


class LiveConversation:
    """One socket and the conversation on it, from the metadata to the close."""

    def __init__(
        self, state: State, account: Account, conversation: Conversation, websocket: WebSocket, outlet: Outlet
    ) -> None:
        self._state = state
        self._account = account
        self._conversation = conversation
        self._websocket = websocket
        self._outlet = outlet
        self._session = Session(state, account, conversation)
        self._heart = Heartbeat(state.world.clock, outlet)
        self._configs = character.tool_configs(account, conversation.config)
        self._client_tools = ClientTools(
            outlet, self._is_answered, lambda: self._stage.teller.event_id if self._stage else 0
        )
        self._tools = self._session.tools(self._client_tools.ask)
        breakages = state.breakages
        self._breakage = Breakage(state.world.clock, breakages.popleft()) if breakages else None
        mind = self._session.mind()
        self._mind: Mind = BreakingMind(mind, self._breakage) if self._breakage else mind
        self._inward = Inward(conversation.config["asr"]["user_input_audio_format"])
        self._stage: _Stage | None = None
        self._heeds = self._ways()

    async def run(self) -> None:
        """Converse until either side ends it, and close the socket."""
        conversation = self._conversation
        output, input_ = self._formats()
        self._outlet.ask(conversation.config["conversation"].get("client_events") or ())
        await self._outlet.tell(protocol.metadata(conversation.conversation_id, output, input_))
        ending = Ending.STOPPED
        try:
            ending = await self._converse()
            await self._outlet.close(protocol.NORMAL)
        except Breach as breach:
            conversation.failure, conversation.error_code = breach.message, breach.code
            await self._outlet.refuse(breach)
        finally:
            self._session.ends(ending, Taken(self._stage.tape.channels, RATE) if self._stage else None)

    async def _converse(self) -> Ending:
        talking = asyncio.create_task(self._talks())
        others = [asyncio.create_task(work) for work in (self._read(), self._heart.run())]
        if self._breakage:
            others.append(asyncio.create_task(self._breakage.comes()))
        try:
            await asyncio.wait({talking, *others}, return_when=asyncio.FIRST_COMPLETED)
            if not talking.done():
                self._raise_breach(others)
                if self._stage is None:
                    return Ending.CALLEE_HUNG_UP
                self._stage.talk.other_side_left()
            async with asyncio.timeout(_LAST_FRAMES_WITHIN):
                return await talking
        except TimeoutError:
            return Ending.CALLEE_HUNG_UP
        finally:
            for task in (talking, *others):
                task.cancel()
            await asyncio.gather(talking, *others, return_exceptions=True)

    async def _talks(self) -> Ending:
        """Once there is room. Raises: Breach 4300; TimeoutError when the client does not read the last frames."""
        if self._conversation.is_queued:
            await self._wait_for_room()
        stage = self._stage = self._set()
        self._session.begins(stage.talk)
        telling = asyncio.create_task(stage.teller.tell(stage.talk))
        try:
            ending = await stage.talk.run()
            async with asyncio.timeout(_LAST_FRAMES_WITHIN):
                await telling
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
        return ending

    def _set(self) -> "_Stage":
        # Not before the conversation is admitted: time runs for a talk and its tape from the moment they are made.
        tape, config = BrowserTape(self._state.world.clock), self._conversation.config
        teller = Teller(self._outlet, tape, config["tts"]["agent_output_audio_format"], self._tools.kind)
        teller.streams_text = self._conversation.text_only
        return _Stage(self._session.live_talk(self._mind, self._tools), teller, tape)

    def _raise_breach(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            if task.done() and (error := task.exception()):
                raise error

    async def _read(self) -> None:
        """Until the client leaves. Raises: Breach."""
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                self._outlet.is_open = False
                self._conversation.failure = f"Client disconnected: {message.get('code') or 1005}"
                return
            self._heart.heard()
            text = message.get("text")
            if text is None:
                raise Breach("invalid_message", "Binary frames are not understood.")
            frame = protocol.parsed(text)
            self._heeds[protocol.checked(frame)](frame)

    def _ways(self) -> dict[str, Callable[[Frame], None]]:
        return {
            "user_audio_chunk": self._hears,
            "pong": lambda frame: self._heart.pong(frame["event_id"]),
            "user_message": lambda frame: self._reads(frame["text"]),
            "multimodal_message": lambda frame: self._reads(protocol.text_of_multimodal(frame)),
            "user_activity": self._stirs,
            "contextual_update": lambda frame: self._mind.notes(frame["text"]),
            "client_tool_result": self._client_tools.answered,
            "feedback": self._feedback,
            "mcp_tool_approval_result": _read_over,
            "conversation_initiation_client_data": _read_over,
        }

    def _stirs(self, _: Frame) -> None:
        if self._stage:
            self._stage.talk.stir()

    def _reads(self, text: str) -> None:
        if self._stage:
            self._stage.talk.hear_text(text)

    def _hears(self, frame: Frame) -> None:
        sound = protocol.audio_in(frame)
        if self._stage and not self._conversation.text_only:
            pcm = self._inward.feed(sound)
            self._stage.tape.user(pcm)
            self._stage.talk.hear_audio(pcm)

    def _feedback(self, frame: Frame) -> None:
        given = self._conversation.feedback
        given.likes += frame.get("score") == "like"
        given.dislikes += frame.get("score") == "dislike"

    def _is_answered(self, tool: str) -> bool:
        return bool(self._configs.get(tool, {}).get("expects_response"))

    def _formats(self) -> tuple[str, str]:
        """What the client hears and what it sends."""
        config = self._conversation.config
        return config["tts"]["agent_output_audio_format"], config["asr"]["user_input_audio_format"]

    async def _wait_for_room(self) -> None:
        """Until the conversation is admitted; what the client says meanwhile is not heard. Raises: Breach 4300."""
        conversation, clock = self._conversation, self._state.world.clock
        agent = self._account.agents.get(conversation.agent_id)
        queueing = conversation.settings.get("queueing_config") or {}
        give_up = clock.elapsed() + float(queueing.get("wait_timeout_seconds") or _QUEUE_SECONDS)
        await self._outlet.tell(protocol.queue_status("waiting"))
        while agent and clock.elapsed() < give_up:
            with suppress(ElevenLabsError):
                conversation.is_burst = self._state.admit(self._account, agent)
                conversation.is_queued = False
                await self._outlet.tell(protocol.queue_status("admitted"))
                return
            await clock.sleep(_LOOKS_FOR_ROOM_EVERY)
        await self._outlet.tell(protocol.queue_status("timed_out"))
        raise Breach("unknown", "The conversation waited too long in the queue.", protocol.QUEUE_TIMED_OUT)


def _read_over(_: Frame) -> None:
    pass
