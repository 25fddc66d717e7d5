import asyncio
from itertools import pairwise

import pytest
from tests.clocks import UnhurriedClock
from tests.sandbox.conversation.people import PROMPT, resident
from tests.waiting import patience

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.callee import callee
from switchboard.sandbox.conversation.dialogue import Dialogue, Ending, Manners, Role, spoken_seconds
from switchboard.sandbox.conversation.persona import Persona, SilenceLine, Tool
from switchboard.sandbox.line import StreamEnd, ToolCall, ToolResult
from switchboard.sandbox.phones.residents import Manner

AGENT_FIRST = Manners()
GREETING = "Hello, this is the reception of Casa Verde in Lisbon."


def dialogue(
    manner: Manner = Manner.TALKS, manners: Manners = AGENT_FIRST, *, speed: float = 100, **persona
) -> Dialogue:
    opening = "Hi, please leave your message after the tone. Beep." if manner is Manner.VOICEMAIL else "Hello?"
    who = resident(manner=manner, opening=opening)
    mind = AgentMind(Persona(**{"prompt": PROMPT, "first_message": GREETING, **persona}))
    return Dialogue(mind, callee(who, 1), UnhurriedClock(speed), manners)


async def until_turns(talk: Dialogue, count: int) -> None:
    async with patience():
        while len(talk.turns) < count:
            await talk.clock.sleep(0.05)


async def test_a_usual_talk_runs_at_the_pace_of_speech_and_ends_by_itself():
    talk = dialogue(speed=20)
    assert await talk.run() is Ending.AGENT_ENDED
    assert len(talk.turns) >= 6
    assert 25 < talk.turns[-1].starts_at < 90
    for turn, following in pairwise(talk.turns):
        assert turn.role is not following.role
        assert following.starts_at - turn.starts_at - spoken_seconds(turn.text) > 0.6


async def test_an_agents_turn_is_visible_while_it_speaks_and_a_users_once_spoken():
    talk = dialogue(speed=20)
    seen = []
    talk.listeners.append(lambda turn: seen.append((turn.role, talk.clock.elapsed() - turn.starts_at)))
    running = asyncio.create_task(talk.run())
    await until_turns(talk, 2)
    talk.stop()
    assert await running is Ending.STOPPED
    (agent, agent_delay), (again, agent_done), (user, user_delay) = seen[:3]
    assert (agent, again, user) == (Role.AGENT, Role.AGENT, Role.USER)
    assert agent_delay < 0.5
    assert agent_done >= spoken_seconds(talk.turns[0].text) * 0.9
    assert user_delay >= spoken_seconds(talk.turns[1].text) * 0.9


async def test_who_cannot_hang_up_waits_for_the_callee_to():
    talk = dialogue(can_hang_up=False)
    ending = await talk.run()
    assert ending is Ending.CALLEE_HUNG_UP
    assert ending.stream_end is StreamEnd.CALLEE_HUNG_UP
    assert talk.turns[-1].role is Role.USER


async def test_interrupted_turns_hold_only_what_was_spoken():
    talk = dialogue(Manner.INTERRUPTS)
    await talk.run()
    cut = [turn for turn in talk.turns if turn.interrupted]
    assert cut
    for turn in cut:
        assert turn.role is Role.AGENT
        assert turn.full_text.startswith(turn.text)
        assert 0 < len(turn.text.split()) < len(turn.full_text.split())


async def test_a_silent_callee_is_asked_for_and_then_left():
    talk = dialogue(Manner.SILENT)
    assert await talk.run() is Ending.AGENT_ENDED
    assert {turn.role for turn in talk.turns} == {Role.AGENT}
    assert len(talk.turns) == 4


async def test_a_silent_callee_ends_even_with_an_agent_that_cannot():
    talk = dialogue(Manner.SILENT, can_hang_up=False)
    assert await talk.run() is Ending.CALLEE_HUNG_UP


