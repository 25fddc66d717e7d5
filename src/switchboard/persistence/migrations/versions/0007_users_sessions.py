"""People who sign in, their sessions and one-time links; the audit trail's way into the event log."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _users()
    _sessions()
    _links()
    # The same words as in events/repository.py: a partial index is used only where the query repeats them.
    deeds = sa.text("data ? 'actor'")
    op.create_index("ix_events_deeds", "events", ["position"], postgresql_where=deeds)
    actor = sa.text("(data -> 'actor' ->> 'id')")
    op.create_index("ix_events_deeds_actor", "events", [actor, "position"], postgresql_where=deeds)


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME),
        sa.Column("last_signed_in_at", _TIME),
        sa.UniqueConstraint("username", name="uq_users_username"),
        sa.CheckConstraint("role IN ('viewer', 'operator', 'admin')", name="role"),
    )


def _sessions() -> None:
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("via", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("user_agent", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME, nullable=False),
        sa.UniqueConstraint("hash", name="uq_user_sessions_hash"),
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])


def _links() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("user_id", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
    )
    op.create_index("ix_sign_in_links_user_id", "sign_in_links", ["user_id"])
