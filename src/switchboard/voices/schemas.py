"""What clients send and receive about voices."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Sentence = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
    ),
    Field(description="What to say, 1 to 300 characters.", examples=["Good morning, this is Casa Verde."]),
]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$"),
    Field(description="BCP 47.", examples=["es-MX"]),
]
_Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class VoiceOut(BaseModel):
    """A voice. `preview_url` is the vendor's own address; `POST …/preview` plays it through this server."""

    platform: str = Field(examples=["elevenlabs"])
    id: str
    name: str
    category: str | None
    description: str | None
    language: str | None = Field(description="BCP 47.")
    labels: dict[str, str] = Field(description="The vendor's own words.")
    preview_url: str | None
    languages: list[str] = Field(description="Every language that the vendor has verified.")
    gender: Literal["female", "male", "neutral"] | None
    age: Literal["young", "middle-aged", "old"] | None
    accent: str | None
    styles: list[str] = Field(examples=[["conversational", "warm"]])
    available: bool = Field(description="False when this account is known not to have the right to use it.")
    expires_on: date | None = Field(description="The vendor withdraws it on this day.")
    note: str | None = Field(description="What to know before choosing it.")


class SpeechIn(BaseModel):
    """How to say it; what is left out is the voice's own. Platforms ignore what they do not have."""

    model_config = ConfigDict(extra="forbid")

    language: Language | None = None
    speed: float | None = Field(default=None, ge=0.7, le=1.2)
    stability: float | None = Field(default=None, ge=0, le=1)
    similarity: float | None = Field(default=None, ge=0, le=1)

    def settings(self) -> dict[str, float]:
        """Those that were given."""
        return self.model_dump(include={"speed", "stability", "similarity"}, exclude_none=True)


class PreviewIn(SpeechIn):
    """What to hear; without `text` the vendor's free sample."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{}, {"text": "Good morning, this is Casa Verde.", "language": "en"}]},
    )

    text: Sentence | None = None


class AuditionVoice(BaseModel):
    """A voice to hear."""

    model_config = ConfigDict(extra="forbid")

    platform: _Identifier
    id: _Identifier


class AuditionIn(SpeechIn):
    """One sentence in up to six voices."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "Good morning, this is Casa Verde.",
                    "voices": [{"platform": "elevenlabs", "id": "cjVigY5qzO86Huf0OWal"}],
                }
            ]
        },
    )

    text: Sentence
    voices: Annotated[list[AuditionVoice], Field(min_length=1, max_length=6)]


class MoneyOut(BaseModel):
    """An amount in a currency."""

    amount: str = Field(examples=["0.02"])
    currency: str = Field(examples=["USD"])


class ChargeOut(BaseModel):
    """What the vendor takes, in its own unit."""

    amount: int = Field(examples=[33])
    unit: str = Field(examples=["credits"])


class QuoteOut(BaseModel):
    """What hearing it will take at most."""

    platform: str
    voice_id: str
    characters: int
    charge: ChargeOut | None = Field(description="Null for what is free: samples, and what is kept already.")
    cost: MoneyOut | None = Field(description="Null where the vendor's unit has no fixed price.")
    cached: bool
    quota_left: int = Field(description="Characters left today for the whole installation.")


class AuditionError(BaseModel):
    """What went wrong, as in a problem."""

    code: str
    detail: str


class AuditionResult(BaseModel):
    """How one voice did."""

    platform: str
    id: str
    status: Literal["spoken", "sample", "failed"]
    audio: str | None = Field(description="Where the audio is, with the scope voices:read; null for a dry run.")
    media_type: str | None
    cached: bool | None
    characters: int | None
    charge: ChargeOut | None
    error: AuditionError | None = Field(description="Why it failed, or why it is only the vendor's sample.")


class AuditionOut(BaseModel):
    """The voices in the order that was asked for."""

    text: str
    results: list[AuditionResult]
    quota_left: int


class MatchOut(BaseModel):
    """A voice that is like another one."""

    voice: VoiceOut
    score: int = Field(description="Higher is closer.")
    speaks_language: bool
    reasons: list[str] = Field(examples=[["speaks en-GB", "male", "british accent"]])
    differences: list[str]


RESPONSE_AUDIO: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Audio; with `dry_run` what it will take.",
        "content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
