"""`switchboard keys`: who may use the API."""

from datetime import datetime
from typing import Annotated, Any

import typer

from switchboard.cli.command import Invocation, command, confirmed

app = typer.Typer(help="API keys.", no_args_is_help=True)


@command(app, "list")
def list_keys(run: Invocation, limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 200) -> None:
    """List API keys, newest first, revoked ones included."""
    run.answer(run.client.pages("/keys", limit=limit), _print_table)


@command(app, "create")
def create_key(
    run: Invocation,
    name: Annotated[str, typer.Option("--name", help="Who or what will use it.")],
    scope: Annotated[
        list[str], typer.Option("--scope", help="What it may do, such as calls:read; may be repeated.")
    ],
    expires_at: Annotated[
        datetime | None, typer.Option("--expires-at", help="Local time from which on it is refused.")
    ] = None,
) -> None:
    """Create an API key. Its secret is shown once."""
    body: dict[str, Any] = {"name": name, "scopes": scope}
    if expires_at is not None:
        body["expires_at"] = expires_at.astimezone().isoformat()
    run.answer(run.client.post("/keys", body), _print_created)


@command(app, "revoke")
def revoke_key(
    run: Invocation,
    key: Annotated[str, typer.Argument(metavar="KEY_ID", help="key_…")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Revoke an API key: whoever uses it is refused from now on."""
    from switchboard.cli.client import quoted

    confirmed(f"Revoke {key}?", yes=yes)
    run.client.delete(f"/keys/{quoted(key)}")
    run.say(f"Revoked {key}.")


def _print_created(key: dict[str, Any]) -> None:
    from switchboard.cli import words
    from switchboard.cli.output import details, say

    expires = key.get("expires_at")
    details(
        [
            ("Key", key.get("id")),
            ("Name", key.get("name")),
            ("Scopes", ", ".join(key.get("scopes") or [])),
            ("Expires", words.moment(expires) if expires else "never"),
            ("Secret", key.get("secret")),
        ]
    )
    say("Keep the secret now: it is not shown again.")


def _print_table(keys: list[dict[str, Any]]) -> None:
    from switchboard.cli import words
    from switchboard.cli.output import table

    rows = [
        [key.get("id"), key.get("name"), _state(key), words.when(key.get("last_used_at")), " ".join(key["scopes"])]
        for key in keys
    ]
    table(
        ["ID", "NAME", "STATE", "LAST USED", "SCOPES"],
        rows,
        empty="There are no keys.",
        flexible="SCOPES",
        folds=True,
    )


def _state(key: dict[str, Any]) -> str:
    if key.get("revoked_at"):
        return "revoked"
    expires = key.get("expires_at")
    if expires and datetime.fromisoformat(expires) <= datetime.now().astimezone():
        return "expired"
    return "valid"
