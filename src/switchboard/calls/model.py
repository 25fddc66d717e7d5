"""The call as rows: the call itself, its turns and its cost lines. Its rules stand in `lifecycle.py`."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.core.ids import new_id
from switchboard.persistence.base import Base
from switchboard.providers.normalised import CallStatus

BROWSER = "browser"
"""The direction of a conversation without a phone, and its carrier's name: there is none."""


class Call(Base):
    """One phone conversation, or the attempt at one; or a conversation in the browser.

    `stage` says which step of design §6 is next, while `status` is what the phone does:
    `queued` → `prepared` (the platform session waits) → `dialing` (the intent to ring is on record; the
    outcome is not known yet) → `dialed` (the carrier has the call) → `over`.
    With the direction `browser` there is no phone: `queued` → `talking` → `over`, and `carrier` is `browser`.
    """

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("stage IN ('queued', 'prepared', 'dialing', 'dialed', 'talking', 'over')", name="stage"),
        Index("ix_calls_created", "created_at", "id"),
        Index("ix_calls_agent", "agent_id", "created_at"),
        Index("ix_calls_status", "status", "created_at"),
        Index("uq_calls_carrier_id", "carrier_id", unique=True, postgresql_where="carrier_id IS NOT NULL"),
        Index("ix_calls_session_id", "session_id", postgresql_where="session_id IS NOT NULL"),
        Index("ix_calls_unsettled", "created_at", postgresql_where="settled_at IS NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("call"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    platform: Mapped[str]
    carrier: Mapped[str]
    direction: Mapped[str]
    to_number: Mapped[str | None]
    from_number: Mapped[str | None]
    status: Mapped[str]
    stage: Mapped[str]
    reason: Mapped[str | None]
    reason_detail: Mapped[str | None]
    variables: Mapped[dict[str, Any]]
    session_id: Mapped[str | None]
    carrier_id: Mapped[str | None]
    twiml: Mapped[str | None]
    time_limit_seconds: Mapped[int | None]
    """After so long the carrier ends the line by itself, whatever the platform and we do."""
    created_at: Mapped[datetime]
    dial_intent_at: Mapped[datetime | None]
    initiated_at: Mapped[datetime | None]
    ringing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    hangup_requested_at: Mapped[datetime | None]
    duration_seconds: Mapped[int | None]
    summary: Mapped[str | None]
    successful: Mapped[str | None]
    analysis: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """`criteria` and `data` as `normalised.Analysis` has them."""
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    cost_currency: Mapped[str | None]
    cost_final: Mapped[bool] = mapped_column(default=False)
    has_recording: Mapped[bool] = mapped_column(default=False)
    rerouted_from: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    raw: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The last answer of each provider about this call, by provider name."""

    @property
    def current(self) -> CallStatus:
        return CallStatus(self.status)


class CallTurn(Base):
    """One thing said in a call."""

    __tablename__ = "call_turns"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]
    text: Mapped[str]
    at_seconds: Mapped[float]
    interrupted: Mapped[bool]


class CallCost(Base):
    """One charge of one provider for a call."""

    __tablename__ = "call_costs"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    micros: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    quantity: Mapped[float | None]
    unit: Mapped[str | None]
    final: Mapped[bool]


class TalkTicket(Base):
    """The right to start one conversation in the browser, once and soon. Only the ticket's hash is kept."""

    __tablename__ = "talk_tickets"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    agent_id: Mapped[str]
    holder_kind: Mapped[Literal["key", "session"]] = mapped_column(Text)
    holder_hash: Mapped[bytes]
    """The key or session that asked for it, and in whose name the conversation is held."""
    expires_at: Mapped[datetime]
