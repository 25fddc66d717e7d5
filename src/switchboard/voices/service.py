"""The use cases of voices: list, find, check, match."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.providers.errors import ProviderError
from switchboard.providers.normalised import Voice
from switchboard.providers.registry import Providers
from switchboard.voices import matching
from switchboard.voices.cache import Listing, VoiceCache
from switchboard.voices.checks import VoiceCheck, denial, find
from switchboard.voices.errors import UnknownVoice
from switchboard.voices.matching import Match
from switchboard.voices.search import VoiceFilter, speaks

_CONFIRM_SECONDS = 5.0
"""A voice that a list this young does not hold is not there; an older list is fetched anew to make sure."""
_BY_NAME = "voice_by_name"


@dataclass(frozen=True, slots=True)
class Found:
    """Voices with the state of the lists that they come from."""

    voices: Sequence[Voice]
    listings: Sequence[Listing]
    unavailable: Sequence[str]
    """Platforms that cannot be asked now; their voices are old, or missing."""


class VoiceService:
    """Lists, finds, checks and matches the voices that agents can use. `aclose()` it at shutdown."""

    def __init__(self, providers: Providers, cache: VoiceCache) -> None:
        self._providers = providers
        self._cache = cache

    async def aclose(self) -> None:
        await self._cache.aclose()

    async def search(self, platform: str | None = None, wanted: VoiceFilter | None = None) -> Found:
        """Voices of one platform, or of every platform that ever told its own, by platform and name.

        Raises: the provider errors when one platform is asked for and nothing is known of its voices.
        """
        names = [platform] if platform is not None else sorted(self._providers.platforms)
        answers = await asyncio.gather(*(self._cache.read(name) for name in names), return_exceptions=True)
        listings, silent = [], []
        for name, answer in zip(names, answers, strict=True):
            if isinstance(answer, Listing):
                listings.append(answer)
            elif isinstance(answer, ProviderError) and platform is None:
                silent.append(name)
            else:
                raise answer
        troubled = [listing.platform for listing in listings if listing.trouble]
        voices = [v for listing in listings for v in listing.voices if wanted is None or wanted.fits(v)]
        return Found(voices, listings, sorted([*silent, *troubled]))

    async def get(self, platform: str, voice_id: str) -> tuple[Voice, Listing]:
        """One voice and the list that it is in. Raises: UnknownVoice; the provider errors."""
        listing = await self._cache.read(platform)
        voice = listing.by_id.get(voice_id)
        if voice is None:
            raise UnknownVoice(platform, voice_id)
        return voice, listing

    async def default(self, platform: str, language: str) -> str | None:
        """A voice for an agent that names none: one that speaks its language and stays, else the next best."""
        voices = (await self._cache.read(platform)).voices
        base = language.partition("-")[0]
        ranked = sorted(voices, key=lambda v: (not v.available, not speaks(v, base), v.expires_on is not None))
        return ranked[0].id if ranked else None

    async def propose(self, platform: str, like: Voice | None, language: str | None) -> Voice | None:
        """The voice of `platform` that comes closest to `like` and speaks `language` (rule: `matching.py`).

        None when the platform has no usable voice. Raises: the provider errors when nothing is known of them.
        """
        found = matching.best((await self._cache.read(platform)).voices, like, language, 1)
        return found[0].voice if found else None

    async def matches(
        self, platform: str, voice_id: str, *, on: str | None, language: str | None, limit: int
    ) -> list[Match]:
        """Voices like this one on another platform; without `on`, on all others.

        Raises: UnknownVoice; the provider errors for `platform` and `on`.
        """
        like, _ = await self.get(platform, voice_id)
        found = await self.search(on)
        others = [voice for voice in found.voices if voice.platform != platform or on == platform]
        return matching.best([v for v in others if v != like], like, language, limit)

    async def check(self, platform: str, voice_id: str, *, language: str | None = None) -> VoiceCheck:
        """Whether an agent of `platform` may be saved with this voice. Asks the vendor before it denies one."""
        try:
            listing = await self._cache.read(platform)
            if find(listing, voice_id, by_name=self._finds_names(platform)) is None:
                listing = await self._cache.read_anew(platform, older_than=_CONFIRM_SECONDS)
        except ProviderError as error:
            known = await self._cache.peek(platform)
            voice = find(known, voice_id, by_name=self._finds_names(platform)) if known else None
            if voice is None:
                return VoiceCheck("unverified", f"The voice could not be checked: {error.detail}")
            return VoiceCheck("ok", voice=voice)
        voice = find(listing, voice_id, by_name=self._finds_names(platform))
        return VoiceCheck("ok", voice=voice) if voice else await self._denied(listing, voice_id, language)

    async def check_known(self, platform: str, voice_id: str) -> VoiceCheck:
        """Whether the voice is still there as far as is known: asks no vendor, so it may precede a call.

        Only a voice that was listed once and is no more is `gone`; one that was never listed is `unverified`.
        """
        listing = await self._cache.peek(platform)
        if listing is None:
            return VoiceCheck("unverified", f"The voices of {platform} are not known yet.")
        voice = find(listing, voice_id, by_name=self._finds_names(platform))
        if voice is not None:
            return VoiceCheck("ok", voice=voice)
        lost = listing.gone.get(voice_id)
        if lost is None:
            return VoiceCheck("unverified", f"{platform} has not listed the voice {voice_id[:64]}.")
        return VoiceCheck("gone", f"The voice {lost.name} ({lost.id}) is gone from {platform}.", voice=lost)

    async def substitute(
        self, platform: str, lost: Voice, language: str, preferred: str | None = None
    ) -> Voice | None:
        """The voice to take instead of one that is gone: `preferred` if it is there, else the closest.

        Asks no vendor; None when none is known.
        """
        listing = await self._cache.peek(platform)
        if listing is None:
            return None
        if preferred and (voice := find(listing, preferred, by_name=self._finds_names(platform))):
            return voice
        found = matching.best(listing.voices, lost, language, 1)
        return found[0].voice if found else None

    async def refresh(self) -> None:
        """Fetch every known list that is due, so that calls are checked against young ones."""
        await asyncio.gather(*(self._refreshed(name) for name in self._providers.platforms))

    async def _refreshed(self, platform: str) -> None:
        try:
            if await self._cache.peek(platform) is not None:
                await self._cache.read_anew(platform)
        except ProviderError:
            return  # the cache has told, and keeps the list as it was

    async def _denied(self, listing: Listing, voice_id: str, language: str | None) -> VoiceCheck:
        others = [
            await self._cache.peek(name) for name in sorted(set(self._providers.platforms) - {listing.platform})
        ]
        return denial(listing, [other for other in others if other], voice_id, language)

    def _finds_names(self, platform: str) -> bool:
        port = self._providers.platforms.get(platform)
        return port is not None and any(c.name == _BY_NAME and c.available for c in port.capabilities)
