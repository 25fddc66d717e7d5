"""The agent as a row and as a domain object."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.agents.translation import spec_of
from switchboard.core.ids import new_id
from switchboard.persistence.base import Base
from switchboard.providers.normalised import AgentSpec

EDITABLE = (
    "name",
    "prompt",
    "first_message",
    "first_speaker",
    "language",
    "voice",
    "voice_settings",
    "model",
    "temperature",
    "max_duration_seconds",
    "inactivity",
    "voicemail",
    "recording",
    "variables",
    "tools",
    "evaluation",
    "data_collection",
    "tags",
    "platform_options",
    "fallback_agent_id",
    "fallback_voice",
)
"""What users write. Tools in here never hold secrets; those are in `Agent.tool_secrets`."""


class Agent(Base):
    """A voice agent on one platform; `remote_id` is its id there.

    `draft` until the platform has confirmed it. Deleted agents stay as rows, since calls refer to them.
    """

    __tablename__ = "agents"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'active', 'inactive', 'deleted')", name="status"),
        Index("ix_agents_created", "created_at", "id", postgresql_where="status <> 'deleted'"),
        Index(
            "ix_agents_platform_created", "platform", "created_at", "id", postgresql_where="status <> 'deleted'"
        ),
        Index("ix_agents_creating", "creating_since", postgresql_where="creating_since IS NOT NULL"),
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
    first_speaker: Mapped[str] = mapped_column(default="agent")
    language: Mapped[str]
    voice: Mapped[str | None]
    voice_settings: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    model: Mapped[str | None]
    temperature: Mapped[float | None]
    max_duration_seconds: Mapped[int]
    inactivity: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    voicemail: Mapped[dict[str, Any]] = mapped_column(default=lambda: {"action": "ignore", "message": ""})
    recording: Mapped[bool] = mapped_column(default=True)
    variables: Mapped[dict[str, Any]]
    tools: Mapped[list[dict[str, Any]]]
    tool_secrets: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Values of tools' headers by `secret_key`. Kept when a tool goes, so that an old version can be restored."""
    evaluation: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    data_collection: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    tags: Mapped[list[str]] = mapped_column(default=list)
    platform_options: Mapped[dict[str, Any]]
    fallback_agent_id: Mapped[str | None]
    fallback_voice: Mapped[str | None]
    """The voice to take when `voice` is gone from the platform."""
    version: Mapped[int]
    warnings: Mapped[list[str]]
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What was to be saved while the platform was out of reach: `values`, `base_version`, `author`, `at`, …"""
    draft_secrets: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Secrets of the draft's tools, as in `tool_secrets`."""
    creating_since: Mapped[datetime | None]
    """Set while the platform is asked to make the agent: without an outcome the platform must be searched."""
    remote_seen: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The agent as the platform told it when both were last equal."""
    drift: Mapped[str] = mapped_column(default="unknown")
    drift_fields: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    drift_checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def spec(self) -> AgentSpec:
        """The agent as its platform needs it, secrets included."""
        return spec_of({name: getattr(self, name) for name in EDITABLE}, self.tool_secrets)
