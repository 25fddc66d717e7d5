"""The steps of design §6 from a ringing phone to the settled truth."""

from datetime import timedelta

import structlog

from switchboard.calls import lifecycle
from switchboard.calls.lifecycle import HANGUP_REQUESTED
from switchboard.calls.model import BROWSER, Call
from switchboard.calls.record import FOLLOW, CallRecord
from switchboard.calls.repository import Calls
from switchboard.calls.settings import CallSettings
from switchboard.calls.talk_watch import Watch, look_at_talk
from switchboard.providers.errors import ProviderError, ProviderMissing
from switchboard.providers.normalised import CallStatus, CarrierCall, SessionReport, SessionState
from switchboard.providers.registry import Providers

log = structlog.get_logger(__name__)

_STUCK = timedelta(minutes=10)
_WATCH_AT_ONCE = 200
_NEVER_DIALLED = "The call waited too long to be dialled. Is a worker running?"
_SILENT = "The agent has said nothing since the call was answered. Listen in, or hang up."
_NEVER_BEGAN = "The conversation never began: Switchboard stopped before the platform had answered."


class CallFollowing:
    """follow → settle, beside hang up and watch."""

    def __init__(
        self, *, record: CallRecord, providers: Providers, settings: CallSettings, has_callbacks: bool
    ) -> None:
        self._record = record
        self._providers = providers
        self._settings = settings
        self._carrier_poll = settings.carrier_poll_seconds if has_callbacks else settings.poll_seconds

    async def follow(self, call_id: str) -> None:
        """Look at both legs until the carrier's is over. Callbacks and webhooks only make this faster."""
        watch = Watch()
        while True:
            call = await self._record.get(call_id)
            if call.current.final:
                return
            try:
                if call.direction == BROWSER:
                    await look_at_talk(self._record, self._providers, self._settings, call, watch)
                else:
                    await self._look(call, watch)
            except ProviderError as error:
                log.warning("call.follow_failed", call_id=call_id, provider=error.provider, code=error.slug)
            await self._record.clock.sleep(self._settings.poll_seconds)

    async def settle(self, call_id: str, attempt: int) -> None:
        """Bring an ended call to its final transcript, recording, analysis and cost."""
        call = await self._record.get(call_id)
        if call.settled_at or not call.current.final:
            return
        final = True
        try:
            final = await self._collect_carrier(call)
            final = await self._collect_platform(call) and final
        except ProviderError as error:
            log.warning("call.settle_failed", call_id=call_id, provider=error.provider, code=error.slug)
            final = False
        if final or self._over_for(call) > self._settings.settle_seconds:
            await self._settled(call_id)
            return
        async with self._record.database.transaction() as session:
            delay = min(0.5 * 2 ** (attempt - 1), 30.0)
            await self._record.jobs.defer(
                session, "calls:settle", delay_seconds=delay, call_id=call_id, attempt=attempt + 1
            )

    async def hang_up(self, call_id: str, attempt: int) -> None:
        """End a call that was asked to end. Harmless to repeat."""
        call = await self._record.get(call_id)
        if call.current.final:
            return
        if call.stage in {"queued", "prepared"}:
            await self._record.finish(
                call_id, CallStatus.CANCELED, reason=HANGUP_REQUESTED, detail="Hung up before the phone rang."
            )
            return
        try:
            await self._end_line(call)
        except ProviderError as error:
            log.warning("call.hangup_failed", call_id=call_id, provider=error.provider, code=error.slug)
        # Carriers answer reads late; until the end is seen (or the dial has an answer), look again.
        async with self._record.database.transaction() as session:
            await self._record.jobs.defer(
                session,
                "calls:hang_up",
                delay_seconds=min(0.5 * 2 ** (attempt - 1), 30.0),
                call_id=call_id,
                attempt=attempt + 1,
            )

    async def _end_line(self, call: Call) -> None:
        if call.carrier_id is not None:
            carrier = self._providers.carrier(call.carrier)
            await carrier.hang_up(call.carrier_id)
            await self._record.hear_carrier(call.id, await carrier.fetch(call.carrier_id))
        elif call.direction == BROWSER and call.session_id is not None:
            # Where the platform cannot end it, the process that holds the conversation does.
            await self._providers.platform(call.platform).end_session(call.session_id)

    async def watch(self) -> None:
        """Find calls that nobody moves any more and start them again or end them."""
        now = self._record.clock.now()
        async with self._record.database.transaction() as session:
            stale = await Calls(session).unsettled_before(now - _STUCK, _WATCH_AT_ONCE)
        for call_id in stale:
            call = await self._record.get(call_id)
            if call.current.final:
                await self._record.start("calls:settle", call.id)
            elif call.stage == "dialing":
                await self._record.start("calls:locate", call.id)
            elif call.stage in {"dialed", "talking"}:
                await self._record.start(FOLLOW, call.id)
            else:
                said = _NEVER_BEGAN if call.direction == BROWSER else _NEVER_DIALLED
                await self._record.finish(
                    call_id, CallStatus.FAILED, reason="stuck", detail=said, at=("queued", "prepared")
                )

    async def _look(self, call: Call, watch: Watch) -> None:
        now = self._record.clock.monotonic()
        if call.carrier_id is not None and now >= watch.carrier_due:
            watch.carrier_due = now + self._carrier_poll
            call = await self._ask_carrier(call, call.carrier_id, watch, now)
        if call.current is not CallStatus.IN_PROGRESS or call.session_id is None:
            return
        report = await self._providers.platform(call.platform).fetch_session(call.session_id)
        if watch.is_news(report):
            await self._record.hear_platform(call.id, report)
        if watch.is_silent(report, now, self._settings.silent_seconds):
            await self._record.warn(call.id, _SILENT)
        await self._end_lingering_line(call, report, watch, now)

    async def _ask_carrier(self, call: Call, carrier_id: str, watch: Watch, now: float) -> Call:
        try:
            heard = await self._providers.carrier(call.carrier).fetch(carrier_id)
        except ProviderMissing:
            # A call that was placed a moment ago may not be readable yet; one that stays unknown is gone.
            watch.missing_since = watch.missing_since or now
            if now - watch.missing_since < self._settings.linger_seconds:
                return call
            gone = "The carrier does not know this call any more."
            return await self._record.finish(
                call.id, CallStatus.FAILED, reason="carrier_lost_call", detail=gone, at=("dialed",)
            )
        watch.missing_since = None
        if heard.status.rank > call.current.rank:
            call = await self._record.hear_carrier(call.id, heard)
        return call

    async def _end_lingering_line(self, call: Call, report: SessionReport, watch: Watch, now: float) -> None:
        """The conversation is over but the line is still open, and costs money: close it."""
        if not report.state.over:
            return
        watch.lingering_since = watch.lingering_since or now
        if now - watch.lingering_since >= self._settings.linger_seconds and call.carrier_id is not None:
            watch.lingering_since = now
            await self._record.warn(call.id, "The line stayed open after the conversation; we closed it.")
            await self._providers.carrier(call.carrier).hang_up(call.carrier_id)

    async def _collect_carrier(self, call: Call) -> bool:
        """True when the carrier's leg is over and its cost will not change."""
        if call.carrier_id is None:
            return True
        carrier = self._providers.carrier(call.carrier)
        try:
            heard = await carrier.fetch(call.carrier_id)
        except ProviderMissing:
            return True
        if not heard.status.final:
            await carrier.hang_up(call.carrier_id)
            return False
        await self._record.hear_carrier(call.id, heard)
        return _costs_final(heard)

    async def _collect_platform(self, call: Call) -> bool:
        """True when the platform's session is over, analysed and billed."""
        if call.session_id is None:
            return True
        platform = self._providers.platform(call.platform)
        try:
            report = await platform.fetch_session(call.session_id)
        except ProviderMissing:
            return True
        await self._record.hear_platform(call.id, report)
        if report.state is SessionState.LIVE:
            await platform.end_session(call.session_id)
        if not lifecycle.needs_transcript(call):
            return report.state is not SessionState.LIVE
        if report.state is SessionState.WAITING:  # the line is gone, so nobody can join any more
            return self._over_for(call) > self._settings.linger_seconds
        return report.state in {SessionState.FINAL, SessionState.FAILED}

    def _over_for(self, call: Call) -> float:
        """Seconds since the call ended."""
        return (self._record.clock.now() - (call.ended_at or call.created_at)).total_seconds()

    async def _settled(self, call_id: str) -> None:
        async with self._record.database.transaction() as session:
            call = await Calls(session).locked(call_id)
            if call.settled_at is None:
                await self._record.tell(session, call, lifecycle.settle(call, self._record.clock.now()))


def _costs_final(heard: CarrierCall) -> bool:
    return all(line.final for line in heard.costs)
