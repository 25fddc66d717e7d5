"""Every query on API keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.access.model import ApiKey


class ApiKeys:
    """Queries on keys. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, key_id: str) -> ApiKey | None:
        return await self._session.get(ApiKey, key_id)

    async def page(self, after: tuple[datetime, str] | None, limit: int) -> Sequence[ApiKey]:
        """Keys from the newest to the oldest, starting past `after` (created_at, id)."""
        query = select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id.desc()).limit(limit)
        if after is not None:
            query = query.where(tuple_(ApiKey.created_at, ApiKey.id) < after)
        return (await self._session.scalars(query)).all()

    async def count(self) -> int:
        return await self._session.scalar(select(func.count()).select_from(ApiKey)) or 0

    def add(self, key: ApiKey) -> None:
        self._session.add(key)

    async def add_if_new(self, key: Mapping[str, object]) -> bool:
        """Insert unless a key with that hash exists; whether it was inserted."""
        statement = insert(ApiKey).values(**key).on_conflict_do_nothing(index_elements=["hash"])
        return await self._session.scalar(statement.returning(ApiKey.id)) is not None

    async def revoke(self, key_id: str, at: datetime) -> bool:
        """Mark as revoked; False when it was so before."""
        statement = update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).values(revoked_at=at)
        return await self._session.scalar(statement.returning(ApiKey.id)) is not None

    async def note_use(self, used: Mapping[str, datetime]) -> None:
        """Write when these keys were last used."""
        for key_id in sorted(used):
            statement = update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=used[key_id])
            await self._session.execute(statement, execution_options={"synchronize_session": False})
