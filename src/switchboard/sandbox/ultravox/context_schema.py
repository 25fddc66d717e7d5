"""Whether a template context satisfies its schema. Source: Ultravox "Agents" (`contextSchema`); fact sheet 2.4."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

_IS: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def violations(schema: Any, value: Any) -> Iterator[str]:
    """What of a JSON Schema a value breaks, in words.

    Looked at: `type`, `enum`, `const`, `required`, `properties`, `additionalProperties` and `items`.
    """
    if not isinstance(schema, Mapping):
        return
    wanted = schema.get("type")
    kinds = [kind for kind in _IS if kind == wanted or kind in _items(wanted)]
    if kinds and not any(_IS[kind](value) for kind in kinds):
        yield f"{value!r} is not of type {', '.join(map(repr, kinds))}"
        return
    if isinstance(allowed := schema.get("enum"), list) and value not in allowed:
        yield f"{value!r} is not one of {allowed!r}"
    if "const" in schema and value != schema["const"]:
        yield f"{schema['const']!r} was expected"
    if isinstance(value, dict):
        yield from _in_object(schema, value)
    if isinstance(value, list):
        for item in value:
            yield from violations(schema.get("items"), item)


def _in_object(schema: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[str]:
    shapes = schema.get("properties")
    shapes = shapes if isinstance(shapes, Mapping) else {}
    required = [name for name in _items(schema.get("required")) if isinstance(name, str)]
    yield from (f"{name!r} is a required property" for name in required if name not in value)
    more = schema.get("additionalProperties", True)
    for name, one in value.items():
        if name not in shapes and more is False:
            yield f"Additional properties are not allowed ({name!r} was unexpected)"
        yield from violations(shapes.get(name, more), one)


def _items(value: Any) -> list[Any]:
    """Those of a list; a schema is the customer's, and anything may stand in it."""
    return value if isinstance(value, list) else []
