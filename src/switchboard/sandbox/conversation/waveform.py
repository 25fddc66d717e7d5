"""Tones as samples of any rate: raw PCM, WAV and mu-law. CPU-bound: run it off the event loop."""

import math
import struct
from collections.abc import Callable, Iterable
from functools import partial

from switchboard.sandbox.conversation.audio import Tone

_AMPLITUDE = 6000
_BIAS, _CLIP = 0x84, 32635
_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "pcm": "audio/pcm", "ulaw": "audio/basic"}


def media_type(output_format: str) -> str:
    """Of an `output_format` such as `mp3_44100_128` or `pcm_16000`."""
    return _TYPES[output_format.partition("_")[0]]


def encoded(tones: Iterable[Tone], seconds: float, output_format: str) -> bytes:
    """`pcm_<rate>`, `wav_<rate>` (both 16 bit, mono, little endian) or `ulaw_8000`."""
    kind, _, rate = output_format.partition("_")
    if kind == "ulaw":
        tenth = partial(_law_tenth, rate=int(rate))
        return _laid(tones, seconds, int(rate), tenth, 1, b"\xff")
    data = _laid(tones, seconds, int(rate), partial(_pcm_tenth, rate=int(rate)), 2, b"\0")
    return data if kind == "pcm" else _riff(int(rate), len(data)) + data


def _laid(
    tones: Iterable[Tone],
    seconds: float,
    rate: int,
    tenth: Callable[[float], bytes],
    width: int,
    silence: bytes,
) -> bytes:
    """Each tone is a tenth of a second, repeated: no sine is computed twice. `width`: bytes of a sample."""
    laid = bytearray(silence * (width * max(1, round(seconds * rate))))
    known: dict[float, bytes] = {}
    for tone in tones:
        if tone.pitch not in known:
            known[tone.pitch] = tenth(tone.pitch)
        period = known[tone.pitch]
        first = min(len(laid), width * int(tone.start * rate))
        length = min(len(laid) - first, width * int(tone.duration * rate))
        laid[first : first + length] = (period * (length // len(period) + 1))[:length]
    return bytes(laid)


def _tenth(pitch: float, rate: int) -> list[int]:
    """Whole periods: the pitch is rounded to 10 Hz."""
    step = 2 * math.pi * round(pitch / 10) * 10 / rate
    return [round(_AMPLITUDE * math.sin(step * index)) for index in range(rate // 10)]


def _pcm_tenth(pitch: float, rate: int) -> bytes:
    return struct.pack(f"<{rate // 10}h", *_tenth(pitch, rate))


def _law_tenth(pitch: float, rate: int) -> bytes:
    return bytes(map(_mu_law, _tenth(pitch, rate)))


def _riff(rate: int, length: int) -> bytes:
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + length, b"WAVE", b"fmt ", 16, 1, 1,
                       rate, 2 * rate, 2, 16, b"data", length)  # fmt: skip


def _mu_law(sample: int) -> int:
    """Source: ITU-T G.711, mu-law."""
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude, _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 0x0F) & 0xFF
