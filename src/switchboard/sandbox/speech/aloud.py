"""A text in a voice and a format; as tones where there is no speech, or nothing that it can pronounce."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from switchboard.sandbox.speech import tones
from switchboard.sandbox.speech.encoding import Encoder, encoded, rate_of, with_length
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.timbre import Timbre


@dataclass(frozen=True, slots=True)
class Voice:
    """How somebody sounds; `pitch` in Hz is the tone that stands in for the timbre."""

    timbre: Timbre
    pitch: float

    def at(self, speed: float) -> "Voice":
        """The same, `speed` times as fast."""
        return replace(self, timbre=replace(self.timbre, pace=self.timbre.pace * speed))


async def said(studio: Studio, text: str, voice: Voice, output_format: str, speed: float = 1.0) -> bytes:
    """The whole sound. Nobody on a line waits for it: live talk goes first."""
    sound = b"".join([piece async for piece in says(studio, text, voice, output_format, speed)])
    return with_length(sound) if output_format.startswith("wav") else sound


async def says(
    studio: Studio, text: str, voice: Voice, output_format: str, speed: float = 1.0
) -> AsyncIterator[bytes]:
    """The sound as it is made; but for the length in the head of a WAV file, the same bytes."""
    spoken = False
    if studio.why_not is None:
        encoder = Encoder(output_format)
        async for pcm in studio.says(text, voice.at(speed).timbre, leisurely=True):
            spoken = True
            yield await asyncio.to_thread(encoder.feed, pcm)
    if spoken:
        yield await asyncio.to_thread(encoder.feed, b"", last=True)
    else:
        yield await asyncio.to_thread(_hummed, text, voice, output_format, speed)


def _hummed(text: str, voice: Voice, output_format: str, speed: float) -> bytes:
    sounds, seconds = tones.hummed(text, voice.pitch, speed)
    if output_format.startswith("mp3"):
        return tones.mp3(sounds, seconds)
    rate = rate_of(output_format)
    return encoded(tones.pcm(sounds, seconds, rate), output_format, rate)
