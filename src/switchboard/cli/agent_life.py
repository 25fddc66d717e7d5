"""`switchboard agents …`: publish, versions, restore, drift, copy, duplicate, import."""

import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from switchboard.cli.agent_naming import agent_id
from switchboard.cli.command import Invocation, usage
from switchboard.cli.errors import ExitCode, Failure

_Agent = Annotated[str, typer.Argument(metavar="AGENT", help="Its id, or the beginning of its name.")]
_Name = Annotated[str | None, typer.Option("--name", help="What people call the new agent.")]
_POLL_SECONDS = 0.5
_IMPORT_SECONDS = 1800.0


def publish(run: Invocation, agent: _Agent) -> None:
    """Give the platform what was saved while it was out of reach."""
    _tell_agent(run, run.client.post(f"{_path(run, agent)}/publish"), "is at its platform.")


def duplicate(run: Invocation, agent: _Agent, name: _Name = None) -> None:
    """Make the same agent once more on the same platform."""
    made = run.client.post(f"{_path(run, agent)}/duplicate", {"name": name} if name else {})
    _tell_agent(run, made, "was made.")


def copy(
    run: Invocation,
    agent: _Agent,
    *,
    to: Annotated[str, typer.Option("--to", help="The other platform: elevenlabs or ultravox.")],
    name: _Name = None,
    voice: Annotated[
        str | None, typer.Option("--voice", help="Id of a voice there; without it a like one.")
    ] = None,
    twin: Annotated[bool, typer.Option("--twin", help="Let each stand in for the other.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be lost.")] = False,
) -> None:
    """Make the same agent on the other platform, and tell what is lost on the way."""
    from switchboard.cli.client import quoted

    flags = f"to={quoted(to)}&twin={str(twin).lower()}&dry_run={str(dry_run).lower()}"
    body = {key: value for key, value in (("name", name), ("voice", voice)) if value}
    run.answer(run.client.post(f"{_path(run, agent)}/copy?{flags}", body), _print_copy)


def versions(
    run: Invocation, agent: _Agent, limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50
) -> None:
    """List what an agent was, newest first."""
    run.answer(run.client.pages(f"{_path(run, agent)}/versions", limit=limit), _print_versions)


def diff(
    run: Invocation,
    agent: _Agent,
    version: Annotated[int, typer.Argument(help="An older version.")],
    to: Annotated[
        int | None, typer.Option("--to", help="The other version; without it the agent as it is.")
    ] = None,
) -> None:
    """Compare two versions of an agent, field by field."""
    run.answer(run.client.get(f"{_path(run, agent)}/versions/{version}/diff", to=to), _print_diff)


def restore(
    run: Invocation, agent: _Agent, version: Annotated[int, typer.Argument(help="An older version.")]
) -> None:
    """Make an old version the newest one, here and at the platform."""
    restored = run.client.post(f"{_path(run, agent)}/versions/{version}/restore")
    _tell_agent(run, restored, f"is as it was in version {version}.")


def drift(
    run: Invocation,
    agent: _Agent,
    pull: Annotated[bool, typer.Option("--pull", help="Take over what the platform has.")] = False,
    push: Annotated[bool, typer.Option("--push", help="Let the platform have what stands here.")] = False,
) -> None:
    """Ask the platform whether its agent is what stands here; exit code 8 when it is not."""
    if pull and push:
        raise usage("Give --pull or --push, not both.")
    path = f"{_path(run, agent)}/drift"
    if pull or push:
        run.client.send("POST", f"{path}/{'pull' if pull else 'push'}")
    found = run.client.get(path) if not pull or _is_there(run, path) else {"state": "in_sync", "fields": []}
    run.answer(found, _print_drift)
    if found["state"] in {"changed", "missing"}:
        raise typer.Exit(ExitCode.CHANGES)


