import json

import pytest
from tests.cli.stub import KEY, Answer, agent


def write_note(folder, **note):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.json").write_text(json.dumps(note), encoding="utf-8")


def test_a_demo_in_the_default_folder_is_found(run_bare, stub, tmp_path):
    write_note(tmp_path / ".switchboard", url=stub.url, api_key=KEY, sandbox_url="x", console_login_url="y")
    stub.prepare("GET", "/agents", Answer(body=[agent()]))
    result = run_bare("agents", "list")
    assert result.exit_code == 0
    assert "Reception" in result.stdout
    assert stub.seen[0].headers["x-api-key"] == KEY


@pytest.mark.parametrize("given", ["option", "environment"])
def test_a_demo_in_another_folder_is_found(run_bare, stub, tmp_path, monkeypatch, given):
    write_note(tmp_path / "elsewhere", url=stub.url + "/", api_key=KEY)
    stub.prepare("GET", "/agents", Answer(body=[]))
    if given == "environment":
        monkeypatch.setenv("SWITCHBOARD_DATA_DIR", "elsewhere")
    options = ["--data-dir", "elsewhere"] if given == "option" else []
    result = run_bare("agents", "list", *options)
    assert (result.exit_code, result.stderr) == (0, "")


def test_without_any_server_a_sentence_says_what_to_do(run_bare):
    result = run_bare("agents", "list")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "make run" in result.stderr
    assert "SWITCHBOARD_URL and SWITCHBOARD_API_KEY" in result.stderr


def test_the_demos_key_does_not_travel_to_another_host(run_bare, stub, tmp_path):
    write_note(tmp_path / ".switchboard", url="http://127.0.0.1:1", api_key=KEY)
    result = run_bare("agents", "list", "--url", stub.url)
    assert result.exit_code == 4
    assert "SWITCHBOARD_API_KEY" in result.stderr
    assert stub.seen == []


def test_an_address_given_for_the_demo_itself_finds_its_key(run_bare, stub, tmp_path):
    write_note(tmp_path / ".switchboard", url=stub.url, api_key=KEY)
    stub.prepare("GET", "/agents", Answer(body=[]))
    assert run_bare("agents", "list", "--url", stub.url + "/").exit_code == 0


def test_a_demo_that_is_gone_is_told_with_the_place_of_its_address(run_bare, tmp_path):
    write_note(tmp_path / ".switchboard", url="http://127.0.0.1:1", api_key=KEY)
    result = run_bare("agents", "list")
    assert result.exit_code == 3
    assert "http://127.0.0.1:1 (from .switchboard/demo.json) does not answer" in result.stderr


def test_a_broken_note_is_told(run_bare, tmp_path):
    (tmp_path / ".switchboard").mkdir()
    (tmp_path / ".switchboard" / "demo.json").write_text("{", encoding="utf-8")
    result = run_bare("agents", "list")
    assert result.exit_code == 3
    assert "cannot be read" in result.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://x", "http://", "http://x:99999", "http://[::1"])
def test_a_malformed_address_is_a_usage_error(run_bare, url):
    result = run_bare("agents", "list", "--url", url, "--api-key", KEY)
    assert result.exit_code == 2
    assert "http://127.0.0.1:8000" in result.stderr


@pytest.mark.parametrize("key", ["sb_ä", "sb_a\nb"])
def test_a_malformed_key_never_leaves(run_bare, stub, key):
    result = run_bare("agents", "list", "--url", stub.url, "--api-key", key)
    assert result.exit_code == 4
    assert stub.seen == []


def test_options_win_over_the_environment(run, stub, monkeypatch):
    monkeypatch.setenv("SWITCHBOARD_URL", "http://127.0.0.1:1")
    stub.prepare("GET", "/agents", Answer(body=[]))
    assert run("agents", "list", "--url", stub.url, "--api-key", "sb_other").exit_code == 0
    assert stub.seen[0].headers["x-api-key"] == "sb_other"
