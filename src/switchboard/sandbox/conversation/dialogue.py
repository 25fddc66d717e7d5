"""A telephone conversation at the pace of speech: who speaks when, what is cut off, and who ends it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.conversation.pace import OverError, Pace
from switchboard.sandbox.conversation.toolbox import RunTool, Toolbox
from switchboard.sandbox.conversation.turns import WORDS_PER_SECOND, Ending, Manners, Role, Turn, spoken_seconds
from switchboard.sandbox.line import Person, Speech

__all__ = ["Dialogue", "Ending", "Manners", "Role", "Turn", "spoken_seconds"]

_CONNECTING = 0.4
_THINKING = 0.75
_INTERRUPTED_FROM_WORDS = 5
_SHARE_BEFORE_INTERRUPTION = 0.6
_WORDS_HEARD_OVER_A_GREETING = 4
_SHORT_GREETING_WORDS = 6
_NOTES_KEPT = 32


@dataclass(slots=True)
class _Note:
    text: str
    by_agent: bool


Listener = Callable[[Turn], None]


@dataclass(slots=True)
class Dialogue:
    """One conversation. `turns` grows while it runs: an agent's when it begins to speak, a user's when spoken."""

    mind: Mind
    person: Person
    clock: SandboxClock
    manners: Manners = field(default_factory=Manners)
    listeners: list[Listener] = field(default_factory=list)
    """Called with each turn as it becomes visible, and with an agent's again when it is over or was cut short."""
    turns: list[Turn] = field(default_factory=list)
    run_tool: RunTool | None = None
    toolbox: Toolbox = field(init=False)
    _pace: Pace = field(init=False)
    _notes: deque[_Note] = field(default_factory=lambda: deque(maxlen=_NOTES_KEPT))

    def __post_init__(self) -> None:
        self._pace = Pace(self.clock, self.manners.longest)
        self.toolbox = Toolbox(self.mind, self.run_tool)

    async def run(self) -> Ending:
        """Converse until one side ends it. Cancelled: the line went dead; the turns stay as spoken."""
        try:
            return await self._converse()
        except OverError as over:
            last = {Ending.STOPPED: self._pace.farewell, Ending.TIME_UP: self.manners.last_words}
            await self._say_last(last.get(over.ending))
            return over.ending

    def stop(self, farewell: str = "") -> None:
        """End the conversation now, in the middle of a word if need be, after saying `farewell`."""
        self._pace.end(Ending.STOPPED, farewell)

    def say(self, text: str) -> None:
        """Make the agent say this at its next turn. Of more than 32 waiting the oldest are dropped."""
        self._note(_Note(text, by_agent=True))

    def hear_text(self, text: str) -> None:
        """Let the agent read this as something the user wrote."""
        self._note(_Note(text, by_agent=False))

    def _note(self, note: _Note) -> None:
        self._notes.append(note)
        self._pace.ring()

    async def _converse(self) -> Ending:
        reply = await self._opening()
        while True:
            speech = await self._agents_answer(reply)
            if speech is None:
                reply = await self.person.answers("")
                continue
            heard = await self._agent_speaks(speech)
            if speech.hangs_up:
                return Ending.AGENT_ENDED
            reply = await self._persons_answer(heard)

    async def _opening(self) -> Speech | None:
        await self._pass(_CONNECTING)
        greeting = await self.person.opens()
        if greeting is not None and greeting.hangs_up:
            await self._person_speaks(greeting)
        if self.manners.agent_first:
            return await self._agent_opens(greeting)
        if greeting is not None or self.manners.fallback_after is None:
            return greeting
        await self._pass(self.manners.fallback_after, until_note=True)
        return await self._persons_answer(await self._agent_speaks(await self.mind.opens()))

    async def _agent_opens(self, greeting: Speech | None) -> Speech | None:
        await self._pass(self.manners.opening_delay)
        if greeting is None or len(greeting.text.split()) <= _SHORT_GREETING_WORDS:
            # A short "Hello?" was said before the stream was connected: nobody on the platform heard it.
            return await self._persons_answer(await self._agent_speaks(await self.mind.opens()))
        await self._agent_speaks(await self.mind.opens(), cut_after=_WORDS_HEARD_OVER_A_GREETING)
        return greeting

    async def _agents_answer(self, reply: Speech | None) -> Speech | None:
        heard = ""
        if reply is None:
            await self._pass(self.mind.waits(), until_note=True)
        else:
            await self._person_speaks(reply)
            await self._pass(_THINKING)
            heard = reply.text
        while self._notes:
            note = self._notes.popleft()
            if note.by_agent:
                return Speech(note.text)
            self._record(Role.USER, note.text, 0.0, typed=True)
            heard = note.text
        return await self._pace.during(self.toolbox.answer(heard))

    async def _persons_answer(self, heard: str) -> Speech | None:
        await self._pass(_THINKING if not self.person.interrupts else 0.0)
        return await self.person.answers(heard)

    async def _person_speaks(self, speech: Speech) -> None:
        if speech.text:
            begins = self._pace.seconds()
            await self._pass(spoken_seconds(speech.text))
            self._record(Role.USER, speech.text, begins)
        if speech.hangs_up:
            raise OverError(Ending.CALLEE_HUNG_UP)

    async def _agent_speaks(self, speech: Speech, cut_after: int | None = None) -> str:
        """Speak, and answer what the other side heard of it."""
        words = speech.text.split()
        if not words:
            return ""
        if cut_after is None and self.person.interrupts and len(words) >= _INTERRUPTED_FROM_WORDS:
            cut_after = round(len(words) * _SHARE_BEFORE_INTERRUPTION)
        turn = self._record(Role.AGENT, speech.text, self._pace.seconds())
        aloud = speech.text if cut_after is None else " ".join(words[:cut_after])
        try:
            await self._pass(spoken_seconds(aloud))
        finally:
            # A busy machine may wake late, and nobody says more than they meant to.
            spoken = min(self._pace.seconds() - turn.starts_at, spoken_seconds(aloud))
            self._cut_to_what_was_spoken(turn, spoken)
            self._tell(turn)
        return turn.text

    def _cut_to_what_was_spoken(self, turn: Turn, spoken: float) -> None:
        words = turn.full_text.split()
        if spoken >= turn.duration:
            return
        count = max(1, min(len(words), round(spoken * WORDS_PER_SECOND)))
        if count == len(words):
            return
        turn.text, turn.duration, turn.interrupted = " ".join(words[:count]), spoken, True

    async def _say_last(self, text: str | None) -> None:
        if text:
            turn = self._record(Role.AGENT, text, self._pace.seconds())
            try:
                await self.clock.sleep(turn.duration)
            finally:
                self._tell(turn)

    def _record(self, role: Role, text: str, begins: float, *, typed: bool = False) -> Turn:
        duration = 0.0 if typed else spoken_seconds(text)
        turn = Turn(role, text, begins or self._pace.seconds(), duration, text, typed=typed)
        self.turns.append(turn)
        self._tell(turn)
        return turn

    def _tell(self, turn: Turn) -> None:
        for listener in self.listeners:
            listener(turn)

    async def _pass(self, seconds: float, *, until_note: bool = False) -> None:
        """Let call time pass. Raises: OverError at the longest duration and when stopped."""
        until = self._pace.seconds() + seconds
        while not (until_note and self._notes):
            await self._pace.rest(left := until - self._pace.seconds())
            if left <= 0:
                return
