"""`switchboard agents export|plan|apply DIR`: agents as YAML files, and what applying them would change."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from switchboard.cli.command import Invocation, confirmed
from switchboard.cli.errors import ExitCode, Failure

Record = dict[str, Any]

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder with one file for each agent.")]
_Prune = Annotated[bool, typer.Option("--prune", help="Delete agents that have no file.")]
_MANY = 100_000


@dataclass
class Change:
    """One agent that differs from its file. `fields` are `{field, before, after}`."""

    action: Literal["create", "update", "delete"]
    platform: str
    name: str
    file: str | None
    fields: list[Record] = field(default_factory=list)


@dataclass
class Plan:
    """What applying would do, and which agents were changed at their platforms by somebody else."""

    changes: list[Change]
    drifted: list[Record]
    server: dict[str, Record]
    files: dict[str, tuple[Path, Record]]

    @property
    def pending(self) -> bool:
        return bool(self.changes or self.drifted)

    def told(self) -> Record:
        return {"changes": [asdict(change) for change in self.changes], "drifted": self.drifted}


def export(run: Invocation, folder: _Folder) -> None:
    """Write every agent to a file of its own, without secrets."""
    from switchboard.cli.agent_yaml import as_file, dumped, read

    agents = _by_key(_all(run))
    ids = {agent["id"]: key for key, agent in agents.items()}
    folder.mkdir(parents=True, exist_ok=True)
    paths = {_key(read(path)): path for path in _yaml_files(folder)}
    taken = {path.name for path in paths.values()}
    for key, agent in agents.items():
        path = paths.get(key) or folder / _free_name(agent, taken)
        taken.add(path.name)
        path.write_text(dumped(as_file(agent, ids.get(agent["fallback_agent_id"] or ""))), encoding="utf-8")
    run.answer({"written": len(agents)}, lambda _: run.say(f"Wrote {len(agents)} agents to {folder}."))


def plan(run: Invocation, folder: _Folder, prune: _Prune = False) -> None:
    """Show what `apply` would change; exit code 8 when something is pending or has drifted."""
    found = _plan(run, folder, prune=prune)
    run.answer(found.told(), lambda _: _print(found))
    if found.pending:
        raise typer.Exit(ExitCode.CHANGES)


def apply(
    run: Invocation,
    folder: _Folder,
    prune: _Prune = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Make the agents what their files say, here and at their platforms."""
    found = _plan(run, folder, prune=prune)
    if not run.as_json:
        _print(found)
    if found.changes:
        confirmed(f"Apply {len(found.changes)} changes?", yes=yes)
    failures = _apply(run, found)
    run.answer(
        {**found.told(), "failed": failures},
        lambda _: _print_outcome(len(found.changes) - len(failures), failures),
    )
    if failures:
        raise typer.Exit(ExitCode.NOT_COMPLETED)


COMMANDS: Mapping[str, Callable[..., None]] = {"export": export, "plan": plan, "apply": apply}


def _plan(run: Invocation, folder: Path, *, prune: bool) -> Plan:
    from switchboard.cli.agent_yaml import read

    if not folder.is_dir():
        raise Failure.local(ExitCode.USAGE, "There is no such folder", f"{folder} is no folder.", code="no-folder")
    files: dict[str, tuple[Path, Record]] = {}
    for path in _yaml_files(folder):
        record = read(path)
        if _key(record) in files:
            raise _ambiguous(f"{files[_key(record)][0]} and {path} are both {_key(record)}.")
        files[_key(record)] = path, record
    server = _by_key(_all(run), only=None if prune else set(files))
    changes = [change for key, (path, record) in files.items() if (change := _change(server, key, path, record))]
    if prune:
        gone = [agent for key, agent in server.items() if key not in files]
        changes += [Change("delete", agent["platform"], agent["name"], None) for agent in gone]
    drifted = [
        {"platform": agent["platform"], "name": agent["name"], "state": agent["drift"]}
        for key, agent in server.items()
        if key in files and agent["drift"] in {"changed", "missing"}
    ]
    return Plan(changes, drifted, server, files)


def _change(server: dict[str, Record], key: str, path: Path, record: Record) -> Change | None:
    from switchboard.cli.agent_yaml import DEFAULTS, REQUIRED, comparable

    wanted = comparable(record)
    agent = server.get(key)
    if agent is None:
        stated = [name for name in (*REQUIRED, *DEFAULTS) if name in record]
        fields = [{"field": name, "before": None, "after": wanted[name]} for name in stated]
        return Change("create", record["platform"], record["name"], path.name, fields)
    ids = {one["id"]: its for its, one in server.items()}
    twin = agent["fallback_agent_id"]
    present = comparable({**agent, "twin": ids.get(twin, twin) if twin else None})
    if wanted["voice"] is None:  # a file that names no voice leaves the choice where it is
        wanted["voice"] = present["voice"]
    fields = [
        {"field": name, "before": present[name], "after": wanted[name]}
        for name in wanted
        if wanted[name] != present[name]
    ]
    return Change("update", record["platform"], record["name"], path.name, fields) if fields else None


