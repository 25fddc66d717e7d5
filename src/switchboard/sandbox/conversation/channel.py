"""Events of one conversation on their way to one reader, who may be slow or absent."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from switchboard.sandbox.conversation.talk_events import AgentAudio, TalkEvent, UserTentative, VoiceActivity

_KEPT = 1000
_DISPENSABLE = (AgentAudio, UserTentative, VoiceActivity)


class Channel:
    """Keeps up to a thousand events. When it is full sound goes first, then the oldest of the rest."""

    def __init__(self) -> None:
        self._events: deque[TalkEvent] = deque()
        self._arrived = asyncio.Event()
        self._closed = False

    def put(self, event: TalkEvent) -> None:
        if len(self._events) >= _KEPT:
            self.drop(lambda one: isinstance(one, _DISPENSABLE))
        if len(self._events) >= _KEPT:
            self._events.popleft()
        self._events.append(event)
        self._arrived.set()

    def drop(self, unwanted: Callable[[TalkEvent], bool]) -> None:
        """Take back what was not read yet."""
        self._events = deque(event for event in self._events if not unwanted(event))

    def close(self) -> None:
        """Nothing follows; what is in it can still be read."""
        self._closed = True
        self._arrived.set()

    async def __aiter__(self) -> AsyncIterator[TalkEvent]:
        while True:
            while self._events:
                yield self._events.popleft()
            if self._closed:
                return
            self._arrived.clear()
            await self._arrived.wait()
