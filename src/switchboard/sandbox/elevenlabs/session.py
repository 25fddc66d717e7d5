"""One ElevenLabs conversation at work: waits for its stream, talks, is analysed, priced and told.

Source: ElevenLabs "Conversations", "Post-call webhooks", pricing notes (fact sheet 1.4, 3.2, 3.3, 5.1).
"""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.websockets import WebSocket

from switchboard.sandbox.conversation.analysis import analyse, collect, judge
from switchboard.sandbox.conversation.dialogue import Dialogue, Ending, Role, Turn
from switchboard.sandbox.conversation.live import SpokenVoice, Talk
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.conversation.minds import mind_for
from switchboard.sandbox.conversation.stream import StreamStart, hold
from switchboard.sandbox.conversation.tape import LINE_RATE, Tape
from switchboard.sandbox.elevenlabs import character, events, voices
from switchboard.sandbox.elevenlabs.conversation import Conversation, Said, Status, Talked
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.elevenlabs.taped import Taken
from switchboard.sandbox.elevenlabs.tool_calls import AskClient, ToolCalls
from switchboard.sandbox.line import PhoneLeg, StreamEnd
from switchboard.sandbox.memory import MOST_SOUNDS

STREAM_PATH = "/v1/convai/conversation"
"""One address for all conversations: carriers drop query strings, the parameter `conversation_id` decides."""

_JOIN_TIMEOUT = 180.0
_ANALYSIS_TAKES = 2.0
_PRICE_PER_MINUTE = 0.08
_BURST_FACTOR = 2
_PRICE_PER_MESSAGE = 0.003
_LLM_PRICE_PER_TURN = 0.0004
_CREDITS_PER_DOLLAR = 5000
_FAILURES = {"busy": "busy", "no-answer": "no-answer"}


