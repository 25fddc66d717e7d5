"""Jobs of this package."""

from procrastinate import Blueprint, JobContext

from switchboard.access.service import AccessService


async def forget_sessions(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    """Every hour, drop sessions and links that have run out. Needs `access` in the worker's context."""
    access: AccessService = context.additional_context["access"]
    await access.sessions.forget()


def blueprint() -> Blueprint:
    """The task `access:forget_sessions`."""
    tasks = Blueprint()
    forgetting = tasks.task(
        name="forget_sessions", pass_context=True, queue="jobs", queueing_lock="access:sessions"
    )(forget_sessions)
    tasks.periodic(cron="41 * * * *")(forgetting)
    return tasks
