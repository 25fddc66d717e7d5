"""One mind on a live line: it hears and speaks as words come, by voice or by text."""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Literal

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.conversation.channel import Channel
from switchboard.sandbox.conversation.floor import Floor, Line, OtherSide
from switchboard.sandbox.conversation.hearing import Ears
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.conversation.pace import OverError, Pace
from switchboard.sandbox.conversation.signals import only_greets
from switchboard.sandbox.conversation.speaking import SpokenVoice
from switchboard.sandbox.conversation.talk_events import (
    Over,
    TalkEvent,
    ToolAnswered,
    ToolAsked,
    UserSaid,
    UserTentative,
    VoiceActivity,
)
from switchboard.sandbox.conversation.thinking import Thinking
from switchboard.sandbox.conversation.toolbox import RunTool, Toolbox
from switchboard.sandbox.conversation.turns import Ending, Manners, Role, Turn
from switchboard.sandbox.line import Speech
from switchboard.sandbox.speech.listener import Heard, SpeechBegan, SpeechEnded, SpeechPartial, SpeechScore
from switchboard.sandbox.speech.timbre import Timbre

__all__ = ["SpokenVoice", "Talk", "Urgency"]

Urgency = Literal["immediate", "soon", "later"]
"""Written words interrupt what is being said, wait for its end, or wait until something else is answered."""

_WAITING = 256
_READING = 0.3
"""Sandbox seconds that a mind takes to think when it answers in writing."""
_LONGEST_UTTERANCE = 45.0
"""Seconds after which the other side is answered whether it has finished or not."""
_LONGEST_FAREWELL = 20.0
_OPENING_BARGE_IN = 1.0
"""Seconds of voice that interrupt the first words: a "Hello?" into them does not."""
_WORDS_BEFORE_INTERRUPTING = 5


@dataclass(frozen=True, slots=True)
class _Heard:
    what: Heard
    line_began: float
    """Call second of the line's first sample."""


@dataclass(frozen=True, slots=True)
class _Written:
    text: str
    urgency: Urgency


