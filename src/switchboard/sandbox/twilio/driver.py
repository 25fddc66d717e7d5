"""One call's life on sandbox time: dialled, ringing, answered, talking, over, billed."""

import asyncio
import logging
import math
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from switchboard.sandbox.twilio.calls import Call, CallStatus, Script
from switchboard.sandbox.twilio.documents import Document
from switchboard.sandbox.twilio.leg import Leg, stop
from switchboard.sandbox.twilio.machine_detection import verdict
from switchboard.sandbox.twilio.outgoing import Outgoing
from switchboard.sandbox.twilio.party import Party
from switchboard.sandbox.twilio.recorder import CallRecorder
from switchboard.sandbox.twilio.recordings import Shelf
from switchboard.sandbox.twilio.saying import press
from switchboard.sandbox.twilio.stage import Stage
from switchboard.sandbox.twilio.twiml import Playback
from switchboard.sandbox.world import World

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """What all calls of the carrier share."""

    outgoing: Outgoing
    shelf: Shelf
    ids: random.Random
    remember: Callable[[Call], None]
    """Keeps a call on its account."""
    owns: Callable[[str], bool]
    """Whether a number is the account's."""


class Driver:
    """Moves one call forward in a task of its own."""

    def __init__(self, world: World, call: Call, office: Office) -> None:
        self._world = world
        self._call = call
        self._office = office
        self._leg = Leg(world, call, office.outgoing)
        self._next: Script | None = call.order.script
        self._playing: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._recorder: CallRecorder | None = None
        self._longest = call.order.time_limit
        self._limit_changed = asyncio.Event()
        self.playback: Playback | None = None
        """There while the call is in progress."""

    def start(self) -> asyncio.Task[None]:
        self._task = self._world.spawn(self._comes_in() if self._call.is_inbound else self._goes_out())
        self._task.add_done_callback(self._breaks)
        return self._task

    def hang_up(self) -> None:
        """End the call from the caller's side: `completed` once answered, else `canceled`."""
        if self._call.is_over:
            return
        if self._recorder:
            self._recorder.close()
        self._leg.end(CallStatus.CANCELED if self._call.is_waiting else CallStatus.COMPLETED)
        if self._task:
            self._task.cancel()

    def redirect(self, script: Script) -> None:
        """Replace what runs now; the call must be in progress."""
        self._next = script
        if self._playing:
            self._playing.cancel()

    def limit(self, seconds: int) -> None:
        """How long it may last, counted from its answer."""
        self._longest = seconds
        self._limit_changed.set()

    def _breaks(self, task: asyncio.Task[None]) -> None:
        """A call whose person or platform came to grief does not stay in progress for ever."""
        error = None if task.cancelled() else task.exception()
        if error:
            _log.error("Call %s broke", self._call.sid, exc_info=error)
            self._leg.end(CallStatus.FAILED)

    async def _goes_out(self) -> None:
        await self._world.clock.sleep(self._call.queue_milliseconds / 1000)
        if await self._leg.ring():
            async with self._on_stage() as (playback, party):
                await self._hold_line(playback, party)
            self._leg.end(CallStatus.COMPLETED)

    async def _comes_in(self) -> None:
        """The number's document is asked for while it rings, and answers by its first verb."""
        self._leg.enter(CallStatus.RINGING)
        async with self._on_stage() as (playback, party):
            script = self._call.order.script
            document = await playback.load(script) if script.url else None
            refusal = playback.refusal(document)
            if refusal is None:
                self._leg.enter(CallStatus.IN_PROGRESS)
                self._speak(party)
                await self._hold_line(playback, party, document)
        self._leg.end(refusal or CallStatus.COMPLETED)

    @asynccontextmanager
    async def _on_stage(self) -> AsyncIterator[tuple[Playback, Party]]:
        call, world, office = self._call, self._world, self._office
        party = Party(world, call, self._leg.page_call)
        recorder = CallRecorder(world, call, party, office.outgoing, office.shelf, office.ids)
        stage = Stage(world, call, party, office.outgoing, office.ids, recorder, office.remember, office.owns)
        playback = self.playback = Playback(stage)
        self._recorder = recorder
        if not call.is_waiting:
            self._speak(party)
        if call.order.recording:
            recorder.begin(call.order.recording)
        try:
            yield playback, party
        finally:
            self.playback = None
            recorder.close()
            try:
                await playback.close()
            finally:  # a reset may cancel a call that tidies up already
                await party.leave()

    def _speak(self, party: Party) -> None:
        """Sound passes from the first moment, or words do."""
        why_not = self._world.media.why_not(party.person.language)
        if why_not is None:
            party.lift()
        else:
            self._call.media_note = why_not

    async def _hold_line(self, playback: Playback, party: Party, document: Document | None = None) -> None:
        timer = asyncio.create_task(self._last_long_enough())
        gone = asyncio.create_task(party.gone())
        detection = asyncio.create_task(self._detect_machine())
        ends = {timer, gone}
        try:
            if self._call.order.detection and not self._call.order.detection.asynchronous:
                await asyncio.wait({*ends, detection}, return_when=asyncio.FIRST_COMPLETED)
            if self._call.order.digits:
                await press(playback.stage, self._call.order.digits)
            while self._next and not any(end.done() for end in ends):
                await self._play_next(playback, ends, document)
                document = None
        finally:
            await stop(timer, gone, detection)

    async def _last_long_enough(self) -> None:
        clock, answered_at = self._world.clock, self._world.clock.elapsed()
        while True:
            self._limit_changed.clear()
            longest = min(self._longest, self._call.household.hangs_up_after or math.inf)
            sleeping = asyncio.create_task(clock.sleep(answered_at + longest - clock.elapsed()))
            changing = asyncio.create_task(self._limit_changed.wait())
            try:
                await asyncio.wait({sleeping, changing}, return_when=asyncio.FIRST_COMPLETED)
                if sleeping.done():
                    return
            finally:
                await stop(sleeping, changing)

    async def _play_next(
        self, playback: Playback, ends: set[asyncio.Task[None]], document: Document | None
    ) -> None:
        assert self._next is not None
        playing = self._playing = asyncio.create_task(_play(playback, self._next, document))
        self._next = None
        try:
            await asyncio.wait({*ends, playing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._playing = None
            await stop(playing)
        error = None if playing.cancelled() else playing.exception()
        if error:
            _log.error("A stream of call %s broke", self._call.sid, exc_info=error)
            self._call.warn(31921, f"the stream broke: {error!r}")

    async def _detect_machine(self) -> None:
        detection = self._call.order.detection
        if detection is None:
            return
        found = verdict(detection, self._call.household)
        await self._world.clock.sleep(found.after)
        self._call.answered_by = found.answered_by
        if detection.asynchronous and detection.tells:
            fields = {
                "CallSid": self._call.sid,
                "AccountSid": self._call.account_sid,
                "AnsweredBy": self._call.answered_by,
                "MachineDetectionDuration": str(round(found.after * 1000)),
            }
            self._office.outgoing.owe(self._call, detection.tells, fields)


async def _play(playback: Playback, script: Script, document: Document | None) -> None:
    await playback.run(document or await playback.load(script))
