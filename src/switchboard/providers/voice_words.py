"""What vendors say about voices, in our words. Pure functions; what they do not know is None."""

import re
from typing import Literal

Gender = Literal["female", "male", "neutral"]
Age = Literal["young", "middle-aged", "old"]

_GENDERS: dict[str, Gender] = {
    "female": "female", "woman": "female", "feminine": "female", "girl": "female", "lady": "female",
    "male": "male", "man": "male", "masculine": "male", "boy": "male", "guy": "male", "gentleman": "male",
    "neutral": "neutral", "non-binary": "neutral", "androgynous": "neutral",
}  # fmt: skip
_AGES: dict[str, Age] = {
    "young": "young", "youthful": "young", "teenage": "young",
    "middle-aged": "middle-aged", "middle_aged": "middle-aged", "middle aged": "middle-aged",
    "adult": "middle-aged",
    "old": "old", "older": "old", "elderly": "old", "senior": "old", "mature": "old",
}  # fmt: skip
_STYLES = (
    "bright", "calm", "casual", "clear", "conversational", "courteous", "customer service", "deep", "energetic",
    "formal", "friendly", "gentle", "informative", "lively", "measured", "narration", "news", "patient", "polite",
    "precise", "professional", "quick", "reassuring", "relaxed", "serious", "smooth", "social media", "soft",
    "support", "upbeat", "warm",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")


def gender(text: str | None) -> Gender | None:
    """The first word of `text` that tells a gender."""
    return next((_GENDERS[word] for word in _words(text) if word in _GENDERS), None)


def age(text: str | None) -> Age | None:
    """The first word of `text` that tells an age."""
    given = (text or "").lower()
    if given in _AGES:
        return _AGES[given]
    return next((_AGES[word] for word in _words(text) if word in _AGES), None)


def styles(*texts: str | None) -> tuple[str, ...]:
    """Those words of manner and use that the texts contain, each once, in alphabetical order."""
    told = " ".join(" ".join(_words((text or "").replace("_", " "))) for text in texts)
    return tuple(style for style in _STYLES if f" {style} " in f" {told} ")


def language_tag(text: str | None) -> str | None:
    """BCP 47 in its usual case (`es-MX`, `zh-Hant-TW`) of a tag with `-` or `_`; None for anything else."""
    found = _TAG.fullmatch((text or "").strip())
    if found is None:
        return None
    language, script, region = found.groups()
    parts = [language.lower(), script.title() if script else None, region.upper() if region else None]
    return "-".join(part for part in parts if part)


def base_language(tag: str | None) -> str:
    """`es` of `es-MX`; empty for None."""
    return (tag or "").partition("-")[0].lower()


def _words(text: str | None) -> list[str]:
    return [word.lower() for word in _WORD.findall(text or "")]
