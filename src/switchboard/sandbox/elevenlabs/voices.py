"""The voices that every account finds. Invented people, but for the id that the API itself uses as default.

Source: ElevenLabs "Voices" (fact sheet 7.1, 11.10).
"""

import hashlib
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

from switchboard.sandbox.speech.aloud import Voice
from switchboard.sandbox.speech.voices import PALETTE

DEFAULT_ID = "cjVigY5qzO86Huf0OWal"
"""What an agent without a voice gets."""


class Speaker(NamedTuple):
    """A catalogue entry. `sounds` names its timbre; `pitch` in Hz is the tone that stands in for it."""

    name: str
    category: str
    description: str
    gender: str
    age: str
    accent: str
    language: str
    use_case: str
    pitch: int
    sounds: str
    voice_id: str = ""
    previewed: bool = True

    @property
    def voice(self) -> Voice:
        return Voice(PALETTE[self.sounds], self.pitch)

    @property
    def id(self) -> str:
        """The same on every machine: ids in notes and examples stay true."""
        return self.voice_id or hashlib.sha256(f"elevenlabs-voice:{self.name}".encode()).hexdigest()[:20]

    @property
    def from_library(self) -> bool:
        """Shared by somebody else: not for free accounts."""
        return self.category == "professional"


_EXPIRES = "A default voice; default voices are withdrawn on 2026-12-31."

SPEAKERS = (
    Speaker("Eric", "premade", f"A smooth tenor for conversations. {_EXPIRES}",
            "male", "middle_aged", "american", "en", "conversational", 170, "joe", DEFAULT_ID),
    Speaker("Caroline", "premade", "Warm and reassuring, made for help lines.",
            "female", "middle_aged", "american", "en", "customer_service", 310, "maud"),
    Speaker("Desmond", "premade", "A deep and unhurried narrator.",
            "male", "old", "british", "en", "narration", 140, "arthur"),
    Speaker("Poppy", "generated", "Quick, bright and young.",
            "female", "young", "british", "en", "social_media", 340, "poppy"),
    Speaker("Bruce", "professional", "Easy-going and dry; from the voice library.",
            "male", "middle_aged", "australian", "en", "conversational", 160, "oscar"),
    Speaker("Nuria", "premade", "A clear Castilian voice for information.",
            "female", "young", "peninsular", "es", "informative", 320, "iris"),
    Speaker("Joaquín", "premade", "Friendly and patient.",
            "male", "middle_aged", "mexican", "es", "customer_service", 180, "felix"),
    Speaker("Annika", "premade", "Precise and calm.",
            "female", "middle_aged", "standard", "de", "conversational", 300, "nora"),
    Speaker("Étienne", "premade", "Courteous, with a smile.",
            "male", "young", "parisian", "fr", "conversational", 190, "hugo"),
    Speaker("Beatriz", "premade", "Lively and melodious.",
            "female", "young", "brazilian", "pt", "conversational", 330, "stella"),
    Speaker("Lorenzo", "generated", "A warm baritone.",
            "male", "middle_aged", "standard", "it", "narration", 165, "victor"),
    Speaker("Sayuri", "premade", "Polite and gentle.",
            "female", "young", "standard", "ja", "customer_service", 350, "wanda"),
    Speaker("My own voice", "cloned", "A clone made today; no preview yet.",
            "female", "young", "american", "en", "conversational", 305, "ada", previewed=False),
)  # fmt: skip

_MODELS = ("eleven_multilingual_v2", "eleven_flash_v2_5", "eleven_turbo_v2_5")


MOST_EXTRA = 5_000
_MANNERS = ("Calm", "Bright", "Dry", "Gentle", "Brisk", "Deep", "Soft", "Clear", "Patient", "Lively")


@lru_cache(maxsize=1)
def _extra() -> Mapping[str, Speaker]:
    """Voices for accounts that hold many, by id; always the same ones."""
    made = (_made(number) for number in range(1, MOST_EXTRA + 1))
    return {speaker.id: speaker for speaker in made}


def _made(number: int) -> Speaker:
    like = SPEAKERS[number % len(SPEAKERS)]
    manner = _MANNERS[number % len(_MANNERS)]
    return like._replace(
        name=f"{manner} voice {number}",
        category="generated",
        description=f"{manner}; designed by its owner.",
        pitch=140 + 7 * (number % 30),
        sounds=list(PALETTE)[number % len(PALETTE)],
        voice_id="",
        previewed=True,
    )


def catalogue(extra: int, withdrawn: Collection[str]) -> list[Speaker]:
    """What an account finds: everybody, and so many of the extra voices, without the withdrawn ones."""
    listed = chain(SPEAKERS, islice(_extra().values(), extra) if extra else ())
    return [speaker for speaker in listed if speaker.id not in withdrawn]


def find(voice_id: str) -> Speaker | None:
    """By id, whether listed or not."""
    found = next((one for one in SPEAKERS if one.id == voice_id), None)
    return found or _extra().get(voice_id)


def voice_of(voice_id: str) -> Voice:
    """How an agent sounds; as the default where the voice is unknown."""
    speaker = find(voice_id) or find(DEFAULT_ID)
    assert speaker
    return speaker.voice


def preview_text(speaker: Speaker) -> str:
    return f"Hello, my name is {speaker.name}. How may I help you today?"


def as_json(speaker: Speaker, base_url: str) -> dict[str, Any]:
    """A Voice object."""
    preview = f"{base_url}/_sandbox/elevenlabs/previews/{speaker.id}.mp3" if speaker.previewed else None
    verified = {"language": speaker.language, "model_id": _MODELS[0], "accent": speaker.accent, "locale": None}
    return {
        "voice_id": speaker.id,
        "name": speaker.name,
        "samples": None,
        "category": speaker.category,
        "fine_tuning": {"is_allowed_to_fine_tune": False, "state": {}},
        "labels": {
            "accent": speaker.accent,
            "gender": speaker.gender,
            "age": speaker.age,
            "language": speaker.language,
            "use_case": speaker.use_case,
        },
        "description": speaker.description,
        "preview_url": preview,
        "available_for_tiers": [],
        "settings": None,
        "sharing": {"status": "enabled", "category": "professional"} if speaker.from_library else None,
        "high_quality_base_model_ids": list(_MODELS),
        "verified_languages": [verified | {"preview_url": preview}],
        "is_owner": speaker.category in ("cloned", "generated"),
        "is_legacy": False,
        "created_at_unix": None,
    }
