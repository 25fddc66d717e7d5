import json

import pytest
from tests.cli.stub import Answer, agent, problem


@pytest.mark.parametrize(
    ("status", "exit_code"),
    [
        *((401, 4), (403, 4), (404, 5)),
        *((400, 6), (409, 6), (412, 6), (413, 6), (415, 6), (422, 6), (424, 6)),
        *((429, 7), (500, 7), (503, 7)),
    ],
)
def test_each_refusal_has_its_exit_code(run, stub, status, exit_code):
    told = problem(status, "some-code", "Some title", "Do this instead.")
    stub.prepare("GET", "/agents/agt_1", Answer(status, told))
    result = run("agents", "show", "agt_1")
    assert result.exit_code == exit_code
    assert result.stdout == ""
    assert result.stderr == "Some title. Do this instead.\n" or status >= 500


def test_field_errors_are_listed_one_by_one(run, stub):
    errors = [
        {"field": "to", "message": "Write the number."},
        {"field": "variables.guest", "message": "Give a value."},
    ]
    told = problem(422, "invalid-input", "Some fields are wrong", "to: Write the number. (1 more in `errors`.)")
    stub.prepare("POST", "/calls", Answer(422, {**told, "errors": errors}))
    result = run("calls", "start", "--agent", "agt_1", "--to", "12")
    assert result.exit_code == 6
    assert result.stderr == ("Some fields are wrong.\n  to: Write the number.\n  variables.guest: Give a value.\n")


def test_machines_get_the_problem_itself_on_standard_error(run, stub):
    told = problem(404, "unknown-agent", "Unknown agent", "No agent agt_1 exists.", request_id="req_1")
    stub.prepare("GET", "/agents/agt_1", Answer(404, told))
    result = run("agents", "show", "agt_1", "--json")
    assert result.exit_code == 5
    assert result.stdout == ""
    assert json.loads(result.stderr) == told


def test_machines_get_local_failures_in_the_same_shape(run_bare):
    result = run_bare("agents", "list", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stderr)["code"] == "no-server"


def test_a_fault_of_the_server_names_its_request(run, stub):
    told = problem(500, "internal-error", "Something went wrong", "Try again.", request_id="req_77")
    stub.prepare("GET", "/agents", Answer(500, told))
    assert "req_77" in run("agents", "list").stderr


def test_a_proxys_page_is_repeated_in_short(run, stub):
    stub.prepare("GET", "/agents", Answer(502, b"<html>\x1b[31m bad gateway " + b"x" * 5000))
    result = run("agents", "list")
    assert result.exit_code == 7
    assert "HTTP 502" in result.stderr
    assert "bad gateway" in result.stderr
    assert "\x1b" not in result.stderr
    assert len(result.stderr) < 500


def test_another_program_on_the_port_is_noticed(run, stub):
    stub.prepare("GET", "/agents", Answer(200, b"<html>hello</html>"))
    result = run("agents", "list")
    assert result.exit_code == 3
    assert "did not answer JSON" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["agents", "create", "--name", "A"],
        ["agents", "create", "--name", "A", "--prompt", "x", "--prompt-file", "y"],
        ["agents", "create", "--name", "A", "--prompt-file", "missing.txt"],
        ["agents", "create", "--name", "A", "--prompt", "x", "--temperature", "2"],
        ["agents", "create", "--name", "A", "--prompt", "x", "--variable", "=x"],
        ["agents", "update", "agt_1"],
        ["agents", "delete", "agt_1"],
        ["calls", "start", "--agent", "agt_1"],
        ["calls", "start", "--agent", "agt_1", "--to", "+14155550100", "--var", "guest"],
        ["calls", "list", "--limit", "0"],
        ["keys", "create", "--name", "x"],
        ["calls", "dance"],
    ],
)
def test_wrong_usage_ends_2_and_sends_nothing_that_changes(run, stub, arguments):
    stub.prepare("GET", "/agents/agt_1", Answer(body=agent(id="agt_1")))
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr
    assert {seen.method for seen in stub.seen} <= {"GET"}
