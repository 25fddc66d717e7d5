"""What is made to go wrong: answers, connections and callbacks, chosen by provider, method and path."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.vendors import Provider, spends

SOCKET = "WEBSOCKET"
"""Stands for a method where a socket is meant."""


MOST_FAULTS = 1_000
BODILESS = frozenset({204, 205, 304})
"""Statuses whose answers carry no body."""
_FRAMING = frozenset({"connection", "content-length", "transfer-encoding"})


def _json(value: Any) -> Any:
    """Raises: ValueError for what no JSON text can say."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, RecursionError, ValueError) as error:
        raise ValueError(f"This is no JSON: {error}") from None
    return value


def _not_framing(name: str) -> str:
    if name.lower() in _FRAMING:
        raise ValueError(f"{name} is written by the server itself; use drop or malformed to break an answer.")
    return name


HeaderName = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]+$"), AfterValidator(_not_framing)]
HeaderValue = Annotated[str, StringConstraints(pattern="^[\\t\\x20-\\x7e]*$")]


class TooManyFaultsError(Exception):
    """So many are in force that one more would slow down every request."""


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
        others = self.duplicate or self.delay_seconds or self.shuffle
        if not (self.lose or others):
            raise ValueError("Set at least one of lose, duplicate, delay_seconds, shuffle.")
        if self.lose and others:
            raise ValueError("A lost callback is never sent: leave the rest out.")
        return self


class SocketFault(BaseModel):
    """What happens to a WebSocket that a client opens. `refuse` stands alone; the rest may be combined."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    refuse: int | None = Field(default=None, ge=400, le=599)
    """The upgrade is answered with this status."""
    delay_seconds: float = Field(default=0, ge=0, le=600)
    """Real seconds before the upgrade is answered."""
    after_frames: int | None = Field(default=None, ge=0)
    """The connection breaks after so many frames towards the client."""
    after_seconds: float | None = Field(default=None, ge=0, le=3600)
    """The connection breaks so many real seconds after the upgrade."""
    close_code: int | None = Field(default=None, ge=1000, le=4999)
    """How it breaks; None: without a close frame, as when a cable is pulled."""
    close_reason: str = Field(default="", max_length=100)
    slow_seconds: float = Field(default=0, ge=0, le=60)
    """Real seconds before each frame towards the client."""
    silent: bool = False
    """Frames keep their length; the sound in them is silence."""
    malformed: bool = False
    """JSON frames towards the client are cut in their middle."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        breaks = self.after_frames is not None or self.after_seconds is not None
        others = (breaks, self.slow_seconds, self.silent, self.malformed)
        if self.refuse is not None and any(others):
            raise ValueError("A refused socket carries no frames: leave the rest out.")
        if (self.close_code is not None or self.close_reason) and not breaks:
            raise ValueError("Say when it closes: after_frames or after_seconds.")
        if not (self.refuse is not None or self.delay_seconds or any(others)):
            raise ValueError(
                "Say what goes wrong: refuse, delay_seconds, after_frames, after_seconds, slow_seconds, silent or "
                "malformed."
            )
        return self


