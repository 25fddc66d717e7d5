"""A voice in Ultravox' words and in ours. Pure functions. Source: Ultravox "Voices"."""

import re

from switchboard.providers.normalised import JsonObject, Voice
from switchboard.providers.ultravox.errors import NAME
from switchboard.providers.voice_words import age, gender, language_tag, styles

_IN_BRACKETS = re.compile(r"\(([^)]+)\)")
_BILLED_ELSEWHERE = "VOICE_BILLING_STYLE_EXTERNAL"
_EXTERNAL = "A voice of another maker, which bills it beside Ultravox."


def voice(raw: JsonObject) -> Voice:
    """A Voice object. Ultravox has no labels: gender, age and style are read from its description."""
    description, label = raw.get("description"), raw.get("languageLabel")
    billing = str(raw.get("billingStyle") or "")
    labels = {
        "provider": raw.get("provider"),
        "language": label,
        "billing": billing.removeprefix("VOICE_BILLING_STYLE_").lower(),
    }
    language = language_tag(raw.get("primaryLanguage"))
    return Voice(
        platform=NAME,
        id=str(raw.get("voiceId") or ""),
        name=str(raw.get("name") or ""),
        category=raw.get("ownership"),
        description=description,
        language=language,
        labels={key: str(value) for key, value in labels.items() if value},
        preview_url=raw.get("previewUrl"),
        languages=(language,) if language else (),
        gender=gender(description),
        age=age(description),
        accent=_accent(description, label),
        styles=styles(description),
        note=_EXTERNAL if billing == _BILLED_ELSEWHERE else None,
    )


_PEOPLES = {
    "american": "american", "british": "british", "australian": "australian",
    "irish": "irish", "scottish": "scottish", "indian": "indian", "canadian": "canadian",
    "castilian": "peninsular", "mexican": "mexican", "argentinian": "argentinian", "brazilian": "brazilian",
    "parisian": "parisian",
}  # fmt: skip
_PLACES = {
    "us": "american", "usa": "american", "united states": "american", "uk": "british", "united kingdom": "british",
    "australia": "australian", "ireland": "irish", "india": "indian", "canada": "canadian", "spain": "peninsular",
    "mexico": "mexican", "argentina": "argentinian", "brazil": "brazilian",
}  # fmt: skip


def _accent(description: str | None, label: str | None) -> str | None:
    """From the description's own word, else from the place that the language's label names in brackets."""
    for word in re.findall(r"[a-z]+", (description or "").lower()):
        if word in _PEOPLES:
            return _PEOPLES[word]
    place = _IN_BRACKETS.search(label or "")
    return _PLACES.get(place.group(1).strip().lower()) if place else None
