"""One call's life on sandbox time: dialled, ringing, answered, talking, over, billed."""

import asyncio
import logging
import math
import random
from typing import Any

from switchboard.sandbox.phones.directory import Outcome
from switchboard.sandbox.telephone.page_call import PageCall
from switchboard.sandbox.telephone.telephone import Declined
from switchboard.sandbox.twilio.calls import Call, CallStatus, Script
from switchboard.sandbox.twilio.outgoing import Outgoing, call_fields, terminal_fields
from switchboard.sandbox.twilio.party import Party
from switchboard.sandbox.twilio.stage import Stage
from switchboard.sandbox.twilio.twiml import Playback
from switchboard.sandbox.world import World

_DIALLING = 0.2
_UNTIL_RINGING = 0.3
_UNTIL_BUSY = 1.0
_UNTIL_BILLED = 3.0
_PRICE_PER_MINUTE = 0.0140
_HUMAN_AFTER = 3.0
_MACHINE_AFTER = 4.0
_GREETING_ENDS_AFTER = 9.0

_log = logging.getLogger(__name__)


class Driver:
    """Moves one call forward in a task of its own."""

    def __init__(self, world: World, call: Call, outgoing: Outgoing, ids: random.Random) -> None:
        self._world = world
        self._call = call
        self._outgoing = outgoing
        self._ids = ids
        self._next: Script | None = call.order.script
        self._playing: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._page_call: PageCall | None = None
        self.playback: Playback | None = None
        """There while the call is in progress."""

    def start(self) -> asyncio.Task[None]:
        self._task = self._world.spawn(self._live())
        return self._task

    def hang_up(self) -> None:
        """End the call from the caller's side: `completed` once answered, else `canceled`."""
        if self._call.is_over:
            return
        self._end(CallStatus.CANCELED if self._call.is_waiting else CallStatus.COMPLETED)
        if self._task:
            self._task.cancel()

    def redirect(self, script: Script) -> None:
        """Replace what runs now; the call must be in progress."""
        self._next = script
        if self._playing:
            self._playing.cancel()

    async def _live(self) -> None:
        if await self._ring():
            await self._answered()
            self._end(CallStatus.COMPLETED)

    async def _ring(self) -> bool:
        clock = self._world.clock
        await clock.sleep(_DIALLING)
        self._enter(CallStatus.INITIATED)
        await clock.sleep(_UNTIL_RINGING)
        self._enter(CallStatus.RINGING)
        if self._world.media.why_not(self._call.household.resident.language) is None:
            self._world.studio.warm()
        missed = await self._missed()
        if missed:
            self._end(missed)
            return False
        self._enter(CallStatus.IN_PROGRESS)
        return True

    async def _missed(self) -> CallStatus | None:
        """What becomes of a call that is not answered; None as soon as somebody picks up."""
        clock, home, timeout = self._world.clock, self._call.household, self._call.order.timeout
        if home.outcome is Outcome.RINGS_A_PAGE:
            return await self._missed_by_pages()
        if home.outcome is Outcome.BUSY:
            await clock.sleep(_UNTIL_BUSY)
            return CallStatus.BUSY
        if home.outcome is Outcome.NO_ANSWER or home.picks_up_after > timeout:
            await clock.sleep(timeout)
            return CallStatus.NO_ANSWER
        await clock.sleep(home.picks_up_after)
        return None

    async def _missed_by_pages(self) -> CallStatus | None:
        call = self._call
        ringing = asyncio.create_task(self._world.telephone.ring(call.sid, call.order.from_))
        patience = asyncio.create_task(self._world.clock.sleep(call.order.timeout))
        try:
            await asyncio.wait({ringing, patience}, return_when=asyncio.FIRST_COMPLETED)
            if not ringing.done():
                return CallStatus.NO_ANSWER
            self._page_call = ringing.result()
        except Declined:
            return CallStatus.BUSY
        finally:
            await _stop(ringing, patience)
        return None

    async def _answered(self) -> None:
        call, world = self._call, self._world
        party = Party(world, call, self._page_call)
        stage = Stage(world, call, party, self._outgoing, self._ids)
        playback = self.playback = Playback(stage)
        why_not = world.media.why_not(party.person.language)
        if why_not is None:
            party.lift()
        else:
            call.media_note = why_not
        try:
            await self._hold_line(playback, party)
        finally:
            self.playback = None
            await playback.close()
            await party.leave()

    async def _hold_line(self, playback: Playback, party: Party) -> None:
        limit = min(self._call.order.time_limit, self._call.household.hangs_up_after or math.inf)
        timer = asyncio.create_task(self._world.clock.sleep(limit))
        gone = asyncio.create_task(party.gone())
        detection = asyncio.create_task(self._detect_machine())
        ends = {timer, gone}
        try:
            if self._call.order.detection and not self._call.order.detection.asynchronous:
                await asyncio.wait({*ends, detection}, return_when=asyncio.FIRST_COMPLETED)
            while self._next and not any(end.done() for end in ends):
                await self._play_next(playback, ends)
        finally:
            await _stop(timer, gone, detection)

    async def _play_next(self, playback: Playback, ends: set[asyncio.Task[None]]) -> None:
        assert self._next is not None
        playing = self._playing = asyncio.create_task(playback.run(self._next))
        self._next = None
        try:
            await asyncio.wait({*ends, playing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._playing = None
            await _stop(playing)
        error = None if playing.cancelled() else playing.exception()
        if error:
            _log.error("A stream of call %s broke", self._call.sid, exc_info=error)
            self._call.warn(31921, f"the stream broke: {error!r}")

    async def _detect_machine(self) -> None:
        detection, machine = self._call.order.detection, self._call.household.is_machine
        if detection is None:
            return
        greeted = _GREETING_ENDS_AFTER if detection.waits else _MACHINE_AFTER
        seconds = greeted if machine else _HUMAN_AFTER
        await self._world.clock.sleep(seconds)
        kind = "machine_end_beep" if detection.waits else "machine_start"
        self._call.answered_by = kind if machine else "human"
        if detection.asynchronous and detection.tells:
            fields = {
                "CallSid": self._call.sid,
                "AccountSid": self._call.account_sid,
                "AnsweredBy": self._call.answered_by,
                "MachineDetectionDuration": str(round(seconds * 1000)),
            }
            self._outgoing.owe(self._call, detection.tells, fields)

    def _enter(self, status: CallStatus) -> None:
        self._call.enter(status)
        self._outgoing.owe_status(self._call, "answered" if status is CallStatus.IN_PROGRESS else str(status))

    def _end(self, status: CallStatus) -> None:
        call = self._call
        never_dialled = call.status is CallStatus.QUEUED
        call.end(status)
        # A call cancelled in the queue ends without a word. Source: Twilio "Calls resource", cancel.
        if not never_dialled:
            self._outgoing.owe_status(call, "completed")
        if call.on_end:
            call.on_end(call_fields(call) | terminal_fields(call))
        if status is CallStatus.COMPLETED:
            self._world.spawn(self._bill())

    async def _bill(self) -> None:
        await self._world.clock.sleep(_UNTIL_BILLED)
        minutes = -(-(self._call.duration or 0) // 60)
        self._call.price = f"-{minutes * _PRICE_PER_MINUTE:.4f}"
        self._call.updated_at = self._call.watch.now()


async def _stop(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
