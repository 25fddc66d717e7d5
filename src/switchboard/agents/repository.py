"""Every query on agents. Holds a session, never commits it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, case, cast, func, literal_column, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.errors import UnknownAgent
from switchboard.agents.model import Agent
from switchboard.agents.schemas import AgentOut
from switchboard.persistence.database import driver_connection

_TIMES = {"created_at", "updated_at"}
_TIME = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
_SHOWN = cast(
    # PostgreSQL writes the JSON of a list: fetching a hundred agents column by column and encoding them again
    # costs this process four times as much.
    func.json_build_object(
        *(
            part
            for name in AgentOut.model_fields
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
