import json

import pytest
from tests.cli.stub import Answer, call, frame, problem, queued, stream

from switchboard.cli import following

START = ["calls", "start", "--agent", "agt_1", "--to", "+14155550100", "--follow"]
HELLO = {"index": 0, "role": "agent", "text": "Hello Ann.", "at_seconds": 0.4, "interrupted": False}
REPLY = {"index": 1, "role": "callee", "text": "A table for two.", "at_seconds": 2.6, "interrupted": False}
BEGUN = "retry: 1000\nid: 0\n\n"
SETTLED = {"status": "completed", "reason": "callee_hangup", "summary": "x", "successful": "success"}


@pytest.fixture
def placed(stub):
    stub.prepare("POST", "/calls", Answer(201, queued()))
    stub.prepare("GET", "/calls/call_1", Answer(body=call()))
    return stub


def whole_call(*middle: str) -> Answer:
    return stream(
        BEGUN,
        frame(3, "call.queued", status="queued", to="+14155550100", platform="elevenlabs"),
        frame(4, "call.prepared", platform="elevenlabs", session_id="conv_1"),
        frame(7, "call.ringing", status="ringing"),
        frame(8, "call.answered", status="in-progress"),
        *middle,
        frame(20, "call.completed", status="completed", reason="callee_hangup", duration_seconds=64),
        frame(21, "call.settled", **SETTLED),
    )


def test_a_followed_call_shows_every_step_every_turn_and_the_facts(run, placed, pauses):
    placed.prepare("GET", "/events", whole_call(frame(9, "call.turn", **HELLO), frame(10, "call.turn", **REPLY)))
    result = run(*START)
    assert (result.exit_code, result.stderr) == (0, "")
    shown = [line.split() for line in result.stdout.splitlines()]
    assert ["0:00", "Agent", "Hello", "Ann."] in shown
    assert ["0:02", "Callee", "A", "table", "for", "two."] in shown
    steps = [words[1] for words in shown if len(words) > 1 and words[0].count(":") == 2]
    assert steps == ["queued", "prepared", "ringing", "answered", "completed", "settled"]
    for fact in ("completed: the callee hung up", "1 min 04 s", "$0.0561", "conv_1", "CA1"):
        assert fact in result.stdout
    asked = placed.requests("GET", "/events")
    assert [seen.query for seen in asked] == [{"call_id": "call_1", "after": "0"}]


def test_a_dropped_connection_is_resumed_where_it_broke(run, placed, pauses):
    placed.prepare(
        "GET",
        "/events",
        stream(
            BEGUN, frame(3, "call.queued"), frame(9, "call.turn", **HELLO), "id: 10\nevent: call.turn\ndata: {"
        ),
        Answer(cut=True),
        Answer(503, problem(503, "unavailable", "Out of reach", "Later.")),
        stream("retry: 1000\nid: 9\n\n", ": still here\n\n", frame(10, "call.turn", **REPLY)),
        stream(frame(21, "call.settled", **SETTLED)),
    )
    result = run(*START)
    assert result.exit_code == 0
    assert result.stdout.count("Hello Ann.") == 1
    assert result.stdout.count("A table for two.") == 1
    resumed = [seen.headers["last-event-id"] for seen in placed.requests("GET", "/events")]
    assert resumed == ["0", "9", "9", "9", "10"]
    assert pauses.count(0.2) >= 2


def test_a_server_that_stays_away_ends_the_watching_not_the_call(run, placed, pauses):
    placed.prepare("GET", "/events", stream(BEGUN, frame(3, "call.queued")), Answer(cut=True))
    result = run(*START)
    assert result.exit_code == 3
    assert "the call goes on" in result.stderr
    assert "switchboard calls hangup call_1" in result.stderr
    assert sum(pauses) > 120


def test_a_key_that_may_not_read_events_is_told_that_the_call_goes_on(run, placed):
    told = problem(403, "not-allowed", "The API key may not do this", "It lacks the scope events:read.")
    placed.prepare("GET", "/events", Answer(403, told))
    result = run(*START)
    assert result.exit_code == 4
    assert "events:read" in result.stderr
    assert "calls show call_1" in result.stderr


