"""Recordings as quiet tones, one pitch per speaker: a WAV file, and an MP3 file made frame by frame.

No words can be heard in them. Length and turns are those of the call, which is what a player,
a downloader or an archive needs to be tried on.
"""

import math
import struct
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

WAV_RATE = 8000
_AMPLITUDE = 1500
_PERIODS_PER_SECOND = 10
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


def wav(tones: Iterable[Tone], seconds: float) -> bytes:
    """A RIFF file: PCM, 16 bit, mono, 8 kHz. CPU-bound: run it off the event loop."""
    count = max(1, round(seconds * WAV_RATE))
    samples = bytearray(2 * count)
    for tone in tones:
        first = min(count, int(tone.start * WAV_RATE))
        length = min(count - first, int(tone.duration * WAV_RATE))
        samples[2 * first : 2 * (first + length)] = _wave(tone.pitch, length)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 2 * count, b"WAVE", b"fmt ", 16, 1, 1,
                       WAV_RATE, 2 * WAV_RATE, 2, 16, b"data", 2 * count)  # fmt: skip
    return head + bytes(samples)


def mp3(tones: Iterable[Tone], seconds: float) -> bytes:
    """An MP3 file (MPEG 1 layer III, 32 kbit/s, 32 kHz, mono) as long as the call, to the next 36 ms."""
    frames = [_frame(None)] * max(1, math.ceil(seconds / _FRAME_SECONDS))
    for tone in tones:
        sounding = _frame(tone.pitch)
        first = int(tone.start / _FRAME_SECONDS)
        last = min(len(frames), math.ceil((tone.start + tone.duration) / _FRAME_SECONDS))
        frames[first:last] = [sounding] * max(0, last - first)
    return b"".join(frames)


def _wave(pitch: float, length: int) -> bytes:
    """Whole periods of a tenth of a second, repeated: no sine is computed twice."""
    rounded = round(pitch / _PERIODS_PER_SECOND) * _PERIODS_PER_SECOND
    step = 2 * math.pi * rounded / WAV_RATE
    period = WAV_RATE // _PERIODS_PER_SECOND
    one = struct.pack(f"<{period}h", *(round(_AMPLITUDE * math.sin(step * index)) for index in range(period)))
    return (one * (length // period + 1))[: 2 * length]


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
