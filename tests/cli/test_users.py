import json

import psycopg
import pytest
import typer
from tests.cli.stub import Answer

from switchboard.cli.first_admin import announce_first_admin
from switchboard.settings import Settings

USER = {
    "id": "usr_01k8d4m0h6v1n2p3q4r5s6t7w8",
    "username": "ann",
    "name": "Ann Lee",
    "role": "operator",
    "has_password": True,
    "disabled_at": None,
    "last_signed_in_at": None,
    "created_at": "2026-11-22T09:00:00Z",
}
LINK = {"token": "sbl_x", "path": "/sign-in?token=sbl_x", "expires_at": "2026-11-22T09:15:00Z"}


def test_users_are_listed_with_their_state(run, stub):
    invited = {**USER, "id": "usr_2", "username": "bob", "has_password": False}
    gone = {**USER, "id": "usr_3", "username": "eve", "disabled_at": "2026-11-22T09:00:00Z"}
    stub.prepare("GET", "/users", Answer(body=[USER, invited, gone]))
    rows = run("users", "list").stdout.splitlines()
    states = [state for row in rows for state in ("active", "invited", "disabled") if state in row.split()]
    assert states == ["active", "invited", "disabled"]
    assert "Ann Lee" in rows[1]


def test_a_new_user_gets_a_link_at_our_address(run, stub):
    stub.prepare("POST", "/users", Answer(201, {**USER, "link": LINK}))
    result = run("users", "create", "ann", "--role", "operator", "--name", "Ann Lee")
    assert result.exit_code == 0
    assert f"{stub.url}/sign-in?token=sbl_x" in result.stdout
    assert stub.seen[0].body == {"username": "ann", "role": "operator", "name": "Ann Lee"}


@pytest.mark.parametrize("wanted", ["Ann", USER["id"]])
def test_a_password_is_reset_by_name_or_id(run, stub, wanted):
    stub.prepare("GET", "/users", Answer(body=[USER]))
    stub.prepare("POST", f"/users/{USER['id']}/link", Answer(201, LINK))
    result = run("users", "reset-password", wanted)
    assert (result.exit_code, "sbl_x" in result.stdout) == (0, True)
    assert json.loads(run("users", "reset-password", wanted, "--json").stdout) == LINK


def test_a_user_is_disabled_only_on_confirmation_and_enabled_again(run, stub):
    stub.prepare("GET", "/users", Answer(body=[USER]))
    stub.prepare("PATCH", f"/users/{USER['id']}", Answer(body=USER))
    assert run("users", "disable", "ann").exit_code == 2
    assert stub.requests("PATCH", f"/users/{USER['id']}") == []
    assert run("users", "disable", "ann", "--yes").stdout == "Disabled ann.\n"
    assert run("users", "enable", "ann").stdout == "Enabled ann.\n"
    sent = [seen.body for seen in stub.requests("PATCH", f"/users/{USER['id']}")]
    assert sent == [{"disabled": True}, {"disabled": False}]


def test_a_user_that_is_not_there_is_exit_code_5(run, stub):
    stub.prepare("GET", "/users", Answer(body=[USER]))
    result = run("users", "disable", "zoe", "--yes")
    assert result.exit_code == 5
    assert "users list" in result.stderr


def settings_of(url):
    return Settings(_env_file=None, DATABASE_URL=url)


async def test_the_first_admins_password_is_told_once(database_url, capsys):
    for _ in range(2):
        await announce_first_admin(settings_of(database_url))
    told = capsys.readouterr().err
    assert told.count("Password") == 1
    password = told.split("Password")[1].split()[0]
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT username, role, password_hash FROM users").fetchall()
        stored = str(connection.execute("SELECT data FROM events").fetchall())
    assert [row[:2] for row in rows] == [("admin", "admin")]
    assert rows[0][2].startswith("$argon2id$")
    assert password not in stored


async def test_a_database_without_our_tables_ends_the_start_with_advice(postgres, capsys):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare_of_tables")
    with pytest.raises(typer.Exit):
        await announce_first_admin(settings_of(postgres.url("bare_of_tables")))
    assert "switchboard db upgrade" in capsys.readouterr().err


async def test_a_database_that_is_away_ends_the_start_with_a_sentence(capsys):
    with pytest.raises(typer.Exit):
        await announce_first_admin(settings_of("postgresql://nobody@127.0.0.1:1/none"))
    assert "DATABASE_URL" in capsys.readouterr().err
