import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.providers.phone_audio import AudioFormat, Decoder, Encoder, UnknownFormat

PHONE = AudioFormat.named("ulaw_8000")


def tone(hertz, rate=16_000, seconds=0.5):
    samples = [round(10_000 * math.sin(2 * math.pi * hertz * i / rate)) for i in range(int(rate * seconds))]
    return array("h", samples).tobytes()


def pieces(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def loudness(pcm):
    samples = array("h", pcm)[400:-400]
    return math.sqrt(sum(s * s for s in samples) / len(samples))


def through(pcm, name, size):
    form = AudioFormat.named(name)
    encoder, decoder = Encoder(form), Decoder(form)
    return b"".join(decoder.feed(encoder.feed(piece)) for piece in pieces(pcm, size))


@pytest.mark.parametrize("name", ["ulaw_8000", "pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_48000"])
def test_a_voice_survives_every_format_and_any_way_of_cutting_it(name):
    whole = through(tone(440), name, 100_000)
    cut = through(tone(440), name, 642)
    assert len(cut) == len(whole)
    assert max(abs(a - b) for a, b in zip(array("h", cut), array("h", whole), strict=True)) <= 1
    assert abs(len(whole) - len(tone(440))) <= 64
    assert loudness(whole) == pytest.approx(loudness(tone(440)), rel=0.05)


def test_what_a_phone_cannot_carry_is_taken_out_instead_of_folded_down():
    assert loudness(through(tone(6_500), "ulaw_8000", 640)) < 0.03 * loudness(tone(6_500))


@pytest.mark.parametrize(("sample", "code"), [(0, 0xFF), (32_767, 0x80), (-32_768, 0x00), (-1, 0x7F), (988, 0xCE)])
def test_mu_law_is_as_the_standard_has_it(sample, code):
    """Source: ITU-T G.711, tables 2a and 2b."""
    assert Encoder(PHONE).feed(array("h", [sample] * 200).tobytes())[50] == code


@given(st.binary(max_size=400))
def test_any_bytes_are_audio(data):
    assert len(Decoder(PHONE).feed(data)) == 4 * len(data)
    assert len(Decoder(AudioFormat.named("pcm_16000")).feed(data)) == len(data) & ~1


@pytest.mark.parametrize("name", ["mp3_44100", "pcm_", "pcm_1", "ulaw_x", "", "None", "pcm_96000"])
def test_other_formats_are_refused(name):
    with pytest.raises(UnknownFormat):
        AudioFormat.named(name)
