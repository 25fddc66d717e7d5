"""Watching one call: its status, each turn as it is spoken, and the facts once it is settled."""

import time
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

from rich.console import Console
from rich.text import Text

from switchboard.cli import words
from switchboard.cli.client import Client, Record, quoted
from switchboard.cli.errors import ExitCode, Failure
from switchboard.cli.output import console, line, print_json, program
from switchboard.cli.stream import call_events
from switchboard.cli.transcript import print_call, print_step, print_turn

PATIENCE_SECONDS = 300.0
"""How long an ended call may stay unsettled before we stop watching."""
_FINAL = {"completed", "busy", "no-answer", "failed", "canceled"}


def follow(
    client: Client,
    call: Record,
    *,
    as_json: bool = False,
    out: Console | None = None,
    now: Callable[[], float] = time.monotonic,
) -> ExitCode:
    """Show the call from its first event until it is settled; returns what the command should exit with.

    An interrupt stops the watching, not the call.
    """
    call_id = str(call["id"])
    shown = Shown(out or console())
    if not as_json:
        shown.out.print(
            Text(f"{line(call_id)} to {line(call.get('to'))} on {line(call.get('platform'))}", style="bold")
        )
    try:
        with closing(_until_settled(client, call_id, now)) as events:
            for event in events:
                if as_json:
                    print_json(event)
                else:
                    shown.event(event)
        final: Record = client.get(f"/calls/{quoted(call_id)}")
    except KeyboardInterrupt:
        _tell_it_goes_on(call_id, "You stopped watching")
        return ExitCode.INTERRUPTED
    except Failure:
        _tell_it_goes_on(call_id, "Watching failed")
        raise
    if as_json:
        print_json(final)
    else:
        shown.out.print()
        print_call(final, out=shown.out)
    return ExitCode.OK if final.get("status") == "completed" else ExitCode.NOT_COMPLETED


class Shown:
    """What of a call is on the screen. A turn that comes again is a correction."""

    def __init__(self, out: Console) -> None:
        self.out = out
        self._turns: dict[Any, tuple[str, bool]] = {}

    def event(self, event: Record) -> None:
        """Print one event; unknown ones are left out, since more kinds will come."""
        kind, at = str(event.get("type")), event.get("at")
        data = event.get("data") if isinstance(event.get("data"), dict) else {}
        assert isinstance(data, dict)
        if kind == "call.turn":
            self._turn(data)
        elif kind == "call.warning":
            print_step(at, "warning", str(data.get("message") or ""), out=self.out, style="bold yellow")
        elif kind in _STEPS:
            print_step(at, _NAMES.get(kind, kind.removeprefix("call.")), _STEPS[kind](data), out=self.out)

    def _turn(self, turn: Record) -> None:
        text, interrupted = str(turn.get("text") or ""), bool(turn.get("interrupted"))
        before = self._turns.get(turn.get("index"))
        if before == (text, interrupted):
            return
        self._turns[turn.get("index")] = (text, interrupted)
        print_turn(turn, out=self.out, note="corrected" if before and before[0] != text else "")


def _until_settled(client: Client, call_id: str, now: Callable[[], float]) -> Generator[Record, None, None]:
    """The call's events, up to the last. Gives up on a call that ended but is not settled for long."""
    ended_at: float | None = None
    with closing(call_events(client, call_id)) as events:
        for event in events:
            kind = str(event.get("type")) if event else ""
            if event:
                yield event
            if kind == "call.settled":
                return
            if kind.removeprefix("call.") in _FINAL:
                ended_at = now()
            if ended_at is not None and now() - ended_at > PATIENCE_SECONDS:
                return


def _tell_it_goes_on(call_id: str, what: str) -> None:
    shown = line(call_id)
    console(stderr=True).print(
        Text(
            f"\n{what}; the call goes on.\n"
            f"  Watch again: {program()} calls show {shown} --follow\n"
            f"  Hang up:     {program()} calls hangup {shown}"
        ),
        soft_wrap=True,
    )


def _why(data: Record) -> str:
    return words.reason(data.get("reason")) or ""


def _nothing(_: Record) -> str:
    return ""


_NAMES = {"call.hangup_requested": "hang-up"}
_STEPS: dict[str, Callable[[Record], str]] = {
    "call.queued": _nothing,
    "call.prepared": lambda data: f"{data.get('platform')} session {data.get('session_id')}",
    "call.rerouted": lambda data: f"to {data.get('to')}: {data.get('detail') or data.get('reason')}",
    "call.initiated": _nothing,
    "call.ringing": _nothing,
    "call.answered": _nothing,
    "call.hangup_requested": lambda _: "asked for",
    "call.settled": _nothing,
    **dict.fromkeys((f"call.{status}" for status in _FINAL), _why),
}