def test_a_corrected_turn_is_marked_and_a_repeated_one_is_not_shown_again(run, placed, pauses):
    corrected = {**HELLO, "text": "Hello Anne."}
    cut_short = {**REPLY, "interrupted": True}
    turns = [HELLO, HELLO, corrected, REPLY, cut_short]
    placed.prepare("GET", "/events", whole_call(*(frame(9 + i, "call.turn", **t) for i, t in enumerate(turns))))
    shown = run(*START).stdout
    assert shown.count("Hello Ann.") == 1
    assert "Hello Anne. (corrected)" in shown
    assert "A table for two. (interrupted)" in shown


def test_warnings_reroutes_and_unknown_events(run, placed, pauses):
    middle = [
        frame(9, "call.warning", message="The line stayed open."),
        frame(
            10, "call.rerouted", **{"from": "agt_1", "to": "agt_2", "reason": "x", "detail": "ElevenLabs is down."}
        ),
        frame(11, "call.invented_next_year", text="news"),
        "data: not json\n\n",
        "id: 12\ndata: [1]\n\n",
    ]
    placed.prepare("GET", "/events", whole_call(*middle))
    result = run(*START)
    assert result.exit_code == 0
    assert "The line stayed open." in result.stdout
    assert "to agt_2: ElevenLabs is down." in result.stdout
    assert "news" not in result.stdout


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        ("busy", "callee_busy", "busy: the line was engaged"),
        ("no-answer", "no_answer", "no-answer: nobody picked up"),
        ("failed", "invalid_number", "failed: the number cannot be reached"),
        ("canceled", "hangup_requested", "canceled: somebody asked Switchboard to hang up"),
        ("failed", "invented_next_year", "failed: invented next year"),
    ],
)
def test_a_call_that_did_not_complete_ends_1(run, stub, status, reason, told):
    stub.prepare("POST", "/calls", Answer(201, queued()))
    end = frame(9, f"call.{status}", status=status, reason=reason, duration_seconds=0)
    stub.prepare("GET", "/events", stream(BEGUN, end, frame(10, "call.settled", status=status, reason=reason)))
    final = queued(status=status, reason=reason, ended_at="2026-11-22T09:01:09Z", duration_seconds=0)
    stub.prepare("GET", "/calls/call_1", Answer(body=final))
    result = run(*START)
    assert result.exit_code == 1
    assert told in result.stdout


def test_machines_get_one_event_per_line_and_then_the_call(run, placed, pauses):
    placed.prepare("GET", "/events", whole_call(frame(9, "call.turn", **HELLO)))
    result = run(*START, "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["type"] for event in told[:-1]] == [
        "call.queued",
        "call.prepared",
        "call.ringing",
        "call.answered",
        "call.turn",
        "call.completed",
        "call.settled",
    ]
    assert told[4]["data"] == HELLO
    assert told[-1] == call()


def test_patience_with_a_call_that_never_settles_has_an_end(run, stub, pauses, monkeypatch):
    monkeypatch.setattr(following, "PATIENCE_SECONDS", -1.0)
    stub.prepare("POST", "/calls", Answer(201, queued()))
    stub.prepare("GET", "/events", stream(frame(9, "call.completed", status="completed", reason="callee_hangup")))
    stub.prepare("GET", "/calls/call_1", Answer(body=call(settled_at=None)))
    result = run(*START)
    assert result.exit_code == 0
    assert "not settled yet" in result.stdout


def test_an_interrupt_stops_the_watching_and_says_how_to_hang_up(run, placed, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(following, "call_events", interrupted)
    result = run(*START)
    assert result.exit_code == 130
    assert "the call goes on" in result.stderr
    assert "switchboard calls hangup call_1" in result.stderr
    assert placed.requests("POST", "/calls/call_1/hangup") == []


def test_a_call_that_is_under_way_can_be_watched_later(run, placed, pauses):
    placed.prepare("GET", "/events", whole_call(frame(9, "call.turn", **HELLO)))
    result = run("calls", "show", "call_1", "-f")
    assert result.exit_code == 0
    assert "Hello Ann." in result.stdout
