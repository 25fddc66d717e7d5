"""The same agent on the other platform, with a voice that comes close, and what is lost on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from switchboard.agents.errors import InvalidAgent
from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.placing import Placing
from switchboard.agents.service import AgentService, as_wanted, require_version
from switchboard.agents.versions import Author
from switchboard.core.errors import FieldError, NotFound
from switchboard.providers.errors import ProviderError
from switchboard.providers.normalised import Loss, Voice
from switchboard.voices.service import VoiceService

_NOT_COPIED = ("model", "platform_options", "voice", "fallback_agent_id", "fallback_voice")
"""They mean something on their own platform only."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a copy would be. `voice` is the proposed one; None: the platform chooses."""

    values: dict[str, Any]
    losses: Sequence[Loss]
    voice: Voice | None


class Copying:
    """Copies agents from platform to platform."""

    def __init__(self, service: AgentService, placing: Placing, voices: VoiceService) -> None:
        self._service = service
        self._placing = placing
        self._voices = voices

    async def plan(
        self, agent_id: str, to: str, expected_version: int | None, *, name: str | None, voice: str | None
    ) -> tuple[Agent, Plan]:
        """What a copy on the platform `to` would be. Raises: InvalidAgent when `to` is the agent's own."""
        agent = await self._service.get(agent_id)
        require_version(agent, expected_version)
        self._placing.known(to)
        if to == agent.platform:
            message = f"The agent is on {to} already. Use POST /api/v1/agents/{agent_id}/duplicate."
            raise InvalidAgent("A copy goes to another platform.", [FieldError("to", message)])
        proposed = None if voice else await self._like(agent, to)
        values = {field: getattr(agent, field) for field in EDITABLE if field not in _NOT_COPIED}
        values |= {"name": name or agent.name, "voice": voice or (proposed.id if proposed else None)}
        wanted = as_wanted(values).model_dump(include=set(EDITABLE))
        losses = self._placing.losses(Agent(platform=to, tool_secrets=agent.tool_secrets, **wanted), to)
        return agent, Plan(values, [*_left_behind(agent, to), *losses], proposed)

    async def copy(self, agent: Agent, plan: Plan, to: str, author: Author, *, twin: bool) -> Agent:
        """Make the copy; as `twin`, each stands in for the other. Raises: as creating does."""
        made = await self._service.create(as_wanted(plan.values), to, author, secrets=agent.tool_secrets)
        if not twin:
            return made
        await self._service.save(agent, {"fallback_agent_id": made.id}, None, author)
        return await self._service.save(made, {"fallback_agent_id": agent.id}, None, author)

    async def _like(self, agent: Agent, to: str) -> Voice | None:
        """A voice of `to` like the agent's; None when none can be proposed now."""
        try:
            like = (await self._voices.get(agent.platform, agent.voice))[0] if agent.voice else None
        except (NotFound, ProviderError):
            like = None
        try:
            return await self._voices.propose(to, like, agent.language)
        except ProviderError:
            return None


def _left_behind(agent: Agent, to: str) -> list[Loss]:
    found = []
    if agent.model is not None:
        found.append(Loss("model", f"{agent.model} is a model of {agent.platform}: {to} uses its own default."))
    if agent.platform_options:
        found.append(Loss("platform_options", f"They are settings of {agent.platform}: the copy has none."))
    return found
