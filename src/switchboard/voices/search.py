"""Which voices fit a search. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from switchboard.providers.normalised import Voice
from switchboard.providers.voice_words import base_language


@dataclass(frozen=True, slots=True)
class VoiceFilter:
    """Parts that are None do not matter. `language` `es` finds `es-MX` too; `es-MX` finds that alone."""

    search: str | None = None
    language: str | None = None
    gender: Literal["female", "male", "neutral"] | None = None
    age: Literal["young", "middle-aged", "old"] | None = None
    accent: str | None = None
    category: str | None = None
    style: str | None = None
    available: bool | None = None

    def fits(self, voice: Voice) -> bool:
        """Whether every part fits. Text is compared without regard to case."""
        return (
            (self.language is None or speaks(voice, self.language))
            and self.gender in (None, voice.gender)
            and self.age in (None, voice.age)
            and self.available in (None, voice.available)
            and _same(self.accent, voice.accent)
            and _same(self.category, voice.category)
            and (self.style is None or any(_same(self.style, style) for style in voice.styles))
            and (self.search is None or _holds_all(voice, self.search))
        )


def speaks(voice: Voice, language: str) -> bool:
    """Whether it is verified for this language; without a region, for any of its regions."""
    wanted = language.replace("_", "-").lower()
    tags = [tag.lower() for tag in (voice.languages or ((voice.language,) if voice.language else ()))]
    return any(tag == wanted or ("-" not in wanted and base_language(tag) == wanted) for tag in tags)


def _same(wanted: str | None, found: str | None) -> bool:
    return wanted is None or wanted.casefold() == (found or "").casefold()


def _holds_all(voice: Voice, search: str) -> bool:
    """Whether each word of the search is somewhere in what is told of the voice."""
    told = " ".join(_told(voice)).casefold()
    return all(word in told for word in search.casefold().split())


def _told(voice: Voice) -> Iterable[str]:
    yield from (voice.id, voice.name, voice.description or "", voice.accent or "", voice.category or "")
    yield from (*voice.languages, *voice.styles, *voice.labels.values())
