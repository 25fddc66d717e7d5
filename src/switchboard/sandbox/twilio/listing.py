"""Lists: filters of the calls list, and Twilio's paging envelope around any list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from switchboard.sandbox.twilio.calls import Call
from switchboard.sandbox.twilio.errors import TwilioError
from switchboard.sandbox.twilio.numerals import whole


class HasSid(Protocol):
    """What can be in a list."""

    @property
    def sid(self) -> str: ...


Item = TypeVar("Item", bound=HasSid)
_DEFAULT_SIZE = 50
_LARGEST_SIZE = 1_000


def matching_calls(calls: Sequence[Call], query: QueryParams) -> list[Call]:
    """The calls that a query wants, newest first. Raises: TwilioError 20001 for a time it cannot read.

    A call that was not dialled yet has no start time and is in no list filtered by one.
    Source: Twilio "Calls resource", read multiple calls.
    """
    tests = [_time_test(query[key], key) for key in query if key.startswith(("StartTime", "EndTime"))]
    plain: dict[str, Callable[[Call], str]] = {
        "To": lambda call: call.order.to,
        "From": lambda call: call.order.from_,
        "Status": lambda call: call.shown_status,
        "ParentCallSid": lambda call: call.parent_sid or "",
    }
    wanted = [(of, query[key]) for key, of in plain.items() if query.get(key)]
    return [
        call
        for call in reversed(calls)
        if all(of(call) == value for of, value in wanted) and all(test(call) for test in tests)
    ]


def _time_test(text: str, key: str) -> Callable[[Call], bool]:
    name, sign = key.rstrip("<>"), key[len(key.rstrip("<>")) :]
    if name not in ("StartTime", "EndTime") or sign not in ("", "<", ">"):
        return lambda _: True
    try:
        bound = _moment(text)
    except ValueError:
        raise TwilioError(20001, f"Invalid {key} {text}: write YYYY-MM-DD or an ISO 8601 time") from None

    def test(call: Call) -> bool:
        moment = call.start_time if name == "StartTime" else call.end_time
        if moment is None:
            return False
        mine = moment.replace(microsecond=0)
        if isinstance(bound, datetime):
            return _compare((mine - bound).total_seconds(), sign)
        return _compare((mine.date() - bound).days, sign)

    return test


def _compare(difference: float, sign: str) -> bool:
    return {"<": difference <= 0, ">": difference >= 0}.get(sign, difference == 0)


def _moment(text: str) -> date | datetime:
    if "T" not in text and " " not in text:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    size: int
    start: int


def page(
    key: str, items: Sequence[Item], show: Callable[[Item], dict[str, Any]], path: str, query: QueryParams
) -> dict[str, Any]:
    """One page with Twilio's envelope: its eight keys and exactly one array, under `key`.

    `PageToken` names the last item already seen, so that new calls do not shift later pages.
    Source: Twilio "Twilio's response", list resources.
    """
    here = _position(items, query)
    part = items[here.start : here.start + here.size]
    more = here.start + here.size < len(items)

    def uri(number: int, token: str | None = None) -> str:
        kept = [(name, value) for name, value in query.multi_items() if not name.startswith("Page")]
        paging = [("PageSize", str(here.size)), ("Page", str(number))]
        return f"{path}?{urlencode([*kept, *paging, *([('PageToken', token)] if token else [])])}"

    return {
        "first_page_uri": uri(0),
        "end": here.start + max(0, len(part) - 1),
        "previous_page_uri": uri(here.number - 1) if here.number else None,
        "uri": f"{path}?{query}" if query else uri(0),
        "page_size": here.size,
        "start": here.start,
        "next_page_uri": uri(here.number + 1, f"PA{part[-1].sid}") if more and part else None,
        "page": here.number,
        key: [show(item) for item in part],
    }


def _position(items: Sequence[HasSid], query: QueryParams) -> _Page:
    size = min(_LARGEST_SIZE, max(1, _whole(query, "PageSize", _DEFAULT_SIZE)))
    number = _whole(query, "Page", 0)
    token = query.get("PageToken", "").removeprefix("PA")
    for index, item in enumerate(items):
        if token and item.sid == token:
            return _Page(number, size, index + 1)
    return _Page(number, size, number * size)


def _whole(query: QueryParams, key: str, default: int) -> int:
    text = query.get(key, str(default))
    number = whole(text)
    if number is None:
        raise TwilioError(20001, f"Invalid {key} {text[:40]}: must be a whole number")
    return number
