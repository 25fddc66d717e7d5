"""Every query on previews and on what they take of the day's quota."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class StoredPreview:
    """Audio as it is kept. `charged` in the vendor's unit, None where it did not say."""

    content: bytes
    media_type: str
    characters: int
    charged: int | None


class VoicePreviews:
    """Previews and the day's usage. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, sha: str) -> StoredPreview | None:
        """The audio, marked as used (to the minute)."""
        row = (
            await self._session.execute(
                text(
                    "SELECT content, media_type, characters, charged, "
                    "used_at < now() - interval '1 minute' AS idle FROM voice_previews "
                    "WHERE sha = :sha AND content IS NOT NULL"
                ),
                {"sha": sha},
            )
        ).one_or_none()
        if row is None:
            return None
        if row.idle:
            touch = text("UPDATE voice_previews SET used_at = now() WHERE sha = :sha")
            await self._session.execute(touch, {"sha": sha})
        return StoredPreview(bytes(row.content), row.media_type, row.characters, row.charged)

    async def has(self, sha: str) -> bool:
        found = text("SELECT 1 FROM voice_previews WHERE sha = :sha AND content IS NOT NULL")
        return (await self._session.scalar(found, {"sha": sha})) is not None

    async def claim(
        self, sha: str, owner: str, *, platform: str, voice_id: str, characters: int, lease_seconds: float
    ) -> bool:
        """Become the one who makes this preview, unless it is there or being made."""
        claimed = await self._session.scalar(
            text(
                "INSERT INTO voice_previews (sha, platform, voice_id, characters, size, lease_by, lease_until, "
                "created_at, used_at) VALUES (:sha, :platform, :voice_id, :characters, 0, :owner, "
                "now() + make_interval(secs => :seconds), now(), now()) "
                "ON CONFLICT (sha) DO UPDATE SET lease_by = excluded.lease_by, lease_until = excluded.lease_until "
                "WHERE voice_previews.content IS NULL AND voice_previews.lease_until < now() RETURNING sha"
            ),
            {
                "sha": sha,
                "owner": owner,
                "platform": platform,
                "voice_id": voice_id,
                "characters": characters,
                "seconds": lease_seconds,
            },
        )
        return claimed is not None

    async def fill(self, sha: str, owner: str, content: bytes, media_type: str, charged: int | None) -> None:
        await self._session.execute(
            text(
                "UPDATE voice_previews SET content = :content, media_type = :media_type, charged = :charged, "
                "size = :size, lease_by = NULL, lease_until = NULL, used_at = now() "
                "WHERE sha = :sha AND lease_by = :owner"
            ),
            {
                "sha": sha,
                "owner": owner,
                "content": content,
                "media_type": media_type,
                "charged": charged,
                "size": len(content),
            },
        )

    async def abandon(self, sha: str, owner: str) -> None:
        """Let others make it at once."""
        forget = text("DELETE FROM voice_previews WHERE sha = :sha AND lease_by = :owner AND content IS NULL")
        await self._session.execute(forget, {"sha": sha, "owner": owner})

    async def evict(self, total_bytes: int) -> None:
        """Drop the longest unheard until the rest fits."""
        await self._session.execute(
            text(
                "DELETE FROM voice_previews WHERE sha IN (SELECT sha FROM (SELECT sha, sum(size) OVER "
                "(ORDER BY used_at DESC, sha) AS kept FROM voice_previews WHERE content IS NOT NULL) AS ranked "
                "WHERE kept > :total)"
            ),
            {"total": total_bytes},
        )

    async def forget_old(self) -> None:
        """Drop previews made over 30 days ago, so that changed voices are heard anew, and old figures."""
        old = "DELETE FROM voice_previews WHERE created_at < now() - interval '30 days'"
        await self._session.execute(text(old))
        await self._session.execute(text("DELETE FROM voice_usage WHERE day < now() - interval '400 days'"))

    async def spend(self, characters: int, limit: int) -> bool:
        """Count characters against today's quota; False, and nothing counted, when they do not fit."""
        spent = await self._session.scalar(
            text(
                "INSERT INTO voice_usage (day, characters) SELECT (now() AT TIME ZONE 'utc')::date, :n "
                "WHERE :n <= :limit ON CONFLICT (day) DO UPDATE "
                "SET characters = voice_usage.characters + excluded.characters "
                "WHERE voice_usage.characters + excluded.characters <= :limit RETURNING characters"
            ),
            {"n": characters, "limit": limit},
        )
        return spent is not None

    async def give_back(self, characters: int) -> None:
        await self._session.execute(
            text(
                "UPDATE voice_usage SET characters = greatest(0, characters - :n) "
                "WHERE day = (now() AT TIME ZONE 'utc')::date"
            ),
            {"n": characters},
        )

    async def spent_today(self) -> int:
        today = text("SELECT characters FROM voice_usage WHERE day = (now() AT TIME ZONE 'utc')::date")
        return await self._session.scalar(today) or 0
