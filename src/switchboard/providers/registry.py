"""Which providers there are and which of them are off. A new provider is one line in here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import SecretStr

from switchboard.core.errors import SwitchboardError
from switchboard.core.hosts import is_loopback
from switchboard.providers.carrier import Carrier
from switchboard.providers.elevenlabs import ElevenLabs
from switchboard.providers.errors import ProviderMisconfigured, UnknownProvider
from switchboard.providers.platform import Platform
from switchboard.providers.settings import ElevenLabsSettings, TwilioSettings, UltravoxSettings
from switchboard.providers.twilio import Twilio
from switchboard.providers.ultravox import Ultravox

_VENDORS = (".ultravox.ai", ".elevenlabs.io", ".twilio.com")


@dataclass(frozen=True)
class Providers:
    """Every provider that is switched on, by name. `disabled` says in words why a known one is off."""

    platforms: Mapping[str, Platform] = field(default_factory=dict)
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    disabled: Mapping[str, str] = field(default_factory=dict)
    known_carriers: frozenset[str] = frozenset({"twilio"})
    """The names that mean a carrier, on or off."""
    sandboxed: frozenset[str] = frozenset()
    """Those that something else than the vendor answers for, as the sandbox does."""
    local: frozenset[str] = frozenset()
    """Those of them that answer on this very machine, and so can reach what listens on it only."""
    closers: Sequence[Callable[[], Awaitable[None]]] = ()
    """Called by `aclose`: each frees one provider's connections."""

    def platform(self, name: str) -> Platform:
        """Raises: ProviderMisconfigured with the reason when it is off, UnknownProvider."""
        found = self.platforms.get(name)
        if found is None:
            raise self._off(name)
        return found

    def carrier(self, name: str | None = None) -> Carrier:
        """The carrier of this name; without a name the first that is on.

        Raises: ProviderMisconfigured with the reason when it is off, or none is on; UnknownProvider.
        """
        found = self.carriers.get(name) if name else next(iter(self.carriers.values()), None)
        if found is None:
            raise self._off(name or "twilio")
        return found

    async def aclose(self) -> None:
        for close in self.closers:
            await close()

    def _off(self, name: str) -> SwitchboardError:
        if name in self.disabled:
            return ProviderMisconfigured(self.disabled[name], provider=name)
        known = ", ".join(sorted({*self.platforms, *self.carriers, *self.disabled}))
        return UnknownProvider(f"No provider is called {name}. There are: {known}.")


def build_providers(
    ultravox: UltravoxSettings, elevenlabs: ElevenLabsSettings, twilio: TwilioSettings
) -> Providers:
    """Every provider whose credentials are set; the others are named in `disabled` with what to set."""
    built = [_ultravox(ultravox), _elevenlabs(elevenlabs)]
    addresses = {"ultravox": ultravox.base_url, "elevenlabs": elevenlabs.base_url, "twilio": twilio.base_url}
    hosts = {name: str(address.host) for name, address in addresses.items()}
    platforms = {made.name: made for made in built if not isinstance(made, _Off)}
    carrier = _twilio(twilio)
    carriers = {} if isinstance(carrier, _Off) else {carrier.name: carrier}
    return Providers(
        platforms=platforms,
        carriers=carriers,
        disabled={off.name: off.reason for off in [*built, carrier] if isinstance(off, _Off)},
        closers=[made.aclose for made in [*platforms.values(), *carriers.values()]],
        sandboxed=frozenset(name for name, host in hosts.items() if not host.endswith(_VENDORS)),
        local=frozenset(name for name, host in hosts.items() if is_loopback(host)),
    )


@dataclass(frozen=True, slots=True)
class _Off:
    name: str
    reason: str


def _ultravox(settings: UltravoxSettings) -> Ultravox | _Off:
    key = _plain(settings.api_key)
    if not _usable(key):
        return _Off(Ultravox.name, _why_off("Ultravox", key, "ULTRAVOX_API_KEY"))
    return Ultravox(
        api_key=key,
        base_url=str(settings.base_url),
        webhook_secret=_plain(settings.webhook_secret) or None,
        price_per_minute=settings.price_per_minute,
        timeout_seconds=settings.timeout_seconds,
    )


def _elevenlabs(settings: ElevenLabsSettings) -> ElevenLabs | _Off:
    key = _plain(settings.api_key)
    if not _usable(key):
        return _Off(ElevenLabs.name, _why_off("ElevenLabs", key, "ELEVENLABS_API_KEY"))
    return ElevenLabs(
        api_key=key,
        base_url=str(settings.base_url),
        webhook_secret=_plain(settings.webhook_secret) or None,
        timeout_seconds=settings.timeout_seconds,
    )


def _twilio(settings: TwilioSettings) -> Twilio | _Off:
    token, account = _plain(settings.auth_token), (settings.account_sid or "").strip()
    for value, variable in ((account, "TWILIO_ACCOUNT_SID"), (token, "TWILIO_AUTH_TOKEN")):
        if not _usable(value):
            return _Off(Twilio.name, _why_off("Twilio", value, variable))
    return Twilio(
        account_sid=account,
        auth_token=token,
        base_url=str(settings.base_url),
        phone_number=settings.phone_number,
        timeout_seconds=settings.timeout_seconds,
    )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value().strip() if secret else ""


def _usable(value: str) -> bool:
    """Whether it can travel in a header; what cannot would end up in an exception's text."""
    return bool(value) and value.isascii() and value.isprintable()


def _why_off(title: str, value: str, variable: str) -> str:
    if not value:
        return f"{title} is off: set {variable}."
    return f"{title} is off: {variable} contains characters that no such value has. Set it again."
