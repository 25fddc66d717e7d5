"""An API key as it is stored."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from switchboard.persistence.base import Base


class ApiKey(Base):
    """A key; its secret exists only with its holder, here is the hash."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    prefix: Mapped[str]
    hash: Mapped[bytes]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
