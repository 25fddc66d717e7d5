"""The history of an agent: who wrote which version, what it held, and how two of them differ."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.agents.errors import UnknownVersion
from switchboard.agents.model import EDITABLE, Agent
from switchboard.persistence.base import Base


class Author(NamedTuple):
    """Who wrote something: the holder of a key, a user (`key_id` is then theirs), or Switchboard itself."""

    key_id: str | None
    name: str


SWITCHBOARD = Author(None, "Switchboard")


class AgentVersion(Base):
    """One version of an agent. Never changed; gone with the agent's row only."""

    __tablename__ = "agent_versions"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    key_id: Mapped[str | None]
    author: Mapped[str]
    fields: Mapped[list[str]]
    """What differs from the version before; everything for the first."""
    snapshot: Mapped[dict[str, Any]]


class Versions:
    """Queries on versions. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, agent: Agent, author: Author, at: datetime, fields: Sequence[str]) -> None:
        self._session.add(AgentVersion(**row(agent, author, at, fields)))

    async def required(self, agent_id: str, version: int) -> AgentVersion:
        """Raises: UnknownVersion."""
        found = await self._session.get(AgentVersion, (agent_id, version))
        if found is None:
            raise UnknownVersion(
                f"The agent has no version {version}. List them with GET /api/v1/agents/{agent_id}/versions."
            )
        return found

    async def page(self, agent_id: str, before: int | None, limit: int) -> list[AgentVersion]:
        """Newest first, those before version `before`."""
        query = select(AgentVersion).where(AgentVersion.agent_id == agent_id)
        if before is not None:
            query = query.where(AgentVersion.version < before)
        return list(await self._session.scalars(query.order_by(AgentVersion.version.desc()).limit(limit)))


def row(agent: Agent, author: Author, at: datetime, fields: Sequence[str]) -> dict[str, Any]:
    """The agent as it is now, as a row of `agent_versions`."""
    return {
        "agent_id": agent.id,
        "version": agent.version,
        "at": at,
        "key_id": author.key_id,
        "author": author.name,
        "fields": sorted(fields),
        "snapshot": {name: getattr(agent, name) for name in EDITABLE},
    }


class Difference(NamedTuple):
    """A field, as a dotted path, and its two values; None also where it does not exist."""

    field: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any], under: str = "") -> Iterator[Difference]:
    """Field by field, objects entered, lists compared as a whole."""
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from differences(old, new, f"{under}{name}.")
        else:
            yield Difference(under + name, old, new)
