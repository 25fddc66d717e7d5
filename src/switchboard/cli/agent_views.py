"""Agents on paper."""

from typing import Any

from switchboard.cli import words
from switchboard.cli.output import details, table, wide


def print_table(agents: list[dict[str, Any]]) -> None:
    names = ["ID", "NAME", "PLATFORM", "STATUS"]
    rows = [[agent.get("id"), agent.get("name"), agent.get("platform"), agent.get("status")] for agent in agents]
    if wide():
        names += ["LANGUAGE", "UPDATED"]
        rows = [
            [*row, a.get("language"), words.when(a.get("updated_at"))] for row, a in zip(rows, agents, strict=True)
        ]
    table(names, rows, empty="There are no agents. Create one with `switchboard agents create`.", flexible="NAME")


def print_details(agent: dict[str, Any]) -> None:
    declared = (agent.get("variables") or {}).items()
    details(
        [
            ("Agent", agent.get("id")),
            ("Name", agent.get("name")),
            ("Platform", f"{agent.get('platform')}, as {agent.get('remote_id') or 'not there yet'}"),
            ("Status", agent.get("status")),
            ("Version", agent.get("version")),
            ("Language", agent.get("language")),
            ("Voice", agent.get("voice")),
            ("Model", agent.get("model")),
            ("Temperature", agent.get("temperature")),
            ("Longest call", words.duration(agent.get("max_duration_seconds"))),
            ("Variables", ", ".join(_variable(name, rules) for name, rules in declared)),
            ("Fallback", agent.get("fallback_agent_id")),
            ("First message", agent.get("first_message")),
            ("Prompt", agent.get("prompt")),
            ("Warnings", "\n".join(map(str, agent.get("warnings") or []))),
            ("Updated", words.moment(agent.get("updated_at"))),
        ]
    )


def _variable(name: str, rules: dict[str, Any]) -> str:
    default = rules.get("default")
    return f"{name} (required)" if default is None else f"{name} (default {default})"
