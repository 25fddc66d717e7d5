import asyncio

import pytest
from tests.clocks import UnhurriedClock
from tests.sandbox.conversation.lines import Mind, live

from switchboard.sandbox.conversation.live import Talk
from switchboard.sandbox.conversation.talk_events import (
    AgentDone,
    AgentSays,
    Over,
    StateChanged,
    ToolAnswered,
    ToolAsked,
    UserSaid,
)
from switchboard.sandbox.conversation.turns import Ending, Manners, Role
from switchboard.sandbox.line import Speech, ToolCall, ToolResult

LOOK_UP = ToolCall("1", "look_up", {"what": "tea"})


def texts(line) -> list[str]:
    return [turn.text for turn in line.talk.turns]


async def test_written_words_are_answered_in_writing_and_every_step_is_told():
    async with live(Mind()) as line:
        await line.until(StateChanged, 2)
        line.talk.hear_text("Tea?")
        await line.until(StateChanged, 5)
        assert line.told() == [
            *("AgentSays", "StateChanged", "AgentDone", "StateChanged"),
            *("UserSaid", "StateChanged", "AgentSays", "StateChanged", "AgentDone", "StateChanged"),
        ]
        states = [event.state for event in line.of(StateChanged)]
        assert states == ["speaking", "listening", "thinking", "speaking", "listening"]
        assert texts(line) == ["Hello.", "Tea?", "You said: Tea?"]
        assert line.talk.turns[1].typed


async def test_a_mind_that_opens_without_words_waits_for_the_other_side():
    async with live(Mind("")) as line:
        line.talk.hear_text("Hello?")
        await line.until(AgentDone)
        assert texts(line) == ["Hello?", "You said: Hello?"]


async def test_words_written_while_it_thinks_are_considered_together():
    mind = Mind()
    async with live(mind, speed=2) as line:
        await line.until(AgentDone)
        line.talk.hear_text("One.")
        await asyncio.sleep(0.02)
        line.talk.hear_text("Two.")
        await line.until(AgentDone, 2)
    assert mind.heard == ["One. Two."]


async def test_words_for_later_are_read_with_the_next_ones():
    mind = Mind()
    async with live(mind) as line:
        await line.until(AgentDone)
        line.talk.hear_text("It rains.", "later")
        await line.until(UserSaid)
        await line.let_pass(5)
        line.talk.hear_text("Tea?", "soon")
        await line.until(AgentDone, 2)
    assert mind.heard == ["It rains. Tea?"]


async def test_into_a_silence_it_speaks_up_and_may_leave():
    mind = Mind(patience=3.0)
    mind.replies[""] = Speech("Goodbye.", hangs_up=True)
    async with live(mind, speed=100) as line:
        assert await line.end() is Ending.AGENT_ENDED
        said = line.talk.turns[-1]
        assert said.text == "Goodbye."
        assert 3 <= said.starts_at < 5


async def test_a_stir_begins_the_silence_anew():
    async with live(Mind(patience=2.0), speed=20) as line:
        for _ in range(8):
            await line.let_pass(0.7)
            line.talk.stir()
        assert texts(line) == ["Hello."]
        await line.until(AgentDone, 2)


async def test_the_other_side_may_have_to_speak_first_and_the_fallback_breaks_its_silence():
    async with live(Mind(), manners=Manners(agent_first=False, fallback_after=4.0), speed=100) as line:
        await line.until(AgentDone)
        assert 4 <= line.talk.turns[0].starts_at < 7


async def test_it_says_what_it_is_made_to_say():
    async with live(Mind()) as line:
        await line.until(AgentDone)
        line.talk.say("Please hold the line.")
        await line.until(AgentDone, 2)
        assert texts(line) == ["Hello.", "Please hold the line."]


async def test_a_stop_has_a_farewell_and_everything_ends_with_over():
    async with live(Mind()) as line:
        await line.until(AgentDone)
        line.talk.stop("Goodbye now.")
        assert await line.end() is Ending.STOPPED
    assert texts(line) == ["Hello.", "Goodbye now."]
    assert line.events[-1] == Over(Ending.STOPPED)


async def test_the_longest_duration_has_last_words():
    manners = Manners(longest=2.0, last_words="Our time is up.")
    async with live(Mind(), manners=manners) as line:
        assert await line.end() is Ending.TIME_UP
    assert texts(line)[-1] == "Our time is up."


