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


async def prepare(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).steps.prepare(call_id, attempt)


async def dial(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).steps.dial(call_id, attempt)


async def locate(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).steps.locate(call_id, attempt)


async def follow(context: JobContext, call_id: str) -> None:
    await _calls(context).following.follow(call_id)


async def settle(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).following.settle(call_id, attempt)


async def hang_up(context: JobContext, call_id: str, attempt: int = 1) -> None:
    await _calls(context).following.hang_up(call_id, attempt)


async def carrier_signal(context: JobContext, message_id: str) -> None:
    await _calls(context).signals.from_carrier(message_id)


async def platform_signal(context: JobContext, message_id: str) -> None:
    await _calls(context).signals.from_platform(message_id)


async def watch(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    await _calls(context).following.watch()


def blueprint() -> Blueprint:
    """The tasks `calls:…`."""
    tasks = Blueprint()
    for step in (prepare, dial, locate, settle, hang_up, carrier_signal, platform_signal):
        tasks.task(name=step.__name__, pass_context=True, retry=RETRY)(step)
    watching = tasks.task(name="watch", pass_context=True, queue="calls", queueing_lock="calls:watch")(watch)
    tasks.periodic(cron="* * * * *")(watching)
    return tasks


def follow_blueprint() -> Blueprint:
    """`follow:follow`. It lasts as long as the call does, so it has a queue and slots of its own."""
    tasks = Blueprint()
    tasks.task(name="follow", pass_context=True, retry=RETRY)(follow)
    return tasks


def _calls(context: JobContext) -> CallJobs:
    calls: CallJobs = context.additional_context["calls"]
    return calls
