"""Sound where there is no speech: quiet tones, one pitch per speaker, as long as what is said.

Plain Python: also the MP3 file, frame by frame. CPU-bound: run it off the event loop.
"""

import math
import struct
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

_AMPLITUDE = 1500
_PERIODS_PER_SECOND = 10
_WORDS_PER_SECOND = 2.7
_SHORTEST = 0.4
_SOUNDING = 0.8
"""Share of a word's time; the rest keeps it from the next one."""
_FRAME_SECONDS = 0.036
"""1152 samples at 32 kHz."""
_FRAME_BYTES = 144
"""144 x 32 000 bit/s / 32 000 Hz: frames of equal size without padding."""
_FRAME_HEADER = b"\xff\xfb\x18\xc0"
"""MPEG 1 layer III, no checksum, 32 kbit/s, 32 kHz, mono."""
_HERTZ_PER_LINE = 32_000 / 2 / 576
_QUIET_GAIN = 190
"""`global_gain`; 210 is full scale, each step a quarter of a factor of two."""


class Tone(NamedTuple):
    """A stretch of sound. Seconds from the start, and Hz."""

    start: float
    duration: float
    pitch: float


def hummed(text: str, pitch: float, speed: float = 1.0) -> tuple[list[Tone], float]:
    """A tone for each word, so that texts are told apart by their rhythm, and the seconds that they take."""
    words = text.split()
    seconds = max(_SHORTEST, len(words) / _WORDS_PER_SECOND) / speed
    share = seconds / max(1, sum(map(len, words)))
    tones, at = [], 0.0
    for word in words:
        tones.append(Tone(at, _SOUNDING * share * len(word), pitch))
        at += share * len(word)
    return tones, seconds


def pcm(tones: Iterable[Tone], seconds: float, rate: int) -> bytes:
    """Signed 16 bit little endian, mono; at least one sample."""
    count = max(1, round(seconds * rate))
    samples = bytearray(2 * count)
    known: dict[float, bytes] = {}
    for tone in tones:
        if tone.pitch not in known:
            known[tone.pitch] = _tenth(tone.pitch, rate)
        period = known[tone.pitch]
        first = min(2 * count, 2 * int(tone.start * rate))
        length = min(2 * count - first, 2 * int(tone.duration * rate))
        samples[first : first + length] = (period * (length // len(period) + 1))[:length]
    return bytes(samples)


def mp3(tones: Iterable[Tone], seconds: float) -> bytes:
    """An MP3 file (MPEG 1 layer III, 32 kbit/s, 32 kHz, mono) as long as the call, to the next 36 ms."""
    frames = [_frame(None)] * max(1, math.ceil(seconds / _FRAME_SECONDS))
    for tone in tones:
        sounding = _frame(tone.pitch)
        first = int(tone.start / _FRAME_SECONDS)
        last = min(len(frames), math.ceil((tone.start + tone.duration) / _FRAME_SECONDS))
        frames[first:last] = [sounding] * max(0, last - first)
    return b"".join(frames)


def _tenth(pitch: float, rate: int) -> bytes:
    """Whole periods in a tenth of a second, to be repeated: no sine is computed twice."""
    step = 2 * math.pi * round(pitch / _PERIODS_PER_SECOND) * _PERIODS_PER_SECOND / rate
    length = rate // _PERIODS_PER_SECOND
    return struct.pack(f"<{length}h", *(round(_AMPLITUDE * math.sin(step * index)) for index in range(length)))


def _frame(pitch: float | None) -> bytes:
    """One frame whose single spectral line is the tone; every frame stands alone (no bit reservoir).

    Source: ISO/IEC 11172-3 §2.4.1.7 (side information), annex B table 1 of the Huffman codes.
    """
    line = 0 if pitch is None else round(pitch / _HERTZ_PER_LINE)
    pairs_before = line // 2
    # Huffman table 1: "1" is a pair of zeros, "01" or "001" a one in first or second place, then its sign.
    data = "" if pitch is None else "1" * pairs_before + ("01" if line % 2 == 0 else "001") + "0"
    big_values = pairs_before + 1 if data else 0
    granule = (
        f"{len(data):012b}{big_values:09b}{_QUIET_GAIN:08b}{0:04b}0" + f"{1:05b}" * 3 + f"{15:04b}{7:03b}" + "000"
    )
    bits = "0" * (9 + 5 + 4) + granule * 2 + data * 2
    body = bits.ljust(8 * (_FRAME_BYTES - len(_FRAME_HEADER)), "0")
    packed = int(body, 2).to_bytes(_FRAME_BYTES - len(_FRAME_HEADER), "big")
    return bytes(chain(_FRAME_HEADER, packed))
