"""What is left at each provider: asked seldom, never waited for long."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from switchboard.core.clock import Clock
from switchboard.monitoring.schemas import Quota
from switchboard.providers.errors import ProviderError
from switchboard.providers.platform import Platform
from switchboard.providers.registry import Providers

_KEPT = timedelta(seconds=60)
_PATIENCE_SECONDS = 2.0
LEFT_ALONE = timedelta(seconds=10)
"""Whoever did not answer is not asked, nor waited for, again before that."""


class Quotas:
    """A minute-old answer per platform. A platform that is slow or down shows its last one, with a note."""

    def __init__(self, providers: Providers, clock: Clock) -> None:
        self._providers = providers
        self._clock = clock
        self._known: dict[str, Quota] = {}
        self._failed: dict[str, tuple[datetime, str]] = {}
        """When a platform last did not tell, and why."""
        self._lock = asyncio.Lock()

    async def all(self) -> Sequence[Quota]:
        """One per platform that is on, in the order of their names; asked at the same time."""
        async with self._lock:
            names = sorted(self._providers.platforms)
            return await asyncio.gather(*(self._one(name, self._providers.platforms[name]) for name in names))

    async def _one(self, name: str, platform: Platform) -> Quota:
        now, known = self._clock.now(), self._known.get(name)
        if known is not None and known.asked_at is not None and now - known.asked_at < _KEPT:
            return known
        failed_at, why = self._failed.get(name, (None, ""))
        if failed_at is None or now - failed_at >= LEFT_ALONE:
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    self._known[name] = await _asked(name, platform, now)
            except TimeoutError:
                why = "It did not answer in time."
            except ProviderError as error:
                why = error.detail
            else:
                self._failed.pop(name, None)
                return self._known[name]
            self._failed[name] = now, why
        return _noted(known, name, why)


async def _asked(name: str, platform: Platform, now: datetime) -> Quota:
    found = await platform.quota()
    if found is None:
        return _unknown(name, "not_told", "It does not tell what is left.", now)
    left = None if found.limit is None or found.used is None else max(0.0, found.limit - found.used)
    facts = {"unit": found.unit, "used": found.used, "limit": found.limit, "resets_at": found.resets_at}
    quota = Quota(provider=name, left=left, gap=None, note=None, asked_at=now, **facts)
    if found.limit is None:
        return quota.model_copy(update={"gap": "no_limit", "note": "It names no limit."})
    return quota


def _noted(known: Quota | None, name: str, why: str) -> Quota:
    if known is None:
        return _unknown(name, "no_answer", why)
    return known.model_copy(update={"gap": "no_answer", "note": why})


def _unknown(
    name: str, gap: Literal["not_told", "no_answer"], note: str, asked_at: datetime | None = None
) -> Quota:
    return Quota(
        provider=name,
        unit=None,
        used=None,
        limit=None,
        left=None,
        resets_at=None,
        gap=gap,
        note=note,
        asked_at=asked_at,
    )
