"""A verified message of a provider."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.core.ids import new_id
from switchboard.persistence.base import Base


class InboxMessage(Base):
    """`signal` is what the adapter read out of it; `dedupe_key` is equal for repeats of one message."""

    __tablename__ = "inbox_messages"
    __table_args__ = (UniqueConstraint("provider", "dedupe_key"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("msg"))
    provider: Mapped[str]
    dedupe_key: Mapped[str]
    kind: Mapped[str]
    call_id: Mapped[str | None]
    session_id: Mapped[str | None]
    signal: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]
