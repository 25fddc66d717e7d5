"""What the figures look like. Durations are seconds, amounts decimal text, shares 0 to 1."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from switchboard.providers.normalised import Health


class Spread(BaseModel):
    """The middle and the slow end of a duration; None when nothing was measured."""

    median: float | None
    p95: float | None


class Spend(BaseModel):
    """What one provider charged; `final` when none of it will change any more."""

    provider: str = Field(examples=["elevenlabs"])
    amount: str = Field(examples=["1.2300"])
    currency: str = Field(examples=["USD"])
    final: bool


class ReasonCount(BaseModel):
    """How many calls ended like this."""

    status: str = Field(examples=["failed"])
    reason: str | None = Field(examples=["invalid_number"])
    calls: int


class Live(BaseModel):
    """Calls that did not end yet."""

    total: int
    by_platform: dict[str, int] = Field(examples=[{"ultravox": 2, "elevenlabs": 1}])
    by_status: dict[str, int] = Field(examples=[{"ringing": 1, "in-progress": 2}])


class Today(BaseModel):
    """Calls that were placed since midnight in the asked zone.

    `answer_rate`: of the phone calls that are over, those that were answered; None before the first has ended.
    """

    calls: int
    answered: int
    answer_rate: float | None = Field(examples=[0.75])
    by_platform: dict[str, int]
    by_status: dict[str, int]
    by_reason: list[ReasonCount] = Field(description="Of the calls that are over, the most frequent first.")
    duration_seconds: Spread
    time_to_answer_seconds: Spread = Field(description="From the carrier's acceptance to the answer.")
    spend: list[Spend]


class RecentProblem(BaseModel):
    """Something that went wrong lately."""

    at: datetime
    kind: str = Field(description="An event's type.", examples=["call.failed"])
    text: str
    call_id: str | None
    agent_id: str | None
    platform: str | None


class Summary(BaseModel):
    """What happens now."""

    at: datetime
    zone: str = Field(examples=["Europe/Madrid"])
    day_began_at: datetime
    live: Live
    today: Today
    problems: list[RecentProblem] = Field(description="The ten newest of the last seven days.")
    agents: int = Field(description="How many agents there are; none means that everything is still to come.")
    calls_ever: bool


class Bucket(BaseModel):
    """One hour or day of calls, by when they were placed."""

    starts_at: datetime
    calls: int
    answered: int
    failed: int = Field(description="Ended as failed; busy and unanswered calls are not.")
    talk_seconds: int
    spend: dict[str, str] = Field(description="Amount by currency.", examples=[{"USD": "0.4210"}])


class AgentFigures(BaseModel):
    """One agent's calls in the asked time, by when they were placed."""

    agent_id: str
    name: str
    platform: str
    calls: int
    answered: int
    failed: int
    successful: int = Field(description="Judged a success by the platform's analysis.")
    talk_seconds: int
    spend: dict[str, str]
    last_call_at: datetime


class Quota(BaseModel):
    """What is left at a provider; unknown parts are null. `gap` and, in words, `note` say why.

    `no_limit`: the provider names none; `not_told`: it tells nothing at all; `no_answer`: it could not be asked,
    and figures that are there are its last ones.
    """

    provider: str
    unit: str | None = Field(examples=["credits"])
    used: float | None
    limit: float | None
    left: float | None
    resets_at: datetime | None
    gap: Literal["no_limit", "not_told", "no_answer"] | None
    note: str | None
    asked_at: datetime | None


class CapabilityOut(BaseModel):
    """Something a provider can or cannot do; `reason` says in words why not."""

    name: str
    available: bool
    reason: str | None


class LastError(BaseModel):
    """The last trouble with a provider that this process saw."""

    at: datetime
    text: str


class PlatformOut(BaseModel):
    """One provider: how it does and what it can do."""

    name: str
    kind: Literal["platform", "carrier"]
    mode: Literal["live", "sandbox", "off"]
    state: Health
    reason: str | None
    checked_at: datetime | None
    latency_ms: float | None
    last_error: LastError | None
    quota: Quota | None
    numbers: list[str] = Field(description="Numbers that calls can come from; carriers only.")
    capabilities: list[CapabilityOut]


class Alert(BaseModel):
    """Something that a person should look at, with what to do."""

    severity: Literal["warning", "critical"]
    code: str = Field(examples=["provider-unreachable"])
    text: str
    what_to_do: str
    provider: str | None = None
    count: int | None = None
