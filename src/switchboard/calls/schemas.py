"""What clients send and receive about calls. Older bodies stay valid through aliases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, field_validator

from switchboard.core.phone_numbers import parse_e164
from switchboard.core.storable import storable
from switchboard.providers.normalised import CallStatus

PhoneNumber = Annotated[str, Field(max_length=40, examples=["+14155550100"]), AfterValidator(parse_e164)]
Direction = Literal["outbound", "inbound", "browser"]
Value = str | int | float | bool | None
Values = Annotated[dict[str, Value], Field(max_length=100)]


class _CallBody(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    to: PhoneNumber = Field(validation_alias=AliasChoices("to", "phone_number"))
    from_: PhoneNumber | None = Field(default=None, validation_alias=AliasChoices("from", "from_"))
    variables: Values = Field(default_factory=dict, validation_alias=AliasChoices("variables", "template_context"))

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return storable(value)


class CallIn(_CallBody):
    """A call to place: whose agent, which phone, what fills the agent's variables."""

    agent_id: str = Field(max_length=40, examples=["agt_01kc2v9m3x5r7t9w1y3a5c7e9g"])


class AgentCallIn(_CallBody):
    """The older form, with the agent in the address."""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls are wanted; what is None or empty does not matter."""

    agent_id: str | None = None
    platform: str | None = None
    status: tuple[CallStatus, ...] = ()
    reason: str | None = None
    direction: Direction | None = None
    to: str | None = None
    number: str | None = None
    """Digits anywhere in the callee's number."""
    text: str | None = None
    """Anywhere in what was said, in any case."""
    created_from: datetime | None = None
    created_to: datetime | None = None
    """Exclusive."""


class Cost(BaseModel):
    """Money as decimal text; `final` when no provider will change it any more."""

    amount: str = Field(examples=["0.0561"])
    currency: str = Field(examples=["USD"])
    final: bool


class JudgementOut(BaseModel):
    """Whether the call met one criterion of its agent."""

    name: str
    result: Literal["success", "failure", "unknown"]
    rationale: str | None


class FindingOut(BaseModel):
    """One value collected from the call."""

    name: str
    value: Value
    rationale: str | None


class AnalysisOut(BaseModel):
    """What the platform found out afterwards."""

    criteria: list[JudgementOut]
    data: list[FindingOut]


class CallOut(BaseModel):
    """A call as every answer shows it."""

    id: str = Field(examples=["call_01kc2v9m3x5r7t9w1y3a5c7e9g"])
    agent_id: str
    agent_name: str = Field(description="Its name now, also after it was deleted.", examples=["Reception"])
    platform: str
    direction: Direction
    to: str | None = Field(description="The callee's number; null in the browser.")
    from_: str | None = Field(serialization_alias="from")
    status: CallStatus
    reason: str | None = Field(examples=["callee_hangup"])
    reason_detail: str | None = Field(description="What the reason means for this call, in words.")
    variables: dict[str, Any]
    session_id: str | None
    carrier_id: str | None
    created_at: datetime
    initiated_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    duration_seconds: int | None
    summary: str | None
    successful: Literal["success", "failure", "unknown"] | None
    analysis: AnalysisOut | None = Field(description="Null until it is made, and on platforms that make none.")
    cost: Cost | None
    has_recording: bool
    rerouted_from: str | None
    settled_at: datetime | None


class TurnOut(BaseModel):
    """One thing said; `at_seconds` counts from the start of the conversation."""

    index: int
    role: Literal["agent", "callee", "tool"]
    text: str
    at_seconds: float
    interrupted: bool


class CostLineOut(BaseModel):
    """One charge of one provider."""

    provider: str
    item: str
    amount: str
    currency: str
    quantity: float | None
    unit: str | None
    final: bool


class CostOut(Cost):
    """A call's cost and what it is made of."""

    lines: list[CostLineOut]


class StateOut(BaseModel):
    """A point in the life of a leg."""

    state: str = Field(examples=["ringing"])
    at: datetime


class LegOut(BaseModel):
    """One of the call's two legs, with what it went through, oldest first."""

    leg: Literal["platform", "carrier"]
    provider: str = Field(examples=["elevenlabs"])
    id: str | None = Field(description="What the provider calls it.", examples=["conv_4k1x"])
    states: list[StateOut]


class RecordOut(BaseModel):
    """What a provider said about the call, in its own words; secrets are left out."""

    provider: str
    kind: str = Field(description="`latest`: its last answer; else its message's kind.", examples=["latest"])
    received_at: datetime | None
    body: Any
