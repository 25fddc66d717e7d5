"""From an agent's record to what its platform is told, and back.

What a platform makes of it stands in `providers/<platform>/agents.py`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from switchboard.agents import variables
from switchboard.providers.agent_spec import AgentSpec, RemoteAgent, in_order
from switchboard.providers.platform import Platform

_OURS = {"variables", "secrets"}
_TYPES = {bool: "boolean", int: "number", float: "number"}


def spec_of(values: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> AgentSpec:
    """An agent's fields (the columns, or `AgentIn.model_dump()`) as its platform is told them."""
    known = {name: value for name, value in values.items() if name in AgentSpec.__dataclass_fields__}
    told = {"variables": variables.defaults(values["variables"]), "secrets": dict(secrets or {})}
    return in_order(msgspec.convert(known | told, AgentSpec))


def values_of(spec: AgentSpec) -> dict[str, Any]:
    """A platform's agent as values of our columns. Its tools' secrets are in `RemoteAgent.secrets`."""
    told: dict[str, Any] = msgspec.to_builtins(spec)
    kept = {name: value for name, value in told.items() if name not in _OURS}
    return kept | {"variables": {name: _variable(default) for name, default in spec.variables.items()}}


class Difference(NamedTuple):
    """A field that the platform has otherwise than we do."""

    field: str
    here: Any
    there: Any


def differences(platform: Platform, ours: AgentSpec, remote: RemoteAgent) -> list[Difference]:
    """What was changed at the platform. Losses, the platform's own defaults and spellings are no differences."""
    wanted = values_of(platform.expressed(ours))
    found = values_of(platform.read_agent(remote.raw, ours))
    return [
        Difference(name, wanted[name], found[name])
        for name in wanted
        if wanted[name] is not None and wanted[name] != found[name]
    ]


def _variable(default: Any) -> dict[str, Any]:
    return {"type": _TYPES.get(type(default), "string"), "default": default}
