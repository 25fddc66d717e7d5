"""Every query on calls. Holds a session, never commits it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.calls.errors import UnknownCall
from switchboard.calls.model import Call, CallCost, CallTurn
from switchboard.calls.schemas import CallFilter
from switchboard.providers.normalised import CostLine, Turn

_CALLS = cast(Table, Call.__table__)
_INSERT = _CALLS.insert()


class Calls:
    """Calls with their turns and costs."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, call: Call) -> None:
        """Insert a new call. Not through the unit of work, which costs more than the insert itself."""
        values = {column.key: getattr(call, column.key) for column in _CALLS.columns}
        await self._session.execute(_INSERT, values)

    async def find(self, call_id: str) -> Call | None:
        return await self._session.get(Call, call_id)

    async def required(self, call_id: str) -> Call:
        call = await self._session.get(Call, call_id)
        if call is None:
            raise UnknownCall(call_id)
        return call

    async def locked(self, call_id: str) -> Call:
        """The call with its row locked until the transaction ends, so that news is taken in one by one."""
        call = await self._session.get(Call, call_id, with_for_update=True)
        if call is None:
            raise UnknownCall(call_id)
        return call

    async def by_session_id(self, session_id: str) -> Call | None:
        return await self._session.scalar(select(Call).where(Call.session_id == session_id))

    async def claim(self, call_id: str, at_stage: str, **values: Any) -> Call | None:
        """The call, moved on from `at_stage`; None when it is not (or no longer) there or was hung up."""
        claimed = await self._session.scalars(
            update(Call)
            .where(Call.id == call_id, Call.stage == at_stage, Call.hangup_requested_at.is_(None))
            .values(**values)
            .returning(Call)
        )
        return claimed.one_or_none()

    async def known_carrier_ids(self, carrier_ids: Sequence[str]) -> set[str]:
        rows = await self._session.scalars(select(Call.carrier_id).where(Call.carrier_id.in_(carrier_ids)))
        return {carrier_id for carrier_id in rows if carrier_id}

    async def unsettled_before(self, instant: datetime, limit: int) -> Sequence[str]:
        query = select(Call.id).where(Call.settled_at.is_(None), Call.created_at < instant)
        return (await self._session.scalars(query.order_by(Call.created_at).limit(limit))).all()

    async def turns(self, call_id: str) -> Sequence[CallTurn]:
        query = select(CallTurn).where(CallTurn.call_id == call_id).order_by(CallTurn.index)
        return (await self._session.scalars(query)).all()

    async def write_turns(self, call_id: str, turns: Sequence[Turn]) -> None:
        """Insert or correct turns by their index."""
        if not turns:
            return
        rows = [
            {
                "call_id": call_id,
                "index": turn.index,
                "role": turn.role,
                "text": turn.text,
                "at_seconds": turn.at_seconds,
                "interrupted": turn.interrupted,
            }
            for turn in turns
        ]
        statement = insert(CallTurn)
        changes = {name: statement.excluded[name] for name in ("role", "text", "at_seconds", "interrupted")}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["call_id", "index"], set_=changes), rows
        )

    async def costs(self, call_id: str) -> Sequence[CallCost]:
        query = select(CallCost).where(CallCost.call_id == call_id).order_by(CallCost.provider, CallCost.item)
        return (await self._session.scalars(query)).all()

    async def write_costs(self, call_id: str, lines: Sequence[CostLine]) -> None:
        """Insert or correct the ledger's lines by provider and item."""
        for line in lines:
            values: Mapping[str, Any] = {
                "micros": line.cost.micros,
                "currency": line.cost.currency,
                "quantity": line.quantity,
                "unit": line.unit,
                "final": line.final,
            }
            statement = insert(CallCost).values(call_id=call_id, provider=line.provider, item=line.item, **values)
            await self._session.execute(
                statement.on_conflict_do_update(index_elements=["call_id", "provider", "item"], set_=dict(values))
            )

    async def page(
        self, filters: Sequence[ColumnElement[bool]], *, after: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Call]:
        """Newest first, after the (created, id) of `after`."""
        query = select(Call).where(*filters)
        if after is not None:
            query = query.where(tuple_(Call.created_at, Call.id) < tuple_(*after))
        query = query.order_by(Call.created_at.desc(), Call.id.desc()).limit(limit)
        return (await self._session.scalars(query)).all()

    async def count(self, filters: Sequence[ColumnElement[bool]], *, at_most: int) -> int:
        """How many there are; not counted beyond `at_most`."""
        some = select(Call.id).where(*filters).limit(at_most).subquery()
        return int(await self._session.scalar(select(func.count()).select_from(some)) or 0)

    async def running(self, agent_id: str) -> int:
        """How many calls of this agent did not end yet."""
        query = select(func.count()).select_from(Call).where(Call.agent_id == agent_id, Call.ended_at.is_(None))
        return int(await self._session.scalar(query) or 0)


def matching(wanted: CallFilter) -> list[ColumnElement[bool]]:
    """Filters for a list."""
    equal = (
        (Call.agent_id, wanted.agent_id),
        (Call.platform, wanted.platform),
        (Call.reason, wanted.reason),
        (Call.to_number, wanted.to),
        (Call.direction, wanted.direction),
    )
    found = [column == value for column, value in equal if value is not None]
    if wanted.status:
        found.append(Call.status.in_([status.value for status in wanted.status]))
    if wanted.number:
        found.append(Call.to_number.contains(wanted.number, autoescape=True))
    if wanted.text:
        said = CallTurn.text.icontains(wanted.text, autoescape=True)
        found.append(Call.id.in_(select(CallTurn.call_id).where(said)))
    if wanted.created_from is not None:
        found.append(Call.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found.append(Call.created_at < wanted.created_to)
    return found
