"""The worker: fetches jobs and runs them, one pool of slots per kind of work."""

import asyncio
from collections.abc import Mapping
from typing import Any

import procrastinate

from switchboard.jobs.rescue import STALLED_AFTER_SECONDS

_HEARTBEAT_SECONDS = 1.0
_POLL_SECONDS = 1.0
_SHUTDOWN_SECONDS = 1.0


async def run_worker(app: procrastinate.App, slots: Mapping[str, int], context: Mapping[str, Any]) -> None:
    """Work until cancelled; unfinished jobs go back to their queue.

    `slots` maps a queue to how many of its jobs run at once here. `context` is what jobs work with
    (`JobContext.additional_context`).
    """
    async with asyncio.TaskGroup() as group:
        for queue, concurrency in slots.items():
            group.create_task(
                app.run_worker_async(
                    queues=[queue],
                    name=queue,
                    concurrency=concurrency,
                    additional_context=dict(context),
                    install_signal_handlers=False,
                    fetch_job_polling_interval=_POLL_SECONDS,
                    update_heartbeat_interval=_HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_AFTER_SECONDS,
                    shutdown_graceful_timeout=_SHUTDOWN_SECONDS,
                    delete_jobs="successful",
                ),
                name=f"worker {queue}",
            )
