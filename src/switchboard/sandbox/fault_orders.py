"""What may be ordered to go wrong, and which orders make no sense."""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from switchboard.sandbox.vendors import Provider

SOCKET = "WEBSOCKET"
"""Stands for a method where a socket is meant."""
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
