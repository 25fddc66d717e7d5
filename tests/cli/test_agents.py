import json

import pytest
from tests.cli.stub import Answer, agent

ID = "agt_01kc2v9m3x5r7t9w1y3a5c7e9g"


def test_a_list_fits_80_columns_and_keeps_ids_whole(run, stub, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    stub.prepare("GET", "/agents", Answer(body=[agent(), agent(name="A very long name " * 4)]))
    result = run("agents", "list")
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stdout.count(ID) == 2
    assert "elevenlabs" in result.stdout
    assert "Reception" in result.stdout


def test_a_pipe_gets_every_row_whole(run, stub):
    name = "A very long name " * 4
    stub.prepare("GET", "/agents", Answer(body=[agent(name=name)]))
    result = run("agents", "list")
    assert name.strip() in result.stdout
    assert "\x1b" not in result.stdout
    assert all(row == row.rstrip() for row in result.stdout.splitlines())


def test_an_empty_list_says_what_to_do(run, stub):
    stub.prepare("GET", "/agents", Answer(body=[]))
    assert "agents create" in run("agents", "list").stdout


def test_filters_are_sent(run, stub):
    stub.prepare("GET", "/agents", Answer(body=[]))
    run("agents", "list", "--platform", "ultravox", "--search", "rec", "--status", "active", "--sort", "name")
    assert stub.seen[0].query == {
        "limit": "200",
        "platform": "ultravox",
        "search": "rec",
        "status": "active",
        "sort": "name",
    }


def test_pages_are_followed_up_to_the_limit(run, stub):
    link = {"Link": '<http://elsewhere.invalid/api/v1/agents?cursor=abc&limit=2>; rel="next"'}
    first = Answer(body=[agent(id="agt_1"), agent(id="agt_2")], headers=link)
    stub.prepare("GET", "/agents", first, Answer(body=[agent(id="agt_3"), agent(id="agt_4")]))
    result = run("agents", "list", "--limit", "3", "--json")
    assert [found["id"] for found in json.loads(result.stdout)] == ["agt_1", "agt_2", "agt_3"]
    assert stub.seen[1].query == {"cursor": "abc", "limit": "2"}


def test_machines_get_what_the_api_says(run, stub):
    stub.prepare("GET", f"/agents/{ID}", Answer(body=agent(name="Ünïcode \u202e")))
    result = run("agents", "show", ID, "--json")
    assert json.loads(result.stdout) == agent(name="Ünïcode \u202e")
    assert result.stdout.isascii()


def test_an_agent_is_shown_with_its_variables(run, stub):
    variables = {"guest": {"type": "string", "default": None}, "room": {"type": "string", "default": "1"}}
    stub.prepare("GET", f"/agents/{ID}", Answer(body=agent(variables=variables)))
    shown = run("agents", "show", ID).stdout
    assert "guest (required), room (default 1)" in shown
    assert "You greet {{guest}}." in shown
    assert "agent_7101" in shown
    assert "10 min 00 s" in shown


def test_creating_sends_only_what_was_given(run, stub):
    stub.prepare("POST", "/agents", Answer(201, agent()))
    result = run("agents", "create", "--name", "Reception", "--prompt", "Be kind.")
    assert result.exit_code == 0
    assert stub.seen[0].body == {"name": "Reception", "prompt": "Be kind."}
    assert ID in result.stdout


def test_creating_sends_every_option(run, stub):
    stub.prepare("POST", "/agents", Answer(201, agent()))
    options = {
        "--platform": "elevenlabs",
        "--name": "Reception",
        "--prompt": "Greet {{guest}}.",
        "--first-message": "Hello.",
        "--language": "de",
        "--voice": "v1",
        "--model": "m1",
        "--temperature": "0.5",
        "--max-duration": "300",
        "--fallback": "agt_2",
    }
    flat = [part for pair in options.items() for part in pair]
    run("agents", "create", *flat, "--variable", "guest", "--variable", "room=1=2", "--variable", "note=")
    assert stub.seen[0].body == {
        "platform": "elevenlabs",
        "name": "Reception",
        "prompt": "Greet {{guest}}.",
        "first_message": "Hello.",
        "language": "de",
        "voice": "v1",
        "model": "m1",
        "temperature": 0.5,
        "max_duration_seconds": 300,
        "variables": {
            "guest": {"type": "string", "default": None},
            "room": {"type": "string", "default": "1=2"},
            "note": {"type": "string", "default": ""},
        },
        "fallback_agent_id": "agt_2",
    }


def test_a_prompt_comes_from_a_file_or_from_standard_input(run, stub, tmp_path):
    stub.prepare("POST", "/agents", Answer(201, agent()))
    (tmp_path / "prompt.txt").write_text("Aus der Datei: ä\n", encoding="utf-8")
    run("agents", "create", "--name", "A", "--prompt-file", "prompt.txt")
    run("agents", "create", "--name", "A", "--prompt-file", "-", input="From a pipe")
    assert [seen.body["prompt"] for seen in stub.seen] == ["Aus der Datei: ä", "From a pipe"]


def test_updating_sends_only_the_changes_and_clears_with_empty_text(run, stub):
    stub.prepare("PATCH", f"/agents/{ID}", Answer(body=agent(version=4)))
    changes = ["--first-message", "", "--voice", "", "--model", "", "--fallback", "", "--status", "inactive"]
    result = run("agents", "update", ID, *changes)
    assert result.exit_code == 0
    assert stub.seen[0].body == {
        "first_message": "",
        "voice": None,
        "model": None,
        "fallback_agent_id": None,
        "status": "inactive",
    }


def test_deleting_says_what_is_gone(run, stub):
    stub.prepare("GET", f"/agents/{ID}", Answer(body=agent()))
    stub.prepare("DELETE", f"/agents/{ID}", Answer(204))
    result = run("agents", "delete", ID, "--yes")
    assert (result.exit_code, result.stdout) == (0, f"Deleted Reception ({ID}).\n")
    assert run("agents", "delete", ID, "-y", "--json").stdout == ""


def test_nothing_is_deleted_where_nobody_can_be_asked(run, stub):
    stub.prepare("GET", f"/agents/{ID}", Answer(body=agent()))
    result = run("agents", "delete", ID)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert stub.requests("DELETE", f"/agents/{ID}") == []


def test_an_agent_is_found_by_the_beginning_of_its_name(run, stub):
    others = [agent(id="agt_2", name="Night reception"), agent(id="agt_3", name="Reception desk")]
    stub.prepare("GET", "/agents", Answer(body=[*others, agent()]))
    stub.prepare("GET", "/agents/agt_3", Answer(body=agent(id="agt_3")))
    stub.prepare("GET", f"/agents/{ID}", Answer(body=agent()))
    assert "agt_3" in run("agents", "show", "reception d").stdout
    assert ID in run("agents", "show", "RECEPTION").stdout
    assert stub.seen[0].query["search"] == "reception d"


def test_a_name_of_several_agents_lists_them(run, stub):
    both = [agent(id="agt_2", name="Reception A"), agent(id="agt_3", name="Reception B", platform="ultravox")]
    stub.prepare("GET", "/agents", Answer(body=both))
    result = run("agents", "show", "Reception")
    assert result.exit_code == 2
    assert "agt_2 Reception A (elevenlabs)" in result.stderr
    assert "agt_3 Reception B (ultravox)" in result.stderr


@pytest.mark.parametrize("name", ["Nobody", " "])
def test_an_unknown_name_is_not_found(run, stub, name):
    stub.prepare("GET", "/agents", Answer(body=[]))
    assert run("agents", "show", name).exit_code == 5


def test_an_id_cannot_leave_its_place_in_the_address(run, stub):
    result = run("agents", "show", "agt_/../../keys?x=1#")
    assert result.exit_code == 5
    assert stub.seen[0].path == "/api/v1/agents/agt_%2F..%2F..%2Fkeys%3Fx%3D1%23"
