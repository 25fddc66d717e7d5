"""Calls as a table for spreadsheets (RFC 4180)."""

import csv
import io
import unicodedata
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from switchboard.calls.model import Call
from switchboard.core.money import Money

COLUMNS = (
    "id",
    "created_at",
    "agent",
    "agent_id",
    "platform",
    "direction",
    "to",
    "from",
    "status",
    "reason",
    "answered_at",
    "ended_at",
    "duration_seconds",
    "cost",
    "currency",
    "cost_final",
    "successful",
    "summary",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins like this for a formula and runs it. Source: OWASP "CSV injection"."""


async def table(batches: AsyncIterator[Sequence[tuple[Call, str]]], zone: ZoneInfo) -> AsyncIterator[bytes]:
    """The head and a line per call, as UTF-8 with a byte order mark; times as in `zone`, without an offset."""
    yield "\ufeff".encode() + _lines([COLUMNS])
    async for batch in batches:
        yield _lines(_row(call, agent, zone) for call, agent in batch)


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _row(call: Call, agent: str, zone: ZoneInfo) -> list[object]:
    money = Money(call.cost_micros, call.cost_currency or "USD") if call.cost_micros is not None else None
    return [
        call.id,
        _time(call.created_at, zone),
        harmless(agent),
        call.agent_id,
        call.platform,
        call.direction,
        call.to_number or "",  # a checked number: its plus makes no formula
        call.from_number or "",
        call.status,
        harmless(call.reason or ""),
        _time(call.answered_at, zone),
        _time(call.ended_at, zone),
        "" if call.duration_seconds is None else call.duration_seconds,
        money.amount if money else "",
        money.currency if money else "",
        "yes" if call.cost_final else "no",
        call.successful or "",
        harmless(call.summary or ""),
    ]


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    first = unicodedata.normalize("NFKC", text[:1])  # a full-width equals sign is one, too
    return f"'{text}" if first.startswith(_FORMULA) else text


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
