"""The jobs of agents: thin, durable doors. Their arguments are ids."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from procrastinate import Blueprint, JobContext

from switchboard.agents.importing import AgentImports
from switchboard.agents.placing import Placing
from switchboard.agents.record import RECOVER, AgentRecord
from switchboard.agents.repository import Agents
from switchboard.jobs.app import RETRY
from switchboard.providers.errors import ProviderError

log = structlog.get_logger(__name__)

_AT_ONCE = 100
_LONGEST_WAIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class AgentJobs:
    """What the worker hands to these jobs, under the key `agents` of its context."""

    record: AgentRecord
    placing: Placing
    imports: AgentImports

    async def watch(self) -> None:
        """Take up what lost its job: creations without an outcome, and comparisons that are due."""
        record = self.record
        patience = timedelta(seconds=max(2 * record.settings.recover_after_seconds, 2 * _LONGEST_WAIT_SECONDS))
        async with record.database.transaction() as session:
            for agent_id in await Agents(session).unfinished(record.clock.now() - patience, _AT_ONCE):
                await record.jobs.defer(session, RECOVER, queueing_lock=f"{RECOVER}:{agent_id}", agent_id=agent_id)
        await self.imports.sync_if_due()


async def recover(context: JobContext, agent_id: str, attempt: int = 1) -> None:
    """Look up a creation that has no outcome. It is never repeated here: people publish."""
    jobs = _agents(context)
    agent = await jobs.record.found(agent_id)
    if agent is None or agent.creating_since is None:
        return
    try:
        await jobs.placing.recover(agent)
    except ProviderError as error:
        log.warning("agent.recovery_failed", agent_id=agent_id, provider=error.provider, code=error.slug)
        delay = min(jobs.record.settings.recover_after_seconds * attempt, _LONGEST_WAIT_SECONDS)
        async with jobs.record.database.transaction() as session:
            await jobs.record.jobs.defer(
                session, RECOVER, delay_seconds=delay, agent_id=agent_id, attempt=attempt + 1
            )


async def watch(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    await _agents(context).watch()


async def bring_in(context: JobContext, import_id: str, attempt: int = 1) -> None:
    await _agents(context).imports.run(import_id, attempt)


def blueprint() -> Blueprint:
    """The tasks `agents:…`."""
    tasks = Blueprint()
    for step in (recover, bring_in):
        tasks.task(name=step.__name__, pass_context=True, retry=RETRY)(step)
    watching = tasks.task(name="watch", pass_context=True, queue="agents", queueing_lock="agents:watch")(watch)
    tasks.periodic(cron="* * * * *")(watching)
    return tasks


def _agents(context: JobContext) -> AgentJobs:
    agents: AgentJobs = context.additional_context["agents"]
    return agents
