"""What a sandbox that runs for weeks lets go of."""

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")

MOST_CALLS = 20_000
"""That an account remembers; at the carrier, all accounts together."""
MOST_ACCOUNTS = 2_000
"""That a carrier remembers; tests make one each."""
MOST_SOUNDS = 200
"""Recordings of what really passed that are kept for each account; older ones are made from the transcript."""
MOST_SOUND_BYTES = 256 * 2**20
"""That the carrier's recordings take: nine hours of both sides."""
MOST_ADDRESSES = 50_000
"""Of media streams that are known; the oldest are those of calls long over."""


def forget_oldest(kept: dict[K, T], is_over: Callable[[T], bool], most: int = MOST_CALLS) -> list[T]:
    """Drop the oldest that are over until `most` are left, and tell which. What goes on stays at any rate."""
    surplus = max(0, len(kept) - most)
    oldest = list(islice((key for key, one in kept.items() if is_over(one)), surplus))
    return [kept.pop(key) for key in oldest]
