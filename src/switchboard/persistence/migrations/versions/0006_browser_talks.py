"""Conversations in the browser: calls without a phone, and the tickets that start them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.alter_column("calls", "to_number", nullable=True)
    op.drop_constraint("stage", "calls", type_="check")
    known = "stage IN ('queued', 'prepared', 'dialing', 'dialed', 'talking', 'over')"
    op.create_check_constraint("stage", "calls", known)
    op.create_table(
        "talk_tickets",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("actor", JSONB, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
