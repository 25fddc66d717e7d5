"""`switchboard calls`: ring a phone, watch, read, hang up."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from switchboard.cli.agent_naming import agent_id
from switchboard.cli.command import Invocation, command, pairs, usage

app = typer.Typer(help="Phone calls.", no_args_is_help=True)

_Call = Annotated[str, typer.Argument(metavar="CALL_ID", help="call_…")]
_Follow = Annotated[bool, typer.Option("--follow", "-f", help="Watch it until it is settled.")]


@command(app, "start")
def start_call(
    run: Invocation,
    agent: Annotated[str, typer.Option("--agent", help="Id of the agent, or the beginning of its name.")],
    to: Annotated[str, typer.Option("--to", help="The phone to ring, such as +14155550100.")],
    var: Annotated[
        list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="Fill a variable; may be repeated.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Number to call from, if not the usual one.")] = None,
    follow: _Follow = False,
    idempotency_key: Annotated[
        str | None, typer.Option("--idempotency-key", help="The same key again rings no second phone.")
    ] = None,
) -> None:
    """Ring a phone and let an agent talk."""
    variables = pairs(var or [], "--var")
    empty = [name for name, value in variables.items() if value is None]
    if empty:
        raise usage(f"--var {empty[0]!r} has no value. Write --var {empty[0]}=value.")
    body = {"agent_id": agent_id(run, agent), "to": to, "variables": variables}
    placed = run.client.place_call(body | ({"from": from_} if from_ else {}), idempotency_key)
    if follow:
        _follow(run, placed)
    else:
        run.answer(placed, _print_placed)


@command(app, "list")
def list_calls(
    run: Invocation,
    agent: Annotated[str | None, typer.Option(help="Only calls of this agent, by id or name.")] = None,
    platform: Annotated[str | None, typer.Option(help="Only this platform.")] = None,
    status: Annotated[str | None, typer.Option(help="Only this status, such as completed.")] = None,
    to: Annotated[str | None, typer.Option(help="Only calls to this number.")] = None,
    direction: Annotated[str | None, typer.Option(help="Only outbound, inbound or browser.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
) -> None:
    """List calls, newest first."""
    chosen = agent_id(run, agent) if agent else None
    found = run.client.pages(
        "/calls", limit=limit, agent_id=chosen, platform=platform, status=status, to=to, direction=direction
    )
    run.answer(found, _print_table)


@command(app, "show")
def show_call(run: Invocation, call: _Call, follow: _Follow = False) -> None:
    """Show a call and what was said."""
    found = run.client.get(_path(call))
    if follow:
        _follow(run, found)
    else:
        run.answer(found, _printer(run))


@command(app, "hangup")
def hang_up(run: Invocation, call: _Call) -> None:
    """End a call in any state."""
    run.answer(run.client.post(f"{_path(call)}/hangup"), _print_hangup)


def _follow(run: Invocation, call: dict[str, Any]) -> None:
    from switchboard.cli.errors import ExitCode
    from switchboard.cli.following import follow

    code = follow(run.client, call, as_json=run.as_json)
    if code is not ExitCode.OK:
        raise typer.Exit(code)


def _path(call: str) -> str:
    from switchboard.cli.client import quoted

    return f"/calls/{quoted(call)}"


def _print_placed(call: dict[str, Any]) -> None:
    from switchboard.cli.output import program, say

    shown = call["id"]
    say(f"{shown} is {call['status']} for {call['to']}. Watch it with:\n  {program()} calls show {shown} --follow")


def _print_hangup(call: dict[str, Any]) -> None:
    from switchboard.cli.output import say

    say(f"Hanging up {call['id']} (it was {call['status']}).")


def _printer(run: Invocation) -> Callable[[dict[str, Any]], None]:
    def show(call: dict[str, Any]) -> None:
        from switchboard.cli.transcript import print_call, print_turns

        if call.get("answered_at"):
            print_turns(run.client.get(f"{_path(call['id'])}/transcript"))
        print_call(call)

    return show


def _print_table(calls: list[dict[str, Any]]) -> None:
    from switchboard.cli import words
    from switchboard.cli.output import table, wide

    names = ["ID", "STATUS", "TO", "STARTED", "DURATION"]
    rows = [
        [
            call.get("id"),
            call.get("status"),
            call.get("to"),
            words.when(call.get("created_at")),
            words.duration(call.get("duration_seconds")),
        ]
        for call in calls
    ]
    if wide():
        names += ["COST", "PLATFORM", "REASON"]
        rows = [
            [*row, words.money(call.get("cost")), call.get("platform"), call.get("reason")]
            for row, call in zip(rows, calls, strict=True)
        ]
    table(names, rows, empty="There are no calls. Start one with `switchboard calls start`.", flexible="TO")
