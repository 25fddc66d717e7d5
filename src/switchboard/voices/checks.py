"""Whether a platform has a voice, and what to say when it has not. Pure functions over known lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from switchboard.providers.normalised import Voice
from switchboard.voices import matching
from switchboard.voices.cache import Listing


@dataclass(frozen=True, slots=True)
class VoiceCheck:
    """Whether a platform has a voice. `message` says what is wrong and what to do; empty for `ok`.

    `gone`: it was listed once and is no more. `unverified`: nobody can tell now, because the list is not known
    or the platform is out of reach.
    """

    state: Literal["ok", "unknown", "gone", "wrong_platform", "unverified"]
    message: str = ""
    voice: Voice | None = None
    """The voice itself; for `gone`, as it was; for `wrong_platform`, the other platform's."""
    other_platform: str | None = None
    suggestion: Voice | None = None

    @property
    def usable(self) -> bool:
        """Nothing speaks against it."""
        return self.state in {"ok", "unverified"}


def find(listing: Listing, wanted: str, *, by_name: bool) -> Voice | None:
    """The voice of this id, or, where the platform takes names, of this name in any case."""
    if wanted in listing.by_id:
        return listing.by_id[wanted]
    if not by_name:
        return None
    return next((voice for voice in listing.voices if voice.name.casefold() == wanted.casefold()), None)


def denial(listing: Listing, others: Iterable[Listing], voice_id: str, language: str | None) -> VoiceCheck:
    """What to say of a voice that `listing` does not hold; `others` are the other platforms' lists."""
    platform = listing.platform
    for other in others:
        theirs = other.by_id.get(voice_id)
        if theirs is not None:
            closest = _closest(listing, theirs, language)
            said = f"{theirs.name} is a voice of {other.platform}, and the agent is on {platform}."
            return VoiceCheck("wrong_platform", said + _advice(platform, closest), theirs, other.platform, closest)
    meant = find(listing, voice_id, by_name=True) or _closest(listing, listing.gone.get(voice_id), language)
    return VoiceCheck(
        "unknown", f"{platform} has no voice {voice_id[:64]}." + _advice(platform, meant), suggestion=meant
    )


def _closest(listing: Listing, like: Voice | None, language: str | None) -> Voice | None:
    found = matching.best(listing.voices, like, language, 1)
    return found[0].voice if found else None


def _advice(platform: str, closest: Voice | None) -> str:
    offer = f" Take {closest.id} ({closest.name}), or choose" if closest else " Choose"
    return f"{offer} one from GET /api/v1/voices?platform={platform}."
