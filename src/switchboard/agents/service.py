"""The use cases of agents: each talks to the platform first or last, never inside a transaction."""

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.changes import Change, with_used
from switchboard.agents.errors import AgentBusy, AgentChanged, DraftOutdated, InvalidAgent, NoDraft
from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.placing import Placing, kept_as_draft
from switchboard.agents.record import AgentRecord
from switchboard.agents.repository import Agents, ListedAgent, matching
from switchboard.agents.schemas import AgentIn, AgentPatch
from switchboard.agents.versions import Author
from switchboard.agents.views import shown
from switchboard.core.errors import FieldError
from switchboard.core.ids import new_id
from switchboard.http.sentences import field_errors
from switchboard.providers.errors import ProviderError, ProviderUnavailable
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import Loss
from switchboard.voices.service import VoiceService

log = structlog.get_logger(__name__)

_LOCAL = {"status", "fallback_agent_id", "fallback_voice"}
"""Fields that no platform knows."""
_NULLABLE = {
    "voice",
    "voice_settings",
    "model",
    "temperature",
    "inactivity",
    "fallback_agent_id",
    "fallback_voice",
}


class RunningCalls(Protocol):
    """How many calls an agent has that are not over. Calls lie above, so this is handed in."""

    async def __call__(self, session: AsyncSession, agent_id: str) -> int: ...


