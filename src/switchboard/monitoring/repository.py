"""Figures by set-based queries over other domains' rows. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Interval, case, cast, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.model import Agent
from switchboard.calls.model import BROWSER, Call, CallCost
from switchboard.events.model import Event

Line = tuple[Any, ...]
"""A row of figures; the method says what stands where."""

# Word for word as the partial index of migration 0008 says it, or it is not used.
_IS_PROBLEM = text(
    "events.type IN ('call.failed', 'call.warning', 'call.rerouted', "
    "'agent.drifted', 'agent.draft_kept', 'agent.voice_replaced')"
)
_IS_OVER = Call.ended_at.is_not(None)
_ANSWERED = Call.answered_at.is_not(None)
_ON_THE_PHONE = Call.carrier != BROWSER


class Figures:
    """Queries on calls, costs and events. Holds a session, never commits it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def live(self) -> Sequence[Line]:
        """(platform, status, calls) of what did not end yet."""
        query = select(Call.platform, Call.status, func.count()).where(Call.ended_at.is_(None))
        return [tuple(row) for row in await self._session.execute(query.group_by(Call.platform, Call.status))]

    async def outcomes(self, since: datetime) -> Sequence[Line]:
        """(platform, status, reason, calls, answered, over_on_phone, answered_on_phone) placed since then."""
        query = select(
            Call.platform,
            Call.status,
            Call.reason,
            func.count(),
            _count(_ANSWERED),
            _count(_IS_OVER & _ON_THE_PHONE),
            _count(_IS_OVER & _ON_THE_PHONE & _ANSWERED),
        ).where(Call.created_at >= since)
        return [
            tuple(row)
            for row in await self._session.execute(query.group_by(Call.platform, Call.status, Call.reason))
        ]

    async def spreads(self, since: datetime) -> Line:
        """Median and p95 of durations, then of times to answer."""
        waited = func.extract("epoch", Call.answered_at - Call.initiated_at)
        columns = [
            func.percentile_cont(share).within_group(what)
            for what in (Call.duration_seconds, waited)
            for share in (0.5, 0.95)
        ]
        query = select(*columns).where(Call.created_at >= since, _ANSWERED)
        return tuple((await self._session.execute(query)).one())

    async def spend(self, since: datetime) -> Sequence[Line]:
        """(provider, currency, micros, final) of calls placed since then."""
        query = (
            select(CallCost.provider, CallCost.currency, func.sum(CallCost.micros), func.bool_and(CallCost.final))
            .join(Call, Call.id == CallCost.call_id)
            .where(Call.created_at >= since)
            .group_by(CallCost.provider, CallCost.currency)
            .order_by(CallCost.provider)
        )
        return [tuple(row) for row in await self._session.execute(query)]

    async def problems(self, since: datetime, limit: int) -> Sequence[tuple[Event, str | None, str | None]]:
        """(event, detail of the call, platform), newest first."""
        query = (
            select(Event, Call.reason_detail, func.coalesce(Call.platform, Agent.platform))
            .outerjoin(Call, Call.id == Event.call_id)
            .outerjoin(Agent, Agent.id == Event.agent_id)
            .where(_IS_PROBLEM, Event.at >= since)
            .order_by(Event.position.desc())
            .limit(limit)
        )
        return [(row[0], row[1], row[2]) for row in await self._session.execute(query)]

    async def counts(self) -> tuple[int, bool]:
        """How many agents there are, and whether a call was ever placed."""
        agents = await self._session.scalar(
            select(func.count()).select_from(Agent).where(Agent.status != "deleted")
        )
        any_call = await self._session.scalar(select(select(Call.id).limit(1).exists()))
        return int(agents or 0), bool(any_call)

    async def series(
        self, since: datetime, until: datetime, *, unit: str, zone: str, wanted: Sequence[ColumnElement[bool]]
    ) -> Sequence[Line]:
        """(starts_at, calls, answered, failed, talk_seconds) of each hour or day, empty ones included."""
        step = cast(literal(f"1 {unit}"), Interval)
        begin = func.date_trunc(unit, since, zone)
        buckets = (
            func.generate_series(begin, until, step, zone)
            .table_valued("starts_at", name="buckets")
            .render_derived()
        )
        counted = (
            select(
                func.date_trunc(unit, Call.created_at, zone).label("starts_at"),
                func.count().label("calls"),
                _count(_ANSWERED).label("answered"),
                _count(Call.status == "failed").label("failed"),
                func.coalesce(func.sum(Call.duration_seconds), 0).label("talk_seconds"),
            )
            .where(Call.created_at >= begin, Call.created_at < until, *wanted)
            .group_by(text("starts_at"))
            .subquery()
        )
        columns = [func.coalesce(counted.c[name], 0) for name in ("calls", "answered", "failed", "talk_seconds")]
        query = (
            select(buckets.c.starts_at, *columns)
            .select_from(buckets)
            .outerjoin(counted, counted.c.starts_at == buckets.c.starts_at)
            .where(buckets.c.starts_at < until)
            .order_by(buckets.c.starts_at)
        )
        return [tuple(row) for row in await self._session.execute(query)]

    async def spend_series(
        self, since: datetime, until: datetime, *, unit: str, zone: str, wanted: Sequence[ColumnElement[bool]]
    ) -> Sequence[Line]:
        """(starts_at, currency, micros) where something was spent."""
        bucket = func.date_trunc(unit, Call.created_at, zone).label("starts_at")
        query = (
            select(bucket, Call.cost_currency, func.sum(Call.cost_micros))
            .where(
                Call.created_at >= func.date_trunc(unit, since, zone),
                Call.created_at < until,
                Call.cost_micros.is_not(None),
                *wanted,
            )
            .group_by(text("starts_at"), Call.cost_currency)
        )
        return [tuple(row) for row in await self._session.execute(query)]

    async def by_agent(self, since: datetime, until: datetime, limit: int) -> Sequence[Line]:
        """(agent_id, name, platform, calls, answered, failed, successful, seconds, last)."""
        query = (
            select(
                Call.agent_id,
                Agent.name,
                Agent.platform,
                func.count(),
                _count(_ANSWERED),
                _count(Call.status == "failed"),
                _count(Call.successful == "success"),
                func.coalesce(func.sum(Call.duration_seconds), 0),
                func.max(Call.created_at),
            )
            .join(Agent, Agent.id == Call.agent_id)
            .where(Call.created_at >= since, Call.created_at < until)
            .group_by(Call.agent_id, Agent.name, Agent.platform)
            .order_by(func.count().desc(), Call.agent_id)
            .limit(limit)
        )
        return [tuple(row) for row in await self._session.execute(query)]

    async def spend_of_agents(self, agent_ids: Sequence[str], since: datetime, until: datetime) -> Sequence[Line]:
        """(agent_id, currency, micros)."""
        query = (
            select(Call.agent_id, Call.cost_currency, func.sum(Call.cost_micros))
            .where(
                Call.agent_id.in_(agent_ids),
                Call.created_at >= since,
                Call.created_at < until,
                Call.cost_micros.is_not(None),
            )
            .group_by(Call.agent_id, Call.cost_currency)
        )
        return [tuple(row) for row in await self._session.execute(query)]

    async def stuck(self, before: datetime) -> int:
        """Calls that were placed before then and have not ended."""
        query = select(func.count()).select_from(Call).where(Call.ended_at.is_(None), Call.created_at < before)
        return int(await self._session.scalar(query) or 0)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def matching(platform: str | None, agent_id: str | None) -> list[ColumnElement[bool]]:
    """Filters of a series."""
    wanted = ((Call.platform, platform), (Call.agent_id, agent_id))
    return [column == value for column, value in wanted if value is not None]
