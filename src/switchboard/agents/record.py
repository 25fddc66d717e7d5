"""Every write of an agent: the row, its version, its event and its job, in one transaction. Asks no platform."""

from collections.abc import Iterable, Sequence
from typing import Any

from switchboard.agents.changes import Change
from switchboard.agents.errors import AgentBusy
from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.repository import Agents
from switchboard.agents.settings import AgentSettings
from switchboard.agents.translation import values_of
from switchboard.agents.versions import Author, Versions
from switchboard.agents.views import DriftState
from switchboard.core.clock import Clock
from switchboard.events.service import EventLog
from switchboard.jobs.app import Jobs
from switchboard.persistence.database import Database
from switchboard.providers.normalised import RemoteAgent

RECOVER = "agents:recover"
NOT_THERE_YET = "The platform has not made this agent: "
VOICE_REPLACED = "Its voice was replaced: "
HINDERED = "As it stands at the platform it takes no phone calls, until it is saved or pushed from here: "
_DRIFTED = "At the platform this agent was "


class AgentRecord:
    """Agents as we keep them."""

    def __init__(
        self, *, database: Database, events: EventLog, jobs: Jobs, clock: Clock, settings: AgentSettings
    ) -> None:
        self.database = database
        self.events = events
        self.jobs = jobs
        self.clock = clock
        self.settings = settings

    async def get(self, agent_id: str) -> Agent:
        """Raises: UnknownAgent, also for deleted ones."""
        async with self.database.transaction() as session:
            return await Agents(session).required(agent_id)

    async def intend(self, agent: Agent, author: Author) -> None:
        """Keep a new agent before its platform is asked for it, and see to it that the outcome is looked up."""
        agent.creating_since = self.clock.now()
        async with self.database.transaction() as session:
            session.add(agent)
            await session.flush()
            Versions(session).add(agent, author, agent.created_at, EDITABLE)
            delay = self.settings.recover_after_seconds
            await self.jobs.defer(session, RECOVER, delay_seconds=delay, agent_id=agent.id)

    async def intend_again(self, agent_id: str) -> Agent:
        """The same for a draft that is published. Raises: AgentBusy while another creation has no outcome."""
        async with self.database.transaction() as session:
            agent = await Agents(session).locked(agent_id)
            if agent.status != "draft" or agent.creating_since is not None:
                raise AgentBusy(
                    "The platform was asked for this agent already; its answer is awaited. Look again in a minute."
                )
            agent.creating_since = self.clock.now()
            delay = self.settings.recover_after_seconds
            await self.jobs.defer(session, RECOVER, delay_seconds=delay, agent_id=agent_id)
        return agent

    async def placed(self, agent_id: str, remote: RemoteAgent) -> Agent | None:
        """The platform has it. None when nobody wants it any more: then `remote` is a stray.

        Quiet when it is on record already.
        """
        async with self.database.transaction() as session:
            agent = await Agents(session).even_deleted(agent_id, lock=True)
            if agent is None or agent.status == "deleted" or agent.remote_id not in {None, remote.remote_id}:
                return None
            if agent.status != "draft":
                return agent
            now = self.clock.now()
            agent.remote_id, agent.status, agent.creating_since = remote.remote_id, "active", None
            agent.voice = agent.voice or remote.spec.voice
            agent.warnings = without(agent.warnings, NOT_THERE_YET)
            agent.remote_seen, agent.drift, agent.drift_checked_at = values_of(remote.spec), "in_sync", now
            agent.updated_at = now
            await session.flush()
            data = {"name": agent.name, "platform": agent.platform, "remote_id": remote.remote_id}
            await self.events.append(session, "agent.created", agent_id=agent.id, data=data)
        return agent

    async def not_placed(self, agent_id: str, why: str) -> Agent | None:
        """The platform certainly has not made it: it stays a draft and says why."""
        async with self.database.transaction() as session:
            agent = await Agents(session).even_deleted(agent_id, lock=True)
            if agent is None or agent.remote_id is not None:
                return agent
            agent.creating_since = None
            agent.warnings = [*without(agent.warnings, NOT_THERE_YET), NOT_THERE_YET + why]
            await session.flush()
            if agent.status == "draft":
                await self.events.append(session, "agent.draft_kept", agent_id=agent_id, data={"reason": why})
        return agent

    async def forget(self, agent_id: str) -> None:
        """Remove what never was: a draft that its platform refused."""
        async with self.database.transaction() as session:
            agent = await Agents(session).even_deleted(agent_id, lock=True)
            if agent is not None and agent.remote_id is None:
                await session.delete(agent)

    async def changed(
        self,
        agent: Agent,
        change: Change,
        author: Author,
        *,
        remote: RemoteAgent | None = None,
        action: str | None = None,
        publishing: bool = False,
    ) -> Agent | None:
        """A new version; None when `agent` is not the current version any more.

        `remote`: the agent as the platform has it now, if it was asked. `action` is told in the event.
        `publishing`: the change was the draft, which is done with.
        """
        now = self.clock.now()
        async with self.database.transaction() as session:
            current = await Agents(session).locked(agent.id)
            if current.version != agent.version:
                return None
            for name, value in change.values.items():
                setattr(current, name, value)
            current.tool_secrets = {**current.tool_secrets, **change.secrets}
            current.version, current.updated_at = agent.version + 1, now
            _shorten_draft(current, () if publishing else change.values)
            if "voice" in change.values:
                current.warnings = without(current.warnings, VOICE_REPLACED)
            if remote is not None:
                current.remote_seen, current.drift, current.drift_fields = values_of(remote.spec), "in_sync", []
                current.drift_checked_at = now
                current.warnings = [*without(current.warnings, HINDERED), *hindrances(remote)]
            await session.flush()
            Versions(session).add(current, author, now, list(change.values))
            data = {"version": current.version, "fields": sorted(change.values), "by": author.name}
            await self.events.append(
                session, "agent.updated", agent_id=agent.id, data=data | ({"action": action} if action else {})
            )
        return current

    async def keep_draft(self, agent: Agent, change: Change, author: Author, reason: str) -> Agent:
        """Keep what could not be published, over what the draft held before."""
        async with self.database.transaction() as session:
            current = await Agents(session).locked(agent.id)
            kept = (current.draft or {}).get("values", {})
            current.draft = {
                "values": kept | dict(change.values),
                "base_version": (current.draft or {}).get("base_version", agent.version),
                "author": author.name,
                "key_id": author.key_id,
                "at": self.clock.now().isoformat(),
                "reason": reason,
            }
            current.draft_secrets = {**current.draft_secrets, **change.secrets}
            await session.flush()
            data = {"fields": sorted(current.draft["values"]), "by": author.name}
            await self.events.append(session, "agent.draft_kept", agent_id=agent.id, data=data)
        return current

    async def drop_draft(self, agent_id: str) -> Agent:
        async with self.database.transaction() as session:
            agent = await Agents(session).locked(agent_id)
            agent.draft, agent.draft_secrets = None, {}
        return agent

    async def drifted(
        self,
        agent: Agent,
        state: DriftState,
        fields: Sequence[dict[str, Any]] = (),
        *,
        remote: RemoteAgent | None = None,
    ) -> Agent:
        """How the agent stands to its platform, as just seen. `remote`: what is there and in order."""
        async with self.database.transaction() as session:
            current = await Agents(session).locked(agent.id)
            if current.version != agent.version:
                return current  # what was compared is not what stands here any more
            before = current.drift, current.drift_fields
            current.drift, current.drift_fields, current.drift_checked_at = state, list(fields), self.clock.now()
            current.warnings = [*without(current.warnings, _DRIFTED), *_drift_warnings(state, fields)]
            if remote is not None:
                current.remote_seen = values_of(remote.spec)
                current.warnings = [*without(current.warnings, HINDERED), *hindrances(remote)]
            if state in {"changed", "missing"} and before != (state, list(fields)):
                data = {"state": state, "fields": [field["field"] for field in fields]}
                await session.flush()
                await self.events.append(session, "agent.drifted", agent_id=agent.id, data=data)
            elif state == "in_sync" and before[0] in {"changed", "missing"}:
                await session.flush()
                await self.events.append(session, "agent.drift_resolved", agent_id=agent.id)
        return current

    async def removed(self, agent_id: str, author: Author) -> None:
        """Deleted agents stay as rows, since calls refer to them. Quiet when it is deleted already."""
        async with self.database.transaction() as session:
            agent = await Agents(session).even_deleted(agent_id, lock=True)
            if agent is None or agent.status == "deleted":
                return
            agent.status, agent.updated_at = "deleted", self.clock.now()
            agent.draft, agent.draft_secrets, agent.tool_secrets = None, {}, {}
            await session.flush()
            data = {"name": agent.name, "by": author.name}
            await self.events.append(session, "agent.deleted", agent_id=agent.id, data=data)

    async def found(self, agent_id: str) -> Agent | None:
        """Also a deleted one; None when there never was one."""
        async with self.database.transaction() as session:
            return await Agents(session).even_deleted(agent_id)


def without(warnings: list[str], beginning: str) -> list[str]:
    """The warnings that do not begin like this."""
    return [warning for warning in warnings if not warning.startswith(beginning)]


def hindrances(remote: RemoteAgent) -> list[str]:
    """A warning when the agent cannot be called as it stands at its platform."""
    return [f"{HINDERED}{remote.hindrance}."] if remote.hindrance else []


def _drift_warnings(state: DriftState, fields: Sequence[dict[str, Any]]) -> list[str]:
    if state == "missing":
        return [f"{_DRIFTED}deleted. Push it there again, or delete it here."]
    if state == "changed":
        names = ", ".join(str(field["field"]) for field in fields)
        return [f"{_DRIFTED}changed ({names}). Pull the changes, or push what stands here."]
    return []


def _shorten_draft(agent: Agent, saved: Iterable[str]) -> None:
    """Take what was saved out of the draft; with nothing named, all of it."""
    names = set(saved)
    left = {n: v for n, v in agent.draft["values"].items() if n not in names} if agent.draft and names else {}
    agent.draft = {**agent.draft, "values": left} if agent.draft and left else None
    if agent.draft is None:
        agent.draft_secrets = {}
