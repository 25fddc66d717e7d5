"""Tickets for conversations name the key or session that asked for them."""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute("DELETE FROM talk_tickets")  # good for 30 seconds only
    op.drop_column("talk_tickets", "actor")
    op.add_column("talk_tickets", sa.Column("holder_kind", sa.Text, nullable=False))
    op.add_column("talk_tickets", sa.Column("holder_hash", sa.LargeBinary, nullable=False))
