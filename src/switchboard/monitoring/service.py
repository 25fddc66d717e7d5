"""The use cases of figures: they read what is stored and ask no provider."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DataError
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.core.clock import Clock
from switchboard.core.errors import FieldError, InvalidInput
from switchboard.core.money import Money
from switchboard.core.zones import day_began, hour_began, unknown_zone, zone_of
from switchboard.events.model import Event
from switchboard.http.beats import Beats
from switchboard.monitoring.repository import Figures, Line, matching
from switchboard.monitoring.schemas import (
    AgentFigures,
    Bucket,
    Live,
    ReasonCount,
    RecentProblem,
    Spend,
    Spread,
    Summary,
    Today,
)
from switchboard.persistence.database import Database

Unit = Literal["hour", "day"]

_PROBLEMS = 10
_PROBLEMS_OF = timedelta(days=7)
_USUAL = {"hour": timedelta(days=1), "day": timedelta(days=30)}
_MOST_BUCKETS = 800
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_BEGAN: Mapping[Unit, Callable[[datetime, ZoneInfo], datetime]] = {"hour": hour_began, "day": day_began}
_STEP = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_WORDS = {
    "call.rerouted": "The agent's twin took the call over.",
    "agent.drifted": "The agent was changed at its platform.",
    "agent.draft_kept": "A change could not be published and is kept as a draft.",
    "agent.voice_replaced": "The agent's voice is gone; another one speaks.",
}


class Monitoring:
    """Figures over calls, costs and events. Pages ask again with every event. `aclose()` it at shutdown."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._beats: Beats[Hashable, Any] = Beats()

    async def aclose(self) -> None:
        await self._beats.aclose()

    async def summary(self, zone: str) -> Summary:
        """What happens now. Raises: InvalidInput for an unknown zone."""
        day = zone_of(zone)
        found: Summary = await self._beats.get(("summary", zone), lambda: self._summary(zone, day))
        return found

    async def series(
        self,
        *,
        since: datetime | None,
        until: datetime | None,
        unit: Unit,
        zone: str,
        platform: str | None,
        agent_id: str | None,
    ) -> list[Bucket]:
        """Calls per hour or day, the last day or 30 days if not told. Raises: InvalidInput."""
        first, _ = self._span(since, until, unit)
        begin = _BEGAN[unit](first, zone_of(zone))
        key = "series", begin, until, unit, zone, platform, agent_id  # the same for all who ask within a bucket
        found: list[Bucket] = await self._beats.get(
            key, lambda: self._series(begin, until or self._clock.now(), unit, zone, platform, agent_id)
        )
        return found

    async def agents(self, since: datetime | None, until: datetime | None, limit: int) -> list[AgentFigures]:
        """Agents by their number of calls, the busiest first."""
        self._span(since, until, "day")
        found: list[AgentFigures] = await self._beats.get(
            ("agents", since, until, limit), lambda: self._agents(*self._span(since, until, "day"), limit)
        )
        return found

    async def _summary(self, zone: str, day: ZoneInfo) -> Summary:
        now = self._clock.now()
        began = day_began(now, day)
        async with self._database.transaction() as session:
            figures = Figures(session)
            agents, any_call = await figures.counts()
            return Summary(
                at=now,
                zone=zone,
                day_began_at=began,
                live=_live(await figures.live()),
                today=await _today(figures, began),
                problems=[_problem(*row) for row in await figures.problems(now - _PROBLEMS_OF, _PROBLEMS)],
                agents=agents,
                calls_ever=any_call,
            )

    async def _series(
        self,
        since: datetime,
        until: datetime,
        unit: Unit,
        zone: str,
        platform: str | None,
        agent_id: str | None,
    ) -> list[Bucket]:
        asked: dict[str, Any] = {"unit": unit, "zone": zone, "wanted": matching(platform, agent_id)}
        try:
            async with self._database.transaction() as session:
                figures = Figures(session)
                rows = await figures.series(since, until, **asked)
                spent = _by_first(await figures.spend_series(since, until, **asked))
        except DataError:
            raise unknown_zone() from None  # the database has zones of its own, and lacks some of this machine's
        return [
            Bucket(
                starts_at=row[0],
                calls=row[1],
                answered=row[2],
                failed=row[3],
                talk_seconds=row[4],
                spend=spent.get(row[0], {}),
            )
            for row in rows
        ]

    async def _agents(self, since: datetime, until: datetime, limit: int) -> list[AgentFigures]:
        async with self._database.transaction() as session:
            figures = Figures(session)
            rows = await figures.by_agent(since, until, limit)
            spent = _by_first(await figures.spend_of_agents([row[0] for row in rows], since, until))
        return [_agent(row, spent.get(row[0], {})) for row in rows]

    async def stuck_calls(self, session: AsyncSession, older_than: timedelta) -> int:
        return await Figures(session).stuck(self._clock.now() - older_than)

    def _span(self, since: datetime | None, until: datetime | None, unit: Unit) -> tuple[datetime, datetime]:
        until = until or self._clock.now()
        if not _EARLIEST <= until <= _LATEST or not _EARLIEST <= (since or until) <= _LATEST:
            problem = f"Ask for a time between {_EARLIEST.year} and {_LATEST.year}."
            raise InvalidInput(problem, [FieldError("from", problem)])
        since = since or until - _USUAL[unit]
        if since >= until:
            problem = "The time must begin before it ends."
            raise InvalidInput(problem, [FieldError("from", problem)])
        if (until - since) / _STEP[unit] > _MOST_BUCKETS:
            problem = f"That is more than {_MOST_BUCKETS} {unit}s. Ask for a shorter time or for days."
            raise InvalidInput(problem, [FieldError("from", problem)])
        return since, until


