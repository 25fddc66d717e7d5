"""Audio formats of phone agents, to and from ours: mu-law (ITU-T G.711) and other sample rates.

Plain Python: a conversation needs about a hundredth of one core, and the core carries no numeric library.
"""

from __future__ import annotations  # array[int] is for the type checker only

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from switchboard.core.g711 import from_mu_law, to_mu_law
from switchboard.providers.talk import RATE

_PHONE_RATE = 8_000
_LOWEST, _HIGHEST = -32_768, 32_767


class UnknownFormat(ValueError):
    """A format that we cannot convert."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """Mono audio: mu-law, or signed 16-bit little-endian; `rate` in samples a second."""

    rate: int
    mu_law: bool = False

    @classmethod
    def named(cls, name: str) -> AudioFormat:
        """`pcm_<rate>` or `ulaw_8000`, as ElevenLabs names them. Raises: UnknownFormat."""
        kind, _, rate = name.partition("_")
        if kind not in {"pcm", "ulaw"} or not rate.isdecimal() or not _PHONE_RATE <= int(rate) <= 3 * RATE:
            raise UnknownFormat(f"The audio format {name[:40]} is unknown here.")
        return cls(int(rate), mu_law=kind == "ulaw")


class Decoder:
    """One stream of a format, made ours."""

    def __init__(self, source: AudioFormat) -> None:
        self._mu_law = source.mu_law
        self._rate = _between(source.rate, RATE)
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        if self._mu_law:
            samples = array("h", from_mu_law(data))
        else:
            data = self._rest + data
            whole = len(data) & ~1
            self._rest = data[whole:]
            samples = array("h", data[:whole])
        return self._rate.feed(samples).tobytes()


class Encoder:
    """One stream of ours, made a format."""

    def __init__(self, target: AudioFormat) -> None:
        self._mu_law = target.mu_law
        self._rate = _between(RATE, target.rate)

    def feed(self, pcm: bytes) -> bytes:
        made = self._rate.feed(array("h", pcm)).tobytes()
        return to_mu_law(made) if self._mu_law else made


class _Same:
    def feed(self, samples: array[int]) -> array[int]:
        return samples


class _Twice:
    """8 kHz to 16 kHz: between two samples comes what a half-band filter makes of the eight around."""

    def __init__(self) -> None:
        self._before = array("h", bytes(2 * (2 * _REACH - 1)))

    def feed(self, samples: array[int]) -> array[int]:
        known = self._before + samples
        self._before = known[len(known) - (2 * _REACH - 1) :]
        count = len(samples)
        pairs = [
            (known[_REACH - 1 - far : _REACH - 1 - far + count], known[_REACH + far : _REACH + far + count])
            for far in range(_REACH)
        ]
        made = array("h", bytes(4 * count))
        made[0::2] = known[_REACH - 1 : _REACH - 1 + count]
        made[1::2] = _sum(pairs, None, 2.0)
        return made


class _Half:
    """16 kHz to 8 kHz, freed before of what 8 kHz cannot carry."""

    def __init__(self) -> None:
        self._before = array("h", bytes(2 * (4 * _REACH - 2)))

    def feed(self, samples: array[int]) -> array[int]:
        known = self._before + samples
        middle = 2 * _REACH - 1
        count = (len(known) - 2 * middle + 1) // 2
        self._before = known[2 * count :]
        pairs = []
        for far in range(_REACH):
            off = 2 * far + 1
            left, right = middle - off, middle + off
            pairs.append((known[left : left + 2 * count : 2], known[right : right + 2 * count : 2]))
        return _sum(pairs, known[middle : middle + 2 * count : 2], 1.0)


class _Linear:
    """Any other rate: on the straight line between two samples."""

    def __init__(self, source: int, target: int) -> None:
        self._step = source / target
        self._at = 1.0
        self._last = 0

    def feed(self, samples: array[int]) -> array[int]:
        known = array("h", [self._last]) + samples
        made, at, step = array("h"), self._at, self._step
        while at < len(known) - 1:
            whole = int(at)
            made.append(round(known[whole] + (known[whole + 1] - known[whole]) * (at - whole)))
            at += step
        self._at, self._last = at - len(samples), known[-1]
        return made


_Rate = _Same | _Twice | _Half | _Linear


def _between(source: int, target: int) -> _Rate:
    if source == target:
        return _Same()
    if (source, target) == (_PHONE_RATE, RATE):
        return _Twice()
    return _Half() if (source, target) == (RATE, _PHONE_RATE) else _Linear(source, target)


def _sum(pairs: Sequence[tuple[array[int], array[int]]], middle: array[int] | None, gain: float) -> array[int]:
    """The half-band filter's sums, `gain` times as loud; `middle` is what its centre meets."""
    one, two, three, four = (weight * gain for weight in _WEIGHTS)
    columns = [column for pair in pairs for column in pair]
    sums = [
        one * (a + b) + two * (c + d) + three * (e + f) + four * (g + h)
        for a, b, c, d, e, f, g, h in zip(*columns, strict=True)
    ]
    if middle is not None:
        sums = [around + 0.5 * value for around, value in zip(sums, middle, strict=True)]
    return array("h", [min(_HIGHEST, max(_LOWEST, round(value))) for value in sums])


def _weights() -> tuple[float, ...]:
    """A windowed half-band low-pass of 15 taps; the even ones are 0, the centre is 0.5, the sum 1."""
    raw = [sin(pi * k / 2) / (pi * k) * (0.54 + 0.46 * cos(pi * k / 8)) for k in (1, 3, 5, 7)]
    return tuple(weight * 0.25 / sum(raw) for weight in raw)


_WEIGHTS = _weights()
_REACH = len(_WEIGHTS)
