import asyncio
import threading

import pytest
from tests.sandbox.speech.words import missing, plain

from switchboard.core.g711 import from_mu_law, to_mu_law
from switchboard.sandbox.speech.ears import Ears
from switchboard.sandbox.speech.mouth import Mouth
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE, SpeechIsMissing, Studio
from switchboard.sandbox.speech.voices import PALETTE

SENTENCE = "Could you please tell me your name and your address?"


@pytest.mark.parametrize("voice", ["joe", "arthur", "ada", "poppy"])
async def test_what_is_said_is_understood_again(studio, voice):
    sound = await studio.say(SENTENCE, PALETTE[voice])
    assert missing(SENTENCE, await studio.hear(sound)) <= 2


async def test_it_is_understood_through_a_telephone(studio):
    sound = await studio.say(SENTENCE, PALETTE["iris"])
    narrow = to_mu_law(Resampler(RATE, 8000).feed(sound, last=True))
    wide = Resampler(8000, RATE).feed(from_mu_law(narrow), last=True)
    assert missing(SENTENCE, await studio.hear(wide)) <= 2


async def test_order_numbers_arrive_digit_by_digit(studio):
    heard = plain(await studio.hear(await studio.say("My order is 730916.", PALETTE["joe"])))
    digits = {"zero": "0", "one": "1", "three": "3", "six": "6", "seven": "7", "nine": "9"}
    assert "".join(digits.get(word, word if word.isdigit() else "") for word in heard.split()) == "730916"


async def test_the_same_words_sound_the_same_and_are_made_once(studio):
    first, second = await asyncio.gather(*(studio.say("Only once.", PALETTE["ada"]) for _ in range(2)))
    assert first == second == await studio.say("Only once.", PALETTE["ada"], leisurely=True)
    assert first != await studio.say("Only once.", PALETTE["joe"])


async def test_a_long_text_begins_to_sound_before_it_is_made(studio):
    pieces = studio.says("This is first. This is second, and it is longer than the first.", PALETTE["maud"])
    first = await anext(pieces)
    assert 0.3 < len(first) / 2 / RATE < 3
    assert [len(rest) > len(first) async for rest in pieces] == [True]


@pytest.mark.parametrize("text", ["", "...", "你好", "😀"])
async def test_what_cannot_be_pronounced_is_silent(studio, text):
    assert await studio.say(text, PALETTE["joe"]) == b""


async def test_nothing_is_heard_in_silence(studio):
    assert await studio.hear(bytes(RATE)) == ""


async def test_the_event_loop_stays_free_while_somebody_speaks_or_listens(studio, monkeypatch):
    threads = []

    def told(work):
        def run(*given):
            threads.append(threading.current_thread().name.rpartition("_")[0])
            return work(*given)

        return run

    monkeypatch.setattr(Mouth, "say", told(Mouth.say))
    monkeypatch.setattr(Ears, "hear", told(Ears.hear))
    said = await studio.say("This has never been said.", PALETTE["wanda"])
    await studio.say("Nor has this.", PALETTE["wanda"], leisurely=True)
    await studio.hear(said)
    assert threads == ["speech-mouth", "speech-mouth", "speech-ears"]


async def test_another_studio_says_it_byte_for_byte_the_same(studio):
    other = Studio()
    assert await other.say("Again.", PALETTE["joe"]) == await studio.say("Again.", PALETTE["joe"])
    await other.close()


async def test_it_may_be_used_again_after_it_was_closed():
    studio = Studio()
    said = await studio.say("Again.", PALETTE["joe"])
    await studio.close()
    assert await studio.say("Again.", PALETTE["joe"]) == said
    assert await studio.say("And again.", PALETTE["joe"])
    await studio.close()


async def test_whoever_gives_up_waiting_does_not_spoil_it_for_others(studio):
    impatient = asyncio.create_task(studio.say("Somebody else waits for this.", PALETTE["hugo"]))
    patient = asyncio.create_task(studio.say("Somebody else waits for this.", PALETTE["hugo"]))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
    with pytest.raises(asyncio.CancelledError):
        await impatient


@pytest.mark.parametrize(("language", "known"), [("en", True), ("en-GB", True), ("EN", True), ("de", False)])
def test_it_converses_in_english(language, known):
    assert Studio().knows(language) is known


async def test_without_speech_it_says_how_to_get_it():
    studio = Studio()
    studio.why_not = "Speech is not installed."
    assert not studio.knows("en")
    for attempt in (studio.say("x", PALETTE["joe"]), studio.hear(b"")):
        with pytest.raises(SpeechIsMissing, match="not installed"):
            await attempt
    with pytest.raises(SpeechIsMissing):
        studio.listener()
    studio.warm()
    await studio.close()
