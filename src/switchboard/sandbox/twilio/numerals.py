"""Whole numbers as customers write them."""

_MOST_DIGITS = 18
"""Python refuses to read thousands of digits."""


def whole(text: str) -> int | None:
    """What plain digits say; None for any other text and for more digits than anybody means."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
