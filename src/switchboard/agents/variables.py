"""Variables of an agent, `{name: {"type": …, "default": …}}`, and the values a call gives them. Pure."""

import re
from collections.abc import Mapping
from typing import Any

REFERENCE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}")

Declared = Mapping[str, Mapping[str, Any]]


def referenced(*texts: str) -> list[str]:
    """Names of all `{{name}}` in the texts, in order of first use."""
    return list(dict.fromkeys(name for text in texts for name in REFERENCE.findall(text)))


def defaults(declared: Declared) -> dict[str, Any]:
    """Each variable's default; None where every call must give a value."""
    return {name: variable.get("default") for name, variable in declared.items()}


def missing(declared: Declared, given: Mapping[str, Any]) -> list[str]:
    """Names of variables that have neither a given value nor a default."""
    return [name for name, default in defaults(declared).items() if default is None and given.get(name) is None]


def filled(declared: Declared, given: Mapping[str, Any]) -> dict[str, Any]:
    """A value for every variable: the given ones over the defaults."""
    return defaults(declared) | {name: value for name, value in given.items() if value is not None}


def rendered(text: str, values: Mapping[str, Any]) -> str:
    """The text with its variables filled in; what has no value stays as it is written."""
    return REFERENCE.sub(lambda match: str(values.get(match[1], match[0])), text)
