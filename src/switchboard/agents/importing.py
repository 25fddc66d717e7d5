"""Bringing in agents that were made elsewhere, by request and by the periodic comparison. Changes none of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.agents.collecting import Collecting, Counts
from switchboard.agents.drift import Drift
from switchboard.agents.errors import UnknownImport
from switchboard.agents.placing import Placing
from switchboard.agents.record import AgentRecord
from switchboard.agents.versions import SWITCHBOARD, Author
from switchboard.core.ids import new_id
from switchboard.persistence.base import Base
from switchboard.providers.errors import ProviderError, ProviderUnavailable

log = structlog.get_logger(__name__)

BRING_IN = "agents:bring_in"
_LOCK = 7_215_003  # any number that is only ours
_ATTEMPTS = 5
_MANY = 100
_STALE = timedelta(hours=6)


class AgentImport(Base):
    """One run over some platforms. A `sync` also compares what is known already."""

    __tablename__ = "agent_imports"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    platforms: Mapped[list[str]]
    status: Mapped[str]
    progress: Mapped[dict[str, Any]]
    """By platform: `state` (waiting, running, finished, failed), counts, and `detail` when it failed."""
    key_id: Mapped[str | None]
    author: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class AgentImports:
    """Starts, runs and shows imports."""

    def __init__(self, record: AgentRecord, placing: Placing, drift: Drift) -> None:
        self._record = record
        self._placing = placing
        self._drift = drift

    async def start(self, platforms: Sequence[str] | None, author: Author, *, kind: str = "import") -> AgentImport:
        """Begin an import; while one runs on any of these platforms, that one is answered.

        Raises: InvalidAgent for an unknown platform, ProviderMisconfigured for one that is off.
        """
        for name in platforms or ():
            self._placing.known(name)
            self._placing.port(name)
        wanted = sorted(set(platforms or self._placing.platforms))
        async with self._record.database.transaction() as session:
            await session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            running = await self._running(session, wanted)
            if running is not None:
                return running
            made = AgentImport(
                id=new_id("imp"),
                kind=kind,
                platforms=wanted,
                status="running",
                progress={name: {"state": "waiting", **Counts().told()} for name in wanted},
                key_id=author.key_id,
                author=author.name,
                started_at=self._record.clock.now(),
                finished_at=None,
            )
            session.add(made)
            await self._record.jobs.defer(session, BRING_IN, import_id=made.id)
        return made

    async def get(self, import_id: str) -> AgentImport:
        """Raises: UnknownImport."""
        async with self._record.database.transaction() as session:
            found = await session.get(AgentImport, import_id)
        if found is None:
            raise UnknownImport(f"No import {import_id[:64]} exists. Start one with POST /api/v1/agents/import.")
        return found

    async def sync_if_due(self) -> None:
        """Start the periodic comparison when its time has come."""
        every = timedelta(minutes=self._record.settings.sync_minutes)
        if not every or not self._placing.platforms:
            return
        async with self._record.database.transaction() as session:
            last = await session.scalar(
                select(AgentImport.started_at)
                .where(AgentImport.kind == "sync")
                .order_by(AgentImport.started_at.desc())
                .limit(1)
            )
        if last is None or last <= self._record.clock.now() - every:
            await self.start(None, SWITCHBOARD, kind="sync")

    async def run(self, import_id: str, attempt: int) -> None:
        """Go through the platforms that are not done. Agents that are here already are not brought in twice."""
        current = await self.get(import_id)
        if current.status != "running":
            return
        for platform in current.platforms:
            if current.progress[platform]["state"] in {"finished", "failed"}:
                continue
            try:
                await self._collect(current, platform)
            except ProviderError as error:
                log.warning("agents.import_failed", import_id=import_id, provider=platform, code=error.slug)
                if isinstance(error, ProviderUnavailable) and attempt < _ATTEMPTS:
                    await self._again(import_id, attempt + 1, error)
                    return
                await self._note(import_id, platform, "failed", detail=error.detail)
        await self._finish(import_id)

    async def _collect(self, current: AgentImport, platform: str) -> None:
        async def progress(session: AsyncSession, counts: Counts, *, tell: bool) -> None:
            row = await session.get_one(AgentImport, current.id, with_for_update=True)
            row.progress = {**row.progress, platform: {"state": "running", **counts.told()}}
            if tell:
                await session.flush()
                data = {"import_id": current.id, "platform": platform, **counts.told()}
                await self._record.events.append(session, "agents.import_progress", data=data)

        already = int((await self.get(current.id)).progress[platform]["imported"])
        collecting = Collecting(
            self._record,
            self._placing.port(platform),
            self._drift,
            Author(current.key_id, current.author),
            progress,
        )
        counts = await collecting.run(compare=current.kind == "sync", already=already)
        await self._note(current.id, platform, "finished", counts)

    async def _note(
        self, import_id: str, platform: str, state: str, counts: Counts | None = None, detail: str | None = None
    ) -> None:
        async with self._record.database.transaction() as session:
            row = await session.get_one(AgentImport, import_id, with_for_update=True)
            told = {**row.progress[platform], **(counts.told() if counts else {}), "state": state}
            row.progress = {**row.progress, platform: told | ({"detail": detail} if detail else {})}

    async def _again(self, import_id: str, attempt: int, error: ProviderUnavailable) -> None:
        async with self._record.database.transaction() as session:
            delay = max(error.retry_after, 2.0**attempt)
            await self._record.jobs.defer(
                session, BRING_IN, delay_seconds=min(delay, 120.0), import_id=import_id, attempt=attempt
            )

    async def _finish(self, import_id: str) -> None:
        async with self._record.database.transaction() as session:
            row = await session.get_one(AgentImport, import_id, with_for_update=True)
            if row.status != "running":
                return
            failed = all(part["state"] == "failed" for part in row.progress.values())
            row.status, row.finished_at = "failed" if failed else "finished", self._record.clock.now()
            if sum(part["imported"] for part in row.progress.values()) >= _MANY:
                # Plans that connections have prepared for a few agents read all of them until statistics change.
                await session.execute(text("ANALYZE agents"))
            await session.flush()
            data = {"import_id": row.id, "kind": row.kind, "status": row.status, "progress": row.progress}
            await self._record.events.append(session, "agents.import_finished", data=data)

    async def _running(self, session: AsyncSession, platforms: Sequence[str]) -> AgentImport | None:
        since = self._record.clock.now() - _STALE
        query = select(AgentImport).where(AgentImport.status == "running", AgentImport.started_at > since)
        for one in await session.scalars(query.order_by(AgentImport.started_at.desc())):
            if set(one.platforms) & set(platforms):
                return one
        return None
