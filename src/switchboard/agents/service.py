"""The use cases of agents: each talks to the platform first or last, never inside a transaction."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.errors import AgentChanged, InvalidAgent
from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.repository import Agents, ListedAgent, matching
from switchboard.agents.schemas import AgentIn, AgentPatch, Variable
from switchboard.agents.variables import referenced
from switchboard.core.clock import Clock
from switchboard.core.errors import FieldError
from switchboard.core.ids import new_id
from switchboard.events.service import EventLog
from switchboard.persistence.database import Database
from switchboard.providers.errors import ProviderError
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import RemoteAgent
from switchboard.providers.registry import Providers
from switchboard.voices.service import VoiceService

log = structlog.get_logger(__name__)


class AgentService:
    """Create, read, change and delete agents, here and at their platform."""

    def __init__(
        self,
        *,
        database: Database,
        events: EventLog,
        providers: Providers,
        health: HealthMonitor,
        voices: VoiceService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._events = events
        self._providers = providers
        self._health = health
        self._voices = voices
        self._clock = clock

    async def get(self, agent_id: str) -> Agent:
        async with self._database.transaction() as session:
            return await Agents(session).required(agent_id)

    async def page(
        self,
        *,
        platform: str | None,
        status: str | None,
        search: str | None,
        sort: str,
        descending: bool,
        after: tuple[Any, str] | None,
        limit: int,
    ) -> list[ListedAgent]:
        """At most `limit + 1` agents: the extra one tells that there are more."""
        async with self._database.transaction() as session:
            return await Agents(session).page(
                matching(platform, status, search), sort=sort, descending=descending, after=after, limit=limit + 1
            )

    async def create(self, wanted: AgentIn, platform: str) -> Agent:
        """Record the intent, make the agent at its platform, then record that it is there.

        Raises: InvalidAgent; the provider errors, after which nothing of the agent is left here.
        """
        self._known(platform)
        self._health.require(platform)
        voice = wanted.voice or await self._voices.default(platform, wanted.language)
        async with self._database.transaction() as session:
            await self._check_fallback(session, wanted.fallback_agent_id, platform)
            agent = self._draft(wanted, platform, voice)
            session.add(agent)
        try:
            remote = await self._providers.platform(platform).create_agent(agent.spec())
        except ProviderError:
            await self._forget_draft(agent.id)
            raise
        return await self._activate(agent.id, remote)

    async def replace(self, agent_id: str, wanted: AgentIn, expected_version: int | None) -> Agent:
        """`PUT`: every field as given or defaulted. An agent never moves to another platform."""
        agent = await self.get(agent_id)
        if wanted.platform not in (None, agent.platform):
            message = "An agent stays on its platform. Copy it or create a new one on the other platform."
            raise InvalidAgent("The platform cannot be changed.", [FieldError("platform", message)])
        values = wanted.model_dump(include=set(EDITABLE))
        values["voice"] = wanted.voice or agent.voice
        return await self._save(agent, values, expected_version)

    async def change(self, agent_id: str, patch: AgentPatch, expected_version: int | None) -> Agent:
        """`PATCH`: only the fields that were sent."""
        agent = await self.get(agent_id)
        values = patch.model_dump(exclude_unset=True)
        nulls = [n for n, v in values.items() if v is None and n not in _NULLABLE]
        if nulls:
            errors = [FieldError(name, "This cannot be null. Leave it out to keep it.") for name in nulls]
            raise InvalidAgent("Some fields are wrong.", errors)
        return await self._save(agent, values, expected_version)

    async def delete(self, agent_id: str, expected_version: int | None) -> None:
        """Remove the agent at its platform (already gone is fine), then here."""
        agent = await self.get(agent_id)
        if expected_version is not None and expected_version != agent.version:
            raise _changed(agent)
        if agent.remote_id:
            await self._providers.platform(agent.platform).delete_agent(agent.remote_id)
        async with self._database.transaction() as session:
            agent = await Agents(session).required(agent_id)
            agent.status, agent.updated_at = "deleted", self._clock.now()
            await self._events.append(session, "agent.deleted", agent_id=agent.id, data={"name": agent.name})

    async def restore_missing(self, platform: str) -> int:
        """Make those agents anew that the platform does not know any more; how many."""
        port = self._providers.platform(platform)
        there = {remote.remote_id async for remote in port.list_agents()}
        async with self._database.transaction() as session:
            agents = await Agents(session).on(platform)
        missing = [agent for agent in agents if agent.remote_id not in there]
        for agent in missing:
            remote = await port.create_agent(agent.spec())
            async with self._database.transaction() as session:
                (await Agents(session).required(agent.id)).remote_id = remote.remote_id
        return len(missing)

    def _known(self, platform: str) -> None:
        names = [*self._providers.platforms, *self._providers.disabled]
        if platform not in names:
            message = f"No platform {platform!r} exists. Choose one of: {', '.join(sorted(names))}."
            raise InvalidAgent("Some fields are wrong.", [FieldError("platform", message)])

    async def _check_fallback(self, session: AsyncSession, fallback_id: str | None, platform: str) -> None:
        if fallback_id is None:
            return
        twin = await Agents(session).even_deleted(fallback_id)
        if twin is None or twin.status == "deleted":
            message = f"No agent {fallback_id} exists. List them with GET /api/v1/agents."
        elif twin.platform == platform:
            message = "The twin must be on another platform, so that it works when this one does not."
        else:
            return
        raise InvalidAgent("Some fields are wrong.", [FieldError("fallback_agent_id", message)])

    def _draft(self, wanted: AgentIn, platform: str, voice: str | None) -> Agent:
        now = self._clock.now()
        values = wanted.model_dump(include=set(EDITABLE)) | {"voice": voice}
        return Agent(
            id=new_id("agt"),
            platform=platform,
            remote_id=None,
            status="pending",
            version=1,
            warnings=[],
            created_at=now,
            updated_at=now,
            **(values | {"variables": _with_referenced(values)}),
        )

    async def _forget_draft(self, agent_id: str) -> None:
        async with self._database.transaction() as session:
            await session.delete(await Agents(session).required(agent_id))

    async def _activate(self, agent_id: str, remote: RemoteAgent) -> Agent:
        async with self._database.transaction() as session:
            agent = await Agents(session).required(agent_id)
            agent.remote_id, agent.status, agent.updated_at = remote.remote_id, "active", self._clock.now()
            await session.flush()
            data = {"name": agent.name, "platform": agent.platform, "remote_id": remote.remote_id}
            await self._events.append(session, "agent.created", agent_id=agent.id, data=data)
        return agent

    async def _save(self, agent: Agent, changes: Mapping[str, Any], expected_version: int | None) -> Agent:
        if expected_version is not None and expected_version != agent.version:
            raise _changed(agent)
        before = {name: getattr(agent, name) for name in (*EDITABLE, "status")}
        after = before | dict(changes)
        after["variables"] = _with_referenced(after | {"variables": _still_wanted(before, after)})
        changed = [name for name in before if before[name] != after[name]]
        if not changed:
            return agent
        async with self._database.transaction() as session:
            if "fallback_agent_id" in changed:
                await self._check_fallback(session, after["fallback_agent_id"], agent.platform)
        if agent.remote_id and set(changed) - {"status", "fallback_agent_id"}:
            await self._push(agent, after)
        return await self._record(agent, {name: after[name] for name in changed})

    async def _push(self, agent: Agent, values: Mapping[str, Any]) -> None:
        wanted = Agent(**{name: values[name] for name in EDITABLE})
        await self._providers.platform(agent.platform).update_agent(str(agent.remote_id), wanted.spec())

    async def _record(self, agent: Agent, values: Mapping[str, Any]) -> Agent:
        async with self._database.transaction() as session:
            agents = Agents(session)
            won = await agents.change(agent.id, agent.version, {**values, "updated_at": self._clock.now()})
            current = await agents.required(agent.id)
            if won:
                data = {"version": current.version, "fields": sorted(values)}
                await self._events.append(session, "agent.updated", agent_id=agent.id, data=data)
        if not won:
            # The other editor's version stands here, so it must stand at the platform too.
            await self._push(current, {name: getattr(current, name) for name in EDITABLE})
            raise _changed(current)
        return current


_NULLABLE = {"voice", "model", "temperature", "fallback_agent_id"}


def _changed(agent: Agent) -> AgentChanged:
    return AgentChanged(
        f"The agent is at version {agent.version} by now. Read it again, apply your change and send it with "
        f'If-Match: "{agent.version}".',
        version=agent.version,
    )


def _still_wanted(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The variables without those that were there only because a text used them which no longer does."""
    used = set(referenced(after["prompt"], after["first_message"]))
    dropped = set(referenced(before["prompt"], before["first_message"])) - used
    bare = Variable().model_dump()
    return {name: v for name, v in after["variables"].items() if name not in dropped or v != bare}


def _with_referenced(values: Mapping[str, Any]) -> dict[str, Any]:
    """The declared variables and those that the texts use."""
    names = referenced(values["prompt"], values["first_message"])
    declared = dict(values["variables"])
    return {name: Variable().model_dump() for name in names if name not in declared} | declared
