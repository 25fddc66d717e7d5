"""The event log: append inside a transaction, read, follow."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.core.actor import current_actor
from switchboard.events.model import Event
from switchboard.events.repository import Events
from switchboard.events.schemas import EVERYTHING, EventFilter, NewEvent
from switchboard.events.tail import KEPT, Tail
from switchboard.events.types import DEEDS
from switchboard.events.wakeups import Wakeups
from switchboard.persistence.database import Database, after_commit

_IDLE_SECONDS = 15.0


class EventLog:
    """The log of one installation. The log is true; a wake-up is a hint."""

    def __init__(self, database: Database, wakeups: Wakeups) -> None:
        self._database = database
        self._wakeups = wakeups
        self._tail = Tail(self._everything_after, self.last_position, wakeups)
        self._closing = False

    async def append(
        self,
        session: AsyncSession,
        type: str,  # noqa: A002 -- the field's name everywhere
        *,
        agent_id: str | None = None,
        call_id: str | None = None,
        data: dict[str, Any] | None = None,
    ) -> Event:
        """Append one event to the session's transaction; see `append_all`."""
        return (await self.append_all(session, [NewEvent(type, data or {}, agent_id, call_id)]))[0]

    async def append_all(self, session: AsyncSession, events: Sequence[NewEvent]) -> list[Event]:
        """Append events in this order; readers see them, and are woken, once the transaction commits.

        Call it last in a transaction: all writers to the log wait for each other from here to the commit.
        What the session holds unsaved is flushed first, so that no row lock is waited for under the log's.
        Deeds gain `actor` in their data: who asks in this request.
        """
        if not events:
            return []
        await session.flush()
        appended = await Events(session).append([_signed(event) for event in events])
        last = appended[-1].position
        after_commit(session, lambda: self._wakeups.announce(last))
        return appended

    async def after(
        self,
        position: int,
        *,
        types: Collection[str] | None = None,
        agent_id: str | None = None,
        call_id: str | None = None,
        limit: int = 100,
    ) -> list[Event]:
        """The first `limit` events past `position` that fit, oldest first."""
        wanted = EventFilter(frozenset(types) if types is not None else None, agent_id, call_id)
        async with self._database.transaction() as session:
            return await Events(session).after(position, wanted, limit=limit)

    async def of_call(self, call_id: str) -> list[Event]:
        """The first thousand events of a call, oldest first; an ordinary call has a few dozen."""
        return await self.after(0, call_id=call_id, limit=1_000)

    async def before(
        self, position: int | None, wanted: EventFilter = EVERYTHING, *, limit: int = 100
    ) -> list[Event]:
        """The last `limit` wanted events before `position` (None: the end), newest first."""
        async with self._database.transaction() as session:
            return await Events(session).before(position, wanted, limit=limit)

    async def deeds(
        self, before: int | None, wanted: EventFilter = EVERYTHING, *, actor: str | None = None, limit: int = 100
    ) -> list[Event]:
        """What people and keys did, newest first; `actor` is the id of one of them."""
        async with self._database.transaction() as session:
            return await Events(session).deeds(before, wanted, actor=actor, limit=limit)

    async def last_position(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        async with self._database.transaction() as session:
            return await Events(session).last_position()

    async def follow(
        self,
        after: int,
        *,
        types: Collection[str] | None = None,
        agent_id: str | None = None,
        call_id: str | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Yield every fitting event past `after`, in order, each once, until `stop_following()`."""
        wanted = EventFilter(frozenset(types) if types is not None else None, agent_id, call_id)
        async with aclosing(self.batches(after, wanted)) as batches:
            async for batch in batches:
                for event in batch:
                    yield event

    async def batches(
        self, after: int, wanted: EventFilter = EVERYTHING, *, idle_seconds: float = _IDLE_SECONDS
    ) -> AsyncGenerator[list[Event], None]:
        """Like `follow`, in batches of at most `KEPT`; an empty one when nothing came for `idle_seconds`."""
        now = asyncio.get_running_loop().time
        quiet_since = now()
        while not self._closing:
            after, found = await self._next(after, wanted)
            if found or now() - quiet_since >= idle_seconds:
                yield found
                quiet_since = now()
            elif after >= self._tail.end and not self._closing:
                await self._tail.changed(max(0.0, quiet_since + idle_seconds - now()))

    def stop_following(self) -> None:
        """End every `follow` soon, because the server shuts down: open streams would keep it alive."""
        self._closing = True
        self._wakeups.wake_all()

    async def _next(self, after: int, wanted: EventFilter) -> tuple[int, list[Event]]:
        """What comes next for a reader at `after`, and where it stands then."""
        recent = await self._tail.past(after)
        if recent is not None:
            fitting = [event for event in recent if wanted.matches(event.type, event.agent_id, event.call_id)]
            return (recent[-1].position if recent else after), fitting
        start = self._tail.start
        async with self._database.transaction() as session:
            old = await Events(session).after(after, wanted, up_to=start, limit=KEPT)
        return (old[-1].position if len(old) == KEPT else start), old

    async def _everything_after(self, position: int, limit: int) -> list[Event]:
        async with self._database.transaction() as session:
            return await Events(session).after(position, limit=limit)


def _signed(event: NewEvent) -> NewEvent:
    actor = current_actor()
    if actor is None or event.type not in DEEDS or "actor" in event.data:
        return event
    return replace(event, data=event.data | {"actor": actor.as_json()})
