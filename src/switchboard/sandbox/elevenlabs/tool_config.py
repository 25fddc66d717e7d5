"""What makes a tool, whether it stands in the workspace or inline in an agent's prompt.

Source: ElevenLabs "Tools" (fact sheet 2.4, 2.5).
"""

import re
from collections.abc import Mapping
from typing import Any

from switchboard.sandbox.conversation import spoken
from switchboard.sandbox.elevenlabs.errors import Where, missing, of_kind, one_of, unprocessable

_TYPES = ("webhook", "client", "system", "mcp")
_NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
_WAITS = {"webhook": (5, 300), "client": (1, 120)}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_DEFAULTS: dict[str, dict[str, Any]] = {
    "webhook": {"response_timeout_secs": 20, "execution_mode": "immediate", "assignments": []},
    "client": {"response_timeout_secs": 20, "expects_response": False, "parameters": None},
}


def check(where: Where, config: Any) -> None:
    """Raises: ElevenLabsError 422."""
    of_kind(where, config, dict)
    kind = config.get("type")
    one_of((*where, "type"), kind, _TYPES, "union_tag_invalid")
    name = config.get("name")
    of_kind((*where, "name"), name, str)
    if not _NAME.fullmatch(name):
        raise unprocessable(
            (*where, "name"), f"String should match pattern '{_NAME.pattern}'", "string_pattern_mismatch", name
        )
    if kind in _WAITS:
        if "description" not in config:
            raise missing(*where, "description")
        of_kind((*where, "description"), config["description"], str)
        _check_wait((*where, "response_timeout_secs"), config.get("response_timeout_secs"), *_WAITS[kind])
    if kind == "webhook":
        _check_schema((*where, "api_schema"), config.get("api_schema"))
        _check_assignments((*where, "assignments"), config.get("assignments") or [])
    if kind == "client":
        _check_properties((*where, "parameters"), config.get("parameters") or {})


def filled(config: Mapping[str, Any]) -> dict[str, Any]:
    """With defaults where nothing is given."""
    return {**_DEFAULTS.get(config["type"], {}), **config}


def variables_in(config: Mapping[str, Any]) -> set[str]:
    """The dynamic variables that a webhook tool's address, headers and values refer to."""
    schema = config.get("api_schema") or {}
    headers = list((schema.get("request_headers") or {}).values())
    texts = [schema.get("url") or "", *(one for one in headers if isinstance(one, str))]
    leaves = [*(schema.get("path_params_schema") or {}).values(), *headers]
    for part in ("query_params_schema", "request_body_schema"):
        leaves += ((schema.get(part) or {}).get("properties") or {}).values()
    objects = [one for one in leaves if isinstance(one, Mapping)]
    named = {one.get("dynamic_variable") or one.get("variable_name") for one in objects} - {None, ""}
    return {str(name) for name in named}.union(*map(spoken.variables_in, texts))


def _check_wait(where: Where, wanted: Any, least: int, most: int) -> None:
    if wanted is None:
        return
    of_kind(where, wanted, int)
    if not least <= wanted <= most:
        message = f"Input should be an integer from {least} to {most}"
        raise unprocessable(where, message, "less_than_equal", wanted)


def _check_schema(where: Where, schema: Any) -> None:
    of_kind(where, {} if schema is None else schema, dict)
    if not schema or "url" not in schema:
        raise missing(*where, "url")
    of_kind((*where, "url"), schema["url"], str)
    one_of((*where, "method"), schema.get("method") or "GET", _METHODS)
    path = schema.get("path_params_schema") or {}
    of_kind((*where, "path_params_schema"), path, dict)
    for part in ("query_params_schema", "request_body_schema"):
        _check_properties((*where, part), schema.get(part) or {})
    of_kind((*where, "request_headers"), schema.get("request_headers") or {}, dict)


def _check_properties(where: Where, schema: Any) -> None:
    of_kind(where, schema, dict)
    properties = schema.get("properties") or {}
    of_kind((*where, "properties"), properties, dict)
    for name, leaf in properties.items():
        of_kind((*where, "properties", name), leaf, dict)
        of_kind((*where, "properties", name, "enum"), leaf.get("enum") or [], list)
    of_kind((*where, "required"), schema.get("required") or [], list)
    for place, name in enumerate(schema.get("required") or []):
        of_kind((*where, "required", place), name, str)


def _check_assignments(where: Where, given: Any) -> None:
    of_kind(where, given, list)
    for place, one in enumerate(given):
        of_kind((*where, place), one, dict)
