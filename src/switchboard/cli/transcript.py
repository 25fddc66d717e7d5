"""A call on paper: what happened line by line, and the block of facts that it ends with."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from switchboard.cli import words
from switchboard.cli.errors import Problem
from switchboard.cli.output import clean, console, details, draw, line

_TIME_WIDTH, _WHO_WIDTH = 8, 9
_SPEAKERS = {"agent": ("Agent", "bold cyan"), "callee": ("Callee", "bold green"), "tool": ("Tool", "magenta")}
_OUTCOMES = {"completed": "bold green", "busy": "bold yellow", "no-answer": "bold yellow"}
_SETTLING = "not settled yet"


def print_call(call: dict[str, Any], *, out: Console | None = None) -> None:
    """Outcome, times, money and the ids that the call bears everywhere."""
    out = out or console()
    status, ended = line(call.get("status")), call.get("ended_at")
    why = words.reason(call.get("reason"))
    out.print(
        Text(
            f"{status}: {line(why)}" if why else status,
            style=_OUTCOMES.get(status, "bold red" if ended else "bold"),
        )
    )
    details(
        [
            ("What happened", _unless_said(call.get("reason_detail"), why)),
            ("Summary", line(call.get("summary") or "")),
            ("Successful", {"success": "yes", "failure": "no"}.get(str(call.get("successful")))),
            ("To", call.get("to")),
            ("Started", words.moment(call.get("created_at"))),
            ("Duration", words.duration(call.get("duration_seconds")) if ended else None),
            ("Cost", words.money(call.get("cost")) if call.get("cost") else None),
            ("Platform", call.get("platform")),
            ("Session", call.get("session_id")),
            ("Carrier leg", call.get("carrier_id")),
            ("Agent", call.get("agent_id")),
            ("Taken over from", call.get("rerouted_from")),
            ("Call", call.get("id")),
            ("Settled", None if call.get("settled_at") else _SETTLING),
        ],
        out=out,
    )


def print_turns(turns: Iterable[Problem], *, out: Console | None = None) -> None:
    """What was said, each turn with its time in the call."""
    out = out or console()
    shown = False
    for turn in turns:
        print_turn(turn, out=out)
        shown = True
    if shown:
        out.print()


def print_turn(turn: dict[str, Any], *, out: Console, note: str = "") -> None:
    """One thing said. `note` marks what is special about it."""
    role = str(turn.get("role"))
    name, style = _SPEAKERS.get(role, (line(role)[:_WHO_WIDTH], "magenta"))
    said = Text(line(turn.get("text") or ""))
    remark = ", ".join(filter(None, ["interrupted" if turn.get("interrupted") else "", note]))
    if remark:
        said.append(f" ({remark})", style="dim italic")
    _row(out, Text(words.position(turn.get("at_seconds")), style="dim"), Text(name, style=style), said)


def print_step(at: Any, name: str, told: str, *, out: Console, style: str = "bold") -> None:
    """One thing that happened to the call, at a time of day."""
    _row(out, Text(words.clock(at), style="dim"), Text(line(name), style=style), Text(line(told), style="dim"))


def _row(out: Console, time: Text, who: Text, said: Text) -> None:
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(justify="right", min_width=_TIME_WIDTH, no_wrap=True)
    row.add_column(min_width=_WHO_WIDTH, no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(time, who, said)
    draw(row, out)


def _unless_said(detail: Any, why: str | None) -> str | None:
    text = line(detail or "")
    return None if not text or text.rstrip(".").casefold() == (why or "").casefold() else clean(text)
