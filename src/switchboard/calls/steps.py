"""The steps of design §6 up to a ringing phone. Each reads the row, does one effect, writes the row."""

from datetime import timedelta

import structlog

from switchboard.agents.model import Agent
from switchboard.agents.repository import Agents
from switchboard.agents.variables import filled, missing, rendered
from switchboard.agents.voicing import Voicing
from switchboard.calls.lifecycle import HANGUP_REQUESTED, News
from switchboard.calls.model import Call
from switchboard.calls.record import CallRecord
from switchboard.calls.repository import Calls
from switchboard.calls.settings import CallSettings
from switchboard.calls.strays import close_stray
from switchboard.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderOutOfQuota,
    ProviderUnavailable,
    ProviderUnclear,
)
from switchboard.providers.normalised import CallStatus, DialOrder, OpenedSession, PhoneSessionOrder
from switchboard.providers.registry import Providers

log = structlog.get_logger(__name__)

_PREPARE_ATTEMPTS = 3
_DIAL_ATTEMPTS = 5
_GRACE_SECONDS = 30
"""How much longer than the conversation the line may last: the platform says good-bye first."""
_LOOK_BACK = timedelta(seconds=3)
"""Carriers date calls in whole seconds and by their own clock."""


class CallSteps:
    """prepare → dial → (locate)."""

    def __init__(
        self,
        *,
        record: CallRecord,
        providers: Providers,
        voicing: Voicing,
        settings: CallSettings,
        public_url: str | None,
    ) -> None:
        self._record = record
        self._providers = providers
        self._voicing = voicing
        self._settings = settings
        self._public_url = public_url

    async def prepare(self, call_id: str, attempt: int) -> None:
        """Open the platform session. Rings nobody, so it may be repeated."""
        async with self._record.database.transaction() as session:
            call = await Calls(session).required(call_id)
            agent = await Agents(session).even_deleted(call.agent_id)
        if call.stage != "queued" or agent is None:
            return
        voiced = await self._voicing.ensured(agent)
        if voiced.refused is not None:
            await self._record.finish(call_id, CallStatus.FAILED, reason="voice_missing", detail=voiced.refused)
            return
        if voiced.replaced is not None:
            await self._record.warn(call_id, voiced.replaced)
        agent = voiced.agent
        try:
            opened = await self._providers.platform(call.platform).open_phone_session(self._order(call, agent))
        except (ProviderUnavailable, ProviderOutOfQuota, ProviderMisconfigured) as error:
            transient = isinstance(error, ProviderUnavailable) and attempt < _PREPARE_ATTEMPTS
            if transient:
                await self._again("calls:prepare", call_id, attempt + 1, delay=0.5 * 2 ** (attempt - 1))
            else:
                await self._reroute(call, agent, error)
        except ProviderError as error:
            await self._record.finish(call_id, CallStatus.FAILED, reason="platform_rejected", detail=error.detail)
        else:
            await self._prepared(call_id, opened, agent.max_duration_seconds + _GRACE_SECONDS)

    async def dial(self, call_id: str, attempt: int) -> None:
        """Ring the phone, once. The intent is on record before the carrier is asked."""
        now = self._record.clock.now()
        async with self._record.database.transaction() as session:
            call = await Calls(session).claim(call_id, "prepared", stage="dialing", dial_intent_at=now)
        if call is None:
            await self._resume_dial(call_id)
            return
        try:
            carrier = self._providers.carrier(call.carrier)
            placed = await carrier.dial(self._dial_order(call))
        except ProviderUnclear:
            await self._again("calls:locate", call_id, 1)
        except ProviderUnavailable as error:
            await self._not_placed(call_id, attempt, error)
        except ProviderError as error:
            reason = str(error.extras.get("reason") or "carrier_rejected")
            await self._record.finish(call_id, CallStatus.FAILED, reason=reason, detail=error.detail)
        else:
            await close_stray(self._record, carrier, await self._record.dialed(call_id, placed), placed)

    async def locate(self, call_id: str, attempt: int) -> None:
        """Find out whether a dial with an unclear outcome rang a phone. It is never repeated."""
        call = await self._record.get(call_id)
        if call.stage != "dialing" or call.dial_intent_at is None or call.from_number is None:
            return
        since = call.dial_intent_at - _LOOK_BACK
        try:
            carrier = self._providers.carrier(call.carrier)
            found = await carrier.find(to=str(call.to_number), from_=call.from_number, since=since)
        except ProviderError as error:
            log.warning("call.locate_failed", call_id=call_id, provider=error.provider, code=error.slug)
            found = []
        async with self._record.database.transaction() as session:
            known = await Calls(session).known_carrier_ids([placed.carrier_id for placed in found])
        ours = [placed for placed in found if placed.carrier_id not in known]
        if ours:
            await self._record.dialed(call_id, ours[-1])
            return
        waited = (self._record.clock.now() - call.dial_intent_at).total_seconds()
        if waited < self._settings.locate_seconds:
            await self._again("calls:locate", call_id, attempt + 1, delay=min(2.0**attempt, 10.0))
            return
        await self._record.finish(
            call_id,
            CallStatus.FAILED,
            reason="dial_unconfirmed",
            detail="The carrier's answer was lost and it shows no such call. The phone was not dialled again; "
            "check the carrier's log before you call once more.",
        )

    def _order(self, call: Call, agent: Agent) -> PhoneSessionOrder:
        values = filled(agent.variables, call.variables)
        return PhoneSessionOrder(
            call_id=call.id,
            remote_agent_id=str(agent.remote_id),
            to=str(call.to_number),
            from_=str(call.from_number),
            first_message=rendered(agent.first_message, values),
            first_speaker=agent.spec().first_speaker,
            language=agent.language,
            variables=values,
            ring_timeout_seconds=self._settings.ring_timeout_seconds,
            max_duration_seconds=agent.max_duration_seconds,
            callback_url=f"{self._public_url}/inbox/{agent.platform}" if self._public_url else None,
        )

    def _dial_order(self, call: Call) -> DialOrder:
        callback = f"{self._public_url}/inbox/{call.carrier}/calls/{call.id}" if self._public_url else None
        return DialOrder(
            call_id=call.id,
            to=str(call.to_number),
            from_=str(call.from_number),
            twiml=str(call.twiml),
            status_callback=callback,
            ring_timeout_seconds=self._settings.ring_timeout_seconds,
            time_limit_seconds=call.time_limit_seconds,
        )

    async def _prepared(self, call_id: str, opened: OpenedSession, time_limit_seconds: int) -> None:
        async with self._record.database.transaction() as session:
            call = await Calls(session).claim(
                call_id,
                "queued",
                stage="prepared",
                session_id=opened.session_id,
                twiml=opened.twiml,
                time_limit_seconds=time_limit_seconds,
            )
            if call is None:
                return  # hung up meanwhile: the session ends by itself when nobody joins
            await self._record.jobs.defer(session, "calls:dial", call_id=call_id)
            news = News([("call.prepared", {"platform": call.platform, "session_id": opened.session_id})])
            await self._record.tell(session, call, news)

    async def _reroute(self, call: Call, agent: Agent, error: ProviderError) -> None:
        """Hand the call to the agent's twin, before any phone rang; without one it fails."""
        async with self._record.database.transaction() as session:
            twin = await Agents(session).even_deleted(agent.fallback_agent_id) if agent.fallback_agent_id else None
            if twin is not None and call.rerouted_from is None and _can_take(twin, call):
                moved = await Calls(session).claim(
                    call.id, "queued", agent_id=twin.id, platform=twin.platform, rerouted_from=agent.id
                )
                if moved is not None:
                    await self._record.jobs.defer(session, "calls:prepare", call_id=call.id)
                    told = {"from": agent.id, "to": twin.id, "reason": error.slug, "detail": error.detail}
                    await self._record.tell(session, moved, News([("call.rerouted", told)]))
                return
        reason = "platform_unavailable" if isinstance(error, ProviderUnavailable) else error.slug.replace("-", "_")
        await self._record.finish(call.id, CallStatus.FAILED, reason=reason, detail=error.detail)

    async def _resume_dial(self, call_id: str) -> None:
        call = await self._record.get(call_id)
        if call.stage == "dialing":  # a worker died between intent and answer
            await self._again("calls:locate", call_id, 1)
        elif call.stage == "prepared" and call.hangup_requested_at:
            await self._cancelled(call_id)

    async def _cancelled(self, call_id: str) -> None:
        await self._record.finish(
            call_id, CallStatus.CANCELED, reason=HANGUP_REQUESTED, detail="Hung up before the phone rang."
        )

    async def _not_placed(self, call_id: str, attempt: int, error: ProviderUnavailable) -> None:
        """The carrier certainly did not ring: try again later, a few times."""
        if attempt >= _DIAL_ATTEMPTS:
            await self._record.finish(
                call_id, CallStatus.FAILED, reason="carrier_unavailable", detail=error.detail
            )
            return
        async with self._record.database.transaction() as session:
            call = await Calls(session).claim(call_id, "dialing", stage="prepared", dial_intent_at=None)
            if call is not None:
                delay = min(error.retry_after, 30.0)
                await self._record.jobs.defer(
                    session, "calls:dial", delay_seconds=delay, call_id=call_id, attempt=attempt + 1
                )
        if call is None:
            await self._cancelled(call_id)

    async def _again(self, task: str, call_id: str, attempt: int, *, delay: float = 0.0) -> None:
        async with self._record.database.transaction() as session:
            await self._record.jobs.defer(session, task, delay_seconds=delay, call_id=call_id, attempt=attempt)


def _can_take(twin: Agent, call: Call) -> bool:
    return twin.status == "active" and not missing(twin.variables, call.variables)