class FaultOrder(BaseModel):
    """One fault, as ordered through `POST /_sandbox/faults`.

    `path` is a glob over the request's path, or over the whole callback address when `callbacks` is set.
    Without `count` it holds until it is deleted or the sandbox is reset.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Provider | None = None
    method: Annotated[str, StringConstraints(pattern="^[A-Za-z]+$", to_upper=True)] | None = None
    path: str | None = Field(default=None, min_length=1, max_length=500)
    count: int | None = Field(default=None, ge=1)
    probability: float = Field(default=1.0, gt=0, le=1)
    status: int | None = Field(default=None, ge=200, le=599)
    code: str | None = Field(default=None, pattern=r"^([a-z_]+|\d{5})$", coerce_numbers_to_str=True)
    """Which of the vendor's errors with this status: ElevenLabs' `system_busy`, Twilio's 21219."""
    body: Annotated[Any, AfterValidator(_json)] = None
    headers: dict[HeaderName, HeaderValue] = {}
    delay_seconds: float = Field(default=0, ge=0, le=600)
    """Real seconds before anything is done, because clients' time-outs are real."""
    drop: Literal["before", "after"] | None = None
    malformed: bool = False
    callbacks: CallbackFault | None = None
    socket: SocketFault | None = None
    outage: bool = False
    """The provider is gone: every request is answered 503, every socket refused."""
    quota: Literal["spent"] | None = None
    """Whatever costs money is refused as the provider refuses it when credits have run out."""

    @model_validator(mode="after")
    def _can_fit(self) -> Self:
        if self.path is not None and not self.path.startswith(("*", "http" if self.callbacks else "/")):
            begins = "* or http, as callbacks' addresses do" if self.callbacks else "* or /, as paths do"
            raise ValueError(f"This path fits nothing: begin it with {begins}.")
        if self.socket is not None and self.method not in (None, SOCKET):
            raise ValueError("A socket has no method: leave it out.")
        if self.code is not None and self.provider != ("twilio" if self.code.isdigit() else "elevenlabs"):
            raise ValueError("Codes of digits are Twilio's, codes in words ElevenLabs': name the provider.")
        return self

    @model_validator(mode="after")
    def _has_an_answer(self) -> Self:
        answer = (self.code is not None, self.body is not None, bool(self.headers))
        if any(answer) and self.status is None:
            raise ValueError("code, body and headers belong to an answer: say its status.")
        if self.body is not None and self.status in BODILESS:
            raise ValueError(f"An answer with status {self.status} has no body.")
        return self

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        answers = [self.status is not None, self.drop is not None, self.malformed]
        if sum(answers) > 1:
            raise ValueError("Choose one of status, drop, malformed; use two faults for two effects.")
        alone = [self.callbacks is not None, self.socket is not None, self.outage, self.quota is not None]
        if sum(alone) > 1 or (any(alone) and (any(answers) or self.delay_seconds)):
            raise ValueError(
                "callbacks, socket, outage and quota are faults of their own: order one of them alone."
            )
        if self.quota and self.provider == "twilio":
            raise ValueError("Only the platforms have credits: choose ultravox or elevenlabs.")
        if not (any(alone) or any(answers) or self.delay_seconds):
            raise ValueError(
                "Say what goes wrong: status, delay_seconds, drop, malformed, callbacks, socket, outage or quota."
            )
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
        """Raises: TooManyFaultsError. Those that are used up make room."""
        forget_oldest(self._faults, lambda fault: fault.left == 0, MOST_FAULTS - 1)
        if len(self._faults) >= MOST_FAULTS:
            raise TooManyFaultsError
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

    def for_request(self, provider: Provider, method: str, path: str) -> Fault | None:
        def fits(order: FaultOrder) -> bool:
            if order.quota is not None:
                return spends(provider, method, path)
            return order.callbacks is None and order.socket is None

        return self._take(provider, method, path, fits)

    def for_socket(self, provider: Provider, path: str) -> tuple[str, SocketFault] | None:
        """The fault's id and what happens to a socket opened at `path`."""
        fault = self._take(provider, SOCKET, path, lambda order: order.socket is not None or order.outage)
        if fault is None:
            return None
        return fault.id, fault.order.socket or SocketFault(refuse=503)

    def for_callback(self, provider: str, method: str, url: str) -> CallbackFault | None:
        fault = self._take(provider, method, url, lambda order: order.callbacks is not None)
        return fault.order.callbacks if fault else None

    def _take(self, provider: str, method: str, path: str, kind: Callable[[FaultOrder], bool]) -> Fault | None:
        for fault in self._faults.values():
            if not kind(fault.order) or not fault.fits(provider, method, path):
                continue
            if self.chance.random() >= fault.order.probability:
                continue
            fault.applied += 1
            if fault.left is not None:
                fault.left -= 1
            return fault
        return None
