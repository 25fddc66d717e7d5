"""From one sample rate to another, while the sound is still coming."""

from array import array
from typing import Protocol


class Resampler:
    """One stream of mono sound, signed 16 bit little endian, through soxr; plainer where that is not installed."""

    def __init__(self, source: int, target: int) -> None:
        self._stream: _Stream = _Same() if source == target else _stream(source, target)

    def feed(self, pcm: bytes, last: bool = False) -> bytes:
        """What is ready so far; with `last` also the rest, after which nothing may come."""
        return self._stream.feed(pcm, last=last)


class _Stream(Protocol):
    def feed(self, pcm: bytes, *, last: bool) -> bytes: ...


def _stream(source: int, target: int) -> _Stream:
    try:
        return _Soxr(source, target)
    except ImportError:
        return _Linear(source, target)


class _Same:
    def feed(self, pcm: bytes, *, last: bool) -> bytes:
        del last
        return pcm


class _Soxr:
    def __init__(self, source: int, target: int) -> None:
        import numpy as np
        import soxr

        self._read = np.frombuffer
        self._stream = soxr.ResampleStream(source, target, 1, dtype="int16", quality="MQ")

    def feed(self, pcm: bytes, *, last: bool) -> bytes:
        samples = self._read(pcm, "<i2")
        made: bytes = self._stream.resample_chunk(samples, last=last).astype("<i2").tobytes()
        return made


class _Linear:
    """Straight lines between samples, which are averaged before they are thinned out. 20 ms for a second."""

    def __init__(self, source: int, target: int) -> None:
        self._source, self._target = source, target
        self._width = max(1, round(source / target))
        self._samples = array("h")
        self._at = 0
        """The next sample's place, in parts of which `target` make one sample of the source."""

    def feed(self, pcm: bytes, *, last: bool) -> bytes:
        self._samples.frombytes(pcm[: len(pcm) // 2 * 2])
        until = len(self._samples) - self._width
        if last and self._samples:
            until = len(self._samples)
            self._samples.extend([self._samples[-1]] * (self._width + 1))
        made = array("h")
        while self._at < until * self._target:
            whole, part = divmod(self._at, self._target)
            made.append((self._mean(whole) * (self._target - part) + self._mean(whole + 1) * part) // self._target)
            self._at += self._source
        done = min(self._at // self._target, len(self._samples))
        del self._samples[:done]
        self._at -= done * self._target
        return made.tobytes()

    def _mean(self, start: int) -> int:
        if self._width == 1:
            return self._samples[start]
        return sum(self._samples[start : start + self._width]) // self._width
