"""The same thing done to many agents, each on its own: some may fail, and it is told which."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from switchboard.agents.repository import Agents, matching
from switchboard.agents.schemas import AgentPatch
from switchboard.agents.service import AgentService
from switchboard.agents.versions import Author
from switchboard.core.errors import InvalidInput, SwitchboardError

MOST = 500
_AT_ONCE = 8

Action = Literal["delete", "tag", "untag", "activate", "deactivate"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one agent; `code` and `detail` as its own request would have been answered."""

    id: str
    ok: bool
    code: str | None = None
    detail: str | None = None


class Bulk:
    """Does one action to many agents, a few at a time."""

    def __init__(self, service: AgentService) -> None:
        self._service = service

    async def chosen(
        self, platform: str | None, status: str | None, search: str | None, tag: str | None
    ) -> list[str]:
        """Ids of the agents that fit. Raises: InvalidInput when they are more than `MOST`."""
        async with self._service.record.database.transaction() as session:
            ids = await Agents(session).ids(matching(platform, status, search, tag), MOST + 1)
        if len(ids) > MOST:
            raise InvalidInput(f"More than {MOST} agents fit. Narrow the filter, or go in steps.")
        return list(ids)

    async def do(
        self, ids: Sequence[str], action: Action, tags: Sequence[str], author: Author, *, force: bool
    ) -> list[Outcome]:
        """One outcome for each id, in their order."""
        slots = asyncio.Semaphore(_AT_ONCE)

        async def one(agent_id: str) -> Outcome:
            async with slots:
                try:
                    await self._do(agent_id, action, tags, author, force=force)
                except SwitchboardError as error:
                    return Outcome(agent_id, ok=False, code=error.slug, detail=error.detail)
                return Outcome(agent_id, ok=True)

        return list(await asyncio.gather(*(one(agent_id) for agent_id in dict.fromkeys(ids))))

    async def _do(
        self, agent_id: str, action: Action, tags: Sequence[str], author: Author, *, force: bool
    ) -> None:
        if action == "delete":
            await self._service.delete(agent_id, None, author, force=force)
            return
        agent = await self._service.get(agent_id)
        match action:
            case "tag":
                patch = AgentPatch(tags=list(dict.fromkeys([*agent.tags, *tags])))
            case "untag":
                patch = AgentPatch(tags=[tag for tag in agent.tags if tag not in tags])
            case "activate":
                patch = AgentPatch(status="active")
            case _:
                patch = AgentPatch(status="inactive")
        await self._service.change(agent_id, patch, agent.version, author)
