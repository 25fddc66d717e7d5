import json

import pytest
from tests.cli.stub import Answer, agent, call, queued

START = ["calls", "start", "--agent", "agt_1", "--to", "+14155550100"]


def test_starting_a_call_sends_the_variables_and_says_how_to_watch(run, stub):
    stub.prepare("POST", "/calls", Answer(201, queued()))
    result = run(*START, "--var", "guest=Ann=Lee", "--var", "note=", "--from", "+15005550006")
    assert result.exit_code == 0
    assert stub.seen[0].body == {
        "agent_id": "agt_1",
        "to": "+14155550100",
        "from": "+15005550006",
        "variables": {"guest": "Ann=Lee", "note": ""},
    }
    assert "switchboard calls show call_1 --follow" in result.stdout


def test_an_agent_may_be_named(run, stub):
    stub.prepare("GET", "/agents", Answer(body=[agent(id="agt_9")]))
    stub.prepare("POST", "/calls", Answer(201, queued()))
    assert run("calls", "start", "--agent", "Reception", "--to", "+14155550100").exit_code == 0
    assert stub.seen[1].body["agent_id"] == "agt_9"


def test_every_start_carries_an_idempotency_key_of_its_own(run, stub):
    stub.prepare("POST", "/calls", Answer(201, queued()))
    run(*START)
    run(*START)
    run(*START, "--idempotency-key", "mine")
    sent = [seen.headers["idempotency-key"] for seen in stub.seen]
    assert sent[2] == "mine"
    assert len(set(sent)) == 3
    assert len(sent[0]) >= 16


@pytest.mark.parametrize("loss", [Answer(cut=True), Answer(504, b"gateway time-out")])
def test_a_lost_answer_is_asked_for_again_under_the_same_key(run, stub, pauses, loss):
    stub.prepare("POST", "/calls", loss, loss, Answer(201, queued()))
    result = run(*START)
    assert result.exit_code == 0
    assert len(stub.seen) == 3
    assert len({seen.headers["idempotency-key"] for seen in stub.seen}) == 1
    assert len({json.dumps(seen.body) for seen in stub.seen}) == 1


def test_an_answer_lost_for_good_says_how_to_go_on_without_ringing_twice(run, stub, pauses):
    stub.prepare("POST", "/calls", Answer(cut=True))
    result = run(*START)
    assert result.exit_code == 3
    assert f"--idempotency-key {stub.seen[0].headers['idempotency-key']}" in result.stderr


def test_a_refusal_is_not_repeated(run, stub, pauses):
    stub.prepare("POST", "/calls", Answer(503, {"title": "Out of reach", "status": 503, "detail": "Later."}))
    assert run(*START).exit_code == 7
    assert len(stub.seen) == 1


def test_a_server_that_is_not_there_is_told_at_once(run, pauses):
    result = run(*START, "--url", "http://127.0.0.1:1")
    assert result.exit_code == 3
    assert pauses == [0.0]
    assert "does not answer" in result.stderr


def test_calls_are_listed_within_80_columns(run, stub, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    long_id = "call_01kc2v9m3x5r7t9w1y3a5c7e9g"
    stub.prepare("GET", "/calls", Answer(body=[call(id=long_id, status="in-progress"), queued(id=long_id)]))
    shown = run("calls", "list").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.count(long_id) == 2
    assert "in-progress" in shown
    assert "+14155550100" in shown
    assert "1 min 04 s" in shown


def test_calls_are_filtered_by_a_named_agent(run, stub):
    stub.prepare("GET", "/agents", Answer(body=[agent(id="agt_9")]))
    stub.prepare("GET", "/calls", Answer(body=[]))
    run("calls", "list", "--agent", "Rec", "--status", "busy", "--to", "+1", "--platform", "ultravox")
    assert stub.seen[1].query == {
        "limit": "50",
        "agent_id": "agt_9",
        "status": "busy",
        "to": "+1",
        "platform": "ultravox",
    }


def test_a_call_is_shown_with_what_was_said(run, stub):
    turns = [
        {"index": 0, "role": "agent", "text": "Hello Ann.", "at_seconds": 0.4, "interrupted": False},
        {"index": 1, "role": "callee", "text": "A table, please.", "at_seconds": 62.1, "interrupted": True},
    ]
    stub.prepare("GET", "/calls/call_1", Answer(body=call()))
    stub.prepare("GET", "/calls/call_1/transcript", Answer(body=turns))
    shown = run("calls", "show", "call_1").stdout
    assert "Hello Ann." in shown
    assert "1:02" in shown
    assert "(interrupted)" in shown
    assert "completed: the callee hung up" in shown
    for fact in ("1 min 04 s", "$0.0561", "conv_1", "CA1", "call_1", "Ann asked for a table."):
        assert fact in shown


def test_a_call_as_json_is_the_apis_object(run, stub):
    stub.prepare("GET", "/calls/call_1", Answer(body=call()))
    assert json.loads(run("calls", "show", "call_1", "--json").stdout) == call()
    assert len(stub.seen) == 1


def test_an_unanswered_call_has_no_transcript_to_ask_for(run, stub):
    stub.prepare("GET", "/calls/call_1", Answer(body=queued(status="failed", reason="invalid_number")))
    shown = run("calls", "show", "call_1").stdout
    assert "failed: the number cannot be reached" in shown
    assert len(stub.seen) == 1


def test_hanging_up(run, stub):
    stub.prepare("POST", "/calls/call_1/hangup", Answer(202, queued(status="ringing")))
    result = run("calls", "hangup", "call_1")
    assert (result.exit_code, result.stdout) == (0, "Hanging up call_1 (it was ringing).\n")
    assert json.loads(run("calls", "hangup", "call_1", "--json").stdout)["status"] == "ringing"
