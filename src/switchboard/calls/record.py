"""Takes news into a call's rows: one locked row, one transaction, events last."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.calls import lifecycle
from switchboard.calls.lifecycle import HANGUP_REQUESTED, News
from switchboard.calls.model import Call
from switchboard.calls.repository import Calls
from switchboard.core.clock import Clock
from switchboard.events.schemas import NewEvent
from switchboard.events.service import EventLog
from switchboard.jobs.app import Jobs
from switchboard.persistence.database import Database
from switchboard.providers.normalised import CallStatus, CarrierCall, CostLine, SessionReport

FOLLOW = "follow:follow"


class CallRecord:
    """The only writer of a call's status, turns and costs once the call exists."""

    def __init__(self, *, database: Database, events: EventLog, jobs: Jobs, clock: Clock) -> None:
        self.database = database
        self.events = events
        self.jobs = jobs
        self.clock = clock

    async def get(self, call_id: str) -> Call:
        async with self.database.transaction() as session:
            return await Calls(session).required(call_id)

    async def dialed(self, call_id: str, placed: CarrierCall) -> Call:
        """The carrier has accepted the call: from now on it is followed."""
        return await self.hear_carrier(call_id, placed, at_least=CallStatus.INITIATED)

    async def hear_carrier(
        self, call_id: str, heard: CarrierCall, *, at_least: CallStatus = CallStatus.QUEUED
    ) -> Call:
        """Take the carrier's news in; whoever brings the first of a call, also starts following it."""
        async with self.database.transaction() as session:
            call = await Calls(session).locked(call_id)
            unknown = call.carrier_id is None
            news = lifecycle.hear_carrier(call, heard, self.clock.now())
            if not news.events:
                news = lifecycle.advance(call, at_least, self.clock.now())
            if unknown and not call.current.final:
                await self._follow(session, call_id)
            await self._write_costs(session, call, heard.costs)
            await self.tell(session, call, news)
        return call

    async def hear_platform(self, call_id: str, report: SessionReport) -> Call:
        async with self.database.transaction() as session:
            calls = Calls(session)
            call = await calls.locked(call_id)
            lifecycle.hear_platform(call, report)
            turns = lifecycle.changed_turns(await calls.turns(call_id), report.turns)
            await calls.write_turns(call_id, turns)
            await self._write_costs(session, call, report.costs)
            told = [("call.turn", _told(turn)) for turn in turns]
            await self.tell(session, call, News(told))
        return call

    async def finish(
        self,
        call_id: str,
        status: CallStatus,
        *,
        reason: str,
        detail: str,
        at: Collection[str] = ("queued", "prepared", "dialing"),
    ) -> Call:
        """End a call while it is at one of these stages; quiet when it has moved on meanwhile."""
        async with self.database.transaction() as session:
            call = await Calls(session).locked(call_id)
            if call.stage not in at:
                return call
            news = lifecycle.advance(call, status, self.clock.now(), reason=reason, detail=detail)
            await self.tell(session, call, news)
        return call

    async def talking(self, call_id: str, session_id: str, time_limit_seconds: int) -> Call | None:
        """A conversation in the browser has begun; None when the call was ended meanwhile."""
        async with self.database.transaction() as session:
            call = await Calls(session).claim(
                call_id, "queued", stage="talking", session_id=session_id, time_limit_seconds=time_limit_seconds
            )
            if call is None:
                return None
            news = lifecycle.advance(call, CallStatus.IN_PROGRESS, self.clock.now())
            prepared = {"platform": call.platform, "session_id": session_id}
            news.events.insert(0, ("call.prepared", prepared))
            await self._follow(session, call_id)
            await self.tell(session, call, news)
        return call

    async def talked(self, call_id: str, *, reason: str | None, detail: str | None) -> Call:
        """A conversation in the browser is over; quiet when that is known."""
        async with self.database.transaction() as session:
            call = await Calls(session).locked(call_id)
            if call.stage != "talking":
                return call
            told = HANGUP_REQUESTED if call.hangup_requested_at else reason
            news = lifecycle.advance(call, CallStatus.COMPLETED, self.clock.now(), reason=told, detail=detail)
            await self.tell(session, call, news)
        return call

    async def warn(self, call_id: str, message: str) -> None:
        """Put something on record that a person should know about this call."""
        async with self.database.transaction() as session:
            call = await Calls(session).required(call_id)
            await self.tell(session, call, News([("call.warning", {"message": message})]))

    async def start(self, task: str, call_id: str) -> None:
        """Start a step of this call unless it waits to run already."""
        async with self.database.transaction() as session:
            if task == FOLLOW:
                await self._follow(session, call_id)
            else:
                await self.jobs.defer(session, task, queueing_lock=f"{task}:{call_id}", call_id=call_id)

    async def tell(self, session: AsyncSession, call: Call, news: News) -> None:
        """Append the events and start settling an ended call, in the same transaction."""
        if news.ended:
            await self.jobs.defer(session, "calls:settle", call_id=call.id)
        await session.flush()
        await self.events.append_all(
            session,
            [NewEvent(kind, call_id=call.id, agent_id=call.agent_id, data=data) for kind, data in news.events],
        )

    async def _follow(self, session: AsyncSession, call_id: str) -> None:
        """One follower is enough, even for two workers."""
        await self.jobs.defer(session, FOLLOW, queueing_lock=f"{FOLLOW}:{call_id}", lock=call_id, call_id=call_id)

    async def _write_costs(self, session: AsyncSession, call: Call, lines: Sequence[CostLine]) -> None:
        if not lines:
            return
        calls = Calls(session)
        await calls.write_costs(call.id, lines)
        ledger = await calls.costs(call.id)
        call.cost_micros = sum(line.micros for line in ledger)
        call.cost_currency = ledger[0].currency
        call.cost_final = all(line.final for line in ledger)


def _told(turn: object) -> dict[str, object]:
    return {name: getattr(turn, name) for name in ("index", "role", "text", "at_seconds", "interrupted")}
