"""What a tool answered, as sentences."""

from collections.abc import Mapping
from typing import Any

from switchboard.sandbox.json_text import parsed

_LONGEST = 400
_MOST = 6
_SPOKEN_KEYS = ("message", "answer", "text", "result", "response", "summary", "speech")


def told(text: str) -> str:
    """JSON objects key by key (`Status: shipped. Eta: Friday.`), other text as it is; at most 400 characters."""
    try:
        value = parsed(text)
    except ValueError:
        value = text
    said = " ".join(_sentences(value)).strip()
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rsplit(' ', 1)[0]}…"


def _sentences(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        for key in _SPOKEN_KEYS:
            if isinstance(value.get(key), str | Mapping) and value[key]:
                return _sentences(value[key])
        pairs = [(str(key), _short(one)) for key, one in value.items() if one not in (None, "", [], {})]
        return [f"{_words(key)}: {one}." for key, one in pairs[:_MOST]]
    short = _short(value)
    return [short if short[-1:] in ".!?…" else f"{short}."] if short else []


def _words(key: str) -> str:
    plain = key.replace("_", " ").replace("-", " ").strip()
    return plain[:1].upper() + plain[1:]


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(str(key)).lower()} {_short(one)}" for key, one in list(value.items())[:_MOST])
    if isinstance(value, list):
        return ", ".join(_short(one) for one in value[:_MOST])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else " ".join(str(value).split())
