"""The use cases of calls. None of them talks to a provider except to read a recording: jobs do the rest."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from switchboard.agents.errors import AgentNotReady, UnknownAgent
from switchboard.agents.repository import Agents, CallableAgent
from switchboard.agents.variables import filled, missing
from switchboard.calls.errors import CallAlreadyEnded, InvalidCall, NoRecording
from switchboard.calls.lifecycle import News
from switchboard.calls.model import Call, CallCost, CallTurn
from switchboard.calls.record import CallRecord
from switchboard.calls.recordings import Recording, Recordings
from switchboard.calls.repository import Calls, matching
from switchboard.calls.schemas import CallFilter, CallIn
from switchboard.core.errors import FieldError
from switchboard.core.ids import new_id
from switchboard.providers.errors import ProviderError, ProviderMissing
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import CallStatus
from switchboard.providers.registry import Providers

_COUNTED = 10_000
_BATCH = 500
_EXPORTED = 100_000


class CallService:
    """Place, list, read and hang up calls."""

    def __init__(
        self,
        *,
        record: CallRecord,
        recordings: Recordings,
        providers: Providers,
        health: HealthMonitor,
        carrier: str,
    ) -> None:
        self._record = record
        self._recordings = recordings
        self._providers = providers
        self._health = health
        self._carrier = carrier

    async def place(self, session: AsyncSession, wanted: CallIn, platform: str | None = None) -> Call:
        """Write the call and its first job; the caller's transaction makes both real or neither.

        With `platform`, agents of other platforms are unknown.
        Raises: UnknownAgent; AgentNotReady; InvalidCall with every wrong field; ProviderMisconfigured when
        the agent's platform or the carrier is off and no twin can step in.
        """
        agent = await Agents(session).for_call(wanted.agent_id)
        if platform not in (None, agent.platform):
            raise UnknownAgent(agent.id)
        if agent.status != "active" or agent.remote_id is None:
            raise AgentNotReady(f"The agent is {agent.status}. Activate it before it makes calls.")
        await self._require_platform(session, agent)
        self._health.require(self._carrier)
        origin = wanted.from_ or self._providers.carrier(self._carrier).default_number
        _check(agent, wanted, origin)
        call = self._new(agent, wanted, origin)
        await Calls(session).add(call)
        await self._record.jobs.defer(session, "calls:prepare", call_id=call.id)
        told = {"status": call.status, "to": call.to_number, "platform": call.platform}
        await self._record.tell(session, call, News([("call.queued", told)]))
        return call

    async def get(self, call_id: str) -> Call:
        return await self._record.get(call_id)

    async def agent_names(self, session: AsyncSession | None, *calls: Call) -> Mapping[str, str]:
        """The names of the calls' agents by id; `session` is one that is open already."""
        wanted = {call.agent_id for call in calls}
        if session is not None:
            return await Agents(session).names(wanted)
        async with self._record.database.transaction() as own:
            return await Agents(own).names(wanted)

    async def page(
        self, wanted: CallFilter, *, after: tuple[datetime, str] | None, limit: int
    ) -> tuple[Sequence[Call], int | None]:
        """At most `limit + 1` calls, newest first: the extra one tells that there are more.

        With the first page the number of all, unless there are more than 10,000.
        """
        async with self._record.database.transaction() as session:
            calls, filters = Calls(session), matching(wanted)
            found = await calls.page(filters, after=after, limit=limit + 1)
            if after is not None:
                return found, None
            if len(found) <= limit:
                return found, len(found)
            total = await calls.count(filters, at_most=_COUNTED + 1)
        return found, total if total <= _COUNTED else None

    async def all(self, wanted: CallFilter) -> AsyncIterator[Sequence[tuple[Call, str]]]:
        """Every wanted call with its agent's name, newest first, in batches; at most 100,000."""
        after: tuple[datetime, str] | None = None
        for _ in range(_EXPORTED // _BATCH):
            async with self._record.database.transaction() as session:
                calls = await Calls(session).page(matching(wanted), after=after, limit=_BATCH)
                names = await Agents(session).names({call.agent_id for call in calls})
            if calls:
                yield [(call, names.get(call.agent_id, "")) for call in calls]
            if len(calls) < _BATCH:
                return
            after = calls[-1].created_at, calls[-1].id

    async def transcript(self, call_id: str) -> Sequence[CallTurn]:
        """Turns so far; the whole conversation once the call is settled."""
        async with self._record.database.transaction() as session:
            calls = Calls(session)
            await calls.required(call_id)
            return await calls.turns(call_id)

    async def costs(self, call_id: str) -> tuple[Call, Sequence[CallCost]]:
        async with self._record.database.transaction() as session:
            calls = Calls(session)
            return await calls.required(call_id), await calls.costs(call_id)

    async def recording(self, call_id: str) -> Recording:
        """The platform's recording. Raises: NoRecording; the provider errors."""
        call = await self._record.get(call_id)
        if call.has_recording and call.session_id is not None:
            platform = self._providers.platform(call.platform)
            fetch = partial(platform.recording, call.session_id)
            try:
                return await self._recordings.get(call.id, fetch, final=call.settled_at is not None)
            except ProviderMissing:
                pass
        raise NoRecording("There is no recording of this call (yet). Recordings appear after a call has ended.")

    async def hang_up(self, call_id: str) -> Call:
        """Ask for the end of a call; what happens then is told by its events. Repeating it is harmless.

        Raises: CallAlreadyEnded.
        """
        async with self._record.database.transaction() as session:
            call = await Calls(session).locked(call_id)
            if call.current.final:
                raise CallAlreadyEnded(
                    f"The call ended at {call.ended_at:%Y-%m-%d %H:%M:%S} UTC as {call.status}."
                )
            if call.hangup_requested_at is None:
                call.hangup_requested_at = self._record.clock.now()
                await self._record.jobs.defer(session, "calls:hang_up", call_id=call_id)
                await self._record.tell(session, call, News([("call.hangup_requested", {})]))
        return call

    async def _require_platform(self, session: AsyncSession, agent: CallableAgent) -> None:
        try:
            self._health.require(agent.platform)
        except ProviderError:
            twin = await Agents(session).even_deleted(agent.fallback_agent_id) if agent.fallback_agent_id else None
            if twin is None or twin.status != "active":
                raise
            self._health.require(twin.platform)

    def _new(self, agent: CallableAgent, wanted: CallIn, origin: str | None) -> Call:
        return Call(
            id=new_id("call"),
            agent_id=agent.id,
            platform=agent.platform,
            carrier=self._carrier,
            direction="outbound",
            to_number=wanted.to,
            from_number=origin,
            status=CallStatus.QUEUED.value,
            stage="queued",
            variables=filled(agent.variables, wanted.variables),
            created_at=self._record.clock.now(),
            cost_final=False,
            has_recording=False,
            raw={},
        )


def _check(agent: CallableAgent, wanted: CallIn, origin: str | None) -> None:
    """Everything wrong at once."""
    errors = [
        FieldError(f"variables.{name}", f"The agent needs a value for {{{{{name}}}}}. Send it in variables.")
        for name in missing(agent.variables, wanted.variables)
    ]
    if origin is None:
        message = "No number to call from is set. Set TWILIO_PHONE_NUMBER or send from."
        errors.append(FieldError("from", message))
    elif origin == wanted.to:
        errors.append(FieldError("to", "A number cannot call itself."))
    if errors:
        raise InvalidCall.of(errors)
