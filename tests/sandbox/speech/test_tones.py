import pytest

from switchboard.sandbox.speech.tones import Tone, hummed, mp3, pcm


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100])
def test_a_tone_sounds_at_its_pitch_where_it_is(rate):
    samples = memoryview(pcm([Tone(0.5, 0.5, 200.0)], 1.5, rate)).cast("h")
    assert len(samples) == round(1.5 * rate)
    assert not any(samples[: rate // 2])
    assert not any(samples[rate:])
    assert 1000 < max(samples) < 4000
    crossings = sum(samples[i] < 0 <= samples[i + 1] for i in range(rate // 2, rate - 1))
    assert 95 <= crossings <= 101, "half a second of 200 Hz"


def test_a_turn_that_outlasts_the_call_is_cut():
    assert len(pcm([Tone(0.9, 5.0, 300), Tone(3.0, 1.0, 300)], 1.0, 8000)) == 16_000


@pytest.mark.parametrize("pitch", [140, 220, 350])
def test_an_mp3_is_made_of_whole_frames_of_the_calls_length(pitch):
    sound = mp3([Tone(1.0, 1.0, pitch)], 3.0)
    frames = [sound[at : at + 144] for at in range(0, len(sound), 144)]
    assert all(len(frame) == 144 and frame[:4] == b"\xff\xfb\x18\xc0" for frame in frames)
    assert abs(len(frames) * 0.036 - 3.0) < 0.04
    # The first granule's part2_3_length stands 18 bits into the side information: 0 bits are silence.
    sounding = [bool(int.from_bytes(frame[4:8], "big") >> 2 & 0xFFF) for frame in frames]
    assert sounding[0] is sounding[-1] is False
    assert 27 <= sum(sounding) <= 29


def test_an_empty_call_still_has_a_frame():
    assert len(mp3([], 0.0)) == 144


def test_texts_are_told_apart_by_their_rhythm():
    tones, seconds = hummed("One two three four.", 220.0)
    assert len(tones) == 4
    assert seconds == pytest.approx(4 / 2.7)
    assert tones[-1].start + tones[-1].duration < seconds
    assert hummed("One two three four.", 220.0, 2.0)[1] == pytest.approx(seconds / 2)
