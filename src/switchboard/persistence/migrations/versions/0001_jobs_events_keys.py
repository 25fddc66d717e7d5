"""Jobs, the event log, API keys and idempotency keys."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _jobs()
    _events()
    _api_keys()
    _idempotency_keys()


def _jobs() -> None:
    # Many statements with percent signs: only the driver's own parameterless execute takes them as they are.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SchemaManager.get_schema())


def _events() -> None:
    op.execute("CREATE SEQUENCE events_position_seq AS bigint")
    op.create_table(
        "events",
        sa.Column("position", sa.BigInteger, server_default=sa.text("nextval('events_position_seq')")),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("call_id", sa.Text),
        sa.Column("data", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_events"),
    )
    op.execute("ALTER SEQUENCE events_position_seq OWNED BY events.position")
    for column in ("call_id", "agent_id"):
        op.create_index(
            f"ix_events_{column}_position",
            "events",
            [column, "position"],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_index("ix_events_type_position", "events", ["type", "position"])


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("scopes", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("hash", name="uq_api_keys_hash"),
    )


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.LargeBinary),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
