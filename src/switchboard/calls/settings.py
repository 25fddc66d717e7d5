"""Settings of calls; `switchboard/settings.py` reads them from the environment."""

from pydantic import BaseModel, Field


class CallSettings(BaseModel):
    """How calls are rung, watched and settled. All times are seconds if not named otherwise."""

    carrier: str = "twilio"
    """Who rings the phones."""
    ring_timeout_seconds: int = Field(default=60, ge=5, le=600)
    """How long a phone rings before the call ends as `no-answer`."""
    poll_seconds: float = Field(default=1.0, ge=0.01, le=60)
    """How often a running call's platform is asked for new turns."""
    carrier_poll_seconds: float = Field(default=5.0, ge=0.01, le=60)
    """How often the carrier is asked for a call's status beside its callbacks."""
    linger_seconds: float = Field(default=8.0, ge=0.1, le=300)
    """How long one leg may outlive the other before we end it."""
    silent_seconds: float = Field(default=20.0, ge=0.01, le=600)
    """A warning is given when the agent has said nothing for so long after somebody picked up."""
    locate_seconds: float = Field(default=60.0, ge=1, le=600)
    """How long a call is looked for whose dialling has an unclear outcome."""
    settle_seconds: float = Field(default=600.0, ge=1, le=86_400)
    """After this long a call is settled with what is known, even if a provider still computes."""
    max_talks: int = Field(default=100, ge=0, le=10_000)
    """So many conversations in the browser may run in one process at once."""
    talk_idle_seconds: float = Field(default=300.0, ge=1, le=7200)
    """A conversation in the browser ends when its page sends nothing for so long."""
    recordings_max_bytes: int = Field(default=1024**3, ge=0)
    """How much all recordings kept on this machine may take together; the longest unheard go first."""
    recordings_hours: float = Field(default=24.0, gt=0, le=8760)
    """A recording kept here is fetched anew after so long: what the platform has deleted is gone here too."""
