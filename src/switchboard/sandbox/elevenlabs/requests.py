"""Reading requests: JSON objects, bounded numbers, cursors. Unknown fields are tolerated, as the vendor does.

Source: ElevenLabs OpenAPI document; fact sheet 1.3, 2.1, 3.1, 11.7.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import Request

from switchboard.sandbox.elevenlabs.errors import missing, of_kind, refused, unprocessable
from switchboard.sandbox.json_text import parsed

_LARGEST_PAGE = 100

T = TypeVar("T")


async def json_object(request: Request) -> dict[str, Any]:
    """The body as an object. Raises: ElevenLabsError 422."""
    raw = await request.body()
    try:
        body = parsed(raw or b"null")
    except ValueError as error:
        raise unprocessable(("body", 0), "JSON decode error", "json_invalid", str(error)) from error
    if body is None:
        raise missing("body")
    if not isinstance(body, dict):
        raise unprocessable(("body",), "Input should be a valid dictionary", "model_attributes_type", body)
    return body


def text(body: dict[str, Any], field: str, default: str | None = None) -> str:
    """A text field; required unless a default is given. Raises: ElevenLabsError 422."""
    value = body.get(field, default)
    if value is None:
        raise missing("body", field)
    of_kind(("body", field), value, str)
    return str(value)


def optional(body: dict[str, Any], field: str, kind: type[T]) -> T | None:
    """A field that may be null or left out. Raises: ElevenLabsError 422."""
    value = body.get(field)
    if value is not None:
        of_kind(("body", field), value, kind)
    return value


def integer(request: Request, name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A query parameter within bounds. Raises: ElevenLabsError 422."""
    given = request.query_params.get(name)
    if given is None:
        return default
    try:
        value = int(given)
    except ValueError as error:
        message = "Input should be a valid integer, unable to parse string as an integer"
        raise unprocessable(("query", name), message, "int_parsing", given) from error
    if value < least:
        message = f"Input should be greater than or equal to {least}"
        raise unprocessable(("query", name), message, "greater_than_equal", given)
    if most is not None and value > most:
        raise unprocessable(
            ("query", name), f"Input should be less than or equal to {most}", "less_than_equal", given
        )
    return value


def flag(request: Request, name: str, *, default: bool | None = None) -> bool | None:
    """A boolean query parameter. Raises: ElevenLabsError 422."""
    given = request.query_params.get(name)
    if given is None:
        return default
    if given.lower() not in ("true", "false", "1", "0"):
        raise unprocessable(("query", name), "Input should be a valid boolean", "bool_parsing", given)
    return given.lower() in ("true", "1")


def choice(request: Request, name: str, allowed: Sequence[str], default: str | None = None) -> str | None:
    """A query parameter out of a set. Raises: ElevenLabsError 422."""
    given = request.query_params.get(name, default)
    if given is not None and given not in allowed:
        expected = ", ".join(f"'{one}'" for one in allowed)
        raise unprocessable(("query", name), f"Input should be {expected}", "enum", given)
    return given


def page(
    request: Request,
    items: Sequence[T],
    key: Callable[[T], str],
    *,
    default: int = 30,
    parameter: str = "cursor",
) -> tuple[list[T], str | None]:
    """One page of `page_size` (1 to 100) items, and the cursor of the next one.

    The cursor names the last item by its `key`: what comes or goes between two pages shifts nothing.
    """
    size = integer(request, "page_size", default, least=1, most=_LARGEST_PAGE)
    offset, last = _place(request.query_params.get(parameter))
    if last:
        offset = next((place + 1 for place, item in enumerate(items) if key(item) == last), offset)
    shown = list(items[offset : offset + size])
    after = offset + len(shown)
    return shown, _cursor(after, key(shown[-1])) if after < len(items) and shown else None


def merged(base: Any, over: Any) -> Any:
    """`over` laid on `base`: objects merge deeply, arrays and everything else are replaced.

    Source: ElevenLabs "Update agent" (fact sheet 2.2).
    """
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: merged(base.get(key), value) for key, value in over.items()}}


def _cursor(offset: int, last: str) -> str:
    return base64.urlsafe_b64encode(f"after:{offset}:{last}".encode()).decode()


def _place(cursor: str | None) -> tuple[int, str]:
    """How many items were shown, and the key of the last one. Raises: ElevenLabsError 400."""
    if not cursor:
        return 0, ""
    try:
        _, offset, last = base64.urlsafe_b64decode(cursor.encode()).decode().split(":", 2)
        return max(0, int(offset)), last
    except (ValueError, binascii.Error) as error:
        raise refused(400, "invalid_cursor", "The cursor is not valid.", param="cursor") from error


def socket_base(request: Request) -> str:
    """The sandbox's own address for WebSockets, as it was asked: `ws://host:port`."""
    scheme = "wss" if request.url.scheme == "https" else "ws"
    return f"{scheme}://{request.url.netloc}"
