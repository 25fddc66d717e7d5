"""Turns as `transcript` messages: partial ones in step with the sound, then a final one.

Source: Ultravox "Data messages" (transcript); fact sheet 6.3: a non-empty `text` replaces, else `delta` appends.
"""

from typing import Any

from switchboard.sandbox.conversation.turns import WORDS_PER_SECOND, Turn
from switchboard.sandbox.speech.timbre import RATE

_BYTES_PER_SECOND = 2 * RATE


class Transcripts:
    """Numbers the turns of one call and lets the words of the agent's come as they are spoken."""

    def __init__(self) -> None:
        self._ordinal = -1
        self._turn: Turn | None = None
        self._medium = "voice"
        self._told = 0
        self._bytes = 0

    def user(self, turn: Turn) -> dict[str, Any]:
        """What the user said; there are no partial messages of it."""
        self._ordinal += 1
        return _message("user", "text" if turn.typed else "voice", self._ordinal, text=turn.text, final=True)

    def begins(self, turn: Turn, *, aloud: bool) -> list[dict[str, Any]]:
        """The agent begins. Aloud the words wait for the sound; written they come at once."""
        self._ordinal += 1
        self._turn, self._told, self._bytes = turn, 0, 0
        self._medium = "voice" if aloud else "text"
        return [] if aloud else self._words_until(len(turn.full_text.split()))

    def sounds(self, pcm: bytes) -> list[dict[str, Any]]:
        """The words that are heard once this piece of the turn is played (16 kHz)."""
        if self._turn is None:
            return []
        self._bytes += len(pcm)
        return self._words_until(1 + int(self._bytes / _BYTES_PER_SECOND * WORDS_PER_SECOND))

    def ends(self, turn: Turn) -> list[dict[str, Any]]:
        """The rest of the words and the final message, which holds only what was spoken."""
        if self._turn is not turn:
            return []
        rest = [] if turn.interrupted else self._words_until(len(turn.full_text.split()))
        self._turn = None
        if not turn.text and not self._told:
            return []
        return [*rest, _message("agent", self._medium, self._ordinal, text=turn.text, final=True)]

    def _words_until(self, count: int) -> list[dict[str, Any]]:
        assert self._turn is not None
        words = self._turn.full_text.split()
        due = words[self._told : count]
        first = self._told == 0
        self._told += len(due)
        if not due:
            return []
        said = " ".join(due)
        if first:
            return [_message("agent", self._medium, self._ordinal, text=said)]
        return [_message("agent", self._medium, self._ordinal, text="", delta=f" {said}")]


def _message(
    role: str, medium: str, ordinal: int, *, text: str, delta: str | None = None, final: bool = False
) -> dict[str, Any]:
    return {
        "type": "transcript",
        "role": role,
        "medium": medium,
        "text": text,
        "delta": delta,
        "final": final,
        "ordinal": ordinal,
    }
