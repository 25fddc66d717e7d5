"""A studio without models whose speech survives a telephone line: each text is a level that stands still."""

from collections.abc import AsyncIterator
from statistics import median_low
from struct import unpack

from switchboard.sandbox.speech.listener import Heard, SpeechBegan, SpeechEnded, SpeechScore

_RATE = 16_000
_STEP = 1_500
_QUIET = 700
_SECONDS = 0.4


class LevelStudio:
    """Says every text in 0.4 s. Knows 20 texts at most."""

    why_not: str | None = None

    def __init__(self) -> None:
        self._texts: list[str] = []

    def knows(self, language: str) -> bool:
        return True

    def warm(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def says(self, text: str, timbre: object, *, leisurely: bool = False) -> AsyncIterator[bytes]:
        if text not in self._texts:
            self._texts.append(text)
        level = _STEP * (1 + self._texts.index(text))
        yield level.to_bytes(2, "little") * round(_RATE * _SECONDS)

    async def say(self, text: str, timbre: object, *, leisurely: bool = False) -> bytes:
        return b"".join([piece async for piece in self.says(text, timbre)])

    def listener(self, *, pause: float = 0.5, partials: bool = True) -> "_Ears":
        return _Ears(self, min(pause, 0.5))

    def text_at(self, level: int) -> str:
        """The text whose level is nearest; empty where none is near."""
        index = round(level / _STEP) - 1
        near = abs(level - _STEP * (index + 1)) < _STEP / 3
        return self._texts[index] if near and 0 <= index < len(self._texts) else ""

    def texts_in(self, pcm: bytes) -> list[str]:
        """What stands in a recording of any rate, in its order."""
        found: list[str] = []
        samples = unpack(f"<{len(pcm) // 2}h", pcm)
        for start in range(0, len(samples) - 400, 400):
            text = self.text_at(median_low(samples[start : start + 400]))
            if text and (not found or found[-1] != text):
                found.append(text)
        return found


class _Ears:
    def __init__(self, studio: LevelStudio, pause: float) -> None:
        self._studio = studio
        self._pause = pause
        self._position = 0.0
        self._silence = 0.0
        self._said: list[int] = []

    async def feed(self, pcm: bytes) -> list[Heard]:
        samples = unpack(f"<{len(pcm) // 2}h", pcm[: len(pcm) // 2 * 2])
        if not samples:
            return []
        self._position += len(samples) / _RATE
        level = median_low(samples)
        if abs(level) > _QUIET:
            began = [] if self._said else [SpeechBegan(self._position)]
            self._said.append(level)
            self._silence = 0.0
            return [*began, SpeechScore(0.9)]
        self._silence += len(samples) / _RATE
        if self._said and self._silence >= self._pause:
            text, self._said = self._studio.text_at(median_low(self._said)), []
            return [SpeechEnded(text, self._position - _SECONDS, _SECONDS)]
        return [SpeechScore(0.0)]
