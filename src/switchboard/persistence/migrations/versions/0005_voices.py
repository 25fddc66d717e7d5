"""Lists of voices, previews and what they took; the voice that an agent falls back to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("agents", sa.Column("fallback_voice", sa.Text))
    _lists()
    _previews()
    op.create_table(
        "voice_usage",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("characters", sa.Integer, nullable=False),
    )


def _lists() -> None:
    op.create_table(
        "voice_lists",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("voices", JSONB, nullable=False),
        sa.Column("gone", JSONB, nullable=False),
        sa.Column("fetched_at", _TIME),
        sa.Column("lease_by", sa.Text),
        sa.Column("lease_until", _TIME),
        sa.Column("trouble", JSONB),
        sa.Column("retry_at", _TIME),
    )


def _previews() -> None:
    op.create_table(
        "voice_previews",
        sa.Column("sha", sa.Text, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("voice_id", sa.Text, nullable=False),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("charged", sa.Integer),
        sa.Column("content", sa.LargeBinary),
        sa.Column("media_type", sa.Text),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("lease_by", sa.Text),
        sa.Column("lease_until", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME, nullable=False),
    )
    # Encoded audio does not shrink: compressing it again would only cost time.
    op.execute("ALTER TABLE voice_previews ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_index("ix_voice_previews_used_at", "voice_previews", ["used_at"])
