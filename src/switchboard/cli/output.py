"""What the command line prints. Text from elsewhere stays text: names and transcripts are not ours."""

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console, OverflowMethod
from rich.table import Table
from rich.text import Text

from switchboard.cli.errors import Problem

_UNLIMITED = 10_000
"""Columns where nobody looks: a pipe gets every row whole."""
_NARROWEST = 8
_SUMMARY = "Some fields are wrong."
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANKS = {"Zl", "Zp"}
_KEPT = "\n\t"


def clean(text: Any) -> str:
    """Text without what a terminal obeys: escapes and other controls, and marks that reorder a line."""
    return "".join(map(_harmless, str(text).replace("\r\n", "\n")))


def line(text: Any) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def console(*, stderr: bool = False) -> Console:
    """A console of the current stream; colours only on a terminal, never with NO_COLOR."""
    stream = sys.stderr if stderr else sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")  # a poor locale must not end a command half-way
    wide = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=_UNLIMITED if wide else None)


def print_json(value: Any) -> None:
    """One line of ASCII JSON: the API's own, safe on any terminal."""
    print(json.dumps(value, separators=(",", ":")), flush=True)


def print_problem(problem: Problem, *, as_json: bool) -> None:
    """A problem to standard error: its title, its sentence, its fields."""
    if as_json:
        print(json.dumps(problem, separators=(",", ":")), file=sys.stderr, flush=True)
        return
    errors = [error for error in problem.get("errors") or [] if isinstance(error, dict)]
    detail = line(problem.get("detail") or "")
    title = line(problem.get("title")).rstrip(".")
    told = Text.assemble((f"{title}.", "bold red"))
    if detail and not _says_nothing(detail, title, errors):
        told.append(f" {detail}")
    out = console(stderr=True)
    out.print(told, soft_wrap=True)
    for error in errors:
        out.print(Text(f"  {line(error.get('field'))}: {line(error.get('message'))}"), soft_wrap=True)
    if problem.get("request_id") and int(problem.get("status") or 0) >= 500:  # noqa: PLR2004 -- server's faults
        out.print(Text(f"  Request {line(problem['request_id'])}: the server's log says more."), soft_wrap=True)


def _says_nothing(detail: str, title: str, errors: Sequence[Problem]) -> bool:
    """True for a detail that repeats the title or a field's message, or only says that fields are wrong."""
    repeated = any(line(error.get("message")) in detail for error in errors)
    return detail.rstrip(".") == title or (bool(errors) and (detail == _SUMMARY or repeated))


def program() -> str:
    """How this program was called, for commands to copy: `.venv/bin/switchboard`, or the name if that is found."""
    called = Path(sys.argv[0])
    if called.name != "switchboard" or shutil.which(called.name) == str(called.absolute()):
        return "switchboard"
    return line(called)


def say(text: str) -> None:
    """A sentence to standard output."""
    console().print(Text(clean(text)), soft_wrap=True)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str, flexible: str, folds: bool = False
) -> None:
    """A table in which only the column `flexible` yields to a narrow terminal: ids are there to be copied.

    What does not fit in it is cut, or goes on below where it `folds`.
    """
    filled = [[_cell(value) for value in row] for row in rows]
    if not filled:
        say(empty)
        return
    out = console()
    widths = {name: max(cell_len(row[index]) for row in [columns, *filled]) for index, name in enumerate(columns)}
    room = out.width - sum(widths.values()) - len(columns) + 1 + widths[flexible]
    widths[flexible] = min(widths[flexible], max(room, _NARROWEST))
    drawn = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in columns:
        yields = name == flexible
        overflow: OverflowMethod = "ellipsis" if yields and not folds else "fold"
        drawn.add_column(name, width=widths[name], no_wrap=not (yields and folds), overflow=overflow)
    for row in filled:
        drawn.add_row(*map(Text, row))
    draw(drawn, out)


def wide(columns: int = 100) -> bool:
    """True when standard output has room for the lesser columns."""
    return console().width >= columns


def details(facts: Iterable[tuple[str, Any]], *, out: Console | None = None) -> None:
    """Names and values, one under the other; what is not known is left out."""
    drawn = Table.grid(padding=(0, 2, 0, 0))
    drawn.add_column(no_wrap=True, style="bold")
    drawn.add_column(overflow="fold")
    for name, value in facts:
        if value not in (None, "", [], {}):
            drawn.add_row(Text(name), Text(clean(value)))
    draw(drawn, out or console())


def draw(drawn: Table, out: Console) -> None:
    """Print a table; where nobody looks, without the blanks that fill its rows up."""
    if out.is_terminal:
        out.print(drawn)
        return
    with out.capture() as captured:
        out.print(drawn)
    out.file.write("".join(f"{row.rstrip()}\n" for row in captured.get().splitlines()))
    out.file.flush()


def _cell(value: Any) -> str:
    return line(value) if value not in (None, "") else "-"


def _harmless(character: str) -> str:
    if character in _KEPT:
        return character
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category in _BLANKS:
        return " "
    return "" if category == "Cc" or character in _BIDI else character
