"""Which providers there are and which of them are off. A new provider is one line in here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from switchboard.providers.carrier import Carrier
from switchboard.providers.errors import ProviderMisconfigured
from switchboard.providers.platform import Platform


@dataclass(frozen=True)
class Providers:
    """Every provider that is switched on, by name. `disabled` says in words why a known one is off."""

    platforms: Mapping[str, Platform] = field(default_factory=dict)
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    disabled: Mapping[str, str] = field(default_factory=dict)
    known_carriers: frozenset[str] = frozenset({"twilio"})
    """The names that mean a carrier, on or off."""
    closers: Sequence[Callable[[], Awaitable[None]]] = ()
    """Called by `aclose`: each frees one provider's connections."""

    def platform(self, name: str) -> Platform:
        """Raises: ProviderMisconfigured with the reason when it is off or unknown."""
        found = self.platforms.get(name)
        if found is None:
            raise self._off(name)
        return found

    def carrier(self, name: str | None = None) -> Carrier:
        """The carrier of this name; without a name the first that is on.

        Raises: ProviderMisconfigured with the reason when it is off, unknown, or none is on.
        """
        found = self.carriers.get(name) if name else next(iter(self.carriers.values()), None)
        if found is None:
            raise self._off(name or "twilio")
        return found

    async def aclose(self) -> None:
        for close in self.closers:
            await close()

    def _off(self, name: str) -> ProviderMisconfigured:
        reason = self.disabled.get(name) or f"No provider is called {name}."
        return ProviderMisconfigured(reason, provider=name)
