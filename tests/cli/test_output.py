import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from tests.cli.stub import Answer, agent, call, frame, problem, queued, stream

from switchboard.cli.output import clean, line
from switchboard.cli.transcript import print_call, print_turn

HOSTILE = "\x1b]0;owned\x07\x1b[2J[bold red]x[/] \u202egnp.exe \x9b31m a\rb \u2028c :smile: \ud800"


@given(st.text())
def test_cleaned_text_has_nothing_a_terminal_obeys(text):
    cleaned = clean(text)
    kinds = {unicodedata.category(character) for character in cleaned if character not in "\n\t"}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    cleaned.encode("utf-8")


@given(st.text())
def test_a_line_is_one_line(text):
    assert len(line(text).splitlines()) <= 1


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=50))
def test_ordinary_text_stays_as_it_is(text):
    assert clean(text) == text


@pytest.mark.parametrize("text", ["Grüße, 世界", "שלום", "👩‍👧 family", "می‌خواهم"])
def test_every_language_stays_readable(text):
    assert clean(text) == text


def _is_harmless(shown: str) -> bool:
    return not any(character in shown for character in "\x1b\x07\x9b\r\u202e\u2028\ud800")


def test_hostile_text_is_harmless_everywhere(run, stub, pauses):
    nasty = agent(name=HOSTILE, prompt=HOSTILE, first_message=HOSTILE, warnings=[HOSTILE], status=HOSTILE)
    stub.prepare("GET", "/agents", Answer(body=[nasty]))
    stub.prepare("GET", "/agents/agt_1", Answer(body=nasty))
    stub.prepare("GET", f"/agents/{nasty['id']}", Answer(body=nasty))
    stub.prepare("DELETE", f"/agents/{nasty['id']}", Answer(204))
    stub.prepare("POST", "/calls", Answer(201, queued(to=HOSTILE)))
    turn = {"index": 0, "role": HOSTILE, "text": HOSTILE, "at_seconds": HOSTILE, "interrupted": False}
    events = [frame(1, "call.turn", **turn), frame(2, "call.warning", message=HOSTILE), frame(3, "call.settled")]
    stub.prepare("GET", "/events", stream(*events))
    nasty_call = call(
        summary=HOSTILE, reason=HOSTILE, reason_detail=HOSTILE, session_id=HOSTILE, created_at=HOSTILE
    )
    stub.prepare("GET", "/calls/call_1", Answer(body=nasty_call))
    told = problem(422, "x", HOSTILE, HOSTILE, errors=[{"field": HOSTILE, "message": HOSTILE}])
    stub.prepare("GET", "/voices", Answer(422, told))
    for arguments in (
        ["agents", "list"],
        ["agents", "show", "agt_1"],
        ["agents", "delete", "agt_1", "--yes"],
        ["agents", "list", "--json"],
        ["calls", "start", "--agent", "agt_1", "--to", "x", "--follow"],
        ["voices", "list"],
        ["voices", "list", "--json"],
        ["agents", "show", HOSTILE.replace("\ud800", "")],
    ):
        result = run(*arguments)
        shown = result.stdout + result.stderr
        assert "owned" in shown
        assert _is_harmless(shown), arguments


def test_markup_in_a_transcript_is_text():
    out = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="truecolor")
    print_turn({"role": "agent", "text": "[bold red]x[/] :smile:", "at_seconds": 1}, out=out)
    assert "[bold red]x[/] :smile:" in out.file.getvalue()


def test_speakers_differ_in_colour_on_a_terminal_and_in_words_without(monkeypatch):
    def shown(role, **more):
        out = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard", **more)
        print_turn({"role": role, "text": "x", "at_seconds": 1}, out=out)
        return out.file.getvalue()

    assert shown("agent").replace("Agent ", "Callee") != shown("callee")
    assert "\x1b[1;36mAgent" in shown("agent")
    assert "\x1b[1;32mCallee" in shown("callee")
    assert "36m" not in shown("agent", no_color=True)


def test_a_long_turn_wraps_under_itself():
    out = Console(file=io.StringIO(), width=60)
    print_turn({"role": "callee", "text": "word " * 30, "at_seconds": 65}, out=out)
    lines = out.file.getvalue().splitlines()
    assert len(lines) > 2
    assert all(len(text) <= 60 for text in lines)
    assert {text.index("word") for text in lines} == {lines[0].index("word")}


def test_unknown_facts_are_left_out():
    out = Console(file=io.StringIO(), width=80)
    print_call(queued(), out=out)
    shown = out.file.getvalue()
    assert "Session" not in shown
    assert "Cost" not in shown
    assert "None" not in shown
