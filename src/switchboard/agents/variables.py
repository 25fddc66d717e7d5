"""Variables of an agent, `{name: {"type": …, "default": …}}`, and the values a call gives them. Pure."""

import re
from collections.abc import Mapping
from typing import Any

RESERVED = ("system__", "secret__")
"""Names that begin like this are filled in by ElevenLabs."""
REFERENCE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}")

Declared = Mapping[str, Mapping[str, Any]]


def referenced(*texts: str) -> list[str]:
    """Names of all `{{name}}` in the texts, in order of first use; those that a platform fills in are left out."""
    found = dict.fromkeys(name for text in texts for name in REFERENCE.findall(text))
    return [name for name in found if not name.startswith(RESERVED)]


def used(values: Mapping[str, Any]) -> list[str]:
    """Names of all variables that an agent's texts use; `values` are an agent's fields."""
    inactivity, voicemail = values.get("inactivity") or {}, values.get("voicemail") or {}
    texts = (values["prompt"], values["first_message"], inactivity.get("message"), voicemail.get("message"))
    return referenced(*(text or "" for text in texts))


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
