import sys

import pytest

from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.tones import Tone, pcm


@pytest.fixture(params=["soxr", "plain"])
def _kind(request, monkeypatch):
    if request.param == "plain":
        monkeypatch.setitem(sys.modules, "soxr", None)


@pytest.mark.usefixtures("_kind")
@pytest.mark.parametrize(
    "rates", [(16_000, 8_000), (8_000, 16_000), (22_050, 16_000), (16_000, 48_000), (8_000, 8_000)]
)
def test_a_tone_keeps_its_length_its_pitch_and_its_loudness(rates):
    source, target = rates
    sound = pcm([Tone(0.0, 1.0, 200.0)], 1.0, source)
    resampler = Resampler(source, target)
    chunk = source // 50 * 2
    made = b"".join(resampler.feed(sound[at : at + chunk]) for at in range(0, len(sound), chunk))
    samples = memoryview(made + resampler.feed(b"", last=True)).cast("h")
    assert abs(len(samples) - target) <= 2
    crossings = sum(samples[i] < 0 <= samples[i + 1] for i in range(len(samples) - 1))
    assert 198 <= crossings <= 201
    middle = samples[target // 4 : target // 2]
    assert 1400 < max(middle) < 1600


@pytest.mark.usefixtures("_kind")
def test_nothing_fed_is_nothing_made():
    resampler = Resampler(16_000, 8_000)
    assert resampler.feed(b"") == resampler.feed(b"", last=True) == b""
