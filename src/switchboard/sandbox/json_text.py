"""JSON from strangers: what is read here can be kept, walked through and written again."""

import json
import math
from typing import Any

_DEEPEST = 100
"""Levels. Far more than anybody means; code that walks through it may recurse."""


def parsed(text: str | bytes) -> Any:
    """What a JSON text says.

    Raises: ValueError, and nothing else, for what is no JSON or no UTF-8, for nesting beyond 100 levels, for NaN,
    infinity and numbers as large, and for half surrogate pairs.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise _too_deep() from None
    level = [value]
    for _ in range(_DEEPEST):
        level = [part for one in level for part in _parts(one)]
        if not level:
            return value
    raise _too_deep()


def _parts(value: Any) -> list[Any]:
    """What is inside of it, names included. Raises: ValueError."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("Out of range float values are not JSON compliant")
    if isinstance(value, str) and not value.isascii():
        value.encode()  # raises a ValueError for half a surrogate pair, which no answer could carry
    return []


def _too_deep() -> ValueError:
    return ValueError(f"Nested more than {_DEEPEST} levels deep")
