"""The jobs of voices: keep the lists young and the previews bounded."""

from dataclasses import dataclass

from procrastinate import Blueprint, JobContext

from switchboard.voices.previews import Previews
from switchboard.voices.service import VoiceService


@dataclass(frozen=True, slots=True)
class VoiceJobs:
    """What the worker hands to these jobs, under the key `voices` of its context."""

    voices: VoiceService
    previews: Previews


async def refresh(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    """Fetch lists that are due: calls are checked against what is known, and asking then would delay them."""
    await _jobs(context).voices.refresh()


async def forget_previews(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    await _jobs(context).previews.forget_old()


def blueprint() -> Blueprint:
    """The tasks `voices:…`."""
    tasks = Blueprint()
    refreshing = tasks.task(name="refresh", pass_context=True, queue="jobs", queueing_lock="voices:refresh")(
        refresh
    )
    tasks.periodic(cron="* * * * *")(refreshing)
    forgetting = tasks.task(
        name="forget_previews", pass_context=True, queue="jobs", queueing_lock="voices:forget_previews"
    )(forget_previews)
    tasks.periodic(cron="29 * * * *")(forgetting)
    return tasks


def _jobs(context: JobContext) -> VoiceJobs:
    jobs: VoiceJobs = context.additional_context["voices"]
    return jobs
