"""What pydantic found wrong, in plain sentences and dotted paths. The input itself is never repeated."""

from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.core.errors import FieldError

_PLACES = {"body", "query", "path", "header", "cookie"}
_TOO_SHORT = {"too_short", "string_too_short"}
_SENTENCES = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field. Check its spelling.",
    "string_type": "This must be text.",
    "string_too_short": "This must have at least {min_length} characters.",
    "string_too_long": "This may have at most {max_length} characters.",
    "string_pattern_mismatch": "This must match {pattern}.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "float_type": "This must be a number.",
    "float_parsing": "This must be a number.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be a JSON object.",
    "dict_attributes_type": "This must be a JSON object.",
    "greater_than": "This must be more than {gt}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be at most {le}.",
    "literal_error": "This must be {expected}.",
    "enum": "This must be {expected}.",
    "too_short": "This needs at least {min_length} items.",
    "too_long": "This may have at most {max_length} items.",
    "timezone_aware": "This time needs its zone, for example 2026-11-22T09:00:00Z.",
    "datetime_future": "This must lie in the future.",
}


def is_unreadable(errors: Sequence[Mapping[str, Any]]) -> bool:
    """True when the body was no JSON at all."""
    return any(error["type"] == "json_invalid" for error in errors)


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """One FieldError for each of pydantic's."""
    return [FieldError(_path(error["loc"]), _sentence(error)) for error in errors]


def _path(location: Sequence[int | str]) -> str:
    parts = list(location)
    if len(parts) > 1 and parts[0] in _PLACES:
        parts = parts[1:]
    return ".".join(str(part) for part in parts) or "body"


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] in _TOO_SHORT and error.get("ctx", {}).get("min_length") == 1:
        return "Write something here." if isinstance(error.get("input"), str) else "This needs at least one item."
    template = _SENTENCES.get(error["type"])
    if template is not None:
        return template.format_map(error.get("ctx", {}))
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    message = message[:1].upper() + message[1:]
    return message if message.endswith((".", "!", "?")) else f"{message}."