def _live(rows: Sequence[Line]) -> Live:
    platforms: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for platform, status, calls in rows:
        platforms[platform] += calls
        statuses[status] += calls
    return Live(total=platforms.total(), by_platform=dict(platforms), by_status=dict(statuses))


async def _today(figures: Figures, began: datetime) -> Today:
    rows = await figures.outcomes(began)
    platforms: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for row in rows:
        platforms[row[0]] += row[3]
        statuses[row[1]] += row[3]
    over, over_answered = sum(row[5] for row in rows), sum(row[6] for row in rows)
    spread = await figures.spreads(began)
    return Today(
        calls=platforms.total(),
        answered=sum(row[4] for row in rows),
        answer_rate=round(over_answered / over, 4) if over else None,
        by_platform=dict(platforms),
        by_status=dict(statuses),
        by_reason=_reasons(rows),
        duration_seconds=Spread(median=_rounded(spread[0]), p95=_rounded(spread[1])),
        time_to_answer_seconds=Spread(median=_rounded(spread[2]), p95=_rounded(spread[3])),
        spend=[_spend(row) for row in await figures.spend(began)],
    )


def _reasons(rows: Sequence[Line]) -> list[ReasonCount]:
    counted: Counter[tuple[str, str | None]] = Counter()
    for _, status, reason, calls, *_ in rows:
        if status not in ("queued", "initiated", "ringing", "in-progress"):
            counted[status, reason] += calls
    return [ReasonCount(status=of[0], reason=of[1], calls=calls) for of, calls in counted.most_common()]


def _spend(row: Line) -> Spend:
    return Spend(provider=row[0], currency=row[1], amount=Money(int(row[2]), row[1]).amount, final=row[3])


def _problem(event: Event, detail: str | None, platform: str | None) -> RecentProblem:
    told = event.data.get("message") or event.data.get("detail") or detail or _WORDS.get(event.type) or event.type
    return RecentProblem(
        at=event.at,
        kind=event.type,
        text=str(told),
        call_id=event.call_id,
        agent_id=event.agent_id,
        platform=platform,
    )


def _by_first(rows: Sequence[Line]) -> dict[Any, dict[str, str]]:
    """Amounts by currency, by whatever stands first in (…, currency, micros)."""
    spent: dict[Any, dict[str, str]] = defaultdict(dict)
    for of, currency, micros in rows:
        spent[of][currency] = Money(int(micros), currency).amount
    return spent


def _agent(row: Line, spend: dict[str, str]) -> AgentFigures:
    agent_id, name, platform, calls, answered, failed, successful, seconds, last = row
    return AgentFigures(
        agent_id=agent_id,
        name=name,
        platform=platform,
        calls=calls,
        answered=answered,
        failed=failed,
        successful=successful,
        talk_seconds=seconds,
        spend=spend,
        last_call_at=last,
    )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds), 1)
