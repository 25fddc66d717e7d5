"""Whoever picked up: a person whom words reach, and once the line is lifted, a telephone that sound reaches."""

import asyncio
from contextlib import ExitStack

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.conversation.dialogue import Manners
from switchboard.sandbox.conversation.live import SpokenVoice, Talk
from switchboard.sandbox.conversation.mind import PersonMind
from switchboard.sandbox.line import Person, Speech
from switchboard.sandbox.phones.overheard import Overheard
from switchboard.sandbox.speech.voices import timbre_for
from switchboard.sandbox.telephone.handset import PageHandset
from switchboard.sandbox.telephone.page_call import PageCall
from switchboard.sandbox.twilio.calls import Call
from switchboard.sandbox.twilio.handset import TalkingHandset
from switchboard.sandbox.twilio.wire import Handset, SilentHandset, Wire
from switchboard.sandbox.world import World

_PAUSE_BETWEEN_SENTENCES = 0.8
"""Seconds: people let an agent take a breath before they answer."""

_THINKS_AHEAD = 4.0
"""Seconds: people know what they are going to say, and say it in one breath."""


class Caller:
    """Somebody of the town who has called: they wait to be greeted."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.language = person.language
        self.interrupts = person.interrupts

    async def opens(self) -> Speech | None:
        return None

    async def answers(self, heard: str) -> Speech | None:
        return await self._person.answers(heard)


class Party:
    """The person on an answered call. `wire` is there once the call is spoken."""

    def __init__(self, world: World, call: Call, page_call: PageCall | None = None) -> None:
        if world.people is None:
            raise RuntimeError("Nobody lives in this world; give it people or build it with create_app.")
        mind = page_call or world.people(call.household.resident, world.seed)
        self.person = Overheard(Caller(mind) if call.is_inbound else mind, call.said, call.watch.seconds)
        self.page_call = page_call
        self.wire: Wire | None = None
        self._world = world
        self._call = call
        self._running: asyncio.Task[None] | None = None
        self._counted = ExitStack()
        self._lifted = asyncio.Event()

    def lift(self) -> Wire:
        """Speak from now on, in real time whatever the sandbox's clock does."""
        if self.wire is None:
            self.wire = Wire(self.handset())
            self._counted.enter_context(self._world.media.spoken_call())
            self._running = asyncio.create_task(self.wire.run())
            self._call.media_note = None
            self._lifted.set()
        return self.wire

    async def gone(self) -> None:
        """Until the person hangs up by themselves. One whom words reach says so in words, and never ends this."""
        if self.page_call:
            await self.page_call.gone.wait()
        else:
            await self._lifted.wait()
            assert self.wire is not None
            await self.wire.gone.wait()

    async def leave(self) -> None:
        """The call is over."""
        try:
            if self._running:
                self._running.cancel()
                await asyncio.gather(self._running, return_exceptions=True)
        finally:
            self._counted.close()
            if self.page_call:
                self.page_call.end("callee_hangup" if self.page_call.gone.is_set() else "caller_hangup")

    def handset(self) -> Handset:
        """Their telephone, for whoever joins it to a line."""
        studio = self._world.studio
        if studio.why_not is not None:
            self._call.notes.append(f"nothing but silence is sent. {studio.why_not}")
            return SilentHandset()
        if self.page_call:
            return PageHandset(self.page_call, studio, self.person.noted)
        resident = self._call.household.resident
        voice = SpokenVoice(studio, timbre_for(resident.number, resident.gender), _THINKS_AHEAD)
        manners = Manners(
            longest=float(self._call.order.time_limit),
            interruptible=not self._call.household.is_machine,
            interrupts=self.person.interrupts,
            pause=_PAUSE_BETWEEN_SENTENCES,
        )
        return TalkingHandset(Talk(PersonMind(self.person), SandboxClock(), manners=manners, voice=voice))
