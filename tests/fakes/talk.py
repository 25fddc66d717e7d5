"""A conversation in memory: it notes what it hears and says what a test tells it to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from tests.waiting import patience

from switchboard.providers.talk import Caption, Ended, StateChanged, TalkEvent, TalkOrder


@dataclass
class FakeTalk:
    """Answers what is typed with `reply`; look at `audio`, `typed`, `hung_up`."""

    session_id: str
    order: TalkOrder
    leave: Callable[[str], None]
    """Tells the platform that the session is over, and why."""
    reply: str = "We open at nine."
    audio: bytearray = field(default_factory=bytearray)
    typed: list[str] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    takes_audio: bool = True

    def __post_init__(self) -> None:
        self._events: asyncio.Queue[TalkEvent] = asyncio.Queue()
        if self.order.first_message:
            self.say(Caption("agent", self.order.first_message, final=True, turn="a0"))

    def say(self, *events: TalkEvent) -> None:
        for event in events:
            self._events.put_nowait(event)

    def end(self, reason: str | None, detail: str | None = None) -> None:
        """The platform's side ends the conversation."""
        self.leave(reason or "agent_hangup")
        self.say(Ended(reason, detail))

    async def heard(self, count: int) -> bytes:
        async with patience():
            while len(self.audio) < count:  # noqa: ASYNC110 -- a fake's few milliseconds
                await asyncio.sleep(0.005)
        return bytes(self.audio)

    async def send_audio(self, pcm: bytes) -> None:
        while not self.takes_audio:  # noqa: ASYNC110 -- a fake's few milliseconds
            await asyncio.sleep(0.005)
        self.audio += pcm

    async def send_text(self, text: str) -> None:
        self.typed.append(text)
        number = len(self.typed)
        self.say(Caption("callee", text, final=True, turn=f"c{number}"), StateChanged("thinking"))
        self.say(Caption("agent", self.reply, final=True, turn=f"a{number}"), StateChanged("listening"))

    async def events(self) -> AsyncIterator[TalkEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, Ended):
                return

    async def hang_up(self) -> None:
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                self._events.get_nowait()
        self.say(Ended("callee_hangup"))
        self.leave("callee_hangup")
        self.hung_up.set()
