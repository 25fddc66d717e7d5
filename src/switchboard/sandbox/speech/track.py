"""The recording of a call that passed in words: what both sides said, read aloud and laid where they said it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.sandbox.speech import recording, tones
from switchboard.sandbox.speech.aloud import Voice
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.timbre import RATE

TRACK_RATE = 8_000
"""Of WAV files: as on a telephone line."""
_LONGEST = 3_600.0
_KBPS = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said. Seconds of the call."""

    text: str
    starts_at: float
    duration: float
    by_agent: bool


@dataclass(frozen=True, slots=True)
class Track:
    """A call's lines with those who said them; `seconds` is the call's length, of which an hour is kept."""

    lines: Sequence[Line]
    seconds: float
    callee: Voice
    agent: Voice

    async def wav(self, studio: Studio) -> bytes:
        """Two channels, callee and agent, 8 kHz."""
        return await asyncio.to_thread(recording.wav, await self._channels(studio, TRACK_RATE), TRACK_RATE)

    async def mp3(self, studio: Studio) -> bytes:
        """Two channels, callee and agent, 16 kHz; one channel of tones where there is no speech."""
        if studio.why_not is not None:
            sounds = [tones.Tone(one.starts_at, one.duration, self._voice(one).pitch) for one in self.lines]
            return await asyncio.to_thread(tones.mp3, sounds, self._length)
        return await asyncio.to_thread(recording.mp3, await self._channels(studio, RATE), RATE, _KBPS)

    @property
    def _length(self) -> float:
        return min(self.seconds, _LONGEST)

    def _voice(self, line: Line) -> Voice:
        return self.agent if line.by_agent else self.callee

    async def _channels(self, studio: Studio, rate: int) -> tuple[bytes, bytes]:
        size = 2 * max(1, round(self._length * rate))
        callee, agent = bytearray(size), bytearray(size)
        for line in self.lines:
            sound = await self._sound(line, studio, rate)
            side, start = agent if line.by_agent else callee, min(size, 2 * int(line.starts_at * rate))
            end = min(size, start + len(sound))
            side[start:end] = sound[: end - start]
        return bytes(callee), bytes(agent)

    async def _sound(self, line: Line, studio: Studio, rate: int) -> bytes:
        """Aloud it takes as long as it takes; as a tone it lasts as long as the turn."""
        voice = self._voice(line)
        pcm = b"" if studio.why_not else await studio.say(line.text, voice.timbre, leisurely=True)
        if not pcm:
            tone = tones.Tone(0.0, line.duration, voice.pitch)
            return await asyncio.to_thread(tones.pcm, [tone], line.duration, rate)
        return await asyncio.to_thread(Resampler(RATE, rate).feed, pcm, last=True)
