"""The line's own sounds, as mu-law at 8 kHz: keys and the beep before a message."""

import math
import struct
from functools import lru_cache

from switchboard.core.g711 import to_mu_law
from switchboard.sandbox.conversation.tape import LINE_RATE, SILENCE

_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = "123A456B789C*0#D"
_LOUDNESS = 6_000
_KEY_SECONDS = 0.1


def keys_pressed(digits: str) -> bytes:
    """Two tones for each key, `w` half a second of silence, `W` a second. Source: ITU-T Q.23."""
    gap = SILENCE * int(_KEY_SECONDS * LINE_RATE)
    pauses = {"w": 0.5, "W": 1.0}
    parts = []
    for digit in digits:
        if digit in pauses:
            parts.append(SILENCE * int(pauses[digit] * LINE_RATE))
        elif digit in _KEYS:
            row, column = divmod(_KEYS.index(digit), 4)
            parts.append(_tone((_ROWS[row], _COLUMNS[column]), _KEY_SECONDS) + gap)
    return b"".join(parts)


def beep() -> bytes:
    """Half a second of 1 kHz."""
    return _tone((1000,), 0.5)


@lru_cache(maxsize=32)
def _tone(pitches: tuple[int, ...], seconds: float) -> bytes:
    count = int(seconds * LINE_RATE)
    step = 2 * math.pi / LINE_RATE
    samples = (
        round(_LOUDNESS * sum(math.sin(step * pitch * index) for pitch in pitches)) for index in range(count)
    )
    return to_mu_law(struct.pack(f"<{count}h", *samples))
