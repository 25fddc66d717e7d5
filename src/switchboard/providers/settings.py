"""Settings of the providers; `switchboard/settings.py` reads them from the environment."""

from pydantic import BaseModel, Field, HttpUrl, SecretStr


class UltravoxSettings(BaseModel):
    """Ultravox' key and address."""

    api_key: SecretStr | None = None
    base_url: HttpUrl = HttpUrl("https://api.ultravox.ai")
    webhook_secret: SecretStr | None = None
    price_per_minute: float = Field(default=0.05, ge=0)
    """USD for a billed minute; the vendor tells billed time only."""
    timeout_seconds: float = Field(default=10.0, gt=0, le=120)


class ElevenLabsSettings(BaseModel):
    """ElevenLabs' key and address."""

    api_key: SecretStr | None = None
    base_url: HttpUrl = HttpUrl("https://api.elevenlabs.io")
    webhook_secret: SecretStr | None = None
    timeout_seconds: float = Field(default=10.0, gt=0, le=120)


class TwilioSettings(BaseModel):
    """Twilio's credentials, address and the number to call from (E.164)."""

    account_sid: str | None = None
    auth_token: SecretStr | None = None
    phone_number: str | None = None
    base_url: HttpUrl = HttpUrl("https://api.twilio.com")
    timeout_seconds: float = Field(default=15.0, gt=0, le=120)
