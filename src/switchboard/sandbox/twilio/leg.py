"""One leg's way through its statuses: it rings, is answered or not, ends, is told and billed."""

import asyncio
from typing import Any

from switchboard.sandbox.phones.directory import Outcome
from switchboard.sandbox.telephone.page_call import PageCall
from switchboard.sandbox.telephone.telephone import Declined
from switchboard.sandbox.twilio.calls import Call, CallStatus
from switchboard.sandbox.twilio.outgoing import Outgoing, call_fields, terminal_fields
from switchboard.sandbox.world import World

_DIALLING = 0.2
_UNTIL_RINGING = 0.3
_UNTIL_BUSY = 1.0
_UNTIL_BILLED = 3.0
_PRICE_PER_MINUTE = 0.0140


class Leg:
    """Moves one call from status to status and tells its customer."""

    def __init__(self, world: World, call: Call, outgoing: Outgoing) -> None:
        self._world = world
        self._call = call
        self._outgoing = outgoing
        self.page_call: PageCall | None = None
        """The page that answered, where the telephone in the browser was rung."""

    async def ring(self) -> bool:
        """Dial and ring. True: answered and in progress; False: the call is over."""
        clock = self._world.clock
        await clock.sleep(_DIALLING)
        self.enter(CallStatus.INITIATED)
        await clock.sleep(_UNTIL_RINGING)
        self.enter(CallStatus.RINGING)
        if self._world.media.why_not(self._call.household.resident.language) is None:
            self._world.studio.warm()
        missed = await self._missed()
        if missed:
            self.end(missed)
            return False
        self.enter(CallStatus.IN_PROGRESS)
        return True

    def enter(self, status: CallStatus) -> None:
        self._call.enter(status)
        self._outgoing.owe_status(self._call, "answered" if status is CallStatus.IN_PROGRESS else str(status))

    def end(self, status: CallStatus) -> None:
        """Close the call, tell its end and bill it. Nothing happens to one that is over."""
        call = self._call
        if call.is_over:
            return
        never_dialled = call.status is CallStatus.QUEUED
        call.end(status)
        # A call cancelled in the queue ends without a word. Source: Twilio "Calls resource", cancel.
        if not never_dialled:
            self._outgoing.owe_status(call, "completed")
        if call.on_end:
            call.on_end(call_fields(call) | terminal_fields(call))
        if status is CallStatus.COMPLETED:
            self._world.spawn(self._bill())

    async def _missed(self) -> CallStatus | None:
        """What becomes of a call that is not answered; None as soon as somebody picks up."""
        clock, home, timeout = self._world.clock, self._call.household, self._call.order.timeout
        if home.outcome is Outcome.RINGS_A_PAGE:
            return await self._missed_by_pages()
        if home.outcome is Outcome.INVALID:
            return CallStatus.FAILED
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
            self.page_call = ringing.result()
        except Declined:
            return CallStatus.BUSY
        finally:
            await stop(ringing, patience)
        return None

    async def _bill(self) -> None:
        await self._world.clock.sleep(_UNTIL_BILLED)
        minutes = -(-(self._call.duration or 0) // 60)
        self._call.price = f"-{minutes * _PRICE_PER_MINUTE:.4f}"
        self._call.updated_at = self._call.watch.now()


async def stop(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for their end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
