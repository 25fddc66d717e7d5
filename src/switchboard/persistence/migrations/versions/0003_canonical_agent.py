"""Agents: who speaks first, manners, evaluation, data, tags, secrets of tools."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("first_speaker", sa.Text, nullable=False, server_default="agent"))
    op.add_column("agents", sa.Column("voice_settings", JSONB))
    op.add_column("agents", sa.Column("inactivity", JSONB))
    ignored = sa.text("""'{"action": "ignore", "message": ""}'""")
    op.add_column("agents", sa.Column("voicemail", JSONB, nullable=False, server_default=ignored))
    op.add_column("agents", sa.Column("recording", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("agents", sa.Column("tool_secrets", JSONB, nullable=False, server_default="{}"))
    for name in ("evaluation", "data_collection", "tags"):
        op.add_column("agents", sa.Column(name, JSONB, nullable=False, server_default="[]"))
