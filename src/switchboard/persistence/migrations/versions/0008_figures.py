"""What figures and searches need to stay quick, and what platforms find out about calls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("analysis", JSONB))
    op.execute(
        "CREATE INDEX ix_events_problems ON events (position) WHERE events.type IN ("
        "'call.failed', 'call.warning', 'call.rerouted', "
        "'agent.drifted', 'agent.draft_kept', 'agent.voice_replaced')"
    )
    op.create_index("ix_calls_open", "calls", ["created_at"], postgresql_where="ended_at IS NULL")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX ix_call_turns_text ON call_turns USING gin (text gin_trgm_ops)")
    op.execute("CREATE INDEX ix_calls_to_digits ON calls USING gin (to_number gin_trgm_ops)")
    for column in ("call_id", "session_id"):
        op.create_index(f"ix_inbox_{column}", "inbox_messages", [column], postgresql_where=f"{column} IS NOT NULL")