class AgentService:
    """Create, read, change and delete agents, here and at their platform."""

    def __init__(
        self,
        *,
        record: AgentRecord,
        placing: Placing,
        health: HealthMonitor,
        voices: VoiceService,
        running_calls: RunningCalls,
    ) -> None:
        self.record = record
        self._placing = placing
        self._health = health
        self._voices = voices
        self._running_calls = running_calls

    async def get(self, agent_id: str) -> Agent:
        return await self.record.get(agent_id)

    async def page(
        self,
        *,
        platform: str | None,
        status: str | None,
        search: str | None,
        tag: str | None,
        sort: str,
        descending: bool,
        after: tuple[Any, str] | None,
        limit: int,
    ) -> list[ListedAgent]:
        """At most `limit + 1` agents: the extra one tells that there are more."""
        async with self.record.database.transaction() as session:
            filters = matching(platform, status, search, tag)
            return await Agents(session).page(
                filters, sort=sort, descending=descending, after=after, limit=limit + 1
            )

    async def create(
        self, wanted: AgentIn, platform: str, author: Author, *, secrets: Mapping[str, str] | None = None
    ) -> Agent:
        """Record the intent, make the agent at its platform, then record that it is there.

        `secrets` stand in for those of the tools that `wanted` does not tell.

        Raises: InvalidAgent; KeptAsDraft when the platform cannot be reached; the other provider errors, after
        which nothing of the agent is left here.
        """
        self._placing.known(platform)
        self._health.require(platform)
        agent = self._draft(wanted, platform, {**(secrets or {}), **wanted.secrets()})
        agent.voice = agent.voice or await self._default_voice(platform, wanted.language)
        named = {"voice": wanted.voice, "fallback_voice": wanted.fallback_voice}
        self._placing.check(platform, agent, await self._voice_problems(platform, named, wanted.language))
        async with self.record.database.transaction() as session:
            await self._check_fallback(session, wanted.fallback_agent_id, platform)
        await self.record.intend(agent, author)
        return await self._placing.place(agent)

    async def replace(self, agent_id: str, wanted: AgentIn, expected_version: int | None, author: Author) -> Agent:
        """`PUT`: every field as given or defaulted. An agent never moves to another platform."""
        agent = await self.get(agent_id)
        if wanted.platform not in (None, agent.platform):
            message = "An agent stays on its platform. Copy it or create a new one on the other platform."
            raise InvalidAgent("The platform cannot be changed.", [FieldError("platform", message)])
        values = wanted.model_dump(include=set(EDITABLE))
        values["voice"] = wanted.voice or agent.voice
        return await self.save(agent, values, expected_version, author, secrets=wanted.secrets())

    async def change(
        self, agent_id: str, patch: AgentPatch, expected_version: int | None, author: Author
    ) -> Agent:
        """`PATCH`: only the fields that were sent."""
        agent = await self.get(agent_id)
        values = patch.model_dump(include=patch.model_fields_set)
        nulls = [n for n, v in values.items() if v is None and n not in _NULLABLE]
        if nulls:
            errors = [FieldError(name, "This cannot be null. Leave it out to keep it.") for name in nulls]
            raise InvalidAgent.of(errors)
        return await self.save(agent, values, expected_version, author, secrets=patch.secrets())

    async def publish(self, agent_id: str, expected_version: int | None, author: Author) -> Agent:
        """Give the platform what it could not take before.

        Raises: NoDraft; DraftOutdated when the agent was changed since and `expected_version` does not say that
        this is known; KeptAsDraft when the platform is still out of reach.
        """
        agent = await self.get(agent_id)
        require_version(agent, expected_version)
        if agent.status == "draft":
            return await self._placing.place(await self.record.intend_again(agent_id), again=True)
        if agent.draft is None:
            raise NoDraft("Everything that was saved is at the platform. There is no draft.")
        if expected_version is None and agent.draft["base_version"] != agent.version:
            raise DraftOutdated(
                f"The draft was made on version {agent.draft['base_version']}; the agent is at {agent.version}. "
                f'Look at both, then publish with If-Match: "{agent.version}" or discard the draft.',
                current=shown(agent),
            )
        return await self.save(
            agent, agent.draft["values"], expected_version, author, secrets=agent.draft_secrets, publishing=True
        )

    async def discard(self, agent_id: str, expected_version: int | None) -> Agent:
        """Give up the changes that could not be published. Raises: NoDraft."""
        agent = await self.get(agent_id)
        require_version(agent, expected_version)
        if agent.draft is None:
            raise NoDraft("There are no unpublished changes. An agent that was never published can be deleted.")
        return await self.record.drop_draft(agent_id)

    async def duplicate(
        self, agent_id: str, name: str | None, expected_version: int | None, author: Author
    ) -> Agent:
        """The same agent once more on the same platform; without a twin, which has one already."""
        agent = await self.get(agent_id)
        require_version(agent, expected_version)
        copied = {field: getattr(agent, field) for field in EDITABLE}
        copied |= {"name": name or f"{agent.name[:57]} (copy)", "fallback_agent_id": None}
        return await self.create(as_wanted(copied), agent.platform, author, secrets=agent.tool_secrets)

    async def delete(
        self, agent_id: str, expected_version: int | None, author: Author, *, force: bool = False
    ) -> None:
        """Remove the agent at its platform (already gone is fine), then here.

        Raises: AgentBusy while calls run, unless `force`.
        """
        agent = await self.get(agent_id)
        require_version(agent, expected_version)
        if not force:
            await self._require_idle(agent_id)
        await self._placing.remove(agent)
        await self.record.removed(agent_id, author)

    def losses(self, agent: Agent, platform: str | None = None) -> list[Loss]:
        """What this platform (without a name the agent's own) cannot express of the agent."""
        return self._placing.losses(agent, platform)

    def is_on(self, platform: str) -> bool:
        return platform in self._placing.platforms

    async def restore_missing(self, platform: str) -> int:
        """Make those agents anew that the platform does not know any more; how many."""
        there = {remote.remote_id async for remote in self._placing.port(platform).list_agents()}
        async with self.record.database.transaction() as session:
            agents = await Agents(session).placed_on(platform)
        missing = [agent for agent in agents if agent.remote_id not in there]
        for agent in missing:
            await self._placing.make_again(agent)
        return len(missing)

    async def save(
        self,
        agent: Agent,
        changes: Mapping[str, Any],
        expected_version: int | None,
        author: Author,
        *,
        secrets: Mapping[str, str] | None = None,
        publishing: bool = False,
        action: str | None = None,
    ) -> Agent:
        """Push the changes to the platform, then record them as a new version.

        `secrets`: new values of tools' headers, by `secret_key`; the others stay.

        Raises: AgentChanged, with both versions; InvalidAgent; KeptAsDraft; the other provider errors.
        """
        require_version(agent, expected_version, changes)
        if not publishing:
            _require_own_draft(agent, changes, author)
        change = Change.of(agent, changes, secrets or {})
        if not change.values:
            return await self._unchanged(agent, changes)
        if set(change.values) - _LOCAL or "fallback_voice" in change.values:
            named = {name: change.values[name] for name in ("voice", "fallback_voice") if name in change.values}
            problems = await self._voice_problems(agent.platform, named, change.after.language)
            self._placing.check(agent.platform, change.after, problems)
        async with self.record.database.transaction() as session:
            if "fallback_agent_id" in change.values:
                await self._check_fallback(session, change.after.fallback_agent_id, agent.platform)
        if agent.status == "draft":
            return await self._save_draft(agent, change, author)
        remote = None
        if set(change.values) - _LOCAL:
            try:
                remote = await self._placing.push(agent, change.after)
            except ProviderUnavailable as error:
                kept = await self.record.keep_draft(agent, change, author, error.detail)
                raise kept_as_draft(kept, error) from error
        current = await self.record.changed(
            agent, change, author, remote=remote, action=action, publishing=publishing
        )
        return current or await self._lost_the_race(agent, changes)

    async def _unchanged(self, agent: Agent, changes: Mapping[str, Any]) -> Agent:
        """Nothing differs: an unpublished change of these fields is thereby taken back."""
        if agent.draft is None or not set(agent.draft["values"]) <= set(changes):
            return agent
        return await self.record.drop_draft(agent.id)

    async def _save_draft(self, agent: Agent, change: Change, author: Author) -> Agent:
        if agent.creating_since is not None:
            raise AgentBusy("The platform's answer about this agent is awaited. Save again in a minute.")
        if "status" in change.values:
            raise AgentBusy("This agent is a draft. Publish it first.")
        if await self.record.changed(agent, change, author) is None:
            return await self._lost_the_race(agent, change.values)
        return await self._placing.place(await self.record.intend_again(agent.id), again=True)

    async def _lost_the_race(self, agent: Agent, mine: Mapping[str, Any]) -> Agent:
        """The other editor's version stands here, so it must stand at the platform too."""
        current = await self.get(agent.id)
        if current.remote_id is not None:
            try:
                await self._placing.push(current, current)
            except ProviderError as error:
                log.warning("agent.not_pushed_back", agent_id=agent.id, code=error.slug)
        raise _changed(current, mine)

    async def _require_idle(self, agent_id: str) -> None:
        async with self.record.database.transaction() as session:
            running = await self._running_calls(session, agent_id)
        if running:
            raise AgentBusy(
                f"{running} call{'s' if running > 1 else ''} of this agent did not end yet. Wait, hang up, or "
                "delete it with ?force=true.",
                running_calls=running,
            )

    async def _voice_problems(
        self, platform: str, named: Mapping[str, str | None], language: str
    ) -> list[FieldError]:
        """What is wrong with these voices; one that nobody can check now passes."""
        checks = {
            name: await self._voices.check(platform, voice, language=language)
            for name, voice in named.items()
            if voice
        }
        return [FieldError(name, check.message) for name, check in checks.items() if not check.usable]

    async def _default_voice(self, platform: str, language: str) -> str | None:
        try:
            return await self._voices.default(platform, language)
        except ProviderUnavailable:
            return None  # the platform chooses when the agent is published

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
        raise InvalidAgent.of([FieldError("fallback_agent_id", message)])

    def _draft(self, wanted: AgentIn, platform: str, secrets: Mapping[str, str]) -> Agent:
        now = self.record.clock.now()
        values = wanted.model_dump(include=set(EDITABLE))
        return Agent(
            id=new_id("agt"),
            platform=platform,
            remote_id=None,
            status="draft",
            version=1,
            warnings=[],
            created_at=now,
            updated_at=now,
            tool_secrets=dict(secrets),
            draft_secrets={},
            drift="unknown",
            drift_fields=[],
            **(values | {"variables": with_used(values)}),
        )


