"""Telephone audio by table: mu-law and A-law, a byte for each sample.

Source: ITU-T G.711. Plain Python, so that calls carry sound where the extra `voice` is missing.
"""

import struct
from array import array
from collections.abc import Callable
from functools import cache
from itertools import chain
from sys import byteorder

_LAW_BIAS, _LAW_CLIP = 33, 8158
_A_SEGMENT_ENDS = (0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF)


def to_mu_law(pcm: bytes) -> bytes:
    """Signed 16 bit little endian to mu-law; an odd last byte is left out."""
    return _mu().encode(pcm)


def from_mu_law(data: bytes) -> bytes:
    """Mu-law to signed 16 bit little endian."""
    return _mu().decode(data)


def to_a_law(pcm: bytes) -> bytes:
    """Signed 16 bit little endian to A-law; an odd last byte is left out."""
    return _a().encode(pcm)


def from_a_law(data: bytes) -> bytes:
    """A-law to signed 16 bit little endian."""
    return _a().decode(data)


class _Law:
    def __init__(self, shrink: Callable[[int], int], grow: Callable[[int], int]) -> None:
        self._grown = [struct.pack("<h", grow(byte)) for byte in range(256)]
        # Indexed by the sample read as unsigned, so that one lookup serves both signs.
        self._shrunk = bytes(map(shrink, chain(range(0x8000), range(-0x8000, 0))))

    def encode(self, pcm: bytes) -> bytes:
        samples = array("H", pcm[: len(pcm) // 2 * 2])
        if byteorder == "big":
            samples.byteswap()
        return bytes(map(self._shrunk.__getitem__, samples))

    def decode(self, data: bytes) -> bytes:
        return b"".join(map(self._grown.__getitem__, data))


def _shrink_mu(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample) >> 2, _LAW_CLIP) + _LAW_BIAS
    segment = magnitude.bit_length() - 6
    return ~(sign | segment << 4 | (magnitude >> (segment + 1)) & 0x0F) & 0xFF


def _grow_mu(byte: int) -> int:
    inverted = ~byte & 0xFF
    magnitude = ((((inverted & 0x0F) << 3) + 0x84) << (inverted >> 4 & 7)) - 0x84
    return -magnitude if inverted & 0x80 else magnitude


def _shrink_a(sample: int) -> int:
    value = sample >> 3
    mask, magnitude = (0xD5, value) if value >= 0 else (0x55, -value - 1)
    segment = next(index for index, end in enumerate(_A_SEGMENT_ENDS) if magnitude <= end)
    low = magnitude >> (1 if segment < 2 else segment) & 0x0F  # noqa: PLR2004 -- the two first segments share a step
    return (segment << 4 | low) ^ mask


def _grow_a(byte: int) -> int:
    code = byte ^ 0x55
    segment, magnitude = code >> 4 & 7, (code & 0x0F) << 4
    magnitude = magnitude + 8 if segment == 0 else (magnitude + 0x108) << (segment - 1)
    return magnitude if code & 0x80 else -magnitude


@cache
def _mu() -> _Law:
    """The tables take a while, and not every program carries sound."""
    return _Law(_shrink_mu, _grow_mu)


@cache
def _a() -> _Law:
    return _Law(_shrink_a, _grow_a)
