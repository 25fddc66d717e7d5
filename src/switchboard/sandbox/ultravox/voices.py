"""The voices that every account finds. Invented people with the names and languages of a real catalogue."""

import uuid
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

from switchboard.sandbox.speech.aloud import Voice
from switchboard.sandbox.speech.voices import PALETTE

_PROVIDERS = ("Cartesia", "Eleven Labs", "Inworld", "Lmnt")


class Speaker(NamedTuple):
    """A catalogue entry. `sounds` names its timbre; `pitch` in Hz is the tone that stands in for it."""

    name: str
    language: str
    label: str
    description: str
    pitch: int
    sounds: str

    @property
    def voice(self) -> Voice:
        return Voice(PALETTE[self.sounds], self.pitch)


SPEAKERS = (
    Speaker("Mark", "en-US", "English (US)", "Calm American man, made for support lines.", 180, "joe"),
    Speaker("Jessica", "en-US", "English (US)", "Bright American woman, quick and friendly.", 320, "stella"),
    Speaker("Tanya", "en-US", "English (US)", "Warm American woman with a measured pace.", 300, "maud"),
    Speaker("Oliver", "en-GB", "English (UK)", "Composed British man with a newsreader's diction.", 170, "victor"),
    Speaker("Isla", "en-AU", "English (Australia)", "Relaxed Australian woman.", 310, "ada"),
    Speaker("Lucia", "es-ES", "Spanish (Spain)", "Clear Castilian woman.", 330, "iris"),
    Speaker("Mateo", "es-MX", "Spanish (Mexico)", "Friendly Mexican man.", 190, "felix"),
    Speaker("Greta", "de-DE", "German", "Matter-of-fact German woman.", 290, "nora"),
    Speaker("Antoine", "fr-FR", "French", "Courteous French man.", 185, "hugo"),
    Speaker("Rafaela", "pt-BR", "Portuguese (Brazil)", "Lively Brazilian woman.", 340, "poppy"),
    Speaker("Giulia", "it-IT", "Italian", "Melodious Italian woman.", 325, "dora"),
    Speaker("Haruka", "ja-JP", "Japanese", "Polite Japanese woman.", 350, "wanda"),
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
    sounds = list(PALETTE)[number % len(PALETTE)]
    return like._replace(name=f"{like.name} {number}", pitch=140 + 7 * (number % 30), sounds=sounds)


def catalogue(extra: int, withdrawn: Collection[str]) -> list[Speaker]:
    """What an account finds: everybody, and so many of the extra voices, without the withdrawn ones."""
    listed = chain(SPEAKERS, islice(_extra().values(), extra) if extra else ())
    return [speaker for speaker in listed if voice_id(speaker) not in withdrawn]


def find(name_or_id: str) -> Speaker | None:
    """By id, or by name in any case; whether listed or not."""
    wanted = name_or_id.casefold()
    found = next((one for one in SPEAKERS if wanted in (one.name.casefold(), voice_id(one))), None)
    return found or _extra().get(wanted)


def voice_of(name_or_id: object) -> Voice:
    """How an agent sounds: as the first of the catalogue where its voice is unknown, or of another maker."""
    return (find(str(name_or_id or "")) or SPEAKERS[0]).voice


def preview_text(name: str) -> str:
    return f"Hello, my name is {name}. How may I help you today?"


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
