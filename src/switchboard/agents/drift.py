"""Drift: what was changed or deleted at the vendor behind our back, and taking it over or setting it right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from switchboard.agents.changes import Change
from switchboard.agents.errors import AgentBusy, AgentNotReady
from switchboard.agents.model import Agent
from switchboard.agents.placing import Placing
from switchboard.agents.record import AgentRecord
from switchboard.agents.service import AgentService, require_version
from switchboard.agents.translation import values_of
from switchboard.agents.versions import Author
from switchboard.agents.views import DriftState
from switchboard.providers.errors import ProviderMissing, ProviderUnavailable
from switchboard.providers.normalised import RemoteAgent
from switchboard.providers.platform import Platform


@dataclass(frozen=True, slots=True)
class DriftReport:
    """`fields` are `{field, here, there}`. `checked_at` is the last time that the platform answered."""

    state: DriftState
    fields: Sequence[Mapping[str, Any]]
    checked_at: datetime | None
    detail: str | None = None


class Drift:
    """Compares agents with their platforms."""

    def __init__(self, record: AgentRecord, placing: Placing, service: AgentService) -> None:
        self._record = record
        self._placing = placing
        self._service = service

    async def look(self, agent_id: str) -> DriftReport:
        """Ask the platform now; `unknown` when it does not answer."""
        agent = await self._record.get(agent_id)
        if agent.remote_id is None:
            return DriftReport("unknown", (), None, "The agent was never published.")
        try:
            remote = await self._placing.port(agent.platform).get_agent(agent.remote_id)
        except ProviderMissing:
            return _report(await self._record.drifted(agent, "missing"))
        except ProviderUnavailable as error:
            return DriftReport("unknown", (), agent.drift_checked_at, error.detail)
        return _report(await self.compare(agent, remote))

    def age_of(self, report: DriftReport) -> float | None:
        """Seconds since the platform last answered."""
        if report.checked_at is None:
            return None
        return max(0.0, (self._record.clock.now() - report.checked_at).total_seconds())

    async def compare(self, agent: Agent, remote: RemoteAgent) -> Agent:
        """Put on record how the agent stands to what its platform has."""
        port = self._placing.port(agent.platform)
        fields = deviations(port, agent, remote)
        if fields:
            return await self._record.drifted(agent, "changed", fields)
        return await self._record.drifted(agent, "in_sync", remote=understood(port, agent, remote))

    async def pull(self, agent_id: str, expected_version: int | None, author: Author) -> Agent | None:
        """Take over what the platform has, as a new version; None when it was deleted there and so is here."""
        agent = await self._placed(agent_id, expected_version)
        port = self._placing.port(agent.platform)
        try:
            remote = await port.get_agent(str(agent.remote_id))
        except ProviderMissing:
            await self._service.delete(agent_id, expected_version, author)
            return None
        names = {field["field"] for field in deviations(port, agent, remote)}
        there = understood(port, agent, remote)
        values = {name: value for name, value in values_of(there.spec).items() if name in names}
        if not values:
            return await self.compare(agent, remote)
        change = Change.of(agent, values, remote.secrets)
        current = await self._record.changed(agent, change, author, remote=there, action="pulled")
        if current is None:
            raise AgentBusy("The agent was saved by somebody else just now. Look at the drift again.")
        return current

    async def push(self, agent_id: str, expected_version: int | None) -> Agent:
        """Let the platform have what stands here, made anew if it was deleted there."""
        agent = await self._placed(agent_id, expected_version)
        try:
            remote = await self._placing.push(agent, agent)
        except ProviderMissing:
            remote = await self._placing.make_again(agent)
        return await self._record.drifted(agent, "in_sync", remote=remote)

    async def _placed(self, agent_id: str, expected_version: int | None) -> Agent:
        agent = await self._record.get(agent_id)
        require_version(agent, expected_version)
        if agent.remote_id is None:
            raise AgentNotReady("The agent was never published. Publish it first.")
        return agent


def understood(port: Platform, agent: Agent, remote: RemoteAgent) -> RemoteAgent:
    """The vendor's agent, read with what we know of it."""
    return replace(remote, spec=port.read_agent(remote.raw, agent.spec()))


def deviations(port: Platform, agent: Agent, remote: RemoteAgent) -> list[dict[str, Any]]:
    """What differs at the vendor from what we last left or saw there.

    Compared with that, not with our own fields, so that what a platform cannot express is no drift. Without a
    memory of it, what we would send stands in, where None means that any value is right.
    """
    spec = agent.spec()
    there, here = values_of(port.read_agent(remote.raw, spec)), values_of(spec)
    expressed = values_of(port.expressed(spec))
    before = agent.remote_seen
    found = []
    for name, value in there.items():
        same = value == expressed.get(name) or (
            value == before.get(name) if before is not None else expressed.get(name) is None
        )
        if not same:
            found.append({"field": name, "here": here.get(name), "there": value})
    return found


def _report(agent: Agent) -> DriftReport:
    return DriftReport(_state(agent), agent.drift_fields, agent.drift_checked_at)


def _state(agent: Agent) -> DriftState:
    state: Any = agent.drift
    return state  # type: ignore[no-any-return]  # the column holds nothing else
