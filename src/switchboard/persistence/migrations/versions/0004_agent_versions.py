"""Agents: drafts, unfinished creations, drift; their versions; imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
_NOT_IN_SNAPSHOTS = (
    "id,platform,remote_id,status,version,warnings,created_at,updated_at,"
    "tool_secrets,draft,draft_secrets,creating_since,remote_seen,drift,drift_fields,drift_checked_at"
)


def upgrade() -> None:
    _agents()
    _versions()
    _imports()


def _agents() -> None:
    op.drop_constraint("status", "agents", type_="check")
    op.execute("UPDATE agents SET status = 'draft' WHERE status = 'pending'")
    allowed = "status IN ('draft', 'active', 'inactive', 'deleted')"
    op.create_check_constraint("status", "agents", allowed)
    op.add_column("agents", sa.Column("draft", JSONB))
    op.add_column("agents", sa.Column("draft_secrets", JSONB, nullable=False, server_default="{}"))
    op.add_column("agents", sa.Column("creating_since", _TIME))
    op.add_column("agents", sa.Column("remote_seen", JSONB))
    op.add_column("agents", sa.Column("drift", sa.Text, nullable=False, server_default="unknown"))
    op.add_column("agents", sa.Column("drift_fields", JSONB, nullable=False, server_default="[]"))
    op.add_column("agents", sa.Column("drift_checked_at", _TIME))
    for column in ("drift", "drift_fields", "draft_secrets"):
        op.alter_column("agents", column, server_default=None)
    unfinished = sa.text("creating_since IS NOT NULL")
    op.create_index("ix_agents_creating", "agents", ["creating_since"], postgresql_where=unfinished)
    alive = sa.text("status <> 'deleted'")
    columns = ["platform", "created_at", "id"]
    op.create_index("ix_agents_platform_created", "agents", columns, postgresql_where=alive)


def _versions() -> None:
    op.create_table(
        "agent_versions",
        sa.Column("agent_id", sa.Text, sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("key_id", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("snapshot", JSONB, nullable=False),
    )
    op.execute(
        "INSERT INTO agent_versions (agent_id, version, at, author, fields, snapshot) "  # noqa: S608 -- our constant
        "SELECT id, version, updated_at, 'Switchboard', '[]', "
        f"to_jsonb(agents) - '{{{_NOT_IN_SNAPSHOTS}}}'::text[] FROM agents"
    )


def _imports() -> None:
    op.create_table(
        "agent_imports",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("platforms", JSONB, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("progress", JSONB, nullable=False),
        sa.Column("key_id", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME),
        sa.CheckConstraint("kind IN ('import', 'sync')", name="kind"),
        sa.CheckConstraint("status IN ('running', 'finished', 'failed')", name="status"),
    )
    op.create_index("ix_agent_imports_started_at", "agent_imports", ["started_at"])
