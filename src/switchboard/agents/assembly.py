"""The agents' own parts, put together for the composition root."""

from dataclasses import dataclass
from typing import Literal

from switchboard.agents.bulk import Bulk
from switchboard.agents.copying import Copying
from switchboard.agents.drift import Drift
from switchboard.agents.history import History
from switchboard.agents.importing import AgentImports
from switchboard.agents.jobs import AgentJobs
from switchboard.agents.placing import Placing
from switchboard.agents.record import AgentRecord
from switchboard.agents.service import AgentService, RunningCalls
from switchboard.agents.voicing import Voicing
from switchboard.providers.health import HealthMonitor
from switchboard.providers.registry import Providers
from switchboard.voices.service import VoiceService


@dataclass(frozen=True, slots=True)
class AgentParts:
    """Everything that is done with agents."""

    service: AgentService
    history: History
    bulk: Bulk
    drift: Drift
    copying: Copying
    imports: AgentImports
    voicing: Voicing
    jobs: AgentJobs


def assemble(
    record: AgentRecord,
    *,
    providers: Providers,
    health: HealthMonitor,
    voices: VoiceService,
    when_voice_missing: Literal["replace", "refuse"],
    running_calls: RunningCalls,
) -> AgentParts:
    """Build them over one record."""
    placing = Placing(record, providers)
    service = AgentService(
        record=record, placing=placing, health=health, voices=voices, running_calls=running_calls
    )
    drift = Drift(record, placing, service)
    imports = AgentImports(record, placing, drift)
    return AgentParts(
        service=service,
        history=History(record, service),
        bulk=Bulk(service),
        drift=drift,
        copying=Copying(service, placing, voices),
        imports=imports,
        voicing=Voicing(record, service, voices, when_voice_missing),
        jobs=AgentJobs(record, placing, imports),
    )
