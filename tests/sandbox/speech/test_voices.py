from itertools import combinations
from math import log

import pytest

from switchboard.sandbox.elevenlabs import voices as elevenlabs
from switchboard.sandbox.speech.voices import MEN, PALETTE, WOMEN, timbre_for
from switchboard.sandbox.ultravox import voices as ultravox


def test_no_two_voices_are_alike():
    for one, other in combinations(PALETTE.values(), 2):
        steps = (
            abs(log(one.pitch / other.pitch)) / 0.1
            + abs(log(one.tract / other.tract)) / 0.05
            + abs(log(one.pace / other.pace)) / 0.1
            + abs(one.tilt - other.tilt) / 1.5
        )
        assert steps > 2, (one, other)


def test_somebody_always_gets_the_same_voice_of_their_gender():
    assert timbre_for("+14155550100", "female") == timbre_for("+14155550100", "female")
    assert all(timbre_for(str(key), "female") in WOMEN.values() for key in range(30))
    assert all(timbre_for(str(key), "male") in MEN.values() for key in range(30))
    assert len({timbre_for(str(key)) for key in range(200)}) == len(PALETTE)


@pytest.mark.parametrize("speakers", [ultravox.SPEAKERS, elevenlabs.SPEAKERS])
def test_every_voice_of_a_catalogue_has_a_timbre_of_its_own(speakers):
    assert len({speaker.voice.timbre for speaker in speakers}) == len(speakers)


def test_the_timbre_fits_the_description():
    assert {one.sounds in WOMEN for one in elevenlabs.SPEAKERS if one.gender == "female"} == {True}
    assert {one.sounds in MEN for one in elevenlabs.SPEAKERS if one.gender == "male"} == {True}
    assert all(
        (one.sounds in WOMEN) == ("woman" in one.description)
        for one in ultravox.SPEAKERS[:1] + ultravox.SPEAKERS[4:]
    )


def test_an_agent_with_an_unknown_voice_sounds_like_the_default():
    assert elevenlabs.voice_of("nobody") == elevenlabs.voice_of(elevenlabs.DEFAULT_ID)
    assert ultravox.voice_of(None) == ultravox.voice_of("Mark")
    assert ultravox.voice_of("jessica") != ultravox.voice_of("Mark")
