"""Sound in the formats that platforms name, such as `mp3_44100_128`, `wav_24000`, `pcm_16000` or `ulaw_8000`."""

import struct
from collections.abc import Callable

from switchboard.core import g711
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.timbre import RATE

_TYPES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
    "ulaw": "audio/basic",
    "alaw": "audio/x-alaw-basic",
}
_PLAIN: dict[str, Callable[[bytes], bytes]] = {
    "pcm": bytes,
    "ulaw": g711.to_mu_law,
    "alaw": g711.to_a_law,
}
_RIFF = struct.Struct("<4sI4s4sIHHIIHH4sI")
_UNKNOWN_LENGTH = 0xFFFFFFFF - 36
_MP3_QUALITY = 7
"""LAME's own scale: quick, and good enough for one voice."""


def media_type(output_format: str) -> str:
    """Of an `output_format`."""
    return _TYPES[output_format.partition("_")[0]]


def rate_of(output_format: str) -> int:
    """Samples a second."""
    return int(output_format.split("_")[1])


class Encoder:
    """One stream of mono sound, signed 16 bit, on its way into a format. CPU-bound: feed it off the event loop.

    Other rates than the sound's own, and MP3, need the extra `voice`.
    """

    def __init__(self, output_format: str, rate: int = RATE) -> None:
        self._kind = output_format.partition("_")[0]
        self._rate = rate_of(output_format)
        self._resampler = Resampler(rate, self._rate)
        self._head = _riff(self._rate, _UNKNOWN_LENGTH) if self._kind == "wav" else b""
        self._encode, self._flush = self._coder(output_format)

    def feed(self, pcm: bytes, *, last: bool = False) -> bytes:
        """What is ready so far; with `last` also the rest, after which nothing may come."""
        head, self._head = self._head, b""
        made = self._encode(self._resampler.feed(pcm, last=last))
        return head + made + (self._flush() if last else b"")

    def _coder(self, output_format: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
        if self._kind != "mp3":
            return _PLAIN.get(self._kind, bytes), bytes
        import lameenc  # type: ignore[import-not-found]  # comes with the extra `voice`, without types

        lame = lameenc.Encoder()
        lame.set_bit_rate(int(output_format.split("_")[2]))
        lame.set_in_sample_rate(self._rate)
        lame.set_out_sample_rate(self._rate)
        lame.set_channels(1)
        lame.set_quality(_MP3_QUALITY)
        lame.silence()
        return lambda pcm: bytes(lame.encode(pcm)) if pcm else b"", lambda: bytes(lame.flush())


def encoded(pcm: bytes, output_format: str, rate: int = RATE) -> bytes:
    """A whole sound at once."""
    made = Encoder(output_format, rate).feed(pcm, last=True)
    return with_length(made) if output_format.startswith("wav") else made


def with_length(wav: bytes) -> bytes:
    """A whole WAV file with its length in its head."""
    samples = wav[_RIFF.size :]
    rate = _RIFF.unpack_from(wav)[7]
    return _riff(rate, len(samples)) + samples


def _riff(rate: int, length: int) -> bytes:
    return _RIFF.pack(b"RIFF", 36 + length, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", length)
