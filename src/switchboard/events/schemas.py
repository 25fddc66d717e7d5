"""Value types of the event log: what one appends, and which events one wants to see."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


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


class EventOut(BaseModel):
    """An event as the API shows it."""

    position: int = Field(description="Where it stands in the log.", examples=[41])
    id: str = Field(examples=["evt_01k8d4m0h6v1n2p3q4r5s6t7w8"])
    type: str = Field(examples=["call.ringing"])
    at: datetime
    agent_id: str | None = Field(examples=["agt_01k8d4m0h6v1n2p3q4r5s6t7w8"])
    call_id: str | None = Field(examples=["call_01k8d4m0h6v1n2p3q4r5s6t7w8"])
    data: dict[str, Any]


class ActorOut(BaseModel):
    """Who did it, with the name at the time."""

    kind: Literal["key", "user"]
    id: str = Field(examples=["usr_01k8d4m0h6v1n2p3q4r5s6t7w8"])
    name: str = Field(examples=["Ann Lee"])


class Deed(EventOut):
    """An event that somebody caused."""

    actor: ActorOut
