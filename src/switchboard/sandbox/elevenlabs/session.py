"""One ElevenLabs conversation at work: waits for its stream, talks, is analysed, priced and told.

Source: ElevenLabs "Conversations", "Post-call webhooks", pricing notes (fact sheet 1.4, 3.2, 3.3, 5.1).
"""

from collections.abc import Mapping

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.analysis import analyse, collect, judge
from switchboard.sandbox.conversation.dialogue import Dialogue, Ending, Manners, Role
from switchboard.sandbox.conversation.persona import Persona
from switchboard.sandbox.elevenlabs import events
from switchboard.sandbox.elevenlabs.conversation import Conversation, Status
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.line import PhoneLeg, StreamEnd
from switchboard.sandbox.world import World

STREAM_PATH = "/v1/convai/conversation"
"""One address for all conversations: carriers drop query strings, the parameter `conversation_id` decides."""

_JOIN_TIMEOUT = 180.0
_ANALYSIS_TAKES = 2.0
_PRICE_PER_MINUTE = 0.08
_LLM_PRICE_PER_TURN = 0.0004
_CREDITS_PER_DOLLAR = 5000
_FAILURES = {"busy": "busy", "no-answer": "no-answer"}


class Reception:
    """Answers every media stream and hands it to the conversation that it names."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        found = self._state.conversation(leg.parameters.get("conversation_id", ""))
        if found is None or found[1].status is not Status.INITIATED:
            return StreamEnd.PLATFORM_CLOSED
        account, conversation = found
        return await Session(self._state.world, account, conversation).talk(leg)


class Session:
    """Runs one conversation."""

    def __init__(self, world: World, account: Account, conversation: Conversation) -> None:
        self._world = world
        self._account = account
        self._conversation = conversation

    def wait_for_stream(self) -> None:
        """Fail the conversation when no stream comes within 60 s."""
        self._world.spawn(self._expires())

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        """Hold the conversation on a carrier's stream."""
        conversation = self._conversation
        conversation.accepted_at, conversation.status = conversation.watch.now(), Status.IN_PROGRESS
        conversation.call_sid, conversation.stream_sid = leg.call_sid, leg.stream_sid
        conversation.variables["system__call_sid"] = leg.call_sid
        dialogue = Dialogue(AgentMind(self._persona()), leg.person, self._world.clock, self._manners())
        conversation.dialogue = dialogue
        ending = Ending.CARRIER_HUNG_UP
        try:
            ending = await dialogue.run()
        finally:
            conversation.ending, conversation.ended_at = ending, conversation.watch.now()
            conversation.status = Status.PROCESSING
            self._world.spawn(self._is_analysed(dialogue, ending))
        return ending.stream_end

    def never_answered(self, fields: Mapping[str, str]) -> None:
        """The carrier's call is over; if nobody ever joined, the conversation failed.

        `fields` are the terminal status callback's.
        """
        if self._conversation.status is not Status.INITIATED:
            return
        reason = _FAILURES.get(fields.get("CallStatus", ""), "unknown")
        self._fails(f"The call was not answered: {reason}.")
        events.tell_failure(self._world.delivery, self._account, self._conversation, reason, fields)

    async def _expires(self) -> None:
        await self._world.clock.sleep(_JOIN_TIMEOUT)
        if self._conversation.status is Status.INITIATED:
            self._fails("No media stream connected.")

    def _fails(self, reason: str) -> None:
        self._conversation.status = Status.FAILED
        self._conversation.ended_at = self._conversation.watch.now()
        self._conversation.failure = reason

    async def _is_analysed(self, dialogue: Dialogue, ending: Ending) -> None:
        await self._world.clock.sleep(_ANALYSIS_TAKES)
        conversation, settings = self._conversation, self._conversation.settings
        conversation.analysis = analyse(
            dialogue.turns,
            ending,
            agent=conversation.agent_name,
            number=conversation.line.external_number,
            language=settings.get("summary_language") or conversation.config["agent"]["language"],
        )
        conversation.criteria = {
            str(one["id"]): judge(dialogue.turns, str(one.get("conversation_goal_prompt", "")))
            for one in settings["evaluation"].get("criteria") or []
        }
        conversation.collected = {
            name: collect(dialogue.turns, str(one.get("type", "string")), f"{name} {one.get('description', '')}")
            for name, one in (settings["data_collection"] or {}).items()
            if one
        }
        self._is_priced(sum(turn.role is Role.AGENT for turn in dialogue.turns))
        conversation.status = Status.DONE
        await events.tell_end(self._world.delivery, self._account, conversation)

    def _is_priced(self, agent_turns: int) -> None:
        conversation = self._conversation
        conversation.call_price = round(conversation.seconds / 60 * _PRICE_PER_MINUTE, 6)
        conversation.llm_price = round(agent_turns * _LLM_PRICE_PER_TURN, 6)
        conversation.cost_fiat = round(conversation.call_price + conversation.llm_price, 6)
        conversation.cost = round(conversation.cost_fiat * _CREDITS_PER_DOLLAR)
        self._account.used_credits += conversation.cost

    def _persona(self) -> Persona:
        config = self._conversation.config
        agent, turn = config["agent"], config["turn"]
        tools = agent["prompt"].get("built_in_tools") or {}
        inline = {tool.get("name") for tool in agent["prompt"].get("tools") or [] if isinstance(tool, dict)}
        voicemail = tools.get("voicemail_detection")
        silence = float(turn.get("silence_end_call_timeout") or -1)
        return Persona(
            prompt=agent["prompt"]["prompt"],
            first_message=agent["first_message"],
            language=agent["language"],
            variables=self._conversation.variables,
            can_hang_up=bool(tools.get("end_call")) or "end_call" in inline,
            patience=float(turn.get("turn_timeout") or 7.0),
            ends_after_silence=silence if silence > 0 else None,
            voicemail_message=(voicemail.get("params") or {}).get("voicemail_message") or ""
            if voicemail
            else None,
        )

    def _manners(self) -> Manners:
        config = self._conversation.config
        return Manners(
            agent_first=bool(config["agent"]["first_message"]),
            longest=float(config["conversation"]["max_duration_seconds"]),
            last_words=config["agent"].get("max_conversation_duration_message") or "",
        )
