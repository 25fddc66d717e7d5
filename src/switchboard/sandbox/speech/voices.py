"""The voices there are, by name, and which one somebody gets."""

import zlib
from collections.abc import Mapping
from types import MappingProxyType

from switchboard.sandbox.speech.timbre import Timbre

PALETTE: Mapping[str, Timbre] = MappingProxyType(
    {
        "joe": Timbre(),
        "arthur": Timbre(pitch=0.84, pace=0.94, tract=0.93, tilt=-1.5, liveliness=0.5),
        "felix": Timbre(pitch=1.2, pace=1.08, tract=1.03, tilt=1.5, liveliness=0.7),
        "bruno": Timbre(pitch=0.92, pace=1.12, tract=0.97, tilt=2.0, liveliness=0.4),
        "ada": Timbre(pitch=1.65, pace=1.0, tract=1.14, liveliness=0.6),
        "maud": Timbre(pitch=1.45, pace=0.92, tract=1.1, tilt=-1.5, liveliness=0.5),
        "poppy": Timbre(pitch=1.85, pace=1.12, tract=1.2, tilt=1.5, liveliness=0.7),
        "iris": Timbre(pitch=1.55, pace=1.06, tract=1.18, tilt=2.5, liveliness=0.4),
    }
)
"""Made of one voice; each is told from the others by height, size, speed and colour."""

_MEN = ("joe", "arthur", "felix", "bruno")
_WOMEN = ("ada", "maud", "poppy", "iris")


def timbre_for(key: str, gender: str | None = None) -> Timbre:
    """Always the same voice for the same key. `gender`: `male`, `female`, or anything else for either."""
    names = {"male": _MEN, "female": _WOMEN}.get(gender or "", _MEN + _WOMEN)
    return PALETTE[names[zlib.crc32(key.encode()) % len(names)]]
