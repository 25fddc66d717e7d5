"""What JSON can say but PostgreSQL cannot keep, and a sentence for whoever sends it."""

import math
from datetime import datetime
from typing import Any

_LARGEST = 2**63
_FIRST_YEAR, _LAST_YEAR = 2, 9998  # a zone may shift a time out of the years that Python reads back


def storable(value: Any) -> Any:
    """The value itself, however deep, if a `text` or `jsonb` column can hold it.

    Raises: ValueError for NUL characters, lone surrogates, whole numbers beyond 64 bits, NaN and infinity, and
    times at either end of the calendar.
    """
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        raise ValueError("Write whole numbers with at most 64 bits.")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("Write a finite number.")
    elif isinstance(value, datetime) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"Write a time between the years {_FIRST_YEAR} and {_LAST_YEAR}.")
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
