"""Keys, people, their sessions and one-time links as they are stored. Secrets exist only as hashes."""

from datetime import datetime

from sqlalchemy import ForeignKey
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


class User(Base):
    """A person. `username` is lower case; without `password_hash` only a one-time link leads in."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    last_signed_in_at: Mapped[datetime | None]


class UserSession(Base):
    """One browser in which somebody is signed in; gone when signed out. `via`: `password` or `link`."""

    __tablename__ = "user_sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    hash: Mapped[bytes]
    via: Mapped[str]
    address: Mapped[str]
    user_agent: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    """Exact to about a minute; the sliding end is counted from here."""


class SignInLink(Base):
    """A way in that works once; gone when it was used."""

    __tablename__ = "sign_in_links"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
