"""Paging by opaque cursors: `limit` and `cursor` in, `Link` (RFC 8288) and `X-Total-Count` out."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from starlette.requests import Request

from switchboard.core.errors import FieldError, InvalidInput
from switchboard.core.storable import storable
from switchboard.http.json import JsonResponse

T = TypeVar("T")

MAX_LIMIT = 200

Limit = Annotated[
    int, Query(ge=1, le=MAX_LIMIT, description="How many to answer at most.", examples=[50], alias="limit")
]
"""Declare as `limit: Limit = 50`."""

Cursor = Annotated[
    str | None,
    Query(max_length=512, description="Where to go on; taken from the `Link` header of the page before."),
]
"""Declare as `cursor: Cursor = None`."""

PAGE_HEADERS: dict[str, Any] = {
    "Link": {"description": 'The next page as `<…>; rel="next"`, if there is one.', "schema": {"type": "string"}},
    "X-Total-Count": {"description": "How many there are in all, when cheap.", "schema": {"type": "integer"}},
}
"""For `responses={200: {"headers": PAGE_HEADERS}}`."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, the cursor of the next page if there is one, and the number of all if it was counted."""

    items: Sequence[T]
    next_cursor: str | None = None
    total: int | None = None


def encode_cursor(*values: str | int | datetime) -> str:
    """The sort values of a page's last item as URL-safe text. Opaque to callers: the inside may change."""
    return urlsafe_b64encode(msgspec.json.encode(values)).rstrip(b"=").decode()


def decode_cursor(cursor: str, *types: type) -> tuple[Any, ...]:
    """The values that `encode_cursor` was given, checked to be of these types, in this order.

    Raises: InvalidInput for anything that was not made by `encode_cursor` for the same list.
    """
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = msgspec.json.decode(raw, type=tuple[types])  # type: ignore[valid-type]  # built at run time
        for value in values:
            storable(value)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        problem = "This is not a cursor of this list. Take it from the Link header of the page before."
        raise InvalidInput(problem, [FieldError("cursor", problem)]) from None
    return tuple(values)


def page_response(request: Request, page: Page[Any]) -> JsonResponse:
    """The items as a JSON array, with the headers that lead on."""
    headers = {}
    if page.next_cursor is not None:
        following = request.url.include_query_params(cursor=page.next_cursor)
        headers["Link"] = f'<{following}>; rel="next"'
    if page.total is not None:
        headers["X-Total-Count"] = str(page.total)
    return JsonResponse(page.items, headers=headers)
