"""Agents, calls with turns and costs, inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _agents()
    _calls()
    _call_parts()
    _inbox()


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("remote_id", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("first_message", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("voice", sa.Text),
        sa.Column("model", sa.Text),
        sa.Column("temperature", sa.Float),
        sa.Column("max_duration_seconds", sa.Integer, nullable=False),
        sa.Column("variables", JSONB, nullable=False),
        sa.Column("tools", JSONB, nullable=False),
        sa.Column("platform_options", JSONB, nullable=False),
        sa.Column("fallback_agent_id", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("warnings", JSONB, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.CheckConstraint("status IN ('pending', 'active', 'inactive', 'deleted')", name="status"),
    )
    alive = sa.text("status <> 'deleted'")
    op.create_index("ix_agents_created", "agents", ["created_at", "id"], postgresql_where=alive)
    op.create_index("ix_agents_name", "agents", ["name", "id"], postgresql_where=alive)
    op.create_index("ix_agents_updated", "agents", ["updated_at", "id"], postgresql_where=alive)
    op.create_index("uq_agents_remote", "agents", ["platform", "remote_id"], unique=True, postgresql_where=alive)


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.Text, sa.ForeignKey("agents.id"), nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("carrier", sa.Text, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("to_number", sa.Text, nullable=False),
        sa.Column("from_number", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("reason_detail", sa.Text),
        sa.Column("variables", JSONB, nullable=False),
        sa.Column("session_id", sa.Text),
        sa.Column("carrier_id", sa.Text),
        sa.Column("twiml", sa.Text),
        sa.Column("time_limit_seconds", sa.Integer),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("dial_intent_at", _TIME),
        sa.Column("initiated_at", _TIME),
        sa.Column("ringing_at", _TIME),
        sa.Column("answered_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.Column("hangup_requested_at", _TIME),
        sa.Column("duration_seconds", sa.Integer),
        sa.Column("summary", sa.Text),
        sa.Column("successful", sa.Text),
        sa.Column("cost_micros", sa.BigInteger),
        sa.Column("cost_currency", sa.Text),
        sa.Column("cost_final", sa.Boolean, nullable=False),
        sa.Column("has_recording", sa.Boolean, nullable=False),
        sa.Column("rerouted_from", sa.Text),
        sa.Column("settled_at", _TIME),
        sa.Column("raw", JSONB, nullable=False),
        sa.CheckConstraint("stage IN ('queued', 'prepared', 'dialing', 'dialed', 'over')", name="stage"),
    )
    op.create_index("ix_calls_created", "calls", ["created_at", "id"])
    op.create_index("ix_calls_agent", "calls", ["agent_id", "created_at"])
    op.create_index("ix_calls_status", "calls", ["status", "created_at"])
    has_leg = sa.text("carrier_id IS NOT NULL")
    op.create_index("uq_calls_carrier_id", "calls", ["carrier_id"], unique=True, postgresql_where=has_leg)
    has_session = sa.text("session_id IS NOT NULL")
    op.create_index("ix_calls_session_id", "calls", ["session_id"], postgresql_where=has_session)
    open_ones = sa.text("settled_at IS NULL")
    op.create_index("ix_calls_unsettled", "calls", ["created_at"], postgresql_where=open_ones)


def _call_parts() -> None:
    op.create_table(
        "call_turns",
        sa.Column("call_id", sa.Text, sa.ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("index", sa.Integer, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at_seconds", sa.Float, nullable=False),
        sa.Column("interrupted", sa.Boolean, nullable=False),
    )
    op.create_table(
        "call_costs",
        sa.Column("call_id", sa.Text, sa.ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("micros", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("quantity", sa.Float),
        sa.Column("unit", sa.Text),
        sa.Column("final", sa.Boolean, nullable=False),
    )


def _inbox() -> None:
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("dedupe_key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("session_id", sa.Text),
        sa.Column("signal", JSONB, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("processed_at", _TIME),
        sa.UniqueConstraint("provider", "dedupe_key", name="uq_inbox_messages_provider_dedupe_key"),
    )
