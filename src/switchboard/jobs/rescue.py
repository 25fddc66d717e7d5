"""Jobs of dead workers are given to the living."""

import structlog
from procrastinate import Blueprint, JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

STALLED_AFTER_SECONDS = 6.0
"""A worker whose heartbeat is older is taken for dead."""

log = structlog.get_logger(__name__)


async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    """Put jobs whose worker stopped sending heartbeats back into their queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        log.warning("job.rescued", task=job.task_name, job_id=job.id)
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # its queueing lock: the same work waits already, so this one is not needed
            await manager.finish_job(job, Status.FAILED, delete_job=True)


def blueprint() -> Blueprint:
    """The task `jobs:rescue`."""
    tasks = Blueprint()
    rescuing = tasks.task(name="rescue", pass_context=True, queue="jobs", queueing_lock="jobs:rescue")(rescue)
    tasks.periodic(cron="* * * * * */5")(rescuing)
    return tasks
