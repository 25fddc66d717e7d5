import pytest

from switchboard.sandbox.conversation.analysis import analyse, collect, judge
from switchboard.sandbox.conversation.dialogue import Ending, Role, Turn
from switchboard.sandbox.conversation.phrases import AGENT

NUMBER = "+14155550100"


def turns(*said: str) -> list[Turn]:
    """Agent first, then by turns."""
    roles = (Role.AGENT, Role.USER)
    return [Turn(roles[i % 2], text, float(i), 1.0, text) for i, text in enumerate(said)]


GOOD = turns(
    "Hello, Casa Verde.",
    "Hello, this is Ann Baker. How much is a room for four of us?",
    "A room costs 95 euros.",
    "Thank you, goodbye!",
    "Goodbye!",
)


def analysed(said: list[Turn], ending: Ending = Ending.AGENT_ENDED, language: str = "en"):
    return analyse(said, ending, agent="Reception", number=NUMBER, language=language)


def test_a_summary_tells_who_about_what_and_how_it_ended():
    found = analysed(GOOD)
    assert "Reception" in found.summary
    assert NUMBER in found.summary
    assert "prices" in found.summary
    assert "ended the call" in found.summary
    assert found.title == "Call about prices"
    assert found.successful == "success"


@pytest.mark.parametrize(("language", "word"), [("es-MX", "precios"), ("de", "Preise"), ("fr", "prix")])
def test_a_summary_is_in_the_agents_language(language, word):
    assert word in analysed(GOOD, language=language).summary


def test_questions_left_open_are_told_and_fail_the_call():
    said = turns("Hello.", "Do you sell boats?", AGENT["en"].unknown[0], "Goodbye!", "Goodbye!")
    found = analysed(said)
    assert "Do you sell boats?" in found.summary
    assert found.successful == "failure"


def test_machines_silence_and_nobody_are_failures_told_apart():
    machine = analysed(turns("Hello.", "Please leave a message after the tone."))
    silence, nobody = analysed(turns("Hello.")), analysed([])
    assert {one.successful for one in (machine, silence, nobody)} == {"failure"}
    assert len({one.summary for one in (machine, silence, nobody)}) == 3


def test_a_talk_cut_by_the_clock_has_no_verdict():
    assert analysed(GOOD[:3], Ending.TIME_UP).successful == "unknown"


def test_a_goal_is_judged_by_what_the_agent_said():
    assert judge(GOOD, "The agent told the price of a room").result == "success"
    assert judge(GOOD, "The agent offered a bicycle tour").result == "failure"
    assert judge(GOOD[:1], "The agent told the price").result == "unknown"


@pytest.mark.parametrize(
    ("kind", "description", "value"),
    [
        ("string", "name of the guest", "Ann Baker"),
        ("integer", "how many people come to the room", 4),
        ("boolean", "asked for the price", True),
        ("boolean", "asked for a bicycle", False),
        ("string", "colour of the bicycle", None),
    ],
)
def test_data_is_collected_from_what_the_user_said(kind, description, value):
    assert collect(GOOD, kind, description).result == value
