"""`switchboard users`: who may sign in to the console."""

from typing import Annotated, Any

import typer

from switchboard.cli.command import Invocation, command, confirmed

app = typer.Typer(help="People who sign in to the console.", no_args_is_help=True)

_User = Annotated[str, typer.Argument(metavar="USER", help="User name, or usr_….")]


@command(app, "list")
def list_users(
    run: Invocation, limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 200
) -> None:
    """List users, oldest first, disabled ones included."""
    run.answer(run.client.pages("/users", limit=limit), _print_table)


@command(app, "create")
def create_user(
    run: Invocation,
    username: Annotated[str, typer.Argument(metavar="USERNAME", help="Name to sign in with; an e-mail will do.")],
    role: Annotated[str, typer.Option("--role", help="viewer, operator or admin.")],
    name: Annotated[str | None, typer.Option("--name", help="What others call them.")] = None,
) -> None:
    """Let somebody in. Prints a one-time link with which they choose their password."""
    body = {"username": username, "role": role} | ({"name": name} if name else {})
    created = run.client.post("/users", body)
    run.answer(created, lambda user: _print_link(run, user["username"], user["link"]))


@command(app, "reset-password")
def reset_password(run: Invocation, user: _User) -> None:
    """Print a one-time link with which the user comes in and chooses a new password."""
    found = _found(run, user)
    link = run.client.post(f"/users/{found['id']}/link")
    run.answer(link, lambda link: _print_link(run, found["username"], link))


@command(app, "disable")
def disable_user(
    run: Invocation, user: _User, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Sign a user out everywhere and refuse them from now on."""
    found = _found(run, user)
    confirmed(f"Disable {found['username']}?", yes=yes)
    changed = run.client.patch(f"/users/{found['id']}", {"disabled": True})
    run.answer(changed, lambda _: run.say(f"Disabled {found['username']}."))


@command(app, "enable")
def enable_user(run: Invocation, user: _User) -> None:
    """Let a disabled user in again."""
    found = _found(run, user)
    changed = run.client.patch(f"/users/{found['id']}", {"disabled": False})
    run.answer(changed, lambda _: run.say(f"Enabled {found['username']}."))


def _found(run: Invocation, wanted: str) -> dict[str, Any]:
    """The user with this name or id. Raises: Failure when there is none."""
    from switchboard.cli.errors import ExitCode, Failure

    folded = wanted.strip().casefold()
    for user in run.client.pages("/users", limit=10_000):
        if folded in {user["username"], user["id"]}:
            return user
    detail = f"There is no user {wanted}. `switchboard users list` shows them all."
    raise Failure.local(ExitCode.NOT_FOUND, "Unknown user", detail, code="unknown-user")


def _print_link(run: Invocation, username: str, link: dict[str, Any]) -> None:
    from switchboard.cli import words
    from switchboard.cli.output import details, say

    address = run.client.location.url + link["path"]
    details([("User", username), ("Link", address), ("Until", words.moment(link["expires_at"]))])
    say("Hand the link to them only: whoever opens it first is in.")


def _print_table(users: list[dict[str, Any]]) -> None:
    from switchboard.cli import words
    from switchboard.cli.output import table

    rows = [
        [
            user["id"],
            user["username"],
            user["role"],
            _state(user),
            words.when(user["last_signed_in_at"]),
            user["name"],
        ]
        for user in users
    ]
    columns = ["ID", "USER NAME", "ROLE", "STATE", "LAST SIGN-IN", "NAME"]
    table(columns, rows, empty="There are no users.", flexible="NAME")


def _state(user: dict[str, Any]) -> str:
    if user["disabled_at"]:
        return "disabled"
    return "active" if user["has_password"] else "invited"
