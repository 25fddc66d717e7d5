"""What one Ultravox call is: its configuration, its times, its outcome. No behaviour.

Source: Ultravox "Calls" (fact sheet 3.3).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from switchboard.sandbox.clock import Stopwatch
from switchboard.sandbox.conversation.dialogue import Dialogue


@dataclass(slots=True)
class Call:
    """`config` holds the fields of the Call object that the customer chose, templates filled in."""

    call_id: str
    stage_id: str
    watch: Stopwatch
    config: dict[str, Any]
    context: dict[str, Any]
    callbacks: dict[str, Any]
    join_url: str
    agent_id: str | None = None
    agent_name: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    billing_status: str = "BILLING_STATUS_PENDING"
    billed_seconds: int | None = None
    summary: str | None = None
    short_summary: str | None = None
    dialogue: Dialogue | None = None

    @property
    def live(self) -> bool:
        return self.joined_at is not None and self.ended_at is None

    @property
    def settled(self) -> bool:
        """Over and billed; only then may it be deleted."""
        return self.billed_seconds is not None

    @property
    def talked_seconds(self) -> float:
        if self.joined_at is None or self.ended_at is None:
            return 0.0
        return (self.ended_at - self.joined_at).total_seconds()
