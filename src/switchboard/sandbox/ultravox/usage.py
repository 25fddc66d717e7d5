"""How much was called. Source: Ultravox "Agents usage", "Accounts usage" (fact sheet 2.1, 4.4)."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain, groupby
from typing import Any, TypeVar

from fastapi import APIRouter, Request

from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_request
from switchboard.sandbox.ultravox.filters import fits, moment
from switchboard.sandbox.ultravox.requests import duration, instant
from switchboard.sandbox.ultravox.state import State

Key = TypeVar("Key")

_MINUTE = 60
_MOST_DAYS = 90
_MOST_BUCKETS = 10_000
_BUCKETS = {"minute": 60, "5min": 300, "hour": 3600, "day": 86_400}


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api", route_class=UltravoxRoute)

    @routes.get("/agents/usage")
    async def agents_usage(request: Request) -> list[dict[str, Any]]:
        calls = sorted(_calls(state, request), key=lambda call: call.agent_id or "")
        return [
            {"agent": {"agentId": agent_id, "name": of_agent[0].agent_name}, "usage": _daily(of_agent)}
            for agent_id, of_agent in _grouped(calls, lambda call: call.agent_id)
            if agent_id
        ]

    @routes.get("/accounts/me/usage/calls")
    async def calls_usage(request: Request) -> dict[str, Any]:
        calls = sorted(_calls(state, request), key=lambda call: call.watch.started_at)
        return {
            "allTime": _figures(calls),
            "daily": [{"date": day, **_figures(some)} for day, some in _grouped(calls, _day)],
            "hourly": [
                {"date": day, "hour": hour, **_figures(some)}
                for (day, hour), some in _grouped(calls, lambda call: (_day(call), call.watch.started_at.hour))
            ],
        }

    @routes.get("/accounts/me/usage/concurrency")
    async def concurrency(request: Request) -> dict[str, Any]:
        return {"timeSeries": _concurrency(_calls(state, request), request)}

    @routes.get("/accounts/me/billing/usage")
    async def billing_usage(request: Request) -> dict[str, Any]:
        return _billing(state.account(request).calls.values(), request)

    @routes.get("/accounts/me/billing")
    async def billing(request: Request) -> dict[str, Any]:
        state.account(request)
        return {"paymentMethod": None, "billingEmail": None}

    return routes


def _calls(state: State, request: Request) -> list[Call]:
    return [call for call in state.account(request).calls.values() if fits(call, request.query_params)]


def _grouped(calls: Sequence[Call], key: Callable[[Call], Key]) -> list[tuple[Key, list[Call]]]:
    return [(value, list(some)) for value, some in groupby(calls, key=key)]


def _day(call: Call) -> str:
    return call.watch.started_at.astimezone(UTC).date().isoformat()


def _minutes(calls: Iterable[Call]) -> float:
    return sum(call.billed_seconds or 0 for call in calls) / _MINUTE


def _daily(calls: Sequence[Call]) -> list[dict[str, Any]]:
    return [
        {"date": day, "billedMinutes": _minutes(some), "calls": len(some)}
        for day, some in _grouped(sorted(calls, key=_day), _day)
    ]


def _figures(calls: Sequence[Call]) -> dict[str, Any]:
    return {
        "totalCount": len(calls),
        "errorCount": sum(call.end_reason in ("connection_error", "system_error") for call in calls),
        "duration": duration(sum(call.talked_seconds for call in calls)),
        "joinedCount": sum(call.joined_at is not None for call in calls),
        "billedMinutes": _minutes(calls),
    }


def _billing(calls: Iterable[Call], request: Request) -> dict[str, Any]:
    """`toDate` is exclusive here."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = moment(request.query_params.get("fromDate"), today - timedelta(days=30), last=False)
    ends = moment(request.query_params.get("toDate"), today + timedelta(days=1), last=False)
    if ends - begins > timedelta(days=_MOST_DAYS):
        raise bad_request(f"At most {_MOST_DAYS} days may be asked for.")
    within = sorted((call for call in calls if begins <= call.watch.started_at < ends), key=_day)
    return {
        "dailyUsage": [
            {"date": day, "minutes": _minutes(some), "sipMinutes": 0} for day, some in _grouped(within, _day)
        ],
        "totalMinutes": _minutes(within),
        "totalSipMinutes": 0,
    }


def _concurrency(calls: Sequence[Call], request: Request) -> list[dict[str, Any]]:
    size = _BUCKETS.get(request.query_params.get("bucket") or "hour")
    if size is None:
        raise bad_request(f"bucket must be one of {', '.join(_BUCKETS)}.")
    now = datetime.now(UTC)
    begins = moment(request.query_params.get("start"), now - timedelta(days=1), last=False)
    ends = moment(request.query_params.get("end"), now, last=True)
    count = min(_MOST_BUCKETS, max(0, int((ends - begins).total_seconds()) // size + 1))
    total = _stretches([(call.watch.started_at, call.ended_at) for call in calls], begins, size, count)
    joined = _stretches([(call.joined_at, call.ended_at) for call in calls], begins, size, count)
    return [
        {
            "timestamp": instant(begins + timedelta(seconds=size * number)),
            "maxTotalCalls": _most_at_once(total[number]),
            "maxJoinedCalls": _most_at_once(joined[number]),
            "avgTotalCalls": sum(until - since for since, until in total[number]) / size,
            "avgJoinedCalls": sum(until - since for since, until in joined[number]) / size,
        }
        for number in range(count)
    ]


def _stretches(
    lives: Iterable[tuple[datetime | None, datetime | None]], begins: datetime, size: int, count: int
) -> dict[int, list[tuple[float, float]]]:
    """The parts of these lives that lie within each bucket, by its number; in seconds since the beginning."""
    found: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for since, until in lives:
        if since is None:
            continue
        start = max(0.0, (since - begins).total_seconds())
        end = min(float(size * count), ((until or datetime.now(UTC)) - begins).total_seconds())
        for number in range(int(start // size), math.ceil(end / size)):
            found[number].append((max(start, number * size), min(end, (number + 1) * size)))
    return found


def _most_at_once(stretches: Iterable[tuple[float, float]]) -> int:
    """One that ends when another begins is not there at once with it."""
    changes = sorted(chain.from_iterable(((since, 1), (until, -1)) for since, until in stretches))
    return max(accumulate(change for _, change in changes), default=0)
