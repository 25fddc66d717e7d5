"""Recordings: one or two channels as a WAV or an MP3 file. CPU-bound: call off the event loop."""

import io
import wave
from array import array
from collections.abc import Sequence


def wav(channels: Sequence[bytes], rate: int) -> bytes:
    """A RIFF file of signed 16 bit samples; the shorter channel is filled with silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(len(channels))
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(interleaved(channels))
    return file.getvalue()


def mp3(channels: Sequence[bytes], rate: int, kbps: int) -> bytes:
    """An MP3 file of signed 16 bit samples; needs the extra `voice`. `rate`: 8000 to 48 000."""
    import lameenc  # type: ignore[import-not-found]  # comes with the extra `voice`, without types

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(len(channels))
    encoder.set_quality(7)
    encoder.silence()
    return bytes(encoder.encode(interleaved(channels)) + encoder.flush())


def interleaved(channels: Sequence[bytes]) -> bytes:
    """One sample of each channel after the other."""
    if len(channels) == 1:
        return channels[0]
    length = max(map(len, channels)) // 2 * 2
    mixed = array("h", bytes(length * len(channels)))
    for place, channel in enumerate(channels):
        mixed[place :: len(channels)] = array("h", channel[:length].ljust(length, b"\0"))
    return mixed.tobytes()
