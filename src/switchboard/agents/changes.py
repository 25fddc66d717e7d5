"""What a save changes: pure, so that it can be told before anything is asked or written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.schemas import Variable
from switchboard.agents.variables import used


@dataclass(frozen=True, slots=True)
class Change:
    """The fields that differ, the tools' new secrets, and the agent as it will be."""

    values: Mapping[str, Any]
    secrets: Mapping[str, str]
    after: Agent

    @classmethod
    def of(cls, agent: Agent, changes: Mapping[str, Any], secrets: Mapping[str, str]) -> Self:
        """`changes` laid on the agent; what they do not name stays."""
        before = {name: getattr(agent, name) for name in (*EDITABLE, "status")}
        after = before | {name: value for name, value in changes.items() if name in before}
        after["variables"] = with_used(after | {"variables": _still_wanted(before, after)})
        fresh = {key: value for key, value in secrets.items() if agent.tool_secrets.get(key) != value}
        differing = {name for name in before if before[name] != after[name]} | ({"tools"} if fresh else set())
        wanted = {name: after[name] for name in EDITABLE} | {"tool_secrets": {**agent.tool_secrets, **fresh}}
        return cls(
            {name: after[name] for name in (*EDITABLE, "status") if name in differing},
            fresh,
            Agent(id=agent.id, platform=agent.platform, **wanted),
        )


def with_used(values: Mapping[str, Any]) -> dict[str, Any]:
    """The declared variables and those that the texts use."""
    declared = dict(values["variables"])
    return {name: Variable().model_dump() for name in used(values) if name not in declared} | declared


def _still_wanted(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The variables without those that were there only because a text used them which no longer does."""
    dropped = set(used(before)) - set(used(after))
    bare = Variable().model_dump()
    return {name: value for name, value in after["variables"].items() if name not in dropped or value != bare}
