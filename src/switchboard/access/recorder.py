"""The event log as this package needs it; it lies above, so it is handed in."""

from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession


class Recorder(Protocol):
    """Appends to the log in the session's transaction, and adds who acts."""

    async def append(
        self,
        session: AsyncSession,
        type: str,  # noqa: A002 -- the event log's own word
        *,
        agent_id: str | None = None,
        call_id: str | None = None,
        data: dict[str, Any] | None = None,
    ) -> object: ...
