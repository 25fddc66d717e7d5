"""What clients receive about voices."""

from pydantic import BaseModel, Field


class VoiceOut(BaseModel):
    """A voice; `preview_url` is our own address for the vendor's free sample, null when there is none."""

    platform: str = Field(examples=["elevenlabs"])
    id: str
    name: str
    category: str | None
    description: str | None
    language: str | None
    labels: dict[str, str]
    preview_url: str | None
