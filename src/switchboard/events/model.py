"""One line of the log."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.persistence.base import Base


class Event(Base):
    """Something that happened. Never changed, never deleted.

    `position` grows in the order of commits: whoever has seen 12 will never be shown a new 11. It is also the
    `id:` of the event stream. `id` has no index: nothing looks an event up by it.
    """

    __tablename__ = "events"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[str]
    type: Mapped[str]
    at: Mapped[datetime]
    agent_id: Mapped[str | None]
    call_id: Mapped[str | None]
    data: Mapped[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The event as the API shows it (`EventOut`)."""
        return {
            "position": self.position,
            "id": self.id,
            "type": self.type,
            "at": self.at,
            "agent_id": self.agent_id,
            "call_id": self.call_id,
            "data": self.data,
        }
