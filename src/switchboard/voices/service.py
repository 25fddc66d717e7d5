"""The use cases of voices."""

import asyncio
from collections.abc import Sequence

import structlog

from switchboard.providers.errors import ProviderError
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import Audio, Voice
from switchboard.providers.registry import Providers

log = structlog.get_logger(__name__)


class VoiceService:
    """Lists, finds and plays the voices that agents can use."""

    def __init__(self, providers: Providers, health: HealthMonitor) -> None:
        self._providers = providers
        self._health = health

    async def list(self, platform: str | None = None) -> list[Voice]:
        """All voices of one platform, or of every platform that is reachable, by platform and name.

        Raises: the provider errors when one platform is asked for.
        """
        if platform is not None:
            self._health.require(platform)
            found = [voice async for voice in self._providers.platform(platform).list_voices()]
            return sorted(found, key=lambda voice: voice.name.casefold())
        lists = await asyncio.gather(*(self._if_reachable(name) for name in sorted(self._providers.platforms)))
        return [voice for voices in lists for voice in voices]

    async def sample(self, platform: str, voice_id: str) -> Audio:
        """The vendor's free sample. Raises: ProviderMissing when there is none."""
        self._health.require(platform)
        return await self._providers.platform(platform).voice_sample(voice_id)

    async def default(self, platform: str, language: str) -> str | None:
        """A voice for an agent that names none: the first that speaks its language, else the first of all."""
        voices = await self.list(platform)
        base = language.split("-", maxsplit=1)[0].lower()
        speaking = [voice for voice in voices if (voice.language or "").lower().startswith(base)]
        return next((voice.id for voice in (*speaking, *voices)), None)

    async def _if_reachable(self, platform: str) -> Sequence[Voice]:
        try:
            return await self.list(platform)
        except ProviderError as error:
            log.warning("voices.unreachable", provider=platform, code=error.slug)
            return ()