def bring_in(
    run: Invocation,
    platform: Annotated[
        list[str] | None, typer.Option("--platform", help="Only this platform; may be repeated.")
    ] = None,
) -> None:
    """Bring in agents that were made elsewhere, without changing them."""
    started = run.client.post("/agents/import", {"platforms": platform} if platform else {})
    give_up = time.monotonic() + _IMPORT_SECONDS
    told = started
    while told["status"] == "running" and time.monotonic() < give_up:
        run.client.sleep(_POLL_SECONDS)
        told = run.client.get(f"/agents/imports/{started['id']}")
    run.answer(told, _print_import)
    if told["status"] != "finished":
        raise typer.Exit(ExitCode.NOT_COMPLETED)


COMMANDS: Mapping[str, Callable[..., None]] = {
    "publish": publish,
    "duplicate": duplicate,
    "copy": copy,
    "versions": versions,
    "diff": diff,
    "restore": restore,
    "drift": drift,
    "import": bring_in,
}


def _path(run: Invocation, agent: str) -> str:
    from switchboard.cli.client import quoted

    return f"/agents/{quoted(agent_id(run, agent))}"


def _is_there(run: Invocation, path: str) -> bool:
    """A pull of what was deleted there deletes it here."""
    try:
        run.client.get(path)
    except Failure as failure:
        if failure.exit_code is ExitCode.NOT_FOUND:
            return False
        raise
    return True


def _tell_agent(run: Invocation, agent: dict[str, Any], what: str) -> None:
    from switchboard.cli.output import line

    run.answer(agent, lambda found: run.say(f"{line(found['name'])} ({line(found['id'])}) {what}"))


def _print_copy(told: dict[str, Any]) -> None:
    from switchboard.cli.output import line, say, table

    if told["agent"] is not None:
        say(
            f"{line(told['agent']['name'])} ({line(told['agent']['id'])}) was made on {told['agent']['platform']}."
        )
    if told["voice"] is not None:
        say(f"Voice: {line(told['voice']['name'])} ({line(told['voice']['id'])})")
    rows = [(loss["field"], loss["instead"]) for loss in told["losses"]]
    table(("lost", "instead"), rows, empty="Nothing is lost.", flexible="instead", folds=True)


def _print_versions(found: list[dict[str, Any]]) -> None:
    from switchboard.cli import words
    from switchboard.cli.output import table

    rows = [(one["version"], words.moment(one["at"]), one["author"], ", ".join(one["fields"])) for one in found]
    table(("version", "when", "by", "changed"), rows, empty="No versions.", flexible="changed")


def _print_diff(found: list[dict[str, Any]]) -> None:
    _print_fields([(one["field"], one["before"], one["after"]) for one in found], ("before", "after"))


def _print_drift(found: dict[str, Any]) -> None:
    from switchboard.cli.output import line, say

    said = {
        "in_sync": "The platform has what stands here.",
        "changed": "It was changed at the platform:",
        "missing": "It was deleted at the platform.",
        "unknown": "The platform cannot be asked now.",
    }[found["state"]]
    say(f"{said} {line(found.get('detail') or '')}".rstrip())
    if found["fields"]:
        _print_fields([(one["field"], one["here"], one["there"]) for one in found["fields"]], ("here", "there"))


def _print_fields(rows: list[tuple[str, Any, Any]], titles: tuple[str, str]) -> None:
    import json

    from switchboard.cli.output import table

    shown = [(field, *(v if isinstance(v, str) else json.dumps(v) for v in values)) for field, *values in rows]
    table(("field", *titles), shown, empty="Nothing differs.", flexible=titles[1], folds=True)


def _print_import(told: dict[str, Any]) -> None:
    from switchboard.cli.output import table

    rows = [
        (name, part["state"], part["seen"], part["imported"], part.get("detail"))
        for name, part in told["progress"].items()
    ]
    table(("platform", "state", "there", "new here", "trouble"), rows, empty="No platform.", flexible="trouble")
