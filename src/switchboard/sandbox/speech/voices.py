"""The voices there are, by name, and which one somebody gets."""

import zlib
from collections.abc import Mapping
from types import MappingProxyType

from switchboard.sandbox.speech.timbre import Timbre

MEN: Mapping[str, Timbre] = MappingProxyType(
    {
        "joe": Timbre(),
        "arthur": Timbre(pitch=0.78, pace=0.92, tract=0.9, tilt=-1.5, liveliness=0.5),
        "felix": Timbre(pitch=1.25, pace=1.1, tract=1.06, tilt=1.5, liveliness=0.8),
        "bruno": Timbre(pitch=0.88, pace=1.15, tract=1.04, tilt=2.0, liveliness=0.3),
        "hugo": Timbre(pitch=1.12, pace=0.9, tract=0.93, tilt=-2.0, liveliness=0.9),
        "oscar": Timbre(pitch=1.05, pace=1.22, tract=1.1, tilt=-0.5, liveliness=0.4),
        "victor": Timbre(pitch=0.84, pace=1.02, tract=0.97, tilt=3.0, liveliness=0.8),
    }
)
WOMEN: Mapping[str, Timbre] = MappingProxyType(
    {
        "ada": Timbre(pitch=1.85, pace=1.0, tract=1.14, liveliness=0.6),
        "maud": Timbre(pitch=1.6, pace=0.9, tract=1.09, tilt=-2.0, liveliness=0.5),
        "poppy": Timbre(pitch=2.2, pace=1.15, tract=1.21, tilt=1.5, liveliness=0.8),
        "iris": Timbre(pitch=1.7, pace=1.08, tract=1.19, tilt=3.0, liveliness=0.3),
        "nora": Timbre(pitch=2.0, pace=0.9, tract=1.1, tilt=-1.5, liveliness=0.8),
        "stella": Timbre(pitch=1.78, pace=1.18, tract=1.08, tilt=1.0, liveliness=0.9),
        "dora": Timbre(pitch=1.94, pace=1.1, tract=1.06, tilt=2.5, liveliness=0.5),
        "wanda": Timbre(pitch=2.08, pace=1.02, tract=1.16, tilt=-3.0, liveliness=0.3),
    }
)
PALETTE: Mapping[str, Timbre] = MappingProxyType({**MEN, **WOMEN})
"""Made of one voice; each is told from the others by height, size, speed and colour."""


def timbre_for(key: str, gender: str | None = None) -> Timbre:
    """Always the same voice for the same key. `gender`: `male`, `female`, or anything else for either."""
    voices = list({"male": MEN, "female": WOMEN}.get(gender or "", PALETTE).values())
    return voices[zlib.crc32(key.encode()) % len(voices)]
