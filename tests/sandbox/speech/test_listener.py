import math
import random
import struct

import pytest
from tests.sandbox.speech.words import missing, plain

from switchboard.sandbox.speech.listener import SpeechBegan, SpeechEnded, SpeechPartial, SpeechScore
from switchboard.sandbox.speech.studio import RATE
from switchboard.sandbox.speech.voices import PALETTE


def _silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


async def _heard(listener, sound: bytes, chunk: int = 640) -> list:
    found = []
    for at in range(0, len(sound), chunk):
        found += await listener.feed(sound[at : at + chunk])
    return found


async def test_two_utterances_begin_and_end_where_they_are(studio):
    first = await studio.say("I would like to book a table.", PALETTE["joe"])
    second = await studio.say("We are seven people.", PALETTE["joe"])
    line = _silence(1.0) + first + _silence(1.2) + second + _silence(1.0)
    heard = await _heard(studio.listener(), line)
    began = [one.at for one in heard if isinstance(one, SpeechBegan)]
    ended = [one for one in heard if isinstance(one, SpeechEnded)]
    assert began == pytest.approx([1.0, 2.2 + len(first) / 2 / RATE], abs=0.2)
    assert [one.starts_at for one in ended] == began
    assert missing("I would like to book a table", ended[0].text) <= 1
    assert missing("We are seven people", ended[1].text) <= 1
    assert ended[0].duration == pytest.approx(len(first) / 2 / RATE - 0.3, abs=0.35)
    assert all(0.0 <= one.value <= 1.0 for one in heard if isinstance(one, SpeechScore))


async def test_chunks_of_any_length_bring_the_same(studio):
    sound = _silence(0.5) + await studio.say("Yes, please.", PALETTE["ada"]) + _silence(1.0)
    for chunk in (322, 3200, len(sound)):
        ended = [one for one in await _heard(studio.listener(), sound, chunk) if isinstance(one, SpeechEnded)]
        assert [plain(one.text) for one in ended] == ["yes please"]


async def test_a_longer_pause_is_waited_for_when_wished(studio):
    one, two = [await studio.say(text, PALETTE["joe"]) for text in ("My number is five.", "And then six.")]
    sound = one + _silence(0.7) + two + _silence(1.5)
    hasty = [h for h in await _heard(studio.listener(pause=0.5), sound) if isinstance(h, SpeechEnded)]
    patient = [h for h in await _heard(studio.listener(pause=1.3), sound) if isinstance(h, SpeechEnded)]
    assert (len(hasty), len(patient)) == (2, 1)


async def test_it_tells_how_long_somebody_has_been_speaking(studio):
    listener = studio.listener(partials=False)
    assert listener.spoken == 0
    sound = await studio.say("I am speaking right now.", PALETTE["joe"])
    heard = await _heard(listener, sound[: RATE * 2])
    assert 0.6 < listener.spoken <= 1.05
    heard += await _heard(listener, sound[RATE * 2 :] + _silence(1.0))
    assert listener.spoken == 0
    assert not any(isinstance(one, SpeechPartial) for one in heard)


async def test_neither_silence_nor_noise_nor_a_tone_is_speech(studio):
    dice = random.Random(1)
    noise = struct.pack(f"<{RATE}h", *(int(dice.gauss(0, 300)) for _ in range(RATE)))
    tone = struct.pack(f"<{RATE}h", *(int(6000 * math.sin(n * 2 * math.pi * 440 / RATE)) for n in range(RATE)))
    heard = await _heard(studio.listener(), _silence(1.0) + noise + tone + _silence(1.0))
    assert not [one for one in heard if isinstance(one, SpeechBegan | SpeechEnded)]
