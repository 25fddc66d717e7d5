"""Value types of the event log: what one appends, and which events one wants to see."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before the log gave it a position, an id and a time. `data` must be JSON."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    agent_id: str | None = None
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; None means all. Conditions are joined by "and"."""

    types: frozenset[str] | None = None
    agent_id: str | None = None
    call_id: str | None = None

    def matches(self, type_: str, agent_id: str | None, call_id: str | None) -> bool:
        return (
            (self.types is None or type_ in self.types)
            and (self.agent_id is None or agent_id == self.agent_id)
            and (self.call_id is None or call_id == self.call_id)
        )


EVERYTHING = EventFilter()
