"""What we know about each provider's health: probed at the start and every half minute, told on change."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

import structlog

from switchboard.core.clock import Clock
from switchboard.providers.errors import ProviderError, ProviderMisconfigured
from switchboard.providers.normalised import Health
from switchboard.providers.registry import Providers

Kind = Literal["platform", "carrier"]
_EVERY_SECONDS = 30.0
_log = structlog.get_logger(__name__)
_REFUSED = {Health.OFF, Health.MISCONFIGURED}


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """One provider as last seen; `latency_ms` of the last probe that was answered."""

    name: str
    kind: Kind
    state: Health
    reason: str | None = None
    checked_at: datetime | None = None
    latency_ms: float | None = None
    last_error: str | None = None
    """The last trouble, kept when it is over; `last_error_at` says when it was seen."""
    last_error_at: datetime | None = None


class _Checked(Protocol):
    async def check(self) -> None: ...


class HealthMonitor:
    """Probes every provider in the background. `start()` it once, `aclose()` it at shutdown."""

    def __init__(self, providers: Providers, clock: Clock, *, every_seconds: float = _EVERY_SECONDS) -> None:
        self._providers = providers
        self._clock = clock
        self._every_seconds = every_seconds
        self._task: asyncio.Task[None] | None = None
        self._known: dict[str, ProviderHealth] = {
            name: ProviderHealth(name, kind, Health.UNKNOWN) for name, kind, _ in self._probed()
        }
        for name, reason in providers.disabled.items():
            self._known[name] = ProviderHealth(name, _kind_of_disabled(name, providers), Health.OFF, reason)

    @property
    def known(self) -> Mapping[str, ProviderHealth]:
        """The last known health by provider name; the ones that are off included."""
        return dict(self._known)

    def require(self, name: str) -> None:
        """Refuse work for a provider that cannot do it. One that is merely out of reach passes: it may be back.

        Raises: ProviderMisconfigured when it is off or does not accept our key.
        """
        health = self._known.get(name)
        if health is not None and health.state in _REFUSED:
            raise ProviderMisconfigured(health.reason or f"{name} is {health.state}.", provider=name)

    def start(self) -> None:
        """Begin probing; returns at once."""
        for health in self._known.values():
            if health.state is Health.OFF:
                _log.warning("provider.off", provider=health.name, reason=health.reason)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="provider-health")

    async def aclose(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def probe_all(self) -> None:
        """Probe every provider that is on, at the same time, once."""
        await asyncio.gather(*(self._probe(name, kind, subject) for name, kind, subject in self._probed()))

    async def _run(self) -> None:
        while True:
            await self.probe_all()
            await self._clock.sleep(self._every_seconds)

    async def _probe(self, name: str, kind: Kind, subject: _Checked) -> None:
        began = self._clock.monotonic()
        state, reason, latency = Health.OK, None, None
        try:
            await subject.check()
        except ProviderMisconfigured as refused:
            state, reason = Health.MISCONFIGURED, refused.detail
        except ProviderError as trouble:
            state, reason = Health.UNREACHABLE, trouble.detail
        if state is Health.OK:
            latency = round((self._clock.monotonic() - began) * 1000, 1)
        self._note(ProviderHealth(name, kind, state, reason, self._clock.now(), latency))

    def _note(self, health: ProviderHealth) -> None:
        before = self._known[health.name]
        if health.state is Health.OK:
            trouble = before.last_error, before.last_error_at
        else:
            trouble = health.reason, health.checked_at
        self._known[health.name] = replace(health, last_error=trouble[0], last_error_at=trouble[1])
        if before.state is health.state:
            return
        if health.state is not Health.OK:
            _log.warning(f"provider.{health.state}", provider=health.name, reason=health.reason)
        elif before.state is not Health.UNKNOWN:
            _log.info("provider.recovered", provider=health.name, latency_ms=health.latency_ms)

    def _probed(self) -> Iterator[tuple[str, Kind, _Checked]]:
        for name, platform in self._providers.platforms.items():
            yield name, "platform", platform
        for name, carrier in self._providers.carriers.items():
            yield name, "carrier", carrier


def _kind_of_disabled(name: str, providers: Providers) -> Kind:
    return "carrier" if name in providers.known_carriers else "platform"
