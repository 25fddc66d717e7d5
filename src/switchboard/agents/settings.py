"""Settings of agents; `switchboard/settings.py` reads them from the environment."""

from pydantic import BaseModel, Field


class AgentSettings(BaseModel):
    """How unfinished creations are looked up, and how often the platforms are compared with our records."""

    recover_after_seconds: float = Field(default=30.0, ge=0.1, le=3600)
    """How long after its start a creation without an outcome is looked up. Longer than any request lasts."""
    sync_minutes: int = Field(default=15, ge=0, le=10_080)
    """How often agents are compared with their platforms; 0 is never."""
    fetch_at_once: int = Field(default=20, ge=1, le=100)
    """How many agents an import or a comparison fetches at the same time."""
