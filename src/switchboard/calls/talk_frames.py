"""What a page and Switchboard tell each other in a conversation (docs/reference/talk.md). Pure."""

from math import log10
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, field_validator

from switchboard.calls.schemas import Values
from switchboard.core.storable import storable
from switchboard.providers.talk import RATE, Mode

LARGEST_TEXT = 16_384
LARGEST_AUDIO = 65_536
"""Bytes that one frame of a page may have: two seconds of audio."""

GOING_AWAY, UNSUPPORTED, INVALID, POLICY, TOO_LARGE, FAULT = 1001, 1003, 1007, 1008, 1009, 1011
PROBLEM = 4000
"""Close codes from here on are this and the problem's HTTP status."""

_FLOOR_DB = 60.0
_FULL_SCALE = 32_768.0


class _Frame(BaseModel):
    model_config = ConfigDict(extra="ignore")

    @field_validator("*")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return storable(value)


class Start(_Frame):
    """The first frame of a page."""

    type: Literal["start"]
    mode: Mode = "voice"
    variables: Values = Field(default_factory=dict)


class Said(_Frame):
    """A turn in writing."""

    type: Literal["text"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]


class HangUp(_Frame):
    """The person leaves."""

    type: Literal["hangup"]


PageFrame = Start | Said | HangUp
_FRAMES: TypeAdapter[PageFrame] = TypeAdapter(Annotated[PageFrame, Field(discriminator="type")])


class BadFrame(Exception):
    """A frame that ends the conversation: the close code and the reason, at most 123 bytes."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(code, said)
        self.code = code
        self.said = said


def read_text(text: str) -> PageFrame:
    """A JSON frame of a page. Raises: BadFrame."""
    if len(text) > LARGEST_TEXT:
        raise BadFrame(TOO_LARGE, f"A text frame may have {LARGEST_TEXT} characters.")
    try:
        return _FRAMES.validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
    if wrong["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        raise BadFrame(POLICY, 'Send {"type":"start"|"text"|"hangup"}.')
    if wrong["type"] == "json_invalid" or not wrong["loc"]:
        raise BadFrame(INVALID, "A text frame must be a JSON object.")
    where = ".".join(str(part) for part in wrong["loc"][1:3])
    raise BadFrame(INVALID, f"Wrong value: {where[:60]}.")


def read_audio(pcm: bytes) -> bytes:
    """A binary frame of a page. Raises: BadFrame."""
    if len(pcm) > LARGEST_AUDIO:
        raise BadFrame(TOO_LARGE, f"A binary frame may have {LARGEST_AUDIO} bytes.")
    if len(pcm) % 2:
        raise BadFrame(INVALID, "A binary frame must have whole 16-bit samples.")
    return pcm


def started(call_id: str, session_id: str, mode: Mode) -> dict[str, Any]:
    audio = {"encoding": "pcm_s16le", "sample_rate": RATE} if mode == "voice" else None
    return {"type": "started", "call_id": call_id, "session_id": session_id, "audio": audio}


def loudness(pcm: bytes) -> float:
    """0 for silence (60 dB below full scale, or less) to 1 for full scale, in steps that sound even."""
    samples = memoryview(pcm[: len(pcm) & ~1]).cast("h")
    power = sum(sample * sample for sample in samples) / max(1, len(samples))
    if power < 1:
        return 0.0
    decibels = 10 * log10(power / _FULL_SCALE**2)
    return round(max(0.0, min(1.0, 1 + decibels / _FLOOR_DB)), 3)
