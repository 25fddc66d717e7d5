"""The audio formats that a conversation's socket carries, and the sandbox's own one.

Source: ElevenLabs "Agents" (`user_input_audio_format`, `agent_output_audio_format`; fact sheet 2.3, 6.4).
"""

from switchboard.core.g711 import from_mu_law, to_mu_law
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.timbre import RATE

_BYTES_PER_SAMPLE = 2


class Inward:
    """From `pcm_<rate>` or `ulaw_8000`, chunks of any length, to s16le mono 16 kHz."""

    def __init__(self, name: str) -> None:
        coding, rate = _parts(name)
        self._is_mu_law = coding == "ulaw"
        self._resampler = Resampler(rate, RATE)
        self._half = b""

    def feed(self, sound: bytes) -> bytes:
        if self._is_mu_law:
            return self._resampler.feed(from_mu_law(sound))
        sound = self._half + sound
        whole = len(sound) // _BYTES_PER_SAMPLE * _BYTES_PER_SAMPLE
        self._half = sound[whole:]
        return self._resampler.feed(sound[:whole])


class Outward:
    """From s16le mono 16 kHz to `pcm_<rate>` or `ulaw_8000`. One for each turn."""

    def __init__(self, name: str) -> None:
        coding, rate = _parts(name)
        self._is_mu_law = coding == "ulaw"
        self._resampler = Resampler(RATE, rate)

    def feed(self, pcm: bytes, *, last: bool = False) -> bytes:
        done = self._resampler.feed(pcm, last)
        return to_mu_law(done) if self._is_mu_law else done


def _parts(name: str) -> tuple[str, int]:
    coding, _, rate = name.partition("_")
    return coding, int(rate)
