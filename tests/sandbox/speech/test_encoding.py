import io
import wave

import pytest

from switchboard.core.g711 import to_mu_law
from switchboard.sandbox.speech.encoding import Encoder, encoded, media_type, rate_of
from switchboard.sandbox.speech.tones import Tone, pcm

SOUND = pcm([Tone(0.25, 0.5, 200.0)], 1.0, 16_000)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100, 48000])
def test_a_wav_file_has_its_rate_and_the_length_of_the_sound(rate):
    with wave.open(io.BytesIO(encoded(SOUND, f"wav_{rate}"))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (rate, 2, 1)
        assert abs(file.getnframes() - rate) <= 2
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    middle = samples[round(0.3 * rate) : round(0.7 * rate)]
    crossings = sum(middle[i] < 0 <= middle[i + 1] for i in range(len(middle) - 1))
    assert 78 <= crossings <= 81, "0.4 seconds of 200 Hz"


def test_raw_pcm_is_the_wav_file_without_its_head():
    assert encoded(SOUND, "wav_24000")[44:] == encoded(SOUND, "pcm_24000")


def test_mu_law_is_a_byte_for_each_sample():
    narrow = encoded(SOUND, "pcm_8000")
    assert encoded(SOUND, "ulaw_8000") == to_mu_law(narrow)
    assert len(encoded(SOUND, "alaw_8000")) == len(narrow) // 2


@pytest.mark.parametrize(("name", "kbps"), [("mp3_22050_32", 32), ("mp3_44100_128", 128), ("mp3_24000_48", 48)])
def test_an_mp3_has_the_rate_and_the_bits_of_its_name(name, kbps):
    sound = encoded(SOUND * 4, name)
    assert sound[0] == 0xFF
    assert sound[1] & 0xE0 == 0xE0
    index = [44100, 48000, 32000][sound[2] >> 2 & 3]
    version = {3: 1, 2: 2}[sound[1] >> 3 & 3]
    assert index // version == rate_of(name)
    assert abs(len(sound) * 8 / 4 / 1000 - kbps) < 0.1 * kbps


def test_piece_by_piece_the_sound_is_the_same():
    encoder = Encoder("pcm_22050")
    made = b"".join(encoder.feed(SOUND[at : at + 3200]) for at in range(0, len(SOUND), 3200))
    made += encoder.feed(b"", last=True)
    whole = encoded(SOUND, "pcm_22050")
    assert len(made) == len(whole)
    pairs = zip(memoryview(made).cast("h"), memoryview(whole).cast("h"), strict=True)
    assert all(abs(piecewise - at_once) <= 2 for piecewise, at_once in pairs)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mp3_44100_128", "audio/mpeg"),
        ("wav_8000", "audio/wav"),
        ("pcm_16000", "audio/pcm"),
        ("ulaw_8000", "audio/basic"),
        ("alaw_8000", "audio/x-alaw-basic"),
    ],
)
def test_every_format_has_its_media_type(name, kind):
    assert media_type(name) == kind
