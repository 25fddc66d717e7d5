"""Every query on the event log."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.core.ids import new_id
from switchboard.events.model import Event
from switchboard.events.schemas import EVERYTHING, EventFilter, NewEvent
from switchboard.persistence.database import driver_connection

_LOCK = 7_215_002  # any number that is only ours; 7_215_001 is the migrations'

# One round trip: every row passes the lock before it is given a number, and the lock is held until the commit,
# so numbers appear in the order in which they become visible (docs/decisions/0005).
_APPEND = """
WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(%(lock)s))
INSERT INTO events (position, id, type, at, agent_id, call_id, data)
SELECT nextval('events_position_seq'), id, type, clock_timestamp(), agent_id, call_id, data
FROM turn CROSS JOIN unnest(
    %(ids)s::text[], %(types)s::text[], %(agent_ids)s::text[], %(call_ids)s::text[], %(data)s::jsonb[]
) WITH ORDINALITY AS given (id, type, agent_id, call_id, data, place)
ORDER BY place
RETURNING position, at
"""

# Word for word as the partial indexes of migration 0007 say it, or they are not used.
_IS_DEED = text("data ? 'actor'")
_ACTOR_ID = text("(data -> 'actor' ->> 'id') = :actor")


class Events:
    """Queries on events. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(self, events: Sequence[NewEvent]) -> list[Event]:
        """Insert at the end of the log, in the given order. Holds the log's lock from here to the commit."""
        ids = [new_id("evt") for _ in events]
        values = {
            "lock": _LOCK,
            "ids": ids,
            "types": [str(event.type) for event in events],
            "agent_ids": [event.agent_id for event in events],
            "call_ids": [event.call_id for event in events],
            "data": [msgspec.json.encode(event.data).decode() for event in events],
        }
        connection = await driver_connection(self._session)
        rows = await (await connection.execute(_APPEND, values)).fetchall()
        return [
            Event(
                position=position,
                id=id_,
                type=str(event.type),
                at=at,
                agent_id=event.agent_id,
                call_id=event.call_id,
                data=event.data,
            )
            for (position, at), id_, event in zip(rows, ids, events, strict=True)
        ]

    async def after(
        self, position: int, wanted: EventFilter = EVERYTHING, *, up_to: int | None = None, limit: int = 100
    ) -> list[Event]:
        """The first `limit` wanted events past `position` (and not past `up_to`), oldest first."""
        query = select(Event).where(Event.position > position, *_conditions(wanted))
        if up_to is not None:
            query = query.where(Event.position <= up_to)
        found = await self._session.scalars(query.order_by(Event.position).limit(limit))
        return list(found)

    async def before(
        self, position: int | None, wanted: EventFilter = EVERYTHING, *, limit: int = 100
    ) -> list[Event]:
        """The last `limit` wanted events before `position` (None: the end of the log), newest first."""
        query = select(Event).where(*_conditions(wanted))
        if position is not None:
            query = query.where(Event.position < position)
        found = await self._session.scalars(query.order_by(Event.position.desc()).limit(limit))
        return list(found)

    async def deeds(
        self, before: int | None, wanted: EventFilter, *, actor: str | None, limit: int
    ) -> list[Event]:
        """The last `limit` events that somebody caused, newest first."""
        query = select(Event).where(_IS_DEED, *_conditions(wanted))
        if actor is not None:
            query = query.where(_ACTOR_ID.bindparams(actor=actor))
        if before is not None:
            query = query.where(Event.position < before)
        found = await self._session.scalars(query.order_by(Event.position.desc()).limit(limit))
        return list(found)

    async def last_position(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        return await self._session.scalar(select(func.max(Event.position))) or 0


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.types is not None:
        conditions.append(Event.type.in_(sorted(wanted.types)))
    if wanted.agent_id is not None:
        conditions.append(Event.agent_id == wanted.agent_id)
    if wanted.call_id is not None:
        conditions.append(Event.call_id == wanted.call_id)
    return conditions
