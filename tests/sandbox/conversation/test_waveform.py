import io
import math
import wave

import pytest

from switchboard.sandbox.conversation import waveform
from switchboard.sandbox.conversation.audio import Tone

TONES = [Tone(0.5, 0.5, 200.0)]


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100])
def test_a_wav_file_sounds_at_its_rate_where_a_tone_is(rate):
    with wave.open(io.BytesIO(waveform.encoded(TONES, 1.5, f"wav_{rate}"))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (rate, 2, 1)
        assert file.getnframes() == round(1.5 * rate)
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    assert not any(samples[: rate // 2])
    assert not any(samples[rate:])
    crossings = sum(samples[i] < 0 <= samples[i + 1] for i in range(rate // 2, rate - 1))
    assert 95 <= crossings <= 101, "half a second of 200 Hz"


def test_raw_pcm_is_the_wav_file_without_its_head():
    assert waveform.encoded(TONES, 1.0, "wav_16000")[44:] == waveform.encoded(TONES, 1.0, "pcm_16000")


def test_mu_law_has_a_byte_for_each_sample_and_the_same_wave():
    law, pcm = waveform.encoded(TONES, 1.0, "ulaw_8000"), waveform.encoded(TONES, 1.0, "pcm_8000")
    assert len(law) == len(pcm) // 2 == 8000
    for byte, sample in zip(law[4000:4400], memoryview(pcm).cast("h")[4000:4400], strict=True):
        inverted = ~byte & 0xFF
        magnitude = (((inverted & 0x0F) << 3) + 0x84 << ((inverted >> 4) & 7)) - 0x84
        decoded = -magnitude if inverted & 0x80 else magnitude
        assert math.isclose(decoded, sample, rel_tol=0.07, abs_tol=12)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mp3_44100_128", "audio/mpeg"),
        ("wav_8000", "audio/wav"),
        ("pcm_16000", "audio/pcm"),
        ("ulaw_8000", "audio/basic"),
    ],
)
def test_every_format_has_its_media_type(name, kind):
    assert waveform.media_type(name) == kind