def _apply(run: Invocation, found: Plan) -> list[Record]:
    """Do it, one agent after the other; what failed. Twins last, when all of them exist."""
    failures = []
    twins: list[tuple[str, str]] = []
    for change in found.changes:
        key = f"{change.platform}/{change.name}"
        try:
            _apply_one(run, found, change, key, twins)
        except Failure as failure:
            failures.append({"platform": change.platform, "name": change.name, "problem": failure.problem})
    for key, twin in twins:
        try:
            _set_twin(run, found, key, twin)
        except Failure as failure:
            platform, _, name = key.partition("/")
            failures.append({"platform": platform, "name": name, "problem": failure.problem})
    return failures


def _apply_one(run: Invocation, found: Plan, change: Change, key: str, twins: list[tuple[str, str]]) -> None:
    from switchboard.cli.agent_yaml import with_secrets

    agent = found.server.get(key)
    if change.action == "delete":
        assert agent is not None
        run.client.delete(_address(agent))
        return
    path, record = found.files[key]
    body = with_secrets(record, path, new=agent is None)
    twin = body.pop("twin", None)
    if agent is None:
        found.server[key] = run.client.post("/agents", body)
    elif [one["field"] for one in change.fields] != ["twin"]:
        body["fallback_agent_id"] = agent["fallback_agent_id"]
        found.server[key] = run.client.put(_address(agent), body, version=agent["version"])
    if twin or (agent is not None and agent["fallback_agent_id"]):
        twins.append((key, twin or ""))


def _set_twin(run: Invocation, found: Plan, key: str, twin: str) -> None:
    agent, other = found.server.get(key), found.server.get(twin)
    if agent is None:
        return  # it could not be made, which is told already
    if twin and other is None:
        other = _by_key(_all(run), only={twin}).get(twin)
        if other is None:
            raise Failure.local(ExitCode.NOT_FOUND, "Unknown twin", f"No agent is {twin}.", code="unknown-agent")
    wanted = other["id"] if other else None
    if agent["fallback_agent_id"] != wanted:
        found.server[key] = run.client.patch(_address(agent), {"fallback_agent_id": wanted})


def _all(run: Invocation) -> list[Record]:
    return run.client.pages("/agents", limit=_MANY, sort="created_at")


def _by_key(agents: Iterable[Record], only: set[str] | None = None) -> dict[str, Record]:
    """Agents by `platform/name`. Raises: Failure when two that matter share one."""
    found: dict[str, Record] = {}
    for agent in agents:
        key = _key(agent)
        if key in found and (only is None or key in only):
            raise _ambiguous(f"{found[key]['id']} and {agent['id']} are both {key}. Rename one of them.")
        found[key] = agent
    return found


def _key(agent: Record) -> str:
    from switchboard.cli.agent_yaml import key_of

    return key_of(agent)


def _address(agent: Record) -> str:
    from switchboard.cli.client import quoted

    return f"/agents/{quoted(agent['id'])}"


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"} and path.is_file())


def _free_name(agent: Record, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", agent["name"]).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "agent"
    names = (f"{slug}{suffix}.{agent['platform']}.yaml" for suffix in ("", *(f"-{n}" for n in range(2, _MANY))))
    return next(name for name in names if name not in taken)


def _ambiguous(detail: str) -> Failure:
    return Failure.local(ExitCode.USAGE, "Several agents fit", detail, code="ambiguous-agent")


def _print(found: Plan) -> None:
    from switchboard.cli.output import say

    for change in found.changes:
        sign = {"create": "+", "update": "~", "delete": "-"}[change.action]
        where = f"  ({change.file})" if change.file else ""
        say(f"{sign} {change.action} {change.platform}/{change.name}{where}")
        for one in change.fields:
            _print_field(one, new=change.action == "create")
    for one in found.drifted:
        said = {"changed": "changed", "missing": "deleted"}[one["state"]]
        say(f"! {one['platform']}/{one['name']} was {said} at its platform. See `switchboard agents drift`.")
    if not found.pending:
        say("Nothing to change.")


def _print_field(one: Record, *, new: bool) -> None:
    import difflib
    import json

    from switchboard.cli.output import say

    before, after = one["before"], one["after"]
    if isinstance(after, str) and isinstance(before, str) and "\n" in before + after:
        say(f"    {one['field']}:")
        for row in list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]:
            say(f"      {row}")
        return
    shown = [json.dumps(value, ensure_ascii=False) for value in (before, after)]
    say(f"    {one['field']}: {shown[1]}" if new else f"    {one['field']}: {shown[0]} → {shown[1]}")


def _print_outcome(done: int, failures: list[Record]) -> None:
    from switchboard.cli.output import line, say

    for one in failures:
        problem = one["problem"]
        say(f"x {one['platform']}/{one['name']}: {line(problem.get('detail') or problem.get('title'))}")
        for error in problem.get("errors") or ():
            say(f"    {line(error.get('field'))}: {line(error.get('message'))}")
    say(f"{done} changed, {len(failures)} failed." if done or failures else "Nothing was changed.")
