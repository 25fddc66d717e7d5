import io
import struct
import wave

import pytest

from switchboard.sandbox.conversation.audio import Tone, mp3, wav


def test_a_wav_has_the_calls_length_and_sounds_only_in_its_turns():
    with wave.open(io.BytesIO(wav([Tone(1.0, 0.5, 300)], 2.0))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        samples = struct.unpack(f"<{file.getnframes()}h", file.readframes(file.getnframes()))
    assert len(samples) == 16_000
    assert not any(samples[:8000])
    assert 1000 < max(samples[8000:12_000]) < 4000
    assert not any(samples[12_000:])


def test_a_turn_that_outlasts_the_call_is_cut():
    with wave.open(io.BytesIO(wav([Tone(0.9, 5.0, 300), Tone(3.0, 1.0, 300)], 1.0))) as file:
        assert file.getnframes() == 8000


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
