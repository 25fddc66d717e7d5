"""Stores a message once and starts its job in the same transaction."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from switchboard.core.clock import Clock
from switchboard.core.ids import new_id
from switchboard.inbox.model import InboxMessage
from switchboard.jobs.app import Jobs
from switchboard.persistence.database import Database
from switchboard.providers.normalised import CarrierSignal, PlatformSignal


class Inbox:
    """Incoming messages. The jobs that work on them live higher up and are started by name."""

    def __init__(self, *, database: Database, jobs: Jobs, clock: Clock) -> None:
        self._database = database
        self._jobs = jobs
        self._clock = clock

    async def store_carrier_signal(self, provider: str, call_id: str, signal: CarrierSignal) -> bool:
        """False for a repeat."""
        return await self._store(
            "calls:carrier_signal",
            provider=provider,
            dedupe_key=signal.dedupe_key,
            kind=signal.call.status.value,
            call_id=call_id,
            session_id=None,
            signal=msgspec.to_builtins(signal.call),
        )

    async def store_platform_signal(self, provider: str, signal: PlatformSignal) -> bool:
        """False for a repeat. The payload itself is not kept: the session is fetched when it is needed."""
        return await self._store(
            "calls:platform_signal",
            provider=provider,
            dedupe_key=signal.dedupe_key,
            kind=signal.kind,
            call_id=signal.call_id,
            session_id=signal.session_id,
            signal={},
        )

    async def unprocessed(self, message_id: str) -> InboxMessage | None:
        """The message, or None when it has been worked on already."""
        async with self._database.transaction() as session:
            message = await session.get(InboxMessage, message_id)
        return message if message is not None and message.processed_at is None else None

    async def of_call(self, call_id: str, session_id: str | None) -> Sequence[InboxMessage]:
        """Messages about a call or its session, oldest first; the first thousand."""
        concerns = InboxMessage.call_id == call_id
        if session_id is not None:
            concerns |= InboxMessage.session_id == session_id
        query = select(InboxMessage).where(concerns).order_by(InboxMessage.received_at).limit(1_000)
        async with self._database.transaction() as session:
            return (await session.scalars(query)).all()

    async def processed(self, message_id: str) -> None:
        async with self._database.transaction() as session:
            done = update(InboxMessage).where(InboxMessage.id == message_id)
            await session.execute(done.values(processed_at=self._clock.now()))

    async def _store(self, task: str, **values: Any) -> bool:
        async with self._database.transaction() as session:
            stored = await session.scalar(
                insert(InboxMessage)
                .values(id=new_id("msg"), received_at=self._clock.now(), **values)
                .on_conflict_do_nothing(index_elements=["provider", "dedupe_key"])
                .returning(InboxMessage.id)
            )
            if stored is not None:
                await self._jobs.defer(session, task, message_id=stored)
        return stored is not None
