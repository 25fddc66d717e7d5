import json

from tests.cli.stub import Answer

VOICE = {
    "platform": "ultravox",
    "id": "2c1c0f6f-9a7f-4f65-8f0e-6c1c2f1f0d3a",
    "name": "Mark",
    "category": None,
    "description": "Calm.",
    "language": "en",
    "labels": {},
    "preview_url": None,
}


def test_voices_are_listed_with_whole_ids(run, stub, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    stub.prepare("GET", "/voices", Answer(body=[VOICE]))
    result = run("voices", "list")
    assert VOICE["id"] in result.stdout
    assert "Mark" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert stub.seen[0].query == {"limit": "200"}


def test_voices_of_one_platform_as_json(run, stub):
    stub.prepare("GET", "/voices", Answer(body=[VOICE]))
    result = run("voices", "list", "--platform", "ultravox", "--json")
    assert json.loads(result.stdout) == [VOICE]
    assert stub.seen[0].query == {"platform": "ultravox", "limit": "200"}


def test_no_voices_hint_at_the_key(run, stub):
    stub.prepare("GET", "/voices", Answer(body=[]))
    assert "key" in run("voices", "list").stdout
