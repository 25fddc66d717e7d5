import json
from datetime import datetime

from tests.cli.stub import Answer

KEY = {
    "id": "key_01k8d4m0h6v1n2p3q4r5s6t7w8",
    "name": "Nightly report",
    "prefix": "sb_4fG7x",
    "scopes": ["calls:read", "metrics:read"],
    "created_at": "2026-11-22T09:00:00Z",
    "expires_at": None,
    "revoked_at": None,
    "last_used_at": None,
}


def test_keys_are_listed_with_their_state(run, stub):
    gone = {**KEY, "id": "key_2", "revoked_at": "2026-11-22T09:00:00Z"}
    late = {**KEY, "id": "key_3", "expires_at": "2020-01-01T00:00:00Z"}
    stub.prepare("GET", "/keys", Answer(body=[KEY, gone, late]))
    rows = run("keys", "list").stdout.splitlines()
    assert [state for row in rows for state in ("valid", "revoked", "expired") if state in row.split()] == [
        "valid",
        "revoked",
        "expired",
    ]
    assert "calls:read metrics:read" in rows[1]


def test_many_scopes_fold_into_80_columns(run, stub, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    scopes = ["agents:read", "agents:write", "calls:read", "calls:write", "voices:read"]
    stub.prepare("GET", "/keys", Answer(body=[{**KEY, "scopes": scopes}]))
    shown = run("keys", "list").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert KEY["id"] in shown
    assert all(scope in shown for scope in scopes)


def test_a_new_key_shows_its_secret_once(run, stub):
    stub.prepare("POST", "/keys", Answer(201, {**KEY, "secret": "sb_secret"}))
    options = ["--scope", "calls:read", "--scope", "metrics:read", "--expires-at", "2030-01-02"]
    result = run("keys", "create", "--name", "Nightly report", *options)
    assert result.exit_code == 0
    assert "sb_secret" in result.stdout
    assert "not shown again" in result.stdout
    sent = stub.seen[0].body
    assert datetime.fromisoformat(sent.pop("expires_at")) == datetime(2030, 1, 2).astimezone()
    assert sent == {"name": "Nightly report", "scopes": ["calls:read", "metrics:read"]}


def test_a_new_key_as_json_is_only_json(run, stub):
    stub.prepare("POST", "/keys", Answer(201, {**KEY, "secret": "sb_secret"}))
    result = run("keys", "create", "--name", "x", "--scope", "admin", "--json")
    assert json.loads(result.stdout)["secret"] == "sb_secret"


def test_a_key_is_revoked_only_on_confirmation(run, stub):
    stub.prepare("DELETE", f"/keys/{KEY['id']}", Answer(204))
    assert run("keys", "revoke", KEY["id"]).exit_code == 2
    assert stub.seen == []
    result = run("keys", "revoke", KEY["id"], "--yes")
    assert (result.exit_code, result.stdout) == (0, f"Revoked {KEY['id']}.\n")