def as_wanted(values: Mapping[str, Any]) -> AgentIn:
    """Fields of an agent that exists as if they had been sent. Raises: InvalidAgent where they cannot be."""
    try:
        return AgentIn.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidAgent(
            "The agent holds what can be read but not written.", field_errors(error.errors())
        ) from None


def require_version(agent: Agent, expected: int | None, yours: Mapping[str, Any] | None = None) -> None:
    """Raises: AgentChanged, with both versions, when `If-Match` names another one than the current."""
    if expected is not None and expected != agent.version:
        raise _changed(agent, yours)


def _changed(agent: Agent, yours: Mapping[str, Any] | None = None) -> AgentChanged:
    return AgentChanged(
        f"The agent is at version {agent.version} by now. Read it again, apply your change and send it with "
        f'If-Match: "{agent.version}".',
        version=agent.version,
        current=shown(agent),
        yours=dict(yours) if yours is not None else None,
    )


def _require_own_draft(agent: Agent, changes: Mapping[str, Any], author: Author) -> None:
    """Somebody else's unpublished change of the same field must not vanish silently."""
    if agent.draft is None or agent.draft["key_id"] == author.key_id:
        return
    theirs = agent.draft["values"]
    if any(name in theirs and theirs[name] != value for name, value in changes.items()):
        raise AgentChanged(
            f"{agent.draft['author']} has changed the same fields and waits for the platform to take them. "
            "Publish or discard that draft first.",
            version=agent.version,
            current=shown(agent),
            yours=dict(changes),
        )
