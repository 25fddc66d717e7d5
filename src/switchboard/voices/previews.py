"""Hearing voices: the vendor's free sample, or a sentence of yours. Kept by what it was made from.

Equal wishes share one vendor request, in this process by a flight and between processes by a lease on the
preview's row. What is spoken counts against the day's quota before the vendor is asked.
"""

import asyncio
from datetime import timedelta

from switchboard.core.clock import Clock
from switchboard.core.ids import new_id
from switchboard.http.flights import Flights
from switchboard.http.rate_limit import RateLimiter
from switchboard.persistence.database import Database
from switchboard.providers.errors import ProviderError, ProviderRejected, ProviderUnavailable, ProviderUnclear
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import Audio, SpeechCost
from switchboard.providers.registry import Providers
from switchboard.voices.errors import PreviewQuotaSpent, UnknownPreview
from switchboard.voices.preview_repository import StoredPreview, VoicePreviews
from switchboard.voices.settings import VoiceSettings
from switchboard.voices.wishes import Heard, Quote, Wish, kind_of, sha_of

_LEASE_SECONDS = 70.0
_PATIENCE_SECONDS = 75.0
_LOOK_EVERY_SECONDS = 0.05
_AT_ONCE = 4
"""Vendors allow few syntheses at once on their smaller plans, and calls need some of them."""


class Previews:
    """Plays and keeps previews. `aclose()` it at shutdown."""

    def __init__(
        self,
        *,
        database: Database,
        providers: Providers,
        health: HealthMonitor,
        limiter: RateLimiter,
        settings: VoiceSettings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._providers = providers
        self._health = health
        self._limiter = limiter
        self._settings = settings
        self._clock = clock
        self._flights: Flights[str, Heard] = Flights()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def aclose(self) -> None:
        await self._flights.aclose()

    async def quote(self, wish: Wish) -> Quote:
        """What hearing this will take; asks no vendor. Raises: NotSupported; ProviderMisconfigured."""
        speech = self._speech(wish)
        sha = sha_of(wish, speech)
        async with self._database.transaction() as session:
            kept = await VoicePreviews(session).has(sha)
        return Quote(sha, speech, kept, await self.quota_left())

    async def quota_left(self) -> int:
        """Characters that may still be spoken today."""
        async with self._database.transaction() as session:
            spent = await VoicePreviews(session).spent_today()
        return max(0, self._settings.preview_daily_characters - spent)

    async def hear(self, wish: Wish, owner: str) -> Heard:
        """The audio, from what is kept or from the vendor. `owner`: whose rate limit a new sentence counts for.

        Raises: NotSupported; TooManyRequests; PreviewQuotaSpent; the provider errors.
        """
        speech = self._speech(wish)
        sha = sha_of(wish, speech)
        kept = await self._kept(sha)
        if kept is not None:
            return kept
        if speech is not None:
            await self._limiter.spend(f"preview:{owner}")
        return await self._flights.join(sha, lambda: self._make(sha, wish, speech))

    async def kept(self, sha: str) -> Heard:
        """A preview that was heard before. Raises: UnknownPreview."""
        found = await self._kept(sha)
        if found is None:
            raise UnknownPreview("This preview is not kept any more. Order it again.")
        return found

    async def forget_old(self) -> None:
        async with self._database.transaction() as session:
            await VoicePreviews(session).forget_old()

    def _speech(self, wish: Wish) -> SpeechCost | None:
        port = self._providers.platform(wish.platform)
        return None if wish.text is None else port.speech_cost(wish.text)

    async def _kept(self, sha: str) -> Heard | None:
        async with self._database.transaction() as session:
            found = await VoicePreviews(session).get(sha)
        return _heard(sha, found) if found else None

    async def _make(self, sha: str, wish: Wish, speech: SpeechCost | None) -> Heard:
        """Make it, or wait for the process that does."""
        lease = new_id("preview")
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not await self._claim(sha, lease, wish, speech):
                    kept = await self._kept(sha)
                    if kept is not None:
                        return kept
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
                return await self._made(sha, lease, wish, speech)
        except TimeoutError:
            said = "The preview has been in the making for too long. Try again in a moment."
            raise ProviderUnavailable(said, provider=wish.platform) from None

    async def _claim(self, sha: str, lease: str, wish: Wish, speech: SpeechCost | None) -> bool:
        async with self._database.transaction() as session:
            return await VoicePreviews(session).claim(
                sha,
                lease,
                platform=wish.platform,
                voice_id=wish.voice_id,
                characters=speech.characters if speech else 0,
                lease_seconds=_LEASE_SECONDS,
            )

    async def _made(self, sha: str, lease: str, wish: Wish, speech: SpeechCost | None) -> Heard:
        done = False
        try:
            self._health.require(wish.platform)
            async with self._turns:
                asked = self._spoken(wish, speech) if speech else self._sampled(wish)
                audio = self._checked(wish.platform, await asked)
            async with self._database.transaction() as session:
                previews = VoicePreviews(session)
                await previews.fill(sha, lease, audio.content, audio.media_type, audio.charged)
                await previews.evict(self._settings.preview_total_bytes)
            done = True
        finally:
            if not done:
                async with self._database.transaction() as session:
                    await VoicePreviews(session).abandon(sha, lease)
        characters = speech.characters if speech else 0
        return Heard(
            sha, audio.content, audio.media_type, kept=False, characters=characters, charged=audio.charged
        )

    async def _sampled(self, wish: Wish) -> Audio:
        return await self._providers.platform(wish.platform).voice_sample(wish.voice_id)

    async def _spoken(self, wish: Wish, speech: SpeechCost) -> Audio:
        """Have it spoken. Characters are given back when it certainly was not."""
        limit = self._settings.preview_daily_characters
        async with self._database.transaction() as session:
            fits = await VoicePreviews(session).spend(speech.characters, limit)
        if not fits:
            raise self._spent(speech.characters)
        try:
            return await self._providers.platform(wish.platform).speak(
                wish.voice_id, wish.text or "", wish.language, wish.settings
            )
        except ProviderUnclear:
            raise
        except ProviderError:
            async with self._database.transaction() as session:
                await VoicePreviews(session).give_back(speech.characters)
            raise

    def _spent(self, characters: int) -> PreviewQuotaSpent:
        now = self._clock.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        limit = self._settings.preview_daily_characters
        return PreviewQuotaSpent(
            f"Today's {limit:,} characters for previews do not hold {characters} more. Listen to the free "
            "samples, wait for midnight UTC, or raise SWITCHBOARD_VOICES_PREVIEW_DAILY_CHARACTERS.",
            retry_after=(midnight - now).total_seconds(),
        )

    def _checked(self, platform: str, audio: Audio) -> Audio:
        """Only audio of a bearable size passes: it is handed on under our own address."""
        most = self._settings.preview_max_bytes
        if len(audio.content) > most:
            raise ProviderRejected(
                f"{platform} sent more than {most:,} bytes of audio. Raise SWITCHBOARD_VOICES_PREVIEW_MAX_BYTES.",
                provider=platform,
            )
        media_type = audio.media_type.lower() if audio.media_type.lower().startswith("audio/") else None
        media_type = media_type or kind_of(audio.content)
        if media_type is None:
            said = (
                f"{platform} sent {audio.media_type or 'something unnamed'} instead of audio. Try another voice."
            )
            raise ProviderRejected(said, provider=platform)
        return Audio(audio.content, media_type, audio.charged)


def _heard(sha: str, found: StoredPreview) -> Heard:
    return Heard(
        sha, found.content, found.media_type, kept=True, characters=found.characters, charged=found.charged
    )
