"""How tests wait: until something is true, within a limit that says "this hangs" and judges nothing.

A limit is never the thing a test is about: a busy machine may need many times what an idle one does.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

PATIENCE = 45.0
"""Seconds; less than pytest's own limit for a test, which tells less about what was waited for."""
_PAUSE, _LONG_PAUSE = 0.005, 0.05

T = TypeVar("T")


def patience() -> asyncio.Timeout:
    return asyncio.timeout(PATIENCE)


async def until(true: Callable[[], bool], otherwise: Callable[[], Any] = lambda: "") -> None:
    """Wait for what has no event of its own; `otherwise` tells what was there instead."""
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, f"waited in vain: {otherwise()}"
        await asyncio.sleep(_PAUSE)


async def answered(ask: Callable[[], Awaitable[T]], good: Callable[[T], bool]) -> T:
    """Ask again and again; the first good answer, or a failure that tells the last one."""
    give_up = time.monotonic() + PATIENCE
    while not good(answer := await ask()):
        assert time.monotonic() < give_up, f"still {answer}"
        await asyncio.sleep(_PAUSE)
    return answer


def wait_until(
    true: Callable[[], bool], otherwise: Callable[[], Any] = lambda: "", *, seconds: float = PATIENCE
) -> None:
    """The same as `until`, for what runs in other processes."""
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, f"waited in vain: {otherwise()}"
        time.sleep(_LONG_PAUSE)
