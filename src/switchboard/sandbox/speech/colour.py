"""From one voice many: another height, another size of head, another brightness. CPU-bound; needs numpy and soxr.

Resampling moves pitch and formants together; a filter that changes with the sound then brings the formants to
where they are wanted. The filter is the ratio of two spectral envelopes, which are the smooth part of the
spectrum: the first coefficients of its cepstrum.
"""

from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from switchboard.sandbox.speech.timbre import RATE, Timbre

Sound = NDArray[np.float32]

_FRAME = 512
_HOP = 128
_SMOOTHNESS = {"low": 64, "high": 34}
"""Cepstral coefficients kept: fewer than samples in a period, or the envelope would hold the pitch itself."""
_HIGH_PITCH = 1.3
_MOST_GAIN = 3.0
"""As natural logarithm: 26 dB."""
_TILT_FROM_HERTZ = 500.0
_LOUDNESS = 0.09
_PEAK = 0.89
_SAME = 0.01


def coloured(sound: Sound, rate: int, timbre: Timbre) -> Sound:
    """A plain voice at `rate` as the timbre wants it, at 16 kHz and even loudness; shorter by `timbre.pitch`."""
    moved: Sound = soxr.resample(sound, rate * timbre.pitch, RATE, quality="HQ")
    if abs(timbre.tract - timbre.pitch) > _SAME or timbre.tilt:
        moved = _filtered(moved, timbre)
    return _levelled(moved)


def _filtered(sound: Sound, timbre: Timbre) -> Sound:
    window = np.sqrt(np.hanning(_FRAME + 1)[:-1]).astype(np.float32)
    padded = np.pad(sound, (_FRAME, 2 * _FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP] * window
    spectra = np.fft.rfft(frames)
    envelope = _envelope(spectra, _SMOOTHNESS["high" if timbre.pitch > _HIGH_PITCH else "low"])
    bins = np.arange(envelope.shape[1])
    wanted = _read_at(envelope, bins * timbre.pitch / timbre.tract)
    gain = np.clip(wanted - envelope, -_MOST_GAIN, _MOST_GAIN) + _tilt(bins, timbre.tilt)
    changed = np.fft.irfft(spectra * np.exp(gain)) * window
    joined = np.zeros(padded.size, np.float32)
    for start, frame in zip(range(0, padded.size, _HOP), changed, strict=False):
        joined[start : start + _FRAME] += frame
    scale = _HOP / np.sum(window**2)
    result: Sound = (joined * scale)[_FRAME : _FRAME + sound.size].astype(np.float32)
    return result


def _envelope(spectra: NDArray[Any], kept: int) -> NDArray[np.float64]:
    """Natural logarithm of the smooth part of each frame's magnitude."""
    cepstrum = np.fft.irfft(np.log(np.abs(spectra) + 1e-5))
    lifter = np.zeros(_FRAME)
    lifter[:kept] = lifter[-kept + 1 :] = 1.0
    lifter[kept - 1] = lifter[-kept + 1] = 0.5
    return np.fft.rfft(cepstrum * lifter).real


def _read_at(envelope: NDArray[np.float64], places: NDArray[Any]) -> NDArray[np.float64]:
    """Each row at fractional columns; the last column stands for all beyond it."""
    places = np.clip(places, 0, envelope.shape[1] - 1)
    below = np.minimum(places.astype(int), envelope.shape[1] - 2)
    share = places - below
    return np.asarray(envelope[:, below] * (1 - share) + envelope[:, below + 1] * share)


def _tilt(bins: NDArray[Any], decibels: float) -> NDArray[np.float64]:
    octaves = np.log2(np.maximum(bins * RATE / _FRAME, _TILT_FROM_HERTZ) / _TILT_FROM_HERTZ)
    return np.asarray(octaves * decibels / 20 * np.log(10))


def _levelled(sound: Sound) -> Sound:
    """All voices equally loud: measured where there is sound, without clipping."""
    magnitude = np.abs(sound)
    loud = magnitude[magnitude > 0.1 * magnitude.max(initial=0.0)]
    if not loud.size:
        return sound
    gain = min(_LOUDNESS / float(np.sqrt(np.mean(loud**2))), _PEAK / float(magnitude.max()))
    return (sound * gain).astype(np.float32)
