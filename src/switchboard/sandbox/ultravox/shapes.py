"""Reading bodies as protobuf does: each field has a shape, unknown ones are refused, null is as good as absent."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.requests import seconds

Shape = Callable[[Any, str], Any]
"""Takes a value that is not null and what to call it; answers it without nulls. Raises: UltravoxError 400."""


def text(shortest: int = 0, longest: int | None = None, pattern: str = "") -> Shape:
    """A string."""
    fits = re.compile(pattern).fullmatch if pattern else None

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise bad_request(f"{where} must be a string.")
        if len(value) < shortest or (longest is not None and len(value) > longest):
            raise bad_request(f"{where} must have {shortest} to {longest or 'any number of'} characters.")
        if fits and not fits(value):
            raise bad_request(f"{where} must match ^{pattern}$.")
        return value

    return read


def word(*allowed: str, prefix: str = "") -> Shape:
    """One of a fixed set, each written with the prefix."""
    words = frozenset(prefix + one for one in allowed)

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in words:
            raise bad_request(f"{where} must be one of {', '.join(sorted(words))}.")
        return value

    return read


def number(least: float, most: float, *, whole: bool = False) -> Shape:
    """Within its bounds, which belong to it."""
    kinds = int if whole else int | float

    def read(value: Any, where: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            raise bad_request(f"{where} must be a {'whole ' if whole else ''}number from {least:g} to {most:g}.")
        return value

    return read


def flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise bad_request(f"{where} must be a boolean.")
    return value


def duration(value: Any, where: str) -> str:
    seconds(value, where)
    return str(value)


def duration_up_to(most: float) -> Shape:
    """In seconds."""

    def read(value: Any, where: str) -> str:
        if seconds(value, where) > most:
            raise bad_request(f"{where} must be at most {most:g}s.")
        return str(value)

    return read


def anything(value: Any, where: str) -> Any:
    del where
    return value


def json_object(value: Any, where: str) -> dict[str, Any]:
    """An object of the customer's own making; its nulls stay."""
    if not isinstance(value, dict):
        raise bad_request(f"{where} must be an object.")
    return value


def record(fields: Mapping[str, Shape]) -> Shape:
    """An object of these fields, none of them required."""

    def read(value: Any, where: str) -> dict[str, Any]:
        given = json_object(value, where)
        unknown = sorted(set(given) - set(fields))
        if unknown:
            raise bad_request(f'{where} has no field named "{unknown[0]}".')
        return {name: fields[name](one, f"{where}.{name}") for name, one in given.items() if one is not None}

    return read


def choice(fields: Mapping[str, Shape]) -> Shape:
    """The same with one field at most."""
    every = record(fields)

    def read(value: Any, where: str) -> dict[str, Any]:
        known: dict[str, Any] = every(value, where)
        if len(known) > 1:
            raise bad_request(f"At most one of {', '.join(fields)} may be set in {where}.")
        return known

    return read


def with_required(shape: Shape, *required: str) -> Shape:
    def read(value: Any, where: str) -> dict[str, Any]:
        known: dict[str, Any] = shape(value, where)
        for name in required:
            if not known.get(name):
                raise bad_request(f"{where}.{name} is required.")
        return known

    return read


def list_of(one: Shape) -> Shape:
    def read(value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise bad_request(f"{where} must be a list.")
        return [one(item, f"{where}[{place}]") for place, item in enumerate(value)]

    return read


def map_of(one: Shape) -> Shape:
    """Any keys."""

    def read(value: Any, where: str) -> dict[str, Any]:
        return {name: one(item, f"{where}.{name}") for name, item in json_object(value, where).items()}

    return read
