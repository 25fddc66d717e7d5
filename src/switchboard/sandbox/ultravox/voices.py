"""The voices that every account finds. Invented people with the names and languages of a real catalogue."""

import uuid
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import chain, islice
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


MOST_EXTRA = 5_000


@lru_cache(maxsize=1)
def _extra() -> Mapping[str, Speaker]:
    """Voices for accounts that hold many, by id; always the same ones."""
    made = (_made(number) for number in range(1, MOST_EXTRA + 1))
    return {voice_id(speaker): speaker for speaker in made}


def _made(number: int) -> Speaker:
    like = SPEAKERS[number % len(SPEAKERS)]
    return like._replace(name=f"{like.name} {number}", pitch=140 + 7 * (number % 30))


def catalogue(extra: int, withdrawn: Collection[str]) -> list[Speaker]:
    """What an account finds: everybody, and so many of the extra voices, without the withdrawn ones."""
    listed = chain(SPEAKERS, islice(_extra().values(), extra) if extra else ())
    return [speaker for speaker in listed if voice_id(speaker) not in withdrawn]


def find(name_or_id: str) -> Speaker | None:
    """By id, or by name in any case; whether listed or not."""
    wanted = name_or_id.casefold()
    found = next((one for one in SPEAKERS if wanted in (one.name.casefold(), voice_id(one))), None)
    return found or _extra().get(wanted)


def as_json(speaker: Speaker, base_url: str) -> dict[str, Any]:
    """A Voice object. Source: Ultravox "Voices" (fact sheet 4.1)."""
    place = SPEAKERS.index(speaker) if speaker in SPEAKERS else speaker.pitch
    provider = _PROVIDERS[place % len(_PROVIDERS)]
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
