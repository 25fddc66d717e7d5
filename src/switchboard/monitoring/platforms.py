"""The state of every provider on one page, and what a person should look at."""

import asyncio
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import text

from switchboard.core.clock import Clock
from switchboard.monitoring.quotas import LEFT_ALONE, Quotas
from switchboard.monitoring.schemas import Alert, CapabilityOut, LastError, PlatformOut, Quota
from switchboard.monitoring.service import Monitoring
from switchboard.persistence.database import Database
from switchboard.providers.carrier import Carrier
from switchboard.providers.errors import ProviderError
from switchboard.providers.health import HealthMonitor, ProviderHealth
from switchboard.providers.normalised import Health
from switchboard.providers.registry import Providers

_TITLES = {"ultravox": "Ultravox", "elevenlabs": "ElevenLabs", "twilio": "Twilio"}
_PATIENCE_SECONDS = 2.0
_NUMBERS_KEPT = timedelta(minutes=5)
_LITTLE_LEFT = 0.1
_STUCK_AFTER = timedelta(hours=2)
_WORKERS = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '15 seconds'")


class PlatformOverview:
    """Health, quota, numbers and capabilities together."""

    def __init__(
        self,
        *,
        providers: Providers,
        health: HealthMonitor,
        clock: Clock,
        database: Database,
        monitoring: Monitoring,
    ) -> None:
        self._providers = providers
        self._health = health
        self._clock = clock
        self._database = database
        self._monitoring = monitoring
        self.quotas = Quotas(providers, clock)
        self._numbers: dict[str, tuple[datetime, list[str]]] = {}
        """The numbers of each carrier, and when to ask for them again."""

    async def all(self) -> list[PlatformOut]:
        """Platforms first, then carriers, each by name."""
        quotas = {quota.provider: quota for quota in await self.quotas.all()}
        known = sorted(self._health.known.values(), key=lambda one: (one.kind != "platform", one.name))
        return [await self._shown(health, quotas.get(health.name)) for health in known]

    async def alerts(self) -> list[Alert]:
        """What needs attention now, the worst first."""
        found = [alert for health in self._health.known.values() if (alert := _of_health(health)) is not None]
        found += [alert for quota in await self.quotas.all() if (alert := _of_quota(quota)) is not None]
        async with self._database.transaction() as session:
            workers = int(await session.scalar(_WORKERS) or 0)
            stuck = await self._monitoring.stuck_calls(session, _STUCK_AFTER)
        if not workers:
            told = "No worker runs: calls are accepted and wait.", "Start one with `switchboard worker`."
            found.append(_alert("critical", "no-worker", *told))
        if stuck:
            told = f"{stuck} calls have not ended for two hours.", "Open them and hang up what is really over."
            found.append(_alert("warning", "calls-stuck", *told, count=stuck))
        return sorted(found, key=lambda alert: alert.severity != "critical")

    async def _shown(self, health: ProviderHealth, quota: Quota | None) -> PlatformOut:
        carrier = self._providers.carriers.get(health.name)
        subject = carrier or self._providers.platforms.get(health.name)
        error = None
        if health.last_error is not None and health.last_error_at is not None:
            error = LastError(at=health.last_error_at, text=health.last_error)
        return PlatformOut(
            name=health.name,
            kind=health.kind,
            mode=self._mode(health),
            state=health.state,
            reason=health.reason,
            checked_at=health.checked_at,
            latency_ms=health.latency_ms,
            last_error=error,
            quota=quota,
            numbers=await self._numbers_of(carrier) if carrier else [],
            capabilities=[
                CapabilityOut(name=one.name, available=one.available, reason=one.reason)
                for one in (subject.capabilities if subject else ())
            ],
        )

    def _mode(self, health: ProviderHealth) -> Literal["live", "sandbox", "off"]:
        if health.state is Health.OFF:
            return "off"
        return "sandbox" if health.name in self._providers.sandboxed else "live"

    async def _numbers_of(self, carrier: Carrier) -> list[str]:
        own = [carrier.default_number] if carrier.default_number else []
        now = self._clock.now()
        due, numbers = self._numbers.get(carrier.name, (now, own))
        if now < due:
            return numbers
        kept_for = _NUMBERS_KEPT
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                numbers = await carrier.numbers()
        except (ProviderError, TimeoutError):
            kept_for = LEFT_ALONE
        self._numbers[carrier.name] = now + kept_for, numbers
        return numbers


def _of_health(health: ProviderHealth) -> Alert | None:
    title, reason = _TITLES.get(health.name, health.name), health.reason or ""
    if health.state is Health.MISCONFIGURED:
        told = f"{title} refuses our key. {reason}".strip(), "Set the right key and restart."
        return _alert("critical", "provider-misconfigured", *told, provider=health.name)
    if health.state is Health.UNREACHABLE:
        told = (
            f"{title} cannot be reached. {reason}".strip(),
            "Wait for it, or give agents a twin on the other one.",
        )
        return _alert("critical", "provider-unreachable", *told, provider=health.name)
    if health.state is Health.OFF:
        told = reason or f"{title} is off.", "Set its key to use it."
        return _alert("warning", "provider-off", *told, provider=health.name)
    return None


def _of_quota(quota: Quota) -> Alert | None:
    if quota.left is None or not quota.limit or quota.left / quota.limit > _LITTLE_LEFT:
        return None
    title = _TITLES.get(quota.provider, quota.provider)
    severity: Literal["warning", "critical"] = "warning" if quota.left else "critical"
    told = (
        f"{title} has {quota.left:g} of {quota.limit:g} {quota.unit} left.",
        "Raise the plan or wait for its reset.",
    )
    return _alert(severity, "quota-low", *told, provider=quota.provider)


def _alert(
    severity: Literal["warning", "critical"],
    code: str,
    text: str,
    what_to_do: str,
    *,
    provider: str | None = None,
    count: int | None = None,
) -> Alert:
    return Alert(severity=severity, code=code, text=text, what_to_do=what_to_do, provider=provider, count=count)
