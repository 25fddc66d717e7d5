"""Every setting of the product, read once from the environment and `.env` (docs/reference/settings.md)."""

from pathlib import Path

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from switchboard.access.settings import AccessSettings
from switchboard.agents.settings import AgentSettings
from switchboard.calls.settings import CallSettings
from switchboard.http.rate_limit import RateLimitSettings
from switchboard.persistence.database import conninfo
from switchboard.providers.settings import ElevenLabsSettings, TwilioSettings, UltravoxSettings
from switchboard.telemetry.logs import LogSettings
from switchboard.voices.settings import VoiceSettings


def _from(prefix: str) -> SettingsConfigDict:
    return SettingsConfigDict(env_prefix=prefix, env_file=".env", extra="ignore", env_ignore_empty=True)


class _Ultravox(UltravoxSettings, BaseSettings):
    model_config = _from("ULTRAVOX_")


class _ElevenLabs(ElevenLabsSettings, BaseSettings):
    model_config = _from("ELEVENLABS_")


class _Twilio(TwilioSettings, BaseSettings):
    model_config = _from("TWILIO_")


class _Access(AccessSettings, BaseSettings):
    model_config = _from("SWITCHBOARD_ACCESS_")


class _Agents(AgentSettings, BaseSettings):
    model_config = _from("SWITCHBOARD_AGENTS_")


class _Calls(CallSettings, BaseSettings):
    model_config = _from("SWITCHBOARD_CALLS_")


class _Log(LogSettings, BaseSettings):
    model_config = _from("SWITCHBOARD_LOG_")


class _RateLimit(RateLimitSettings, BaseSettings):
    model_config = _from("SWITCHBOARD_RATE_LIMIT_")


class _Voices(VoiceSettings, BaseSettings):
    model_config = _from("SWITCHBOARD_VOICES_")


class Settings(BaseSettings):
    """Ours begin with `SWITCHBOARD_`; each provider's with its name."""

    model_config = _from("SWITCHBOARD_")

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    """PostgreSQL to use, `postgresql://…`. `demo` starts its own."""
    data_dir: Path = Path(".switchboard")
    """Where `demo` keeps its database and `demo.json`, and every server the recordings that were heard lately."""
    host: str = "127.0.0.1"
    """Address that `serve` and `demo` listen on."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port that `serve` and `demo` listen on."""
    public_url: AnyHttpUrl | None = None
    """Where providers reach us, `https://…`. Unset: we ask them instead of being told."""
    api_key: SecretStr | None = None
    """An admin key to create at start, `sb_…`, at least 24 characters."""
    sandbox_url: AnyHttpUrl | None = None
    """Where the sandbox is that stands in for every provider; its telephone is then ours too. Set by `demo`."""

    health_seconds: float = Field(default=30.0, ge=0.2, le=3600)
    """How often every provider is asked whether it is well."""

    ultravox: UltravoxSettings = Field(default_factory=_Ultravox)
    elevenlabs: ElevenLabsSettings = Field(default_factory=_ElevenLabs)
    twilio: TwilioSettings = Field(default_factory=_Twilio)
    access: AccessSettings = Field(default_factory=_Access)
    agents: AgentSettings = Field(default_factory=_Agents)
    calls: CallSettings = Field(default_factory=_Calls)
    log: LogSettings = Field(default_factory=_Log)
    rate_limit: RateLimitSettings = Field(default_factory=_RateLimit)
    voices: VoiceSettings = Field(default_factory=_Voices)

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, url: str | None) -> str | None:
        if url is not None:
            conninfo(url)
        return url

    @property
    def public_base(self) -> str | None:
        """The public address without a slash at its end."""
        return str(self.public_url).rstrip("/") if self.public_url else None
