"""Agents as answers show them: the record, and how it stands to its platform."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from switchboard.agents.schemas import AgentOut

DriftState = Literal["in_sync", "changed", "missing", "unknown"]


class DraftView(BaseModel):
    """Changes that could not be published yet."""

    values: dict[str, Any] = Field(description="The fields that were sent, as they will be.")
    base_version: int = Field(description="The version they were made on.")
    author: str
    at: datetime
    reason: str = Field(description="Why they are not published.")


class LossView(BaseModel):
    """Something that the platform cannot express, and what happens instead."""

    field: str = Field(examples=["evaluation"])
    instead: str = Field(examples=["Ultravox does not judge calls: no verdict will be given."])


class AgentView(AgentOut):
    """An agent as lists show it."""

    draft: DraftView | None
    drift: DriftState = Field(description="How the agent at the platform stood to this record when last seen.")
    drift_checked_at: datetime | None


class OneAgentView(AgentView):
    """An agent as single answers show it."""

    losses: list[LossView] | None = Field(description="What its platform cannot express; null while that is off.")


def shown(agent: Any) -> dict[str, Any]:
    """The agent as the API shows it."""
    return {name: getattr(agent, name) for name in AgentView.model_fields}
