"""Agents at their platforms: made, searched, changed, removed. What comes of it goes on record."""

from collections.abc import Sequence

from switchboard.agents.addresses import is_local
from switchboard.agents.errors import AgentBusy, InvalidAgent, KeptAsDraft
from switchboard.agents.model import Agent
from switchboard.agents.record import AgentRecord
from switchboard.agents.repository import Agents
from switchboard.agents.tool_schemas import missing_secrets
from switchboard.agents.views import shown
from switchboard.core.errors import FieldError
from switchboard.providers.errors import ProviderError, ProviderMissing, ProviderUnavailable, ProviderUnclear
from switchboard.providers.normalised import Loss, RemoteAgent
from switchboard.providers.platform import Platform
from switchboard.providers.registry import Providers


class Placing:
    """Our side of the platforms, agent by agent."""

    def __init__(self, record: AgentRecord, providers: Providers) -> None:
        self._record = record
        self._providers = providers

    def port(self, platform: str) -> Platform:
        """Raises: ProviderMisconfigured when it is off."""
        return self._providers.platform(platform)

    @property
    def platforms(self) -> list[str]:
        """Those that are on."""
        return sorted(self._providers.platforms)

    def known(self, platform: str) -> None:
        """Raises: InvalidAgent for a name that is no platform, on or off."""
        names = [*self._providers.platforms, *self._providers.disabled]
        if platform not in names:
            message = f"No platform {platform!r} exists. Choose one of: {', '.join(sorted(names))}."
            raise InvalidAgent.of([FieldError("platform", message)])

    def check(self, platform: str, agent: Agent, also: Sequence[FieldError] = ()) -> None:
        """The platform's own limits, before it is asked.

        Raises: InvalidAgent with every wrong field, those found before (`also`) among them.
        """
        wrong = [
            FieldError(field, f"Send the value of {header}; none is stored.")
            for field, header in missing_secrets(agent.tools, agent.tool_secrets)
        ]
        wrong += [*self._unreachable(platform, agent), *self._providers.platform(platform).problems(agent.spec())]
        wrong += also
        if wrong:
            raise InvalidAgent.of(wrong)

    def _unreachable(self, platform: str, agent: Agent) -> list[FieldError]:
        """Tools on this machine: whoever calls them must be on it, too."""
        if platform in self._providers.local:
            return []
        said = (
            f"{platform} makes the request and cannot reach this machine. Use a public https:// address; local "
            "ones are for a platform that is sandboxed on this machine."
        )
        return [
            FieldError(f"tools.{index}.url", said)
            for index, tool in enumerate(agent.tools)
            if tool["type"] == "http" and is_local(str(tool["url"]))
        ]

    def losses(self, agent: Agent, platform: str | None = None) -> list[Loss]:
        """What this platform (without a name the agent's own) cannot express of the agent."""
        return list(self._providers.platform(platform or agent.platform).losses(agent.spec()))

    async def place(self, agent: Agent, *, again: bool = False) -> Agent:
        """Make the agent at its platform; one that is refused is forgotten here.

        `again`: it was tried before, so it is kept when refused, and the platform may have made it after all.

        Raises: KeptAsDraft when the platform cannot be reached; the other provider errors.
        """
        platform = self._providers.platform(agent.platform)
        try:
            remote = await self._found(platform, agent) if again else None
            remote = remote or await platform.create_agent(agent.spec(), marker=agent.id)
        except ProviderUnclear as error:
            raise kept_as_draft(agent, error) from error
        except ProviderUnavailable as error:
            kept = await self._record.not_placed(agent.id, error.detail)
            raise kept_as_draft(kept or agent, error) from error
        except ProviderError as error:
            await (self._record.not_placed(agent.id, error.detail) if again else self._record.forget(agent.id))
            raise
        placed = await self._record.placed(agent.id, remote)
        if placed is None:
            await platform.delete_agent(remote.remote_id)
            raise AgentBusy("The agent was deleted while it was being made.")
        return placed

    async def _found(self, platform: Platform, agent: Agent) -> RemoteAgent | None:
        found = await platform.find_agent(agent.id)
        return await platform.update_agent(found.remote_id, agent.spec()) if found else None

    async def push(self, agent: Agent, wanted: Agent) -> RemoteAgent:
        """Let the agent at its platform become `wanted`. Raises: the provider errors."""
        try:
            return await self._providers.platform(agent.platform).update_agent(str(agent.remote_id), wanted.spec())
        except ProviderMissing as error:
            error.detail += f" Make it again there with POST /api/v1/agents/{agent.id}/drift/push."
            raise

    async def remove(self, agent: Agent) -> None:
        """Delete the agent at its platform; already gone is fine, and so is one that may never have been made."""
        platform, remote_id = self._providers.platform(agent.platform), agent.remote_id
        if remote_id is None and agent.creating_since is not None:
            found = await platform.find_agent(agent.id)
            remote_id = found.remote_id if found else None
        if remote_id is not None:
            await platform.delete_agent(remote_id)

    async def recover(self, agent: Agent) -> None:
        """Find out what became of a creation that has no outcome, and put it on record.

        Raises: the provider errors; then it is still open.
        """
        if agent.creating_since is None:
            return
        platform = self._providers.platform(agent.platform)
        found = await platform.find_agent(agent.id)
        if found is None:
            await self._record.not_placed(agent.id, "the request had no outcome. Publish the agent to try again.")
        elif await self._record.placed(agent.id, found) is None:
            await platform.delete_agent(found.remote_id)
            await self._record.not_placed(agent.id, "it was deleted.")

    async def make_again(self, agent: Agent) -> RemoteAgent:
        """Give the platform an agent that it has lost."""
        port = self._providers.platform(agent.platform)
        remote = await port.find_agent(agent.id) or await port.create_agent(agent.spec(), marker=agent.id)
        async with self._record.database.transaction() as session:
            (await Agents(session).locked(agent.id)).remote_id = remote.remote_id
        return remote


def kept_as_draft(agent: Agent, error: ProviderUnavailable) -> KeptAsDraft:
    """The error that tells what was kept and how to go on."""
    path = f"/api/v1/agents/{agent.id}/publish"
    unclear = " Whether it was carried out is being looked up." if isinstance(error, ProviderUnclear) else ""
    return KeptAsDraft(
        f"{error.detail}{unclear} What you sent is kept as a draft: publish it with POST {path}.",
        provider=error.provider,
        provider_status=error.provider_status,
        provider_code=error.provider_code,
        retry_after=error.retry_after,
        agent_id=agent.id,
        kept=shown(agent),
    )
