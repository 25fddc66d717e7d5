"""From one sample rate to another, while the sound is still coming."""


class Resampler:
    """One stream of mono sound, signed 16 bit little endian. Unequal rates need the extra `voice`."""

    def __init__(self, source: int, target: int) -> None:
        self._stream = None
        if source != target:
            import soxr

            self._stream = soxr.ResampleStream(source, target, 1, dtype="int16", quality="MQ")

    def feed(self, pcm: bytes, last: bool = False) -> bytes:
        """What is ready so far; with `last` also the rest, after which nothing may come."""
        if self._stream is None:
            return pcm
        import numpy as np

        done: bytes = self._stream.resample_chunk(np.frombuffer(pcm, "<i2"), last=last).astype("<i2").tobytes()
        return done
