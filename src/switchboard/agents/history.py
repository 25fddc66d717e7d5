"""The versions of an agent: show, compare, restore."""

from collections.abc import Sequence

from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.record import AgentRecord
from switchboard.agents.service import AgentService, require_version
from switchboard.agents.versions import AgentVersion, Author, Difference, Versions, differences


class History:
    """What an agent was."""

    def __init__(self, record: AgentRecord, service: AgentService) -> None:
        self._record = record
        self._service = service

    async def page(self, agent_id: str, before: int | None, limit: int) -> Sequence[AgentVersion]:
        """At most `limit + 1`, newest first: the extra one tells that there are more."""
        await self._record.get(agent_id)
        async with self._record.database.transaction() as session:
            return await Versions(session).page(agent_id, before, limit + 1)

    async def get(self, agent_id: str, version: int) -> AgentVersion:
        """Raises: UnknownAgent, UnknownVersion."""
        await self._record.get(agent_id)
        async with self._record.database.transaction() as session:
            return await Versions(session).required(agent_id, version)

    async def diff(self, agent_id: str, version: int, to: int | None) -> list[Difference]:
        """From `version` to `to`, field by field; without `to` to the agent as it is."""
        old = await self.get(agent_id, version)
        new = await self.get(agent_id, to if to is not None else (await self._record.get(agent_id)).version)
        return list(differences(old.snapshot, new.snapshot))

    async def restore(self, agent_id: str, version: int, expected_version: int | None, author: Author) -> Agent:
        """Make an old version the newest one, at the platform too. Fields that it did not have yet stay.

        Raises: as a save does.
        """
        agent = await self._record.get(agent_id)
        require_version(agent, expected_version)
        old = await self.get(agent_id, version)
        values = {name: value for name, value in old.snapshot.items() if name in EDITABLE}
        return await self._service.save(agent, values, expected_version, author, action=f"restored {version}")
