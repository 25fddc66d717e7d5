"""What is kept about voices: the platforms' lists, previews that were heard, and what they took."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from switchboard.persistence.base import Base


class VoiceList(Base):
    """One platform's voices as last told. `fetched_at` is None until they were told once.

    Who holds the lease (`lease_by`, until `lease_until`) is fetching them anew. After a failure `trouble` says
    what was wrong, and nobody asks again before `retry_at`.
    """

    __tablename__ = "voice_lists"

    platform: Mapped[str] = mapped_column(primary_key=True)
    voices: Mapped[list[dict[str, Any]]]
    gone: Mapped[list[dict[str, Any]]]
    """Voices that were listed once and are no more, the latest to go first."""
    fetched_at: Mapped[datetime | None]
    lease_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    trouble: Mapped[dict[str, Any] | None]
    retry_at: Mapped[datetime | None]


class VoicePreview(Base):
    """Audio by the hash of what it was made from. `content` is None while the holder of the lease makes it."""

    __tablename__ = "voice_previews"

    sha: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    voice_id: Mapped[str]
    characters: Mapped[int]
    charged: Mapped[int | None]
    content: Mapped[bytes | None]
    media_type: Mapped[str | None]
    size: Mapped[int]
    lease_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]


class VoiceUsage(Base):
    """Characters that were spoken for previews on one day (UTC)."""

    __tablename__ = "voice_usage"

    day: Mapped[date] = mapped_column(primary_key=True)
    characters: Mapped[int]
