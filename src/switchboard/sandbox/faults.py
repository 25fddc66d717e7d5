"""What is made to go wrong: answers, connections and callbacks, chosen by provider, method and path."""

import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from switchboard.sandbox.vendors import Provider


class CallbackFault(BaseModel):
    """What happens to a callback on its way out. Several may be set together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lose: bool = False
    """Never sent, and not repeated."""
    duplicate: bool = False
    """Sent twice."""
    delay_seconds: float = Field(default=0, ge=0, le=3600)
    """Sandbox seconds."""
    shuffle: bool = False
    """Overtaken by the next callback to the same host, at the latest after 30 sandbox seconds."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.lose or self.duplicate or self.delay_seconds or self.shuffle):
            raise ValueError("Set at least one of lose, duplicate, delay_seconds, shuffle.")
        return self


class FaultOrder(BaseModel):
    """One fault, as ordered through `POST /_sandbox/faults`.

    `path` is a glob over the request's path, or over the whole callback address when `callbacks` is set.
    Without `count` it holds until it is deleted or the sandbox is reset.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Provider | None = None
    method: str | None = Field(default=None, pattern="^[A-Z]+$")
    path: str | None = None
    count: int | None = Field(default=None, ge=1)
    probability: float = Field(default=1.0, gt=0, le=1)
    status: int | None = Field(default=None, ge=200, le=599)
    code: str | None = Field(default=None, pattern="^[a-z_]+$")
    """Which of ElevenLabs' errors with this status, such as `system_busy` with 429."""
    body: Any = None
    headers: dict[str, str] = {}
    delay_seconds: float = Field(default=0, ge=0, le=600)
    """Real seconds before anything is done, because clients' time-outs are real."""
    drop: Literal["before", "after"] | None = None
    malformed: bool = False
    callbacks: CallbackFault | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        answers = [self.status is not None, self.drop is not None, self.malformed]
        if sum(answers) > 1:
            raise ValueError("Choose one of status, drop, malformed; use two faults for two effects.")
        if self.callbacks and (any(answers) or self.delay_seconds):
            raise ValueError("A callback fault is a fault of its own: leave status, drop, malformed, delay out.")
        if not (self.callbacks or any(answers) or self.delay_seconds):
            raise ValueError("Say what goes wrong: status, delay_seconds, drop, malformed or callbacks.")
        return self


@dataclass(slots=True)
class Fault:
    """An order in force. `left` is None for one without a count."""

    id: str
    order: FaultOrder
    left: int | None
    applied: int = 0

    def fits(self, provider: str, method: str, path: str) -> bool:
        order = self.order
        return (
            self.left != 0
            and order.provider in (None, provider)
            and order.method in (None, method)
            and (order.path is None or fnmatchcase(path, order.path))
        )

    def as_json(self) -> dict[str, Any]:
        order = self.order.model_dump(exclude_defaults=True)
        return {"id": self.id, **order, "left": self.left, "applied": self.applied}


@dataclass(slots=True)
class Faults:
    """All faults in force, oldest first; the first that fits a request is applied to it."""

    chance: random.Random
    _faults: dict[str, Fault] = field(default_factory=dict)
    _made: int = 0

    def add(self, order: FaultOrder) -> Fault:
        self._made += 1
        fault = Fault(f"fault_{self._made}", order, order.count)
        self._faults[fault.id] = fault
        return fault

    def all(self) -> list[Fault]:
        return list(self._faults.values())

    def remove(self, fault_id: str) -> bool:
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        self._faults.clear()

    def reset(self, seed: int) -> None:
        """As new: no faults, ids and chances from the beginning."""
        self._faults.clear()
        self._made = 0
        self.chance.seed(seed)

    def for_request(self, provider: str, method: str, path: str) -> Fault | None:
        return self._take(provider, method, path, for_callback=False)

    def for_callback(self, provider: str, method: str, url: str) -> CallbackFault | None:
        fault = self._take(provider, method, url, for_callback=True)
        return fault.order.callbacks if fault else None

    def _take(self, provider: str, method: str, path: str, *, for_callback: bool) -> Fault | None:
        for fault in self._faults.values():
            if (fault.order.callbacks is not None) is not for_callback or not fault.fits(provider, method, path):
                continue
            if self.chance.random() >= fault.order.probability:
                continue
            fault.applied += 1
            if fault.left is not None:
                fault.left -= 1
            return fault
        return None
