"""The voices that every account finds. Invented people with the names and languages of a real catalogue."""

import uuid
from typing import Any, NamedTuple

_PROVIDERS = ("Cartesia", "Eleven Labs", "Inworld", "Lmnt")


class Speaker(NamedTuple):
    """A catalogue entry. `pitch` in Hz is the tone of its preview."""

    name: str
    language: str
    label: str
    description: str
    pitch: int


SPEAKERS = (
    Speaker("Mark", "en-US", "English (US)", "Calm American man, made for support lines.", 180),
    Speaker("Jessica", "en-US", "English (US)", "Bright American woman, quick and friendly.", 320),
    Speaker("Tanya", "en-US", "English (US)", "Warm American woman with a measured pace.", 300),
    Speaker("Oliver", "en-GB", "English (UK)", "Composed British man with a newsreader's diction.", 170),
    Speaker("Isla", "en-AU", "English (Australia)", "Relaxed Australian woman.", 310),
    Speaker("Lucia", "es-ES", "Spanish (Spain)", "Clear Castilian woman.", 330),
    Speaker("Mateo", "es-MX", "Spanish (Mexico)", "Friendly Mexican man.", 190),
    Speaker("Greta", "de-DE", "German", "Matter-of-fact German woman.", 290),
    Speaker("Antoine", "fr-FR", "French", "Courteous French man.", 185),
    Speaker("Rafaela", "pt-BR", "Portuguese (Brazil)", "Lively Brazilian woman.", 340),
    Speaker("Giulia", "it-IT", "Italian", "Melodious Italian woman.", 325),
    Speaker("Haruka", "ja-JP", "Japanese", "Polite Japanese woman.", 350),
)


def voice_id(speaker: Speaker) -> str:
    """The same on every machine: ids in notes and examples stay true."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"ultravox-voice:{speaker.name}"))


def find(name_or_id: str) -> Speaker | None:
    """By id, or by name in any case."""
    wanted = name_or_id.casefold()
    return next((one for one in SPEAKERS if wanted in (one.name.casefold(), voice_id(one))), None)


def as_json(speaker: Speaker, base_url: str) -> dict[str, Any]:
    """A Voice object. Source: Ultravox "Voices" (fact sheet 4.1)."""
    provider = _PROVIDERS[SPEAKERS.index(speaker) % len(_PROVIDERS)]
    identity = voice_id(speaker)
    return {
        "voiceId": identity,
        "name": speaker.name,
        "description": speaker.description,
        "primaryLanguage": speaker.language,
        "languageLabel": speaker.label,
        "previewUrl": f"{base_url}/api/voices/{identity}/preview",
        "ownership": "public",
        "billingStyle": "VOICE_BILLING_STYLE_INCLUDED",
        "provider": provider,
        "definition": None,
    }