class Reception:
    """Answers every media stream and hands it to the conversation that it names."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        """Words only, without a socket."""
        found = self._waiting(leg.parameters)
        return await found.talk(leg) if found else StreamEnd.PLATFORM_CLOSED

    async def hold(self, websocket: WebSocket, started: StreamStart) -> bool:
        """Sound, over an accepted socket. False: no conversation waits for this stream."""
        found = self._waiting(started.parameters)
        if found:
            await found.hold(websocket, started)
        return found is not None

    def _waiting(self, parameters: Mapping[str, str]) -> "Session | None":
        found = self._state.conversation(parameters.get("conversation_id", ""))
        if found is None or found[1].status is not Status.INITIATED:
            return None
        return Session(self._state, *found)


class Session:
    """Runs one conversation."""

    def __init__(self, state: State, account: Account, conversation: Conversation) -> None:
        self._state = state
        self._world = state.world
        self._account = account
        self._conversation = conversation

    def wait_for_stream(self) -> None:
        """Fail the conversation when no stream comes within 180 s."""
        self._world.spawn(self._expires())

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        """Hold the conversation in words on a carrier's stream."""
        mind, tools = self.mind(), self.tools()
        manners = character.manners(self._account, self._conversation)
        dialogue = Dialogue(mind, leg.person, self._world.clock, manners, run_tool=tools.run)
        self.begins(dialogue, leg.call_sid, leg.stream_sid)
        ending = Ending.CARRIER_HUNG_UP
        try:
            ending = await dialogue.run()
        finally:
            self.ends(ending)
        return ending.stream_end

    async def hold(self, websocket: WebSocket, started: StreamStart) -> None:
        """Hold the conversation aloud on a carrier's stream."""
        talk, tape = self.live_talk(self.mind(), self.tools()), Tape()
        self.begins(talk, started.call_sid, started.stream_sid)
        ending = Ending.CARRIER_HUNG_UP
        try:
            ending = await hold(websocket, started, talk, tape=tape)
        finally:
            self.ends(ending, Taken(tape.channels, LINE_RATE))

    def mind(self) -> Mind:
        return mind_for(character.persona(self._account, self._conversation), self._world.llm)

    def tools(self, ask_client: AskClient | None = None) -> ToolCalls:
        return ToolCalls(self._account, self._conversation, self._world.delivery.http, ask_client)

    def live_talk(self, mind: Mind, tools: ToolCalls) -> Talk:
        """A mind on a live line, aloud where there is speech."""
        return Talk(
            mind,
            self._world.clock,
            manners=character.manners(self._account, self._conversation),
            voice=self._voice(),
            run_tool=tools.run,
        )

    def begins(self, talked: Talked, call_sid: str | None = None, stream_sid: str | None = None) -> None:
        """Somebody is there: from now on it counts."""
        conversation = self._conversation
        conversation.accepted_at, conversation.status = conversation.watch.now(), Status.IN_PROGRESS
        conversation.call_sid, conversation.stream_sid = call_sid or conversation.call_sid, stream_sid
        conversation.variables["system__call_sid"] = call_sid
        conversation.dialogue = talked

    def ends(self, ending: Ending, taken: Taken | None = None) -> None:
        """It is over; recording, analysis, price and webhooks follow. `taken`: the sound that really passed."""
        conversation = self._conversation
        if conversation.accepted_at is None:
            self._fails(conversation.failure or "The conversation was over before it began.")
            return
        conversation.ending, conversation.ended_at = ending, conversation.watch.now()
        conversation.status = Status.PROCESSING
        self._world.spawn(self._is_processed(ending, taken))

    def never_answered(self, fields: Mapping[str, str]) -> None:
        """The carrier's call is over; if nobody ever joined, the conversation failed.

        `fields` are the terminal status callback's.
        """
        if self._conversation.status is not Status.INITIATED:
            return
        reason = _FAILURES.get(fields.get("CallStatus", ""), "unknown")
        self._fails(f"The call was not answered: {reason}.")
        events.tell_failure(self._world.delivery, self._account, self._conversation, reason, fields)

    def _voice(self) -> SpokenVoice | None:
        conversation, studio = self._conversation, self._world.studio
        if conversation.text_only:
            return None
        if studio.why_not is not None:
            conversation.warnings.append(studio.why_not)
            return None
        language = conversation.config["agent"]["language"]
        if not studio.knows(language):
            conversation.warnings.append(f"Speech knows English only; {language} is read and heard as English.")
        return SpokenVoice(studio, voices.voice_of(conversation.config["tts"]["voice_id"]).timbre)

    async def _expires(self) -> None:
        await self._world.clock.sleep(_JOIN_TIMEOUT)
        if self._conversation.status is Status.INITIATED:
            self._fails("No media stream connected.")

    def _fails(self, reason: str) -> None:
        self._conversation.status = Status.FAILED
        self._conversation.ended_at = self._conversation.watch.now()
        self._conversation.failure = reason

    async def _is_processed(self, ending: Ending, taken: Taken | None) -> None:
        await self._world.clock.sleep(_ANALYSIS_TAKES)
        conversation = self._conversation
        if taken and conversation.settings["privacy"]["record_voice"]:
            conversation.recording = await asyncio.to_thread(taken.mp3)
            recorded = [one for one in self._account.conversations.values() if one.recording is not None]
            for one in recorded[:-MOST_SOUNDS]:
                one.recording = None
        turns = list(conversation.dialogue.turns) if conversation.dialogue else []
        # Of a finished talk only its words are kept, not the minds and ears that held it.
        conversation.dialogue = Said(turns)
        self._is_analysed(ending, turns)
        self._is_priced(sum(turn.role is Role.AGENT for turn in turns), len(turns))
        conversation.status = Status.DONE
        await events.tell_end(self._world.delivery, self._world.studio, self._account, conversation)

    def _is_analysed(self, ending: Ending, turns: Sequence[Turn]) -> None:
        conversation, settings = self._conversation, self._conversation.settings
        conversation.analysis = analyse(
            turns,
            ending,
            agent=conversation.agent_name,
            number=conversation.line.external_number if conversation.line else "the user",
            language=settings.get("summary_language") or conversation.config["agent"]["language"],
        )
        conversation.criteria = {
            str(one["id"]): judge(turns, str(one.get("conversation_goal_prompt", "")))
            for one in settings["evaluation"].get("criteria") or []
        }
        conversation.collected = {
            name: collect(turns, str(one.get("type", "string")), f"{name} {one.get('description', '')}")
            for name, one in (settings["data_collection"] or {}).items()
            if one
        }

    def _is_priced(self, agent_turns: int, turns: int) -> None:
        conversation = self._conversation
        by_time = conversation.seconds / 60 * _PRICE_PER_MINUTE * (_BURST_FACTOR if conversation.is_burst else 1)
        price = turns * _PRICE_PER_MESSAGE if conversation.text_only else by_time
        conversation.call_price = round(price, 6)
        conversation.llm_price = round(agent_turns * _LLM_PRICE_PER_TURN, 6)
        conversation.cost_fiat = round(conversation.call_price + conversation.llm_price, 6)
        conversation.cost = round(conversation.cost_fiat * _CREDITS_PER_DOLLAR)
        self._account.used_credits += conversation.cost
