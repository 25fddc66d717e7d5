"""Puts the parts of this domain together."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from switchboard.core.clock import Clock
from switchboard.http.rate_limit import RateLimiter, RateLimitSettings
from switchboard.persistence.database import Database
from switchboard.providers.health import HealthMonitor
from switchboard.providers.registry import Providers
from switchboard.voices.cache import VoiceCache
from switchboard.voices.jobs import VoiceJobs
from switchboard.voices.previews import Previews
from switchboard.voices.service import VoiceService
from switchboard.voices.settings import VoiceSettings


@asynccontextmanager
async def running_voices(
    *,
    database: Database,
    providers: Providers,
    health: HealthMonitor,
    clock: Clock,
    settings: VoiceSettings,
    rate_storage: str,
) -> AsyncIterator[VoiceJobs]:
    """Both services, and what they have under way is stopped at the end. `rate_storage`: a `limits` URI."""
    cache = VoiceCache(database=database, providers=providers, health=health, settings=settings)
    previews = Previews(
        database=database,
        providers=providers,
        health=health,
        limiter=RateLimiter(RateLimitSettings(rate=settings.preview_rate, storage=rate_storage)),
        settings=settings,
        clock=clock,
    )
    async with aclosing(VoiceService(providers, cache)) as voices, aclosing(previews):
        yield VoiceJobs(voices, previews)
