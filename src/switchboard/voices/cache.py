"""The platforms' voices, kept in PostgreSQL: shown at once, fetched anew by one process at a time.

A list younger than `fresh_seconds` is shown as it is. An older one is shown too, and fetched anew meanwhile. Only
a list that was never fetched is waited for. Who fetches holds a lease on the list's row, so that any number of
readers in any number of processes cost the vendor one pass over its pages.
"""

import asyncio
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from switchboard.core.ids import new_id
from switchboard.http.coalescing import Coalescer
from switchboard.http.flights import Flights
from switchboard.persistence.database import Database
from switchboard.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderOutOfQuota,
    ProviderRejected,
    ProviderUnavailable,
)
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import Voice
from switchboard.providers.registry import Providers
from switchboard.voices.repository import ListHead, VoiceLists
from switchboard.voices.settings import VoiceSettings

log = structlog.get_logger(__name__)

_LOOK_EVERY_SECONDS = 0.05
_LEASE_MARGIN_SECONDS = 2.0
_TROUBLES = {
    kind.slug: kind for kind in (ProviderRejected, ProviderOutOfQuota, ProviderMisconfigured, ProviderUnavailable)
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One platform's voices, by name. `trouble`: why they could not be fetched when it was last tried."""

    platform: str
    voices: tuple[Voice, ...]
    by_id: Mapping[str, Voice]
    gone: Mapping[str, Voice]
    age_seconds: float
    stale: bool
    trouble: str | None


@dataclass(frozen=True, slots=True)
class _Content:
    fetched_at: datetime | None
    voices: tuple[Voice, ...]
    by_id: Mapping[str, Voice]
    gone: Mapping[str, Voice]


class VoiceCache:
    """Reads and refills the lists. `aclose()` it at shutdown."""

    def __init__(
        self, *, database: Database, providers: Providers, health: HealthMonitor, settings: VoiceSettings
    ) -> None:
        self._database = database
        self._providers = providers
        self._health = health
        self._settings = settings
        self._heads: Coalescer[str, ListHead] = Coalescer(self._read_heads)
        self._refills: Flights[tuple[str, float], None] = Flights()
        # Decoded rows; each use is checked against the row's `fetched_at`.
        self._decoded: dict[str, _Content] = {}

    async def aclose(self) -> None:
        await self._refills.aclose()
        await self._heads.aclose()

    async def read(self, platform: str) -> Listing:
        """The platform's voices; waits only while they were never fetched.

        Raises: ProviderMisconfigured when the platform is off; while it never told its voices, what keeps it
        from telling them.
        """
        self._providers.platform(platform)
        head = await self._heads.get(platform)
        if head is None or head.age_seconds is None:
            await asyncio.shield(self._start(platform, self._settings.fresh_seconds))
            head = await self._heads.get(platform)
        elif head.age_seconds > self._settings.fresh_seconds and not head.resting:
            self._start(platform, self._settings.fresh_seconds)
        return await self._listing(platform, head)

    async def peek(self, platform: str) -> Listing | None:
        """What is known already: asks no vendor and waits for none; None when nothing is known."""
        head = await self._heads.get(platform)
        return None if head is None or head.age_seconds is None else await self._listing(platform, head)

    async def read_anew(self, platform: str, *, older_than: float | None = None) -> Listing:
        """As `read`, but a list older than this (seconds; default: not fresh) is fetched anew and waited for.

        Raises: as `read`; also what keeps the platform from telling its voices now.
        """
        self._providers.platform(platform)
        age = self._settings.fresh_seconds if older_than is None else older_than
        await asyncio.shield(self._start(platform, age))
        return await self._listing(platform, await self._heads.get(platform))

    def _start(self, platform: str, older_than: float) -> asyncio.Task[None]:
        """The refill is this object's own: who stops waiting for it (under a shield) does not stop it."""
        return self._refills.start((platform, older_than), lambda: self._refill(platform, older_than))

    async def _read_heads(self, platforms: AbstractSet[str]) -> Mapping[str, ListHead]:
        async with self._database.transaction() as session:
            return await VoiceLists(session).heads(platforms)

    async def _listing(self, platform: str, head: ListHead | None) -> Listing:
        content = self._decoded.get(platform)
        if head is None or content is None or content.fetched_at != head.fetched_at:
            async with self._database.transaction() as session:
                fetched_at, voices, gone = await VoiceLists(session).body(platform)
            ordered = tuple(sorted(voices, key=lambda voice: (voice.name.casefold(), voice.id)))
            content = _Content(fetched_at, ordered, {v.id: v for v in voices}, {v.id: v for v in gone})
            self._decoded[platform] = content
        age = head.age_seconds if head and head.age_seconds is not None else 0.0
        said = str(head.trouble.get("detail")) if head and head.trouble else None
        stale = age > self._settings.fresh_seconds
        return Listing(platform, content.voices, content.by_id, content.gone, age, stale, said)

    async def _refill(self, platform: str, older_than: float) -> None:
        """See to it that the list is no older than this: fetch it, or wait for the process that does."""
        owner = new_id("refill")
        # Long enough to outwait a holder that died, and then to fetch.
        patience = 2 * (self._settings.refill_seconds + _LEASE_MARGIN_SECONDS)
        try:
            async with asyncio.timeout(patience):
                while not (await self._claim(platform, owner, older_than) and await self._fetch(platform, owner)):
                    head = (await self._read_heads({platform})).get(platform)
                    if head and head.age_seconds is not None and head.age_seconds <= older_than:
                        return
                    if head and head.resting and head.trouble:
                        raise _error(platform, head.trouble)
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except TimeoutError:
            said = f"The voices of {platform} have been on their way for {patience:g} s. Try again in a moment."
            raise ProviderUnavailable(said, provider=platform) from None

    async def _claim(self, platform: str, owner: str, older_than: float) -> bool:
        lease = self._settings.refill_seconds + _LEASE_MARGIN_SECONDS
        async with self._database.transaction() as session:
            return await VoiceLists(session).claim(platform, owner, older_than=older_than, lease_seconds=lease)

    async def _fetch(self, platform: str, owner: str) -> bool:
        """False when it took so long that the lease has passed on."""
        settled = False
        try:
            voices = await self._ask(platform)
            async with self._database.transaction() as session:
                settled = await VoiceLists(session).store(platform, owner, voices)
            log.info("voices.fetched", provider=platform, count=len(voices))
        except ProviderError as error:
            await self._note(platform, owner, error)
            settled = True
            raise
        else:
            return settled
        finally:
            if not settled:
                async with self._database.transaction() as session:
                    await VoiceLists(session).release(platform, owner)

    async def _ask(self, platform: str) -> list[Voice]:
        self._health.require(platform)
        try:
            async with asyncio.timeout(self._settings.refill_seconds):
                return [voice async for voice in self._providers.platform(platform).list_voices()]
        except TimeoutError:
            said = f"{platform} did not list its voices within {self._settings.refill_seconds:g} s. Try again."
            raise ProviderUnavailable(said, provider=platform) from None

    async def _note(self, platform: str, owner: str, error: ProviderError) -> None:
        log.warning("voices.unreachable", provider=platform, code=error.slug)
        rest = self._settings.retry_seconds
        if isinstance(error, ProviderUnavailable) and error.retry_after_stated:
            rest = max(rest, min(error.retry_after, self._settings.fresh_seconds))
        trouble = {"slug": error.slug, "detail": error.detail, "retry_seconds": rest}
        async with self._database.transaction() as session:
            await VoiceLists(session).note_trouble(platform, owner, trouble, retry_seconds=rest)


def _error(platform: str, trouble: Mapping[str, Any]) -> ProviderError:
    """What the last one who asked was told."""
    kind = _TROUBLES.get(str(trouble.get("slug")), ProviderUnavailable)
    detail = str(trouble.get("detail"))
    if kind is ProviderUnavailable:
        return ProviderUnavailable(detail, provider=platform, retry_after=float(trouble.get("retry_seconds") or 1))
    return kind(detail, provider=platform)
