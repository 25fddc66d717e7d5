"""Settings of voices; `switchboard/settings.py` reads them from the environment."""

from typing import Literal

from pydantic import BaseModel, Field

_MEBIBYTE = 1024 * 1024


class VoiceSettings(BaseModel):
    """How voices are listed, checked and previewed."""

    fresh_seconds: float = Field(default=600.0, ge=1, le=86_400)
    """How long a platform's list of voices is shown without asking the platform again."""
    refill_seconds: float = Field(default=30.0, ge=1, le=300)
    """How long fetching a whole list may take; a fetch that died is taken over after this long."""
    retry_seconds: float = Field(default=5.0, ge=0.1, le=600)
    """How long a platform is left alone after it could not tell its voices."""
    when_missing: Literal["replace", "refuse"] = "replace"
    """What becomes of a call whose agent's voice is gone: another voice, or `refuse` the call."""
    preview_rate: str = "30/minute"
    """How many new spoken previews one key may order, `<count>/<second|minute|hour>`; `off` for no limit."""
    preview_daily_characters: int = Field(default=20_000, ge=0)
    """How many characters the whole installation may have spoken for previews each day (UTC)."""
    preview_max_bytes: int = Field(default=5 * _MEBIBYTE, ge=1024, le=25 * _MEBIBYTE)
    """The largest preview that is kept and handed on."""
    preview_total_bytes: int = Field(default=200 * _MEBIBYTE, ge=0)
    """How much all kept previews may take together; the longest unheard go first."""
