import asyncio

import pytest
from tests.sandbox.conversation.lines import SECONDS_PER_WORD, Mind, Studio, live
from tests.waiting import until

from switchboard.sandbox.conversation.talk_events import (
    AgentAudio,
    AgentDone,
    AgentSays,
    Interrupted,
    StateChanged,
    UserSaid,
    UserTentative,
    VoiceActivity,
)
from switchboard.sandbox.conversation.turns import Ending, Manners
from switchboard.sandbox.line import Speech
from switchboard.sandbox.speech.listener import SpeechBegan, SpeechEnded, SpeechPartial, SpeechScore

LONG = "One two three four five six seven eight. Nine ten eleven twelve."


def texts(line) -> list[str]:
    return [turn.text for turn in line.talk.turns]


def seconds(events: list[AgentAudio]) -> float:
    return sum(len(event.pcm) for event in events) / 32_000


async def test_it_speaks_in_small_pieces_at_the_pace_of_speech():
    async with live(Mind(LONG), studio=Studio(), speed=10) as line:
        await line.until(AgentAudio)
        begun = line.talk.seconds()
        await line.until(AgentAudio, 20)
        ahead = seconds(line.of(AgentAudio)) - (line.talk.seconds() - begun)
        assert ahead < 0.4
        (done,) = await line.until(AgentDone)
        await line.until(StateChanged, 2)
        assert line.talk.seconds() - begun >= 12 * SECONDS_PER_WORD - 0.2
        pieces = line.of(AgentAudio)
        assert seconds(pieces) == pytest.approx(12 * SECONDS_PER_WORD)
        assert all(0.02 <= len(piece.pcm) / 32_000 <= 0.1 for piece in pieces[:-1])
        assert done.turn.duration == pytest.approx(12 * SECONDS_PER_WORD)
        assert not done.turn.interrupted
        assert line.told() == [
            *("AgentSays", "StateChanged", "AgentAudio", "AgentDone", "StateChanged"),
        ]


async def test_the_second_sentence_is_made_while_the_first_is_heard():
    studio = Studio()
    async with live(Mind("One two three four five six. Seven."), studio=studio, speed=5) as line:
        await line.until(AgentAudio)
        await asyncio.sleep(0)
        assert studio.asked == ["One two three four five six.", "Seven."]


async def test_who_thinks_ahead_has_the_next_sentences_before_the_first_is_heard():
    studio = Studio()
    async with live(Mind("One two. Three. Four five six. Seven."), studio=studio, thinks_ahead=1.5) as line:
        await line.until(AgentSays)
        before = len(line.of(AgentAudio))
        await line.until(AgentAudio)
        assert before == 0
        assert studio.asked[:3] == ["One two.", "Three.", "Four five six."]


async def test_who_speaks_into_its_words_interrupts_it_and_is_answered():
    studio = Studio()
    async with live(Mind(), studio=studio, speed=10) as line:
        await line.until(AgentDone)
        line.talk.say(LONG)
        await line.until(AgentAudio, 5 + 20)
        line.talk.hear_audio(studio.voice(0.3))
        (cut,) = await line.until(Interrupted)
        sounding = len(line.of(AgentAudio))
        line.talk.hear_audio(studio.sound(SpeechEnded("Stop it.", 0.0, 0.3)))
        await line.until(AgentSays, 3)
        assert cut.turn.interrupted
        assert LONG.startswith(cut.turn.text)
        assert 2 <= len(cut.turn.text.split()) <= 6
        assert cut.turn.duration == pytest.approx(len(cut.turn.text.split()) * SECONDS_PER_WORD, abs=0.2)
        assert cut.turn.full_text == LONG
        assert all(event.turn is not cut.turn for event in line.of(AgentAudio)[sounding:])
        assert texts(line)[-2:] == ["Stop it.", "You said: Stop it."]


async def test_a_cough_does_not_interrupt():
    studio = Studio()
    async with live(Mind(), studio=studio, speed=20) as line:
        await line.until(AgentDone)
        line.talk.say(LONG)
        await line.until(StateChanged, 3)
        for _ in range(4):
            line.talk.hear_audio(studio.sound(*[SpeechScore(0.9)] * 3, SpeechScore(0.0)))
        await line.until(VoiceActivity, 16)
        await line.until(AgentDone, 2)
        assert not line.of(Interrupted)