async def test_the_other_side_may_leave():
    async with live(Mind()) as line:
        line.talk.other_side_left()
        assert await line.end() is Ending.CALLEE_HUNG_UP


async def test_a_dead_line_ends_the_events_and_leaves_no_task():
    before = asyncio.all_tasks()
    async with live(Mind()) as line:
        await line.until(AgentDone)
        line.talk.hear_text("Tea?")
        line.running.cancel()
    assert line.events[-1] == Over(Ending.CARRIER_HUNG_UP)
    assert asyncio.all_tasks() == before


async def test_a_tool_is_used_and_its_answer_told():
    async def run(call: ToolCall) -> ToolResult:
        return ToolResult(f"{call.arguments['what']} is 3 euros")

    mind = Mind()
    mind.replies["Price?"] = LOOK_UP
    async with live(mind, run_tool=run) as line:
        line.talk.hear_text("Price?")
        await line.until(ToolAnswered)
        await line.until(AgentDone, 2)
        assert texts(line)[-1] == "It says: tea is 3 euros"
        assert line.of(ToolAsked) == [ToolAsked(LOOK_UP)]
        assert line.of(ToolAnswered) == [ToolAnswered(LOOK_UP, ToolResult("tea is 3 euros"))]


@pytest.mark.parametrize("runs", [True, False])
async def test_a_tool_that_is_missing_or_too_slow_is_an_error(runs):
    async def run(_: ToolCall) -> ToolResult:
        await asyncio.Event().wait()
        raise AssertionError

    mind = Mind()
    mind.replies["Price?"] = LOOK_UP
    async with live(mind, run_tool=run if runs else None, manners=Manners(tool_seconds=0.05)) as line:
        line.talk.hear_text("Price?")
        (answered,) = await line.until(ToolAnswered)
        assert answered.result.is_error
        assert "look_up" in answered.result.text


async def test_a_tool_may_end_the_call():
    async def run(_: ToolCall) -> ToolResult:
        return ToolResult("", hangs_up=True)

    mind = Mind()
    mind.replies["Bye."] = LOOK_UP
    async with live(mind, run_tool=run) as line:
        line.talk.hear_text("Bye.")
        assert await line.end() is Ending.AGENT_ENDED


async def test_a_tool_may_leave_the_agent_listening():
    async def run(_: ToolCall) -> ToolResult:
        return ToolResult("noted", listens=True)

    mind = Mind()
    mind.replies["Note it."] = LOOK_UP
    async with live(mind, run_tool=run) as line:
        await line.until(StateChanged, 2)
        line.talk.hear_text("Note it.")
        await line.until(ToolAnswered)
        await line.until(StateChanged, 4)
        assert texts(line) == ["Hello.", "Note it."]
        assert mind.heard[-1] == "noted"


async def test_words_do_not_disturb_a_tool_at_work():
    release = asyncio.Event()
    used = []

    async def run(call: ToolCall) -> ToolResult:
        used.append(call)
        await release.wait()
        return ToolResult("done")

    mind = Mind()
    mind.replies["Do it."] = LOOK_UP
    async with live(mind, run_tool=run) as line:
        line.talk.hear_text("Do it.")
        await line.until(ToolAsked)
        line.talk.hear_text("Well?")
        await line.until(UserSaid, 2)
        release.set()
        await line.until(AgentDone, 3)
    assert used == [LOOK_UP]
    assert texts(line)[-2:] == ["It says: done", "You said: Well?"]


async def test_a_talk_that_nobody_reads_and_a_flood_of_words_stay_bounded():
    talk = Talk(Mind(), UnhurriedClock(100))
    running = asyncio.create_task(talk.run())
    for index in range(5000):
        talk.hear_text(f"{index}")
        talk.say("Hm.")
        if index % 500 == 0:
            await asyncio.sleep(0)
    talk.other_side_left()
    assert await running is Ending.CALLEE_HUNG_UP
    events = [event async for event in talk.events()]
    assert len(events) <= 1000
    assert isinstance(events[-1], Over)


async def test_who_said_what_is_on_record():
    async with live(Mind()) as line:
        await line.until(AgentDone)
        line.talk.hear_text("Tea?")
        await line.until(AgentSays, 2)
        assert [turn.role for turn in line.talk.turns] == [Role.AGENT, Role.USER, Role.AGENT]
