"""What a sandbox that runs for weeks lets go of."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

MOST_CALLS = 20_000
"""That an account remembers."""
MOST_SOUNDS = 200
"""Recordings of what really passed that are kept for each account; older ones are made from the transcript."""


def forget_oldest(kept: dict[str, T], is_over: Callable[[T], bool], most: int = MOST_CALLS) -> list[T]:
    """Drop the oldest that are over until `most` are left. What goes on stays, however much it is.

    Answers what was dropped.
    """
    dropped = []
    while len(kept) > most:
        oldest = next((key for key, one in kept.items() if is_over(one)), None)
        if oldest is None:
            break
        dropped.append(kept.pop(oldest))
    return dropped
