"""Voices and speech in ElevenLabs' words and in ours. Pure functions.

Source: ElevenLabs "Voices v2", "Text to speech", help page "Default voices".
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from switchboard.providers.elevenlabs.errors import NAME
from switchboard.providers.normalised import JsonObject, SpeechCost, Voice
from switchboard.providers.voice_words import age, base_language, gender, language_tag, styles

SPEECH_FORMAT = "mp3_44100_128"
"""The best that every plan may ask for."""
_SPEECH_MODEL = "eleven_flash_v2_5"
"""The quick multilingual model: what an agent sounds like on the telephone."""
_SETTINGS = {"speed": "speed", "stability": "stability", "similarity": "similarity_boost"}
_DEFAULTS_END = date(2026, 12, 31)
_FROM_LIBRARY = {"professional", "high_quality", "famous"}
_EXPIRES = "Default voices leave ElevenLabs on 2026-12-31. Choose another one for agents that must last."
_NEEDS_PLAN = "A voice of the library: ElevenLabs' free plan cannot use it by API."


def voice(raw: JsonObject, *, free_plan: bool = False) -> Voice:
    """A Voice object. `free_plan`: whether the account is known to be on the free plan."""
    labels = {str(key): str(value) for key, value in (raw.get("labels") or {}).items() if value}
    category, library = raw.get("category"), from_library(raw)
    languages = _languages(labels.get("language"), raw.get("verified_languages") or ())
    expiring = category == "premade"
    return Voice(
        platform=NAME,
        id=str(raw.get("voice_id") or ""),
        name=str(raw.get("name") or ""),
        category=category,
        description=raw.get("description"),
        language=languages[0] if languages else None,
        labels=labels,
        preview_url=raw.get("preview_url"),
        languages=languages,
        gender=gender(labels.get("gender")),
        age=age(labels.get("age")),
        accent=labels.get("accent"),
        styles=styles(labels.get("use_case"), labels.get("descriptive"), raw.get("description")),
        available=not (library and free_plan),
        expires_on=_DEFAULTS_END if expiring else None,
        note=_EXPIRES if expiring else _NEEDS_PLAN if library else None,
    )


def from_library(raw: JsonObject) -> bool:
    """Whether somebody else shares this voice; free plans cannot use it by API."""
    return raw.get("category") in _FROM_LIBRARY and not raw.get("is_owner")


def speech_cost(text: str) -> SpeechCost:
    """A credit for each character at most; some plans pay less for this model. Credits have no fixed price."""
    return SpeechCost(len(text), len(text), "credits", _SPEECH_MODEL, SPEECH_FORMAT)


def speech_body(text: str, language: str | None, settings: Mapping[str, float]) -> dict[str, Any]:
    """Without `language` the model finds it out from the text."""
    wanted: dict[str, Any] = {"text": text, "model_id": _SPEECH_MODEL}
    if language:
        wanted["language_code"] = base_language(language)
    chosen = {theirs: settings[ours] for ours, theirs in _SETTINGS.items() if ours in settings}
    return wanted | ({"voice_settings": chosen} if chosen else {})


def _languages(own: str | None, verified: Any) -> tuple[str, ...]:
    """The voice's own language first, with its region where the vendor tells one."""
    told = [
        language_tag(item.get("locale")) or language_tag(item.get("language"))
        for item in verified
        if isinstance(item, Mapping)
    ]
    mine = language_tag(own)
    tags = [tag for tag in told if tag]
    regional = next((tag for tag in tags if mine and base_language(tag) == base_language(mine)), mine)
    return tuple(dict.fromkeys(tag for tag in (regional, *tags) if tag))
