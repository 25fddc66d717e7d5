"""The job application and the one way to defer: inside the transaction of the row the job is about.

Conventions (docs/decisions/0002): a job's arguments are ids; it reads the row, does the one next effect,
writes the row. Jobs run at least once, so every job is idempotent.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import procrastinate
from procrastinate import Blueprint, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.persistence.database import driver_connection

RETRY = RetryStrategy(max_attempts=50, exponential_wait=2)
"""For every task: an unexpected error, or a worker that shuts down, puts the job back."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Defers jobs by name, so that a lower package can start work that a higher one does."""

    app: procrastinate.App

    async def defer(
        self,
        session: AsyncSession,
        task: str,
        *,
        delay_seconds: float = 0.0,
        queueing_lock: str | None = None,
        lock: str | None = None,
        **arguments: Any,
    ) -> None:
        """Queue `task` so that it exists exactly if the session's transaction commits.

        The queue is the part of the name before the colon. `delay_seconds`: not before so long from now.
        `queueing_lock`: quiet when a job with this lock waits already. `lock`: such jobs run one at a time.
        """
        if queueing_lock is None:
            await self._defer(session, task, lock, delay_seconds, arguments, queueing_lock=None)
            return
        with suppress(AlreadyEnqueued):
            async with session.begin_nested():  # the refusal must not spoil the caller's transaction
                await self._defer(session, task, lock, delay_seconds, arguments, queueing_lock=queueing_lock)

    async def _defer(
        self,
        session: AsyncSession,
        task: str,
        lock: str | None,
        delay_seconds: float,
        arguments: Mapping[str, Any],
        *,
        queueing_lock: str | None,
    ) -> None:
        deferrer = self.app.configure_task(
            task,
            queue=task.partition(":")[0],
            queueing_lock=queueing_lock,
            lock=lock,
            schedule_in={"seconds": delay_seconds} if delay_seconds else None,
            connection=await driver_connection(session),
        )
        await deferrer.defer_async(**arguments)


def create_job_app(
    conninfo: str, blueprints: Mapping[str, Callable[[], Blueprint]], *, pool_size: int = 6
) -> procrastinate.App:
    """One application over one pool; `blueprints` maps a domain's name (and queue) to what makes its tasks.

    They are made anew for each application, because an application renames the tasks that it takes in.
    """
    app = procrastinate.App(
        connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=pool_size, timeout=10)
    )
    for namespace, blueprint in blueprints.items():
        app.add_tasks_from(blueprint(), namespace=namespace)
    return app
