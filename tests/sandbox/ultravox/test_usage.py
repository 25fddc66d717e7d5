from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from switchboard.sandbox.ultravox.usage import _concurrency

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def life(started: float, joined: float | None, ended: float | None):
    """Minutes after noon."""
    moments = [None if at is None else NOON + timedelta(minutes=at) for at in (started, joined, ended)]
    return SimpleNamespace(watch=SimpleNamespace(started_at=moments[0]), joined_at=moments[1], ended_at=moments[2])


def concurrency(
    *lives, query: bytes = b"bucket=hour&start=2026-11-22T11:00:00Z&end=2026-11-22T13:00:00Z"
) -> list[tuple[int, int, float, float]]:
    request = Request({"type": "http", "query_string": query})
    return [tuple(one.values())[1:] for one in _concurrency(lives, request)]


def test_calls_count_in_every_bucket_that_they_last_into():
    found = concurrency(life(-30, -15, 30), life(15, 30, 45), life(45, None, 60))
    assert found == [(1, 1, 0.5, 0.25), (2, 1, pytest.approx(1.25), pytest.approx(0.75)), (0, 0, 0, 0)]


def test_calls_outside_and_of_no_length_do_not_count():
    assert concurrency(life(-300, -300, -200), life(600, None, 700), life(5, 5, 5)) == [(0, 0, 0, 0)] * 3


def test_a_call_that_goes_on_lasts_until_now():
    since = (datetime.now(UTC) - NOON).total_seconds() / 60 - 60
    first, _ = concurrency(life(since, since, None), query=b"bucket=day")
    assert first == (1, 1, pytest.approx(1 / 24, rel=0.01), pytest.approx(1 / 24, rel=0.01))
