"""What a mind on a live line has heard and not answered yet, and the thought it is at."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any

from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.conversation.pace import Pace
from switchboard.sandbox.conversation.toolbox import Toolbox
from switchboard.sandbox.line import Speech

_WAITING = 64


class Thinking:
    """One thought at a time. Words that come meanwhile join those that it began with."""

    def __init__(self, mind: Mind, toolbox: Toolbox, pace: Pace) -> None:
        self._mind = mind
        self._toolbox = toolbox
        self._pace = pace
        self._words: deque[str] = deque(maxlen=_WAITING)
        self._aside: deque[str] = deque(maxlen=_WAITING)
        self._considered: list[str] = []
        self._task: asyncio.Task[Speech | None] | None = None
        self._given_up: set[asyncio.Task[Speech | None]] = set()
        self.is_opening = False
        """The thought is the first message."""

    @property
    def is_on(self) -> bool:
        return self._task is not None

    @property
    def is_done(self) -> bool:
        return self._task is not None and self._task.done()

    @property
    def has_words(self) -> bool:
        return bool(self._words)

    def heed(self, text: str) -> None:
        """Words that want an answer."""
        self._words.append(text)

    def set_aside(self, text: str) -> None:
        """Words that are considered together with the next ones."""
        self._aside.append(text)

    def reconsider(self, words: Sequence[str]) -> None:
        """Words whose answer was never heard belong to those that follow."""
        self._words.extendleft(reversed(words))

    def forget(self, word: str) -> None:
        """Leave words unanswered."""
        self._words.remove(word)

    @property
    def words(self) -> tuple[str, ...]:
        """Waiting for an answer."""
        return tuple(self._words)

    def begin(self, after: float) -> None:
        """Answer what waits, `after` so many sandbox seconds."""
        self._considered = [*self._aside, *self._words]
        self._aside.clear()
        self._words.clear()
        self._start(self._answer(" ".join(self._considered), after))

    def open(self) -> None:
        """Think of the first message."""
        self._considered = []
        self._start(self._mind.opens())
        self.is_opening = True

    def fill_silence(self) -> None:
        """Think of something to say into the silence."""
        self._considered = []
        self._start(self._toolbox.answer(""))

    def recall(self) -> bool:
        """Think again once there is more to consider, unless a tool is at work. Answers whether it stopped."""
        if self._task is None or self._task.done() or self.is_opening or self._toolbox.is_busy:
            return False
        self._task.cancel()
        self._given_up.add(self._task)
        self._task.add_done_callback(self._given_up.discard)
        self._task = None
        self.reconsider(self._considered)
        return True

    def outcome(self) -> tuple[Speech | None, tuple[str, ...]]:
        """Of the thought that is done, and the words that it began with."""
        assert self._task is not None
        task, self._task, self.is_opening = self._task, None, False
        return task.result(), tuple(self._considered)

    async def close(self) -> None:
        """Stop whatever is thought."""
        tasks = [*self._given_up, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None

    def _start(self, work: Coroutine[Any, Any, Speech | None]) -> None:
        self._task = asyncio.create_task(work)
        self._task.add_done_callback(lambda _: self._pace.ring())

    async def _answer(self, heard: str, after: float) -> Speech | None:
        await self._pace.clock.sleep(after)
        return await self._toolbox.answer(heard)
