"""How a user's own platform options are laid on what we send."""

from collections.abc import Mapping
from typing import Any


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`: objects deeply, anything else replaced."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[key] = merged(below, value) if both else value  # type: ignore[arg-type]  # `both` says it
    return result


def held(options: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """The options as they stand in `whole`: what is not there any more is left out."""
    found: dict[str, Any] = {}
    for key, value in options.items():
        if key not in whole:
            continue
        there = whole[key]
        both = isinstance(value, Mapping) and isinstance(there, Mapping)
        found[key] = held(value, there) if both else there
    return found


def lifted(options: Mapping[str, Any], whole: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """`whole` with the options taken off: `below`, what they were laid on, shows through."""
    result = dict(whole)
    for key, value in options.items():
        there, under = whole.get(key), below.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            result[key] = lifted(value, there, under if isinstance(under, Mapping) else {})
        elif key in below:
            result[key] = under
        else:
            result.pop(key, None)
    return result
