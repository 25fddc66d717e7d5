"""Who has the floor on a live line: what the mind is saying, and what breaks into it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from switchboard.sandbox.conversation.channel import Channel
from switchboard.sandbox.conversation.pace import Pace
from switchboard.sandbox.conversation.speaking import SpokenVoice, Utterance
from switchboard.sandbox.conversation.talk_events import AgentAudio, Interrupted, State, StateChanged
from switchboard.sandbox.conversation.turns import Role, Turn, spoken_seconds
from switchboard.sandbox.line import Speech

_SCORE_SECONDS = 0.032
_IS_SILENCE, _IS_VOICE = 0.1, 0.5


@dataclass(slots=True)
class OtherSide:
    """What is known of the other side's speaking; times in call seconds."""

    since: float | None = None
    """It speaks since then."""
    voiced: float = 0.0
    """Seconds of voice in the latest moment."""
    is_answered: bool = False
    """What it is saying was answered before its end."""

    def scored(self, score: float) -> None:
        """A look at 32 ms of sound; of silence only the first are told."""
        if score < _IS_SILENCE:
            self.voiced = 0.0
        elif score >= _IS_VOICE:
            self.voiced += _SCORE_SECONDS


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be said as soon as the mind may speak."""

    speech: Speech
    interruptible: bool = True
    is_opening: bool = False
    answers_to: tuple[str, ...] = ()
    """The words that it is the answer to."""


@dataclass(slots=True)
class _Saying:
    line: Line
    utterance: Utterance
    task: asyncio.Task[None]


class Floor:
    """Says one line at a time. `turns` gets each as it begins."""

    def __init__(self, turns: list[Turn], pace: Pace, channel: Channel, lead: float) -> None:
        self._turns = turns
        self._pace = pace
        self._channel = channel
        self._lead = lead
        self._saying: _Saying | None = None
        self._cut: set[asyncio.Task[None]] = set()
        self._state: State = "listening"

    @property
    def line(self) -> Line | None:
        """What is being said."""
        return self._saying.line if self._saying else None

    def say(self, line: Line, voice: SpokenVoice | None) -> None:
        """Begin, by voice or in writing."""
        text = line.speech.text.strip()
        turn = Turn(Role.AGENT, text, self._pace.seconds(), spoken_seconds(text), text)
        self._turns.append(turn)
        utterance = Utterance(turn, self._pace, self._channel.put, voice, self._lead)
        task = asyncio.create_task(utterance.run(self._sounds()))
        task.add_done_callback(lambda _: self._pace.ring())
        self._saying = _Saying(line, utterance, task)

    def finished(self) -> Line | None:
        """The line that was said to its end, once."""
        if self._saying is None or not self._saying.task.done():
            return None
        said, self._saying = self._saying, None
        said.task.result()
        return said.line

    def cut_short(self) -> str:
        """Stop speaking; answers what was not heard. A turn of which nothing was heard is no turn."""
        if self._saying is None or self._saying.task.done():
            return ""
        said, self._saying = self._saying, None
        turn, rest = said.utterance.turn, said.utterance.cut()
        said.task.cancel()
        self._cut.add(said.task)
        said.task.add_done_callback(self._cut.discard)
        self._channel.drop(lambda event: isinstance(event, AgentAudio) and event.turn is turn)
        if not turn.text:
            self._turns.remove(turn)
        self._channel.put(Interrupted(turn))
        self.enter("listening")
        return rest

    def enter(self, state: State) -> None:
        """Tell what the mind does from now on."""
        if state != self._state:
            self._state = state
            self._channel.put(StateChanged(state))

    async def close(self) -> None:
        """Fall silent."""
        self.cut_short()
        await asyncio.gather(*self._cut, return_exceptions=True)

    def _sounds(self) -> Callable[[], None]:
        return lambda: self.enter("speaking")