class Talk:
    """A conversation with whoever is at the other end of a line.

    Everything but `run` and `events` may be called at any time and never blocks.
    """

    def __init__(
        self,
        mind: Mind,
        clock: SandboxClock,
        *,
        manners: Manners | None = None,
        voice: SpokenVoice | None = None,
        run_tool: RunTool | None = None,
        lead_seconds: float = 0.2,
    ) -> None:
        """Without a voice, or with a studio that has none: text only.

        `lead_seconds`: how far the audio may run ahead of real time.
        """
        self.turns: list[Turn] = []
        self.manners = manners or Manners()
        self._voice = voice if voice and voice.studio.why_not is None else None
        self.speaks = self._voice is not None
        """Whether answers are spoken; may be changed at any time, counts from the next turn on."""
        self._mind = mind
        self._channel = Channel()
        self._pace = Pace(clock, self.manners.longest)
        self._floor = Floor(self.turns, self._pace, self._channel, lead_seconds)
        toolbox = Toolbox(
            mind,
            run_tool,
            self.manners.tool_seconds,
            on_asked=lambda call: self._channel.put(ToolAsked(call)),
            on_answered=lambda call, result: self._channel.put(ToolAnswered(call, result)),
        )
        self._thinking = Thinking(mind, toolbox, self._pace)
        self._ears = self._open_ears()
        self._other = OtherSide()
        self._opens_at = self.manners.opening_delay if self.manners.agent_first else self.manners.fallback_after
        self._silent_since = 0.0
        self._came: deque[_Heard | _Written] = deque(maxlen=_WAITING)
        self._lines: deque[Line] = deque(maxlen=_WAITING)
        self._rest = ""

    async def run(self) -> Ending:
        """Converse until one side ends it. Cancelled: the line went dead; the turns stay as spoken."""
        ending = Ending.CARRIER_HUNG_UP
        listening = asyncio.create_task(self._listen())
        try:
            ending = await self._converse(listening)
            await self._say_last(ending)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            self._ears = None  # a finished talk is remembered, and ears are 3 MB
            await self._thinking.close()
            await self._floor.close()
            self._channel.put(Over(ending))
            self._channel.close()
        return ending

    def events(self) -> AsyncIterator[TalkEvent]:
        """What happens, for one reader. Ends after `Over`. Of what is not read the oldest audio is dropped."""
        return aiter(self._channel)

    def seconds(self) -> float:
        """Call seconds since the talk was made."""
        return self._pace.seconds()

    def hear_audio(self, pcm: bytes) -> None:
        """Audio from the other side: s16le mono 16 kHz, chunks of any length. Not heard without a voice."""
        if self._ears:
            self._ears.hear(pcm)

    def hear_text(self, text: str, urgency: Urgency = "immediate") -> None:
        """Words that the other side wrote."""
        self._came.append(_Written(text, urgency))
        self._pace.ring()

    def stir(self) -> None:
        """The other side is active: wait for it anew."""
        self._silent_since = self._pace.seconds()

    def interrupt(self) -> None:
        """Stop what is being said, if it may be interrupted."""
        if (line := self._floor.line) and line.interruptible:
            self._floor.cut_short()
            self._silent_since = self._pace.seconds()
            self._rest = ""
            self._pace.ring()

    def stop(self, farewell: str = "") -> None:
        """End the conversation now, in the middle of a word if need be, after saying `farewell`."""
        self._pace.end(Ending.STOPPED, farewell)

    def say(self, text: str, *, interruptible: bool = True) -> None:
        """Make the agent say this next."""
        self._lines.append(Line(Speech(text), interruptible))
        self._pace.ring()

    def sound_like(self, timbre: Timbre) -> None:
        """Speak so from the next turn on."""
        if self._voice:
            self._voice = replace(self._voice, timbre=timbre)

    def other_side_left(self) -> None:
        """End with `Ending.CALLEE_HUNG_UP`."""
        self._pace.end(Ending.CALLEE_HUNG_UP)

    async def _listen(self) -> None:
        if self._ears:
            await self._ears.run()

    def _open_ears(self) -> Ears | None:
        if self._voice is None:
            return None
        listener = self._voice.studio.listener(pause=self.manners.pause)
        return Ears(listener, self._pace.seconds, self._hear)

    def _hear(self, heard: Heard, began: float) -> None:
        self._came.append(_Heard(heard, began))
        self._pace.ring()

    async def _converse(self, listening: asyncio.Task[None]) -> Ending:
        try:
            while True:
                if listening.done():
                    listening.result()
                self._open_when_due()
                self._take_in()
                self._collect()
                self._proceed()
                wait = self._due() - self._pace.seconds()
                if wait > 0:
                    await self._pace.rest(wait)
                else:
                    self._break_silence()
        except OverError as over:
            return over.ending

    def _open_when_due(self) -> None:
        if self._opens_at is not None and self._opens_at <= self._pace.seconds():
            self._opens_at = None
            self._thinking.open()

    def _take_in(self) -> None:
        while self._came:
            match self._came.popleft():
                case _Written(text, urgency):
                    self._read(text, urgency)
                case _Heard(SpeechBegan()):
                    self._other.since, self._other.is_answered = self._pace.seconds(), False
                    self._thinking.recall()
                case _Heard(SpeechScore(value)):
                    self._weigh(value)
                case _Heard(SpeechPartial(text)):
                    self._guess(text)
                case _Heard(SpeechEnded() as ended, began):
                    self._understand(ended, began)

    def _read(self, text: str, urgency: Urgency) -> None:
        self._take_turn(Turn(Role.USER, text, self._pace.seconds(), 0.0, text, typed=True))
        if urgency == "later":
            self._thinking.set_aside(text)
            return
        if urgency == "immediate":
            self.interrupt()
        self._thinking.recall()
        self._thinking.heed(text)

    def _weigh(self, score: float) -> None:
        self._channel.put(VoiceActivity(score))
        self._other.scored(score)
        line = self._floor.line
        if line is None or not line.interruptible or self.manners.interrupts:
            return
        least = _OPENING_BARGE_IN if line.is_opening else 0.0
        if self._other.voiced >= max(least, self.manners.barge_in_after):
            self._break_off(line)

    def _break_off(self, line: Line) -> None:
        rest = self._floor.cut_short()
        self._silent_since = self._pace.seconds()
        if line.answers_to and rest == " ".join(line.speech.text.split()):
            self._thinking.reconsider(line.answers_to)
        else:
            self._rest = rest

    def _guess(self, text: str) -> None:
        self._channel.put(UserTentative(text))
        is_free = self._floor.line is None and not self._thinking.is_on and not self._other.is_answered
        if self.manners.interrupts and is_free and len(text.split()) >= _WORDS_BEFORE_INTERRUPTING:
            began = self._other.since or self._pace.seconds()
            self._take_turn(Turn(Role.USER, text, began, self._pace.seconds() - began, text))
            self._thinking.heed(text)
            self._other.since, self._other.is_answered = None, True

    def _understand(self, ended: SpeechEnded, began: float) -> None:
        answered = self._other.is_answered
        self._other = OtherSide()
        self._silent_since = self._pace.seconds()
        text = "" if answered else ended.text.strip()
        if text:
            self._take_turn(Turn(Role.USER, text, max(0.0, began + ended.starts_at), ended.duration, text))
            self._thinking.recall()
            self._thinking.heed(text)
        elif self._rest and not self._thinking.has_words:
            # A noise broke in: go on where it did.
            self._lines.appendleft(Line(Speech(self._rest)))
        self._rest = ""

    def _take_turn(self, turn: Turn) -> None:
        self._opens_at = None
        self._silent_since = self._pace.seconds()
        self.turns.append(turn)
        self._channel.put(UserSaid(turn))

    def _collect(self) -> None:
        """What was thought and said meanwhile. Raises: OverError when the mind has hung up."""
        if self._thinking.is_done:
            is_opening = self._thinking.is_opening
            speech, heard = self._thinking.outcome()
            if speech is None:
                self._floor.enter("listening")
            else:
                self._lines.append(self._line(speech, is_opening, heard))
        if line := self._floor.finished():
            self._was_said(line)

    def _line(self, speech: Speech, is_opening: bool, heard: tuple[str, ...]) -> Line:
        may_cut = self.manners.opening_interruptible if is_opening else not speech.hangs_up
        return Line(speech, self.manners.interruptible and may_cut, is_opening, heard)

    def _was_said(self, line: Line) -> None:
        self._silent_since = self._pace.seconds()
        if line.speech.hangs_up:
            raise OverError(Ending.AGENT_ENDED)
        if line.is_opening and line.speech.text:
            for word in filter(only_greets, self._thinking.words):
                self._thinking.forget(word)
        self._floor.enter("listening")

    def _proceed(self) -> None:
        """Say or consider what waits, if the mind is free and the other side is silent."""
        while self._lines and not self._is_engaged():
            self._say(self._lines.popleft())
        if self._thinking.has_words and not self._is_engaged():
            self._floor.enter("thinking")
            self._thinking.begin(0.0 if self.speaks else _READING)

    def _is_engaged(self) -> bool:
        return self._floor.line is not None or self._thinking.is_on or self._other.since is not None

    def _say(self, line: Line) -> None:
        if line.speech.text.strip():
            self._floor.say(line, self._voice if self.speaks else None)
        else:
            self._was_said(line)

    def _due(self) -> float:
        """The call second at which a silence is broken."""
        if self._floor.line or self._thinking.is_on:
            return math.inf
        if self._other.since is not None:
            return self._other.since + _LONGEST_UTTERANCE
        if self._opens_at is not None:
            return self._opens_at
        return self._silent_since + self._mind.waits()

    def _break_silence(self) -> None:
        self._silent_since = self._pace.seconds()
        if self._other.since is not None:
            self._other = OtherSide()
        elif self._opens_at is None:
            self._thinking.fill_silence()

    async def _say_last(self, ending: Ending) -> None:
        last = {Ending.STOPPED: self._pace.farewell, Ending.TIME_UP: self.manners.last_words}.get(ending)
        self._floor.cut_short()
        if not last:
            return
        self._say(Line(Speech(last)))
        until = self._pace.seconds() + _LONGEST_FAREWELL
        while not self._floor.finished() and self._pace.over is not Ending.CALLEE_HUNG_UP:
            left = until - self._pace.seconds()
            if left <= 0:
                return
            await self._pace.nap(left)
