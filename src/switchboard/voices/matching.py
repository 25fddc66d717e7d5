"""Which voice comes closest to another one. Pure, and the same for the same voices (docs/reference/voices.md).

First counts the language, then points: gender 25 (another one -25), age 10 (a neighbouring one 5), accent 10,
each shared style 3 up to 9, an end in sight -5. Equals go by name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from switchboard.providers.normalised import Voice
from switchboard.providers.voice_words import base_language

_AGES = ("young", "middle-aged", "old")
_STYLE_POINTS, _MOST_STYLE_POINTS = 3, 9
_EXACT, _SAME_BASE, _ALSO, _NOT = 40, 30, 20, 0


@dataclass(frozen=True, slots=True)
class Match:
    """A voice, how well it fits (higher is better), and why: what is alike, and what is not."""

    voice: Voice
    score: int
    reasons: Sequence[str]
    differences: Sequence[str]
    speaks_language: bool


def best(candidates: Iterable[Voice], like: Voice | None, language: str | None, limit: int) -> list[Match]:
    """The best matches first. Voices that the account cannot use are left out.

    `language` (BCP 47) is what it must speak; without it, the language of `like`.
    """
    wanted = language or (like.language if like else None)
    found = [_match(voice, like, wanted) for voice in candidates if voice.available]
    found.sort(key=lambda m: (not m.speaks_language, -m.score, m.voice.name.casefold(), m.voice.id))
    return found[:limit]


def _match(voice: Voice, like: Voice | None, language: str | None) -> Match:
    reasons: list[str] = []
    differences: list[str] = []
    spoken = _language(voice, language)
    if language:
        text = f"speaks {language}" if spoken == _EXACT else f"speaks {_closest(voice, language)}"
        (reasons if spoken else differences).append(text if spoken else f"does not speak {language}")
    score = spoken
    if like is not None:
        score += _gender(voice, like, reasons, differences)
        score += _age(voice, like, reasons, differences)
        score += _accent(voice, like, reasons, differences)
        score += _style(voice, like, reasons)
    if voice.expires_on is not None:
        score -= 5
        differences.append(f"leaves its platform on {voice.expires_on.isoformat()}")
    return Match(voice, score, reasons, differences, bool(spoken) or not language)


def _language(voice: Voice, language: str | None) -> int:
    if not language:
        return _NOT
    tags = [tag.lower() for tag in voice.languages or (voice.language or "",)]
    if language.lower() in tags:
        return _EXACT
    if base_language(tags[0]) == base_language(language):
        return _SAME_BASE
    return _ALSO if _closest(voice, language) else _NOT


def _closest(voice: Voice, language: str) -> str | None:
    base = base_language(language)
    return next((tag for tag in voice.languages or (voice.language or "",) if base_language(tag) == base), None)


def _gender(voice: Voice, like: Voice, reasons: list[str], differences: list[str]) -> int:
    if voice.gender is None or like.gender is None:
        return 0
    if voice.gender == like.gender:
        reasons.append(voice.gender)
        return 25
    differences.append(f"{voice.gender} instead of {like.gender}")
    return -25


def _age(voice: Voice, like: Voice, reasons: list[str], differences: list[str]) -> int:
    if voice.age is None or like.age is None:
        return 0
    if voice.age == like.age:
        reasons.append(voice.age)
        return 10
    differences.append(f"{voice.age} instead of {like.age}")
    return 5 if abs(_AGES.index(voice.age) - _AGES.index(like.age)) == 1 else 0


def _accent(voice: Voice, like: Voice, reasons: list[str], differences: list[str]) -> int:
    if not voice.accent or not like.accent:
        return 0
    if voice.accent.casefold() == like.accent.casefold():
        reasons.append(f"{voice.accent} accent")
        return 10
    differences.append(f"{voice.accent} accent instead of {like.accent}")
    return 0


def _style(voice: Voice, like: Voice, reasons: list[str]) -> int:
    shared = [style for style in like.styles if style in voice.styles]
    reasons.extend(shared)
    return min(_MOST_STYLE_POINTS, _STYLE_POINTS * len(shared))
