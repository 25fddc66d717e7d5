"""How a voice sounds, and the one rate at which speech is handled."""

from dataclasses import dataclass

RATE = 16_000
"""Samples a second of all speech inside the sandbox: signed 16 bit, little endian, mono."""


@dataclass(frozen=True, slots=True)
class Timbre:
    """A voice, as what is done to the one that the model was trained on (an American man).

    All but `tilt` are factors around 1; `pitch` 0.7 to 2.3, `tract` 0.85 to 1.25, `pace` 0.7 to 1.3.
    """

    pitch: float = 1.0
    """Of the fundamental, which is about 100 Hz at 1: from 1.6 on it is a woman's."""
    pace: float = 1.0
    """1 is 3.3 words a second; 1.2 is brisk."""
    tract: float = 1.0
    """Of the formants: above 1 is a smaller head, below 1 a larger one."""
    tilt: float = 0.0
    """Decibels per octave above 500 Hz: positive is brighter, negative darker; -4 to 4."""
    liveliness: float = 0.6
    """How much height and pace differ from sentence to sentence, 0 to 1."""
