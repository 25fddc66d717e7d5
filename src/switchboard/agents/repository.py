"""Every query on agents. Holds a session, never commits it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.errors import UnknownAgent
from switchboard.agents.model import Agent

_JSON_COLUMNS = {"variables", "tools", "platform_options", "warnings"}
_LISTED = tuple(
    # JSON travels as the text PostgreSQL keeps it as: decoding it only to encode it again costs half a list page.
    cast(column, Text).label(column.name) if column.name in _JSON_COLUMNS else column
    for column in Agent.__table__.columns
)
SORTS: Mapping[str, Any] = {"created_at": Agent.created_at, "updated_at": Agent.updated_at, "name": Agent.name}


class Agents:
    """Agents by id and in lists."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def required(self, agent_id: str) -> Agent:
        """Raises: UnknownAgent, also for deleted ones."""
        agent = await self._session.get(Agent, agent_id)
        if agent is None or agent.status == "deleted":
            raise UnknownAgent(agent_id)
        return agent

    async def even_deleted(self, agent_id: str) -> Agent | None:
        return await self._session.get(Agent, agent_id)

    async def on(self, platform: str) -> Sequence[Agent]:
        """Every agent that this platform should have."""
        wanted = select(Agent).where(Agent.platform == platform, Agent.status.in_(["active", "inactive"]))
        return (await self._session.scalars(wanted)).all()

    async def change(self, agent_id: str, version: int, values: Mapping[str, Any]) -> bool:
        """Write `values` and count the version up, only if it still is `version`."""
        written = await self._session.execute(
            update(Agent)
            .where(Agent.id == agent_id, Agent.version == version, Agent.status != "deleted")
            .values(**values, version=version + 1)
            .returning(Agent.id)
        )
        return written.scalar_one_or_none() is not None

    async def page(
        self,
        filters: Sequence[ColumnElement[bool]],
        *,
        sort: str,
        descending: bool,
        after: tuple[Any, str] | None,
        limit: int,
    ) -> list[dict[str, Any]]:
        """Rows as ready-made JSON objects, `limit` at most, after the (sort value, id) of `after`."""
        column = SORTS[sort]
        query: Select[Any] = select(*_LISTED).where(Agent.status != "deleted", *filters)
        if after is not None:
            key, position = tuple_(column, Agent.id), tuple_(*after)
            query = query.where(key < position if descending else key > position)
        order = [column.desc(), Agent.id.desc()] if descending else [column, Agent.id]
        rows = await self._session.execute(query.order_by(*order).limit(limit))
        return [_ready(row) for row in rows.mappings()]

    async def count(self, filters: Sequence[ColumnElement[bool]]) -> int:
        query = select(func.count()).select_from(Agent).where(Agent.status != "deleted", *filters)
        return int(await self._session.scalar(query) or 0)


def matching(platform: str | None, status: str | None, search: str | None) -> list[ColumnElement[bool]]:
    """Filters for a list; `search` looks into names and prompts, without regard to case."""
    filters: list[ColumnElement[bool]] = []
    if platform:
        filters.append(Agent.platform == platform)
    if status:
        filters.append(Agent.status == status)
    if search:
        pattern = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        filters.append(case((Agent.name.ilike(pattern), True), else_=Agent.prompt.ilike(pattern)))
    return filters


def _ready(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: msgspec.Raw(value.encode()) if name in _JSON_COLUMNS else value for name, value in row.items()}
