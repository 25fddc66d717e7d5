"""Every query on the lists of voices. Ages and leases go by the database's clock, which all processes share."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.providers.normalised import Voice
from switchboard.voices.model import VoiceList

_GONE_KEPT = 200


@dataclass(frozen=True, slots=True)
class ListHead:
    """What is known of a list without reading it. `age_seconds` is None while there is none."""

    fetched_at: datetime | None
    age_seconds: float | None
    trouble: Mapping[str, Any] | None
    resting: bool
    """The platform is left alone for a while after a failure."""


class VoiceLists:
    """Lists of voices. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def heads(self, platforms: Collection[str]) -> dict[str, ListHead]:
        age = func.extract("epoch", func.now() - VoiceList.fetched_at)
        resting = func.coalesce(VoiceList.retry_at > func.now(), False)
        statement = select(VoiceList.platform, VoiceList.fetched_at, age, VoiceList.trouble, resting)
        rows = await self._session.execute(statement.where(VoiceList.platform.in_(platforms)))
        return {
            name: ListHead(fetched, None if age is None else max(0.0, float(age)), trouble, rests)
            for name, fetched, age, trouble, rests in rows
        }

    async def body(self, platform: str) -> tuple[datetime | None, list[Voice], list[Voice]]:
        """When it was told, the voices, and those that are gone."""
        statement = select(VoiceList.fetched_at, cast(VoiceList.voices, Text), cast(VoiceList.gone, Text))
        row = (await self._session.execute(statement.where(VoiceList.platform == platform))).one_or_none()
        if row is None:
            return None, [], []
        fetched_at, *parts = row
        voices, gone = (msgspec.json.decode(part, type=list[Voice]) for part in parts)
        return fetched_at, voices, gone

    async def claim(self, platform: str, owner: str, *, older_than: float, lease_seconds: float) -> bool:
        """Become the one who fetches the list, unless it is young, being fetched, or the platform rests."""
        empty = {"platform": platform, "voices": [], "gone": []}
        await self._session.execute(insert(VoiceList).values(**empty).on_conflict_do_nothing())
        now = func.now()
        old = VoiceList.fetched_at < now - func.make_interval(0, 0, 0, 0, 0, 0, older_than)
        claimed = await self._session.scalar(
            update(VoiceList)
            .where(
                VoiceList.platform == platform,
                or_(VoiceList.fetched_at.is_(None), old),
                or_(VoiceList.lease_until.is_(None), VoiceList.lease_until < now),
                or_(VoiceList.retry_at.is_(None), VoiceList.retry_at <= now),
            )
            .values(lease_by=owner, lease_until=now + func.make_interval(0, 0, 0, 0, 0, 0, lease_seconds))
            .returning(VoiceList.platform)
        )
        return claimed is not None

    async def store(self, platform: str, owner: str, voices: Collection[Voice]) -> bool:
        """Replace the list; False when the lease has passed to somebody else meanwhile."""
        held = VoiceList.platform == platform, VoiceList.lease_by == owner
        row = (
            await self._session.execute(
                select(cast(VoiceList.voices, Text), cast(VoiceList.gone, Text)).where(*held).with_for_update()
            )
        ).one_or_none()
        if row is None:
            return False
        before, gone = (msgspec.json.decode(part, type=list[Voice]) for part in row)
        values = {
            "voices": msgspec.to_builtins(list(voices)),
            "gone": msgspec.to_builtins(_gone(before, gone, voices)),
            "fetched_at": func.now(),
        }
        await self._session.execute(update(VoiceList).where(*held).values(**values, **_FREE, trouble=None))
        return True

    async def note_trouble(
        self, platform: str, owner: str, trouble: Mapping[str, Any], *, retry_seconds: float
    ) -> None:
        """Keep what went wrong and let the platform rest; the list stays as it was."""
        retry_at = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, retry_seconds)
        await self._session.execute(
            update(VoiceList)
            .where(VoiceList.platform == platform, VoiceList.lease_by == owner)
            .values(**(_FREE | {"trouble": dict(trouble), "retry_at": retry_at}))
        )

    async def release(self, platform: str, owner: str) -> None:
        """Let others fetch the list at once."""
        await self._session.execute(
            update(VoiceList)
            .where(VoiceList.platform == platform, VoiceList.lease_by == owner)
            .values(lease_by=None, lease_until=None)
        )


_FREE: dict[str, Any] = {"lease_by": None, "lease_until": None, "retry_at": None}


def _gone(before: Collection[Voice], gone: Collection[Voice], now: Collection[Voice]) -> list[Voice]:
    """Voices that are listed no more. An account that suddenly has none at all is not believed so far."""
    if not now:
        return list(gone)
    listed = {voice.id for voice in now}
    missing = {voice.id: voice for voice in (*before, *gone) if voice.id not in listed}
    return list(missing.values())[:_GONE_KEPT]