async def test_a_machine_talks_over_the_greeting_and_gets_a_message():
    talk = dialogue(Manner.VOICEMAIL)
    assert await talk.run() is Ending.AGENT_ENDED
    first, machine, message = talk.turns
    assert first.interrupted
    assert machine.role is Role.USER
    assert message.text.startswith(GREETING)


async def test_a_callee_who_hangs_up_at_once_says_nothing():
    talk = dialogue(Manner.HANGS_UP_AT_ONCE)
    assert await talk.run() is Ending.CALLEE_HUNG_UP
    assert talk.turns == []


async def test_the_callee_may_speak_first():
    talk = dialogue(manners=Manners(agent_first=False, fallback_after=2.0))
    await talk.run()
    assert talk.turns[0].text == "Hello?"
    assert talk.turns[1].text == GREETING


async def test_the_fallback_breaks_a_first_silence():
    talk = dialogue(Manner.SILENT, Manners(agent_first=False, fallback_after=2.0), speed=10)
    running = asyncio.create_task(talk.run())
    await until_turns(talk, 1)
    talk.stop()
    await running
    assert talk.turns[0].full_text == GREETING
    assert 2.3 <= talk.turns[0].starts_at < 5


async def test_the_longest_duration_cuts_the_talk_and_has_last_words():
    talk = dialogue(manners=Manners(longest=8.0, last_words="Our time is up."), speed=20)
    assert await talk.run() is Ending.TIME_UP
    assert talk.turns[-1].text == "Our time is up."
    assert 8 <= talk.turns[-1].starts_at < 20


async def test_a_stop_comes_through_in_the_middle_of_a_word():
    talk = dialogue(speed=5)
    running = asyncio.create_task(talk.run())
    await until_turns(talk, 1)
    talk.stop("Goodbye now.")
    assert await running is Ending.STOPPED
    assert talk.turns[0].interrupted
    assert [turn.text for turn in talk.turns[1:]] == ["Goodbye now."]


async def test_words_given_from_outside_are_said_and_read():
    talk = dialogue(Manner.SILENT, silence_lines=(SilenceLine(500, "Hello?"),))
    running = asyncio.create_task(talk.run())
    await until_turns(talk, 1)
    talk.say("Please hold the line.")
    await until_turns(talk, 2)
    talk.hear_text("How much is a double room?")
    await until_turns(talk, 4)
    talk.stop()
    await running
    assert talk.turns[1].full_text == "Please hold the line."
    assert (talk.turns[2].role, talk.turns[2].typed) == (Role.USER, True)
    assert talk.turns[3].full_text == "A double room costs 95 euros per night."


async def test_a_dead_line_leaves_the_turns_as_spoken():
    talk = dialogue(speed=5)
    running = asyncio.create_task(talk.run())
    await until_turns(talk, 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert talk.turns[0].interrupted


async def test_the_same_seed_gives_the_same_turns():
    talks = [dialogue(), dialogue()]
    await asyncio.gather(*(talk.run() for talk in talks))
    first, second = ([turn.full_text for turn in talk.turns] for talk in talks)
    assert first == second


async def test_tools_work_in_a_talk_of_words_and_a_stop_does_not_wait_for_them():
    hangs = asyncio.Event()

    async def run(call: ToolCall) -> ToolResult:
        if call.arguments == {"topic": "prices"}:
            return ToolResult("A room costs 95 euros.")
        await hangs.wait()
        raise AssertionError

    parameters = {"properties": {"topic": {"enum": ["prices", "hours"]}}, "required": ["topic"]}
    tool = Tool("look_up", "Prices, hours", parameters)
    talk = dialogue(Manner.SILENT, silence_lines=(SilenceLine(500, "Hello?"),), tools=(tool,))
    talk.toolbox.run = run
    running = asyncio.create_task(talk.run())
    await until_turns(talk, 1)
    talk.hear_text("What are your prices?")
    await until_turns(talk, 3)
    assert talk.turns[2].full_text == "A room costs 95 euros."
    talk.hear_text("And what are your hours?")
    await until_turns(talk, 4)
    talk.stop()
    async with patience():
        assert await running is Ending.STOPPED
