"""Sound to text: Moonshine tiny, English. CPU-bound; imported only where speech is there, see `studio`."""

import numpy as np
from moonshine_voice.moonshine_api import ModelArch
from moonshine_voice.transcriber import Transcriber
from moonshine_voice.utils import get_assets_path

from switchboard.sandbox.speech.timbre import RATE

_QUIET = 0.003
"""Of full scale."""
_AFTERWARDS = np.zeros(3 * RATE // 10, np.float32)
"""Without silence at the end the model goes on and on about the last word."""


class Ears:
    """One model, for one thread at a time. Loading takes half a second."""

    def __init__(self) -> None:
        model = f"{get_assets_path()}/tiny-en"
        # A threshold of 0 keeps the sound in one piece: cut into lines, words at the seams are invented.
        options = {"return_audio_data": "false", "vad_threshold": "0.0"}
        self._model = Transcriber(model, ModelArch.TINY, options=options)

    def hear(self, pcm: bytes) -> str:
        """The words in it, as one line; none in silence."""
        samples = (np.frombuffer(pcm, "<i2") / 32768).astype(np.float32)
        if np.abs(samples).max(initial=0.0) < _QUIET:
            return ""  # the model would hear "You"
        found = self._model.transcribe_without_streaming([*samples.tolist(), *_AFTERWARDS.tolist()], RATE)
        return " ".join(line.text.strip() for line in found.lines).strip()

    def close(self) -> None:
        self._model.close()