async def test_a_noise_that_broke_in_is_talked_over():
    studio = Studio()
    async with live(Mind(), studio=studio, speed=10) as line:
        await line.until(AgentDone)
        line.talk.say(LONG)
        await line.until(AgentAudio, 20)
        line.talk.hear_audio(studio.voice(0.4))
        await line.until(Interrupted)
        line.talk.hear_audio(studio.sound(SpeechEnded("", 0.0, 0.4)))
        await line.until(AgentDone, 2)
        _, cut, rest = line.talk.turns
        assert f"{cut.text} {rest.text}" == LONG


@pytest.mark.parametrize(
    "manners", [Manners(interruptible=False), Manners(opening_interruptible=False)], ids=["never", "opening"]
)
async def test_it_may_be_told_not_to_be_interrupted(manners):
    studio = Studio()
    async with live(Mind(LONG), studio=studio, speed=20, manners=manners) as line:
        await line.until(AgentAudio)
        line.talk.hear_audio(studio.voice(1.5))
        line.talk.hear_audio(studio.sound(SpeechEnded("Stop.", 0.0, 1.5)))
        await line.until(AgentDone, 2)
        assert texts(line) == [LONG, "Stop.", "You said: Stop."]


async def test_a_hello_into_its_first_words_neither_stops_nor_occupies_it():
    studio = Studio()
    mind = Mind("Hello, this is Casa Verde in Lisbon.")
    async with live(mind, studio=studio, speed=10) as line:
        await line.until(AgentAudio)
        line.talk.hear_audio(studio.voice(0.6))
        line.talk.hear_audio(studio.sound(SpeechEnded("Hello?", 0.0, 0.6)))
        await line.until(AgentDone)
        await line.let_pass(2)
        assert texts(line) == [mind.opening, "Hello?"]
        line.talk.hear_audio(studio.words("Tea?"))
        await line.until(AgentDone, 2)
        assert mind.heard == ["Tea?"]


async def test_speech_that_goes_on_while_it_thinks_is_considered_as_one():
    studio, mind = Studio(), Mind()
    slow = asyncio.Event()

    async def answers(heard: str) -> Speech:
        mind.heard.append(heard)
        await slow.wait()
        return Speech("All right.")

    mind.answers = answers
    async with live(mind, studio=studio) as line:
        await line.until(AgentDone)
        line.talk.hear_audio(studio.words("I would like"))
        await line.until(UserSaid)
        line.talk.hear_audio(studio.sound(SpeechBegan(1.0)))
        line.talk.hear_audio(studio.sound(SpeechEnded("a table for two.", 1.0, 1.0)))
        await line.until(UserSaid, 2)
        slow.set()
        await line.until(AgentDone, 2)
    assert mind.heard == ["I would like", "I would like a table for two."]


async def test_words_too_short_to_interrupt_are_answered_afterwards():
    studio = Studio()
    async with live(Mind(), studio=studio, speed=20) as line:
        await line.until(AgentDone)
        line.talk.say(LONG)
        await line.until(StateChanged, 3)
        line.talk.hear_audio(studio.words("Really?"))
        await line.until(AgentDone, 3)
        assert texts(line) == ["Hello.", LONG, "Really?", "You said: Really?"]


async def test_it_does_not_start_to_speak_into_the_other_sides_words():
    studio = Studio()
    async with live(Mind(patience=1.0), studio=studio, speed=20) as line:
        await line.until(AgentDone)
        line.talk.hear_audio(studio.voice(0.1))
        line.talk.say("Listen.")
        await line.let_pass(4)
        assert texts(line) == ["Hello."]
        line.talk.hear_audio(studio.sound(SpeechEnded("", 0.0, 1.0)))
        await line.until(AgentDone, 2)
        assert texts(line) == ["Hello.", "Listen."]


async def test_a_line_that_falls_mute_in_the_middle_of_a_word_is_fed_silence():
    studio = Studio()
    async with live(Mind(), studio=studio) as line:
        line.talk.hear_audio(studio.voice(0.1))
        await line.until(VoiceActivity)
        fed = studio.ears.fed
        await until(lambda: studio.ears.fed >= fed + 32_000)


