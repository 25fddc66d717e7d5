"""What JSON can say but PostgreSQL cannot keep, and a sentence for whoever sends it."""

import math
from typing import Any

_LARGEST = 2**63


def storable(value: Any) -> Any:
    """The value itself, however deep, if a `text` or `jsonb` column can hold it.

    Raises: ValueError for NUL characters, lone surrogates, whole numbers beyond 64 bits, NaN and infinity.
    """
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        raise ValueError("Write whole numbers with at most 64 bits.")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("Write a finite number.")
    elif isinstance(value, dict):
        for name, part in value.items():
            storable(name)
            storable(part)
    elif isinstance(value, list):
        for part in value:
            storable(part)
    return value


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise ValueError("Remove the NUL characters; text cannot contain them.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Remove the half surrogate pairs; this is not Unicode text.") from None
