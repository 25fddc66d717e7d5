"""Reading requests: JSON objects, durations, and pages with opaque cursors.

Source: Ultravox OpenAPI document (durations, PaginatedList); fact sheet 1.2, 1.5.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from fastapi import Request

from switchboard.sandbox.json_text import parsed
from switchboard.sandbox.ultravox.errors import bad_request

Item = TypeVar("Item")

_DURATION = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s")
_DEFAULT_PAGE, _LARGEST_PAGE = 10, 200
_MOST_DIGITS = 9


async def json_object(request: Request) -> dict[str, Any]:
    """The body as an object; an empty body is an empty object. Raises: UltravoxError 400."""
    raw = await request.body()
    if not raw:
        return {}
    try:
        body = parsed(raw)
    except ValueError as error:
        raise bad_request(f"JSON parse error - {error}") from error
    if not isinstance(body, dict):
        raise bad_request("Invalid data. Expected a dictionary.")
    return body


def seconds(value: Any, field: str) -> float:
    """`"3600s"` → 3600.0. Raises: UltravoxError 400 naming the field."""
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise bad_request(f'{field} must be a duration in seconds such as "30s".')
    return float(value[:-1])


def duration(value: float) -> str:
    """3600.0 → `"3600s"`, with as many decimals as needed, at most three."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "s"


def instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def page(
    request: Request, items: Sequence[Item], shown: Callable[[Item], Any] = lambda item: item
) -> dict[str, Any]:
    """One page `{next, previous, results, total}` of `items`, each as `shown`; `next` is an absolute URL."""
    size = _page_size(request.query_params.get("pageSize"))
    offset = _offset(request.query_params.get("cursor"))
    after = offset + size
    return {
        "next": _address(request, after) if after < len(items) else None,
        "previous": _address(request, max(0, offset - size)) if offset > 0 else None,
        "results": [shown(item) for item in items[offset:after]],
        "total": len(items),
    }


def _page_size(given: str | None) -> int:
    if given is None:
        return _DEFAULT_PAGE
    if not given.isdecimal() or len(given) > _MOST_DIGITS or int(given) < 1:
        raise bad_request("pageSize must be a positive integer.")
    return min(int(given), _LARGEST_PAGE)


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return max(0, int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("o=")))
    except (ValueError, binascii.Error) as error:
        raise bad_request("Invalid cursor") from error


def _address(request: Request, offset: int) -> str:
    cursor = base64.urlsafe_b64encode(f"o={offset}".encode()).decode()
    return str(request.url.include_query_params(cursor=cursor))
