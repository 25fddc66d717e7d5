"""The agent as a row and as a domain object."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.agents import variables
from switchboard.core.ids import new_id
from switchboard.persistence.base import Base
from switchboard.providers.normalised import AgentSpec

EDITABLE = (
    "name",
    "prompt",
    "first_message",
    "language",
    "voice",
    "model",
    "temperature",
    "max_duration_seconds",
    "variables",
    "tools",
    "platform_options",
    "fallback_agent_id",
)


class Agent(Base):
    """A voice agent on one platform; `remote_id` is its id there.

    `pending` until the platform has confirmed it. Deleted agents stay as rows, since calls refer to them.
    """

    __tablename__ = "agents"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'active', 'inactive', 'deleted')", name="status"),
        Index("ix_agents_created", "created_at", "id", postgresql_where="status <> 'deleted'"),
        Index("ix_agents_name", "name", "id", postgresql_where="status <> 'deleted'"),
        Index("ix_agents_updated", "updated_at", "id", postgresql_where="status <> 'deleted'"),
        Index("uq_agents_remote", "platform", "remote_id", unique=True, postgresql_where="status <> 'deleted'"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("agt"))
    platform: Mapped[str]
    remote_id: Mapped[str | None]
    name: Mapped[str]
    status: Mapped[str]
    prompt: Mapped[str]
    first_message: Mapped[str]
    language: Mapped[str]
    voice: Mapped[str | None]
    model: Mapped[str | None]
    temperature: Mapped[float | None]
    max_duration_seconds: Mapped[int]
    variables: Mapped[dict[str, Any]]
    tools: Mapped[list[dict[str, Any]]]
    platform_options: Mapped[dict[str, Any]]
    fallback_agent_id: Mapped[str | None]
    version: Mapped[int]
    warnings: Mapped[list[str]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def spec(self) -> AgentSpec:
        """The agent as its platform needs it."""
        return AgentSpec(
            name=self.name,
            prompt=self.prompt,
            first_message=self.first_message,
            language=self.language,
            voice=self.voice,
            model=self.model,
            temperature=self.temperature,
            max_duration_seconds=self.max_duration_seconds,
            variables=variables.defaults(self.variables),
            platform_options=self.platform_options,
        )
