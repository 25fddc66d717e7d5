"""One pass over one platform's agents: page by page, fetched a few at a time, kept in batches."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.drift import Drift, deviations
from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.record import AgentRecord, hindrances
from switchboard.agents.repository import Agents
from switchboard.agents.translation import values_of
from switchboard.agents.versions import AgentVersion, Author, row
from switchboard.core.ids import new_id
from switchboard.providers.errors import ProviderMissing
from switchboard.providers.normalised import RemoteAgent
from switchboard.providers.platform import Platform

_BATCH = 100
_TELL_EVERY_SECONDS = 1.0


@dataclass(slots=True)
class Counts:
    """How far a pass is. `missing` are agents of ours that the platform has lost."""

    seen: int = 0
    imported: int = 0
    changed: int = 0
    missing: int = 0

    def told(self) -> dict[str, int]:
        return asdict(self)


class Progress(Protocol):
    """Puts the counts on record; `tell` is set once a second at most."""

    async def __call__(self, session: AsyncSession, counts: Counts, *, tell: bool) -> None: ...


class Collecting:
    """Brings in what is new and, when asked to compare, looks at what is known."""

    def __init__(
        self, record: AgentRecord, port: Platform, drift: Drift, author: Author, progress: Progress
    ) -> None:
        self._record = record
        self._port = port
        self._drift = drift
        self._author = author
        self._progress = progress
        self._slots = asyncio.Semaphore(record.settings.fetch_at_once)
        self._told_at = 0.0

    async def run(self, *, compare: bool, already: int = 0) -> Counts:
        """The whole pass; `already`: brought in by a pass that was cut short.

        Raises: the provider errors; what was brought in until then stays.
        """
        counts = Counts(imported=already)
        since = self._record.clock.now()
        there: set[str] = set()
        async for batch in _batches(self._port.list_agents()):
            there |= {remote.remote_id for remote in batch}
            await self._take(batch, counts, compare=compare)
        if compare:
            async with self._record.database.transaction() as session:
                ours = await Agents(session).placed_on(self._port.name)
            lost = [agent for agent in ours if agent.remote_id not in there and agent.updated_at < since]
            for agent in lost:
                await self._record.drifted(agent, "missing")
            counts.missing = len(lost)
        return counts

    async def _take(self, batch: Sequence[RemoteAgent], counts: Counts, *, compare: bool) -> None:
        async with self._record.database.transaction() as session:
            known = await Agents(session).by_remote_id(self._port.name, [r.remote_id for r in batch])
        wanted = [remote for remote in batch if compare or remote.remote_id not in known]
        complete = [r for r in await asyncio.gather(*map(self._completed, wanted)) if r is not None]
        new = [remote for remote in complete if remote.remote_id not in known]
        new = [remote for remote in new if not await self._is_ours(remote)]
        still = await self._compare([(known[r.remote_id], r) for r in complete if r.remote_id in known], counts)
        counts.seen += len(batch)
        now = self._record.clock.monotonic()
        tell = now - self._told_at >= _TELL_EVERY_SECONDS
        async with self._record.database.transaction() as session:
            await Agents(session).seen_in_sync(still, self._record.clock.now())
            counts.imported += await self._keep(session, new)
            await self._progress(session, counts, tell=tell)
        self._told_at = now if tell else self._told_at

    async def _compare(self, pairs: Sequence[tuple[Agent, RemoteAgent]], counts: Counts) -> list[str]:
        """Put on record what has drifted; ids of those that are in sync as they were."""
        still = []
        for agent, remote in pairs:
            if agent.drift == "in_sync" and not deviations(self._port, agent, remote):
                still.append(agent.id)
            else:
                counts.changed += (await self._drift.compare(agent, remote)).drift == "changed"
        return still

    async def _completed(self, remote: RemoteAgent) -> RemoteAgent | None:
        """With its configuration; None when it was deleted meanwhile."""
        if remote.complete:
            return remote
        async with self._slots:
            try:
                return await self._port.get_agent(remote.remote_id)
            except ProviderMissing:
                return None

    async def _is_ours(self, remote: RemoteAgent) -> bool:
        """Whether it is an agent of ours whose creation we have no answer to; then it is put on record."""
        if remote.marker is None:
            return False
        agent = await self._record.found(remote.marker)
        if agent is None or agent.status != "draft" or agent.platform != self._port.name:
            return False
        return await self._record.placed(agent.id, remote) is not None

    async def _keep(self, session: AsyncSession, remotes: Sequence[RemoteAgent]) -> int:
        if not remotes:
            return 0
        rows = {remote.remote_id: self._row(remote) for remote in remotes}
        kept = set(await Agents(session).add_new(list(rows.values())))
        versions = [_first_version(values, self._author) for values in rows.values() if values["id"] in kept]
        if versions:
            await session.execute(insert(AgentVersion), versions)
        return len(kept)

    def _row(self, remote: RemoteAgent) -> dict[str, Any]:
        now = self._record.clock.now()
        values = values_of(remote.spec)
        return {
            **values,
            "id": new_id("agt"),
            "platform": self._port.name,
            "remote_id": remote.remote_id,
            "status": "active",
            "fallback_agent_id": None,
            "fallback_voice": None,
            "version": 1,
            "warnings": hindrances(remote),
            "created_at": now,
            "updated_at": now,
            "tool_secrets": dict(remote.secrets),
            "draft_secrets": {},
            "remote_seen": values,
            "drift": "in_sync",
            "drift_fields": [],
            "drift_checked_at": now,
        }


def _first_version(values: Mapping[str, Any], author: Author) -> dict[str, Any]:
    return row(Agent(**values), author, values["created_at"], EDITABLE)


async def _batches(remotes: AsyncIterator[RemoteAgent]) -> AsyncIterator[list[RemoteAgent]]:
    batch: list[RemoteAgent] = []
    async for remote in remotes:
        batch.append(remote)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
