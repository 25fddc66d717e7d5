"""One turn on its way out: as text at once, or as a voice at the pace of speech, sentence by sentence."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from switchboard.sandbox.conversation.pace import Pace
from switchboard.sandbox.conversation.talk_events import AgentAudio, AgentDone, AgentSays, TalkEvent
from switchboard.sandbox.conversation.turns import Turn, spoken_seconds
from switchboard.sandbox.speech.studio import SpeechIsMissing, Studio
from switchboard.sandbox.speech.timbre import RATE, Timbre

_BYTES_PER_SECOND = 2 * RATE
_PIECE = 60 * _BYTES_PER_SECOND // 1000
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True)
class SpokenVoice:
    """A studio, which also lends its ears, and how the mind sounds.

    `thinks_ahead`: seconds of sound to have before the first is heard. Who answers at once may run out of breath.
    """

    studio: Studio
    timbre: Timbre
    thinks_ahead: float = 0.0


@dataclass(slots=True)
class _Sentence:
    words: list[str]
    seconds: float = 0.0
    """Of the sound made so far."""
    is_made: bool = False

    def heard(self, seconds: float) -> list[str]:
        """Its words, as far as this much sound goes."""
        whole = self.seconds if self.is_made else max(self.seconds, spoken_seconds(" ".join(self.words)))
        return self.words[: round(len(self.words) * min(1.0, seconds / whole))] if whole else []


class Utterance:
    """Says one turn and can be cut. `lead`: seconds that sound may be sent before it is due."""

    def __init__(
        self,
        turn: Turn,
        pace: Pace,
        emit: Callable[[TalkEvent], None],
        voice: SpokenVoice | None,
        lead: float,
    ) -> None:
        self.turn = turn
        self._pace = pace
        self._emit = emit
        self._voice = voice
        self._lead = lead
        parts = _SENTENCE_ENDS.split(turn.full_text)
        self._sentences = [_Sentence(part.split()) for part in parts if part.strip()]
        self._sent = 0.0
        self._plays_until = 0.0

    async def run(self, on_sound: Callable[[], None]) -> None:
        """Say it to the end. `on_sound`: called when it begins to be heard. Cancelled: call `cut`."""
        self._emit(AgentSays(self.turn))
        if self._voice is None:
            on_sound()
        else:
            await self._speak(self._voice, on_sound)
        self._emit(AgentDone(self.turn))

    def cut(self) -> str:
        """Reduce the turn to what was heard of it; answers the rest."""
        played = self._played()
        heard: list[str] = []
        for sentence in self._sentences:
            heard += sentence.heard(played)
            played -= sentence.seconds
            if played <= 0:
                break
        words = self.turn.full_text.split()
        self.turn.text, self.turn.duration = " ".join(heard), self._played()
        self.turn.interrupted = len(heard) < len(words)
        return " ".join(words[len(heard) :])

    def _played(self) -> float:
        return max(0.0, self._sent - max(0.0, self._plays_until - self._pace.seconds()))

    async def _speak(self, voice: SpokenVoice, on_sound: Callable[[], None]) -> None:
        """The next stretch of sound is made while one plays."""
        sound = self._prepared(voice)
        made = asyncio.create_task(_next(sound))
        try:
            while (pcm := await made) is not None:
                made = asyncio.create_task(_next(sound))
                if not self._sent:
                    self.turn.starts_at = self._pace.seconds()
                    on_sound()
                await self._play(pcm)
            await self._pace.clock.sleep(self._plays_until - self._pace.seconds())
        finally:
            made.cancel()
            await asyncio.gather(made, return_exceptions=True)
            await sound.aclose()
        self.turn.duration = self._sent

    async def _prepared(self, voice: SpokenVoice) -> AsyncGenerator[bytes, None]:
        ready, missing = b"", voice.thinks_ahead * _BYTES_PER_SECOND
        async with aclosing(self._sound(voice)) as sound:
            async for pcm in sound:
                ready += pcm
                if len(ready) >= missing:
                    yield ready
                    ready, missing = b"", 0.0
        if ready:
            yield ready

    async def _sound(self, voice: SpokenVoice) -> AsyncGenerator[bytes, None]:
        """Of each sentence; nothing more where there is no speech after all."""
        for sentence in self._sentences:
            said = voice.studio.says(" ".join(sentence.words), voice.timbre)
            try:
                async for pcm in said:
                    sentence.seconds += len(pcm) / _BYTES_PER_SECOND
                    yield pcm
            except SpeechIsMissing:
                return
            sentence.is_made = True

    async def _play(self, pcm: bytes) -> None:
        for start in range(0, len(pcm), _PIECE):
            ahead = self._plays_until - self._pace.seconds() - self._lead
            if ahead > 0:
                await self._pace.clock.sleep(ahead)
            piece = pcm[start : start + _PIECE]
            seconds = len(piece) / _BYTES_PER_SECOND
            self._plays_until = max(self._plays_until, self._pace.seconds()) + seconds
            self._sent += seconds
            self._emit(AgentAudio(self.turn, piece))


async def _next(sound: AsyncIterator[bytes]) -> bytes | None:
    return await anext(sound, None)
