"""The jobs of calls: thin, durable doors to the steps. Their arguments are ids."""

from dataclasses import dataclass

from procrastinate import Blueprint, JobContext

from switchboard.calls.following import CallFollowing
from switchboard.calls.signals import CallSignals
from switchboard.calls.steps import CallSteps
from switchboard.jobs.app import RETRY


@dataclass(frozen=True, slots=True)
class CallJobs:
    """What the worker hands to these jobs, under the key `calls` of its context."""

    steps: CallSteps
    following: CallFollowing
    signals: CallSignals


blueprint = Blueprint()
follow_blueprint = Blueprint()
"""Following lasts as long as the call does, so it has a queue and slots of its own."""


@blueprint.task(name="prepare", pass_context=True, retry=RETRY)
async def prepare(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).steps.prepare(call_id, attempt)


@blueprint.task(name="dial", pass_context=True, retry=RETRY)
async def dial(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).steps.dial(call_id, attempt)


@blueprint.task(name="locate", pass_context=True, retry=RETRY)
async def locate(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).steps.locate(call_id, attempt)


@follow_blueprint.task(name="follow", pass_context=True, retry=RETRY)
async def follow(context: JobContext, call_id: str) -> None:
    await _calls(context).following.follow(call_id)


@blueprint.task(name="settle", pass_context=True, retry=RETRY)
async def settle(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).following.settle(call_id, attempt)


@blueprint.task(name="hang_up", pass_context=True, retry=RETRY)
async def hang_up(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).following.hang_up(call_id, attempt)


@blueprint.task(name="carrier_signal", pass_context=True, retry=RETRY)
async def carrier_signal(context: JobContext, message_id: str) -> None:
    await _calls(context).signals.from_carrier(message_id)


@blueprint.task(name="platform_signal", pass_context=True, retry=RETRY)
async def platform_signal(context: JobContext, message_id: str) -> None:
    await _calls(context).signals.from_platform(message_id)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="watch", pass_context=True, queue="calls", queueing_lock="calls:watch")
async def watch(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    await _calls(context).following.watch()


def _calls(context: JobContext) -> CallJobs:
    calls: CallJobs = context.additional_context["calls"]
    return calls
