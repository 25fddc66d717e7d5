"""`switchboard agents talk` against a socket that answers as a server does."""

import json
import threading
from http import HTTPStatus

import pytest
from tests.cli.stub import KEY
from websockets.sync.server import serve

CALL = "call_01kc2v9m3x5r7t9w1y3a5c7e9g"
AGENT = "agt_01kc2v9m3x5r7t9w1y3a5c7e9g"


def caption(role, text):
    return {"type": "caption", "role": role, "text": text, "final": True, "turn": "x"}


def receptionist(connection, seen):
    for message in connection:
        frame = json.loads(message)
        seen.append(frame)
        if frame["type"] == "start":
            answers = [{"type": "started", "call_id": CALL}, caption("agent", "Casa \x1b[31mVerde.")]
        elif frame["type"] == "text":
            answers = [caption("callee", frame["text"]), {"type": "tool", "name": "book"}]
            answers.append(caption("agent", f"You said: {frame['text']}"))
        else:
            answers = [{"type": "ended", "reason": "callee_hangup", "call_id": CALL}]
        for answer in answers:
            connection.send(json.dumps(answer))
        if frame["type"] == "hangup":
            return


def refusing(connection, seen):
    problem = {"title": "Unknown agent", "status": 404, "detail": "No such agent.", "code": "unknown-agent"}
    seen.append(json.loads(connection.recv()))
    connection.send(json.dumps({"type": "error", "problem": problem}))
    connection.close(4404)


@pytest.fixture
def talk(run_bare):
    """Run the command against a socket that behaves as `handler`; also what it sent."""

    def invoke(handler, *arguments, process_request=None, **more):
        seen = []
        with serve(lambda c: handler(c, seen), "127.0.0.1", 0, process_request=process_request) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
            shared = ("--url", url, "--api-key", KEY)
            result = run_bare("agents", "talk", AGENT, *shared, *arguments, **more)
            server.shutdown()
            thread.join()
        return result, seen

    return invoke


def test_each_line_is_a_turn_and_the_end_of_input_hangs_up(talk):
    result, seen = talk(receptionist, "--var", "guest=Ann", input="Hello\n\n When? \n")
    assert result.exit_code == 0
    assert seen == [
        {"type": "start", "mode": "text", "variables": {"guest": "Ann"}},
        {"type": "text", "text": "Hello"},
        {"type": "text", "text": "When?"},
        {"type": "hangup"},
    ]
    assert result.stdout.splitlines() == [
        "agent: Casa [31mVerde.",
        "       (used book)",
        "agent: You said: Hello",
        "       (used book)",
        "agent: You said: When?",
        f"Over: the callee hung up. The call is {CALL}.",
    ]


def test_machines_get_the_frames(talk):
    result, _ = talk(receptionist, "--json", input="")
    kinds = [json.loads(line)["type"] for line in result.stdout.splitlines()]
    assert kinds == ["started", "caption", "ended"]


def test_a_talk_that_cannot_begin_ends_with_the_servers_problem(talk):
    result, _ = talk(refusing, input="Hello\n")
    assert result.exit_code == 5
    assert "No such agent." in result.stderr


def test_a_stranger_is_told_so(talk):
    def refuse(connection, request):
        return connection.respond(HTTPStatus.UNAUTHORIZED, json.dumps({"title": "A valid API key is needed"}))

    result, seen = talk(receptionist, process_request=refuse)
    assert (result.exit_code, seen) == (4, [])
    assert "A valid API key is needed" in result.stderr


def test_a_server_that_is_away_is_told_so(run_bare):
    result = run_bare("agents", "talk", AGENT, "--url", "http://127.0.0.1:1", "--api-key", KEY)
    assert result.exit_code == 3


def test_a_variable_without_value_is_wrong_usage(run_bare):
    result = run_bare("agents", "talk", AGENT, "--url", "http://x", "--api-key", KEY, "--var", "guest")
    assert result.exit_code == 2