async def test_somebody_impatient_answers_before_the_other_side_has_finished():
    studio = Studio()
    async with live(Mind(), studio=studio, manners=Manners(interrupts=True)) as line:
        await line.until(AgentDone)
        line.talk.hear_audio(studio.sound(SpeechBegan(0.0), SpeechPartial("Breakfast is served")))
        await line.until(UserTentative)
        line.talk.hear_audio(studio.sound(SpeechPartial("Breakfast is served from seven")))
        line.talk.hear_audio(studio.sound(*[SpeechScore(0.9)] * 60))
        line.talk.hear_audio(studio.sound(SpeechEnded("Breakfast is served from seven to ten.", 0.0, 3.0)))
        await line.until(AgentDone, 2)
        assert texts(line) == [
            "Hello.",
            "Breakfast is served from seven",
            "You said: Breakfast is served from seven",
        ]


async def test_the_medium_may_change_in_the_middle_of_the_talk():
    studio = Studio()
    async with live(Mind(), studio=studio) as line:
        await line.until(AgentDone)
        line.talk.speaks = False
        line.talk.hear_audio(studio.words("One."))
        await line.until(AgentDone, 2)
        silent = len(line.of(AgentAudio))
        line.talk.speaks = True
        line.talk.hear_text("Two.")
        await line.until(AgentDone, 3)
        assert silent == 5
        assert len(line.of(AgentAudio)) > silent


async def test_without_speech_the_talk_is_in_writing():
    studio = Studio()
    studio.why_not = "Speech is not installed."
    async with live(Mind(), studio=studio) as line:
        line.talk.hear_audio(b"\1\0")
        line.talk.hear_text("Tea?")
        await line.until(AgentDone, 2)
        assert not line.talk.speaks
        assert not line.of(AgentAudio)


async def test_a_farewell_is_spoken_and_a_hang_up_waits_for_its_last_word():
    studio, mind = Studio(), Mind()
    mind.replies["Bye."] = Speech("Goodbye to you.", hangs_up=True)
    async with live(mind, studio=studio) as line:
        line.talk.hear_audio(studio.words("Bye."))
        await line.until(AgentSays, 2)
        line.talk.hear_audio(studio.voice(1.0))
        assert await line.end() is Ending.AGENT_ENDED
    assert not line.talk.turns[-1].interrupted
    assert seconds(line.of(AgentAudio)) == pytest.approx(4 * SECONDS_PER_WORD)
    async with live(Mind(LONG), studio=Studio(), speed=10) as line:
        await line.until(AgentAudio, 12)
        line.talk.stop("Goodbye.")
        assert await line.end() is Ending.STOPPED
    assert texts(line)[1:] == ["Goodbye."]
    assert line.told()[-5:] == ["AgentSays", "StateChanged", "AgentAudio", "AgentDone", "Over"]


async def test_a_dead_line_in_the_middle_of_a_word_leaves_what_was_said_and_no_task():
    before = asyncio.all_tasks()
    async with live(Mind(LONG), studio=Studio(), speed=10) as line:
        await line.until(AgentAudio, 10)
        line.running.cancel()
    assert line.talk.turns[0].interrupted
    assert asyncio.all_tasks() == before


async def test_turns_know_when_they_were_said():
    studio = Studio()
    async with live(Mind(), studio=studio, speed=10) as line:
        await line.until(AgentDone)
        await line.let_pass(1)
        line.talk.hear_audio(bytes(16_000))
        line.talk.hear_audio(studio.sound(SpeechBegan(0.1), SpeechEnded("Tea?", 0.1, 0.3)))
        (said,) = await line.until(UserSaid)
        now = line.talk.seconds()
        assert 0.2 < now - said.turn.starts_at < 1.0
        assert said.turn.duration == 0.3


async def test_words_whose_answer_was_never_heard_belong_to_those_that_follow():
    studio, mind = Studio(), Mind()
    async with live(mind, studio=studio, speed=2) as line:
        await line.until(AgentDone)
        line.talk.hear_audio(studio.words("I would like"))
        await line.until(AgentSays, 2)
        line.talk.hear_audio(studio.voice(0.3))
        (cut,) = await line.until(Interrupted)
        line.talk.hear_audio(studio.sound(SpeechEnded("a table for two.", 0.0, 1.0)))
        await line.until(AgentDone, 2)
    assert cut.turn.text == ""
    assert mind.heard == ["I would like", "I would like a table for two."]
    assert texts(line)[-1] == "You said: I would like a table for two."
