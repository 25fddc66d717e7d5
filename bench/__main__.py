"""`python -m bench [--seconds S] [--calls N] [--only <measures, comma-separated>]`: measure and print."""

import argparse
import asyncio
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from bench import measures
from bench.console import console
from bench.importing import importing
from bench.measures import Figure
from bench.speech import speech
from bench.stage import Stage, stage
from bench.talk import talk
from bench.text_calls import text_calls

RESULTS = Path(__file__).parent / "results"


async def _measure(on: Stage, options: argparse.Namespace) -> list[Figure]:
    wanted = options.only.split(",")
    await measures.create_agents(on)
    figures: list[Figure] = []
    if "console" in wanted:
        figures += await console(on)
    if "agents" in wanted:
        figures += await measures.agents(on, options.seconds)
    if "calls" in wanted:
        figures += await measures.calls(on, options.seconds)
    if "dial" in wanted:
        _forget_queued_calls(on)
        on.start("switchboard", "worker")
        await asyncio.sleep(3)
        figures += await measures.dial(on, options.calls)
    if "import" in wanted:
        if "dial" not in wanted:
            on.start("switchboard", "worker")
        figures += await importing(on, options.seconds)
    if "talk" in wanted:
        if not {"dial", "import"}.intersection(wanted):
            on.start("switchboard", "worker")
        figures += await talk(on)
    return figures + await _without_stage(wanted)


async def _without_stage(wanted: list[str]) -> list[Figure]:
    figures: list[Figure] = []
    if "speech" in wanted:
        figures += await speech()
    if "text-calls" in wanted:
        figures += await text_calls()
    return figures


def _forget_queued_calls(on: Stage) -> None:
    """The calls of the load must not be dialled."""
    import psycopg

    with psycopg.connect(on.environment["DATABASE_URL"]) as connection:
        connection.execute("TRUNCATE calls, call_turns, call_costs, procrastinate_jobs CASCADE")


def _machine() -> dict[str, object]:
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _print(figures: list[Figure], machine: dict[str, object]) -> None:
    table = Table(title=f"{machine['cpus']} CPUs, Python {machine['python']}, {machine['system']}")
    for heading in ("measure", "figure", "unit", "target", ""):
        table.add_column(heading, justify="right" if heading in {"figure", "target"} else "left")
    for figure in figures:
        target = f"≥ {figure.at_least:g}" if figure.at_least is not None else ""
        target = f"≤ {figure.at_most:g}" if figure.at_most is not None else target
        verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
        value = f"{figure.value:,.2f}" if figure.unit == "ratio" else f"{figure.value:,.1f}"
        table.add_row(figure.name, value, figure.unit, target, verdict)
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--seconds", type=float, default=16.0, help="load per measured target")
    parser.add_argument("--calls", type=int, default=100, help="calls placed for the time to dial")
    usual = "agents,calls,dial,import,speech,text-calls"
    parser.add_argument("--only", default=usual, help="which measures to run; also: talk, console")
    options = parser.parse_args()
    with stage() as on:
        figures = uvloop.run(_measure(on, options))
    machine = _machine()
    _print(figures, machine)
    told = {"machine": machine, "figures": [vars(f) | {"met": f.met} for f in figures]}
    print(json.dumps(told))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(told, indent=2) + "\n")


main()
