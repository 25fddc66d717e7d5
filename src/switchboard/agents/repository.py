"""Every query on agents. Holds a session, never commits it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, case, cast, func, literal_column, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.errors import UnknownAgent
from switchboard.agents.model import Agent
from switchboard.agents.views import AgentView
from switchboard.persistence.database import driver_connection

_TIMES = {"created_at", "updated_at", "drift_checked_at"}
_TIME = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
_SHOWN = cast(
    # PostgreSQL writes the JSON of a list: fetching a hundred agents column by column and encoding them again
    # costs this process four times as much.
    func.json_build_object(
        *(
            part
            for name in AgentView.model_fields
            for column in (Agent.__table__.c[name],)
            for part in (
                literal_column(f"'{name}'"),
                func.to_char(func.timezone("UTC", column), _TIME) if name in _TIMES else column,
            )
        )
    ),
    Text,
)
_FOR_CALL = """
SELECT id, platform, status, remote_id, variables, fallback_agent_id FROM agents
WHERE id = %s AND status <> 'deleted'
"""
SORTS: Mapping[str, Any] = {"created_at": Agent.created_at, "updated_at": Agent.updated_at, "name": Agent.name}


class ListedAgent(NamedTuple):
    """An agent in a list: its JSON text, and what a cursor needs."""

    json: str
    sort_value: Any
    id: str


class CallableAgent(NamedTuple):
    """What placing a call asks of its agent."""

    id: str
    platform: str
    status: str
    remote_id: str | None
    variables: dict[str, Any]
    fallback_agent_id: str | None


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

    async def for_call(self, agent_id: str) -> CallableAgent:
        """The few columns that placing a call needs. Raises: UnknownAgent, also for deleted ones."""
        connection = await driver_connection(self._session)
        found = await (await connection.execute(_FOR_CALL, (agent_id,))).fetchone()
        if found is None:
            raise UnknownAgent(agent_id)
        return CallableAgent(*found)

    async def locked(self, agent_id: str) -> Agent:
        """As `required`, and nobody else writes it until the transaction ends."""
        agent = await self.even_deleted(agent_id, lock=True)
        if agent is None or agent.status == "deleted":
            raise UnknownAgent(agent_id)
        return agent

    async def even_deleted(self, agent_id: str, *, lock: bool = False) -> Agent | None:
        return await self._session.get(Agent, agent_id, with_for_update=lock)

    async def names(self, agent_ids: Collection[str]) -> dict[str, str]:
        """Names by id, of deleted agents as well."""
        query = select(Agent.id, Agent.name).where(Agent.id.in_(agent_ids))
        return dict((await self._session.execute(query)).all())

    async def placed_on(self, platform: str) -> Sequence[Agent]:
        """Every agent that this platform should have."""
        wanted = select(Agent).where(Agent.platform == platform, Agent.status.in_(["active", "inactive"]))
        return (await self._session.scalars(wanted)).all()

    async def by_remote_id(self, platform: str, remote_ids: Sequence[str]) -> dict[str, Agent]:
        """Those of the platform's agents that we have, by their id there."""
        wanted = select(Agent).where(
            Agent.platform == platform, Agent.remote_id.in_(remote_ids), Agent.status != "deleted"
        )
        return {str(agent.remote_id): agent for agent in await self._session.scalars(wanted)}

    async def seen_in_sync(self, agent_ids: Sequence[str], at: datetime) -> None:
        """Note that these were found as they should be."""
        if agent_ids:
            wanted = update(Agent).where(Agent.id.in_(agent_ids), Agent.drift == "in_sync")
            await self._session.execute(
                wanted.values(drift_checked_at=at).execution_options(synchronize_session=False)
            )

    async def add_new(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """Insert agents of a platform, those left out that are here by now; the ids of the new ones."""
        wanted = insert(Agent).on_conflict_do_nothing(
            index_elements=["platform", "remote_id"], index_where=Agent.status != "deleted"
        )
        return (await self._session.scalars(wanted.returning(Agent.id), [dict(values) for values in rows])).all()

    async def unfinished(self, before: datetime, limit: int) -> Sequence[str]:
        """Agents that a platform was asked for before this moment, without an outcome."""
        wanted = select(Agent.id).where(Agent.creating_since < before).order_by(Agent.creating_since).limit(limit)
        return (await self._session.scalars(wanted)).all()

    async def page(
        self,
        filters: Sequence[ColumnElement[bool]],
        *,
        sort: str,
        descending: bool,
        after: tuple[Any, str] | None,
        limit: int,
    ) -> list[ListedAgent]:
        """`limit` agents at most, after the (sort value, id) of `after`."""
        column = SORTS[sort]
        query = select(_SHOWN, column, Agent.id).where(Agent.status != "deleted", *filters)
        if after is not None:
            key, position = tuple_(column, Agent.id), tuple_(*after)
            query = query.where(key < position if descending else key > position)
        order = [column.desc(), Agent.id.desc()] if descending else [column, Agent.id]
        rows = await self._session.execute(query.order_by(*order).limit(limit))
        return [ListedAgent(*row) for row in rows]

    async def ids(self, filters: Sequence[ColumnElement[bool]], limit: int) -> Sequence[str]:
        """Ids of those that fit, oldest first."""
        query = select(Agent.id).where(Agent.status != "deleted", *filters)
        return (await self._session.scalars(query.order_by(Agent.created_at, Agent.id).limit(limit))).all()


def matching(
    platform: str | None, status: str | None, search: str | None, tag: str | None = None
) -> list[ColumnElement[bool]]:
    """Filters for a list; `search` looks into names and prompts, without regard to case."""
    filters: list[ColumnElement[bool]] = []
    if platform:
        filters.append(Agent.platform == platform)
    if status:
        filters.append(Agent.status == status)
    if tag:
        filters.append(Agent.tags.contains([tag]))
    if search:
        pattern = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        filters.append(case((Agent.name.ilike(pattern), True), else_=Agent.prompt.ilike(pattern)))
    return filters
