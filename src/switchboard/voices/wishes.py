"""What is to be heard, what it will take, and what came of it. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from switchboard.providers.normalised import SpeechCost

_KINDS = ((b"RIFF", "audio/wav"), (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"), (b"fLaC", "audio/flac"))
_MPEG_SYNC = 0xFF


@dataclass(frozen=True, slots=True)
class Wish:
    """What to hear. Without `text` the vendor's own sample. `settings` as `Platform.speak` takes them."""

    platform: str
    voice_id: str
    text: str | None = None
    language: str | None = None
    settings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    """What hearing it will take. `speech` is None for the vendor's free sample."""

    sha: str
    speech: SpeechCost | None
    kept: bool
    """It is here already, so that hearing it costs nothing."""
    quota_left: int


@dataclass(frozen=True, slots=True)
class Heard:
    """The audio of a wish. `kept`: it was here already."""

    sha: str
    content: bytes
    media_type: str
    kept: bool
    characters: int
    charged: int | None


def kind_of(content: bytes) -> str | None:
    """What the first bytes say: stores of files often do not name the type."""
    known = next((kind for start, kind in _KINDS if content.startswith(start)), None)
    mpeg = len(content) > 1 and content[0] == _MPEG_SYNC and content[1] & 0xE0 == 0xE0  # noqa: PLR2004 -- MPEG's sync word
    return known or ("audio/mpeg" if mpeg else None)


def sha_of(wish: Wish, speech: SpeechCost | None) -> str:
    parts = [wish.platform, wish.voice_id]
    if speech is not None:
        settings = dict(sorted(wish.settings.items()))
        parts += [speech.model, speech.audio_format, wish.text or "", wish.language or "", json.dumps(settings)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
