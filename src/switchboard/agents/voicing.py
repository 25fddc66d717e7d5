"""Agents and their voices: checked when an agent is saved, and once more before it makes a call."""

from dataclasses import dataclass
from typing import Literal

import structlog

from switchboard.agents.model import Agent
from switchboard.agents.record import VOICE_REPLACED, AgentRecord, without
from switchboard.agents.repository import Agents
from switchboard.agents.service import AgentService
from switchboard.agents.versions import SWITCHBOARD
from switchboard.core.errors import SwitchboardError
from switchboard.providers.normalised import Voice
from switchboard.voices.checks import VoiceCheck
from switchboard.voices.service import VoiceService

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Voiced:
    """The agent with a voice that is there. `replaced` says what was done; `refused` why it must not call."""

    agent: Agent
    replaced: str | None = None
    refused: str | None = None


class Voicing:
    """Sees to it that an agent has a voice when it calls."""

    def __init__(
        self,
        record: AgentRecord,
        service: AgentService,
        voices: VoiceService,
        when_missing: Literal["replace", "refuse"],
    ) -> None:
        self._record = record
        self._service = service
        self._voices = voices
        self._when_missing = when_missing

    async def ensured(self, agent: Agent) -> Voiced:
        """The agent, its voice replaced when that is gone. Asks a vendor only to replace one."""
        if not agent.voice or agent.status == "deleted":
            return Voiced(agent)
        check = await self._voices.check_known(agent.platform, agent.voice)
        if check.usable or check.voice is None:
            return Voiced(agent)
        if self._when_missing == "refuse":
            return Voiced(agent, refused=f"{check.message} Choose another voice for the agent.")
        found = await self._voices.substitute(agent.platform, check.voice, agent.language, agent.fallback_voice)
        if found is None:
            return Voiced(agent, refused=f"{check.message} No other voice is known. Choose one for the agent.")
        return await self._replaced(agent, found, check)

    async def _replaced(self, agent: Agent, voice: Voice, check: VoiceCheck) -> Voiced:
        said = f"{check.message} {voice.name} ({voice.id}) speaks instead."
        try:
            await self._service.save(agent, {"voice": voice.id}, None, SWITCHBOARD, action="voice_replaced")
        except SwitchboardError as error:
            # Another call may have replaced it first; otherwise the platform says what it makes of the agent.
            log.warning("agent.voice_not_replaced", agent_id=agent.id, code=error.slug)
            current = await self._record.found(agent.id) or agent
            return Voiced(current, replaced=said if current.voice == voice.id else None)
        return Voiced(await self._told(agent.id, voice, check, said), replaced=said)

    async def _told(self, agent_id: str, voice: Voice, check: VoiceCheck, said: str) -> Agent:
        lost = check.voice
        async with self._record.database.transaction() as session:
            agent = await Agents(session).locked(agent_id)
            agent.warnings = [*without(agent.warnings, VOICE_REPLACED), f"{VOICE_REPLACED}{said}"]
            await session.flush()
            data = {"from": lost.id if lost else None, "to": voice.id, "message": said}
            await self._record.events.append(session, "agent.voice_replaced", agent_id=agent_id, data=data)
        return agent
