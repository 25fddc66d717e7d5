"""What the parts of the sandbox share: clock, seed, line exchange, callback delivery, faults, carrier."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.conversation.language_model import LanguageModel
from switchboard.sandbox.delivery import Delivery
from switchboard.sandbox.faults import Faults
from switchboard.sandbox.line import Exchange, Person
from switchboard.sandbox.media import Media, MediaMode
from switchboard.sandbox.phones.residents import Resident
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.telephone.telephone import Telephone

People = Callable[[Resident, int], Person]
"""Gives a resident a mind; the number is the world's seed."""
OnReset = Callable[[], Awaitable[None] | None]


class CarrierRefusal(Exception):
    """The carrier does not place this call; `code` is its error code, such as 21217."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Carrier(Protocol):
    """The carrier, for platforms that dial by themselves with a customer's imported credentials."""

    def place(
        self,
        *,
        account_sid: str,
        auth_token: str,
        to: str,
        from_: str,
        twiml: str,
        on_end: Callable[[Mapping[str, str]], None] | None = None,
        ringing_seconds: int | None = None,
    ) -> str:
        """Dial as `POST Calls.json` would and answer the CallSid at once.

        `on_end` gets the form fields of the terminal status callback (`CallStatus`, `CallDuration`, …)
        when the call is over, whatever its outcome. `ringing_seconds`: how long it may ring; None: as
        long as usual. Raises: CarrierRefusal.
        """
        ...

    def wire(self, *, account_sid: str, auth_token: str, number: str, url: str) -> bool:
        """Have calls to the account's number answered by the TwiML that a POST to `url` brings.

        False: the account does not own the number. Raises: CarrierRefusal for wrong credentials.
        """
        ...

    def hang_up(self, call_sid: str) -> None:
        """End the call; nothing happens when it is over already."""
        ...

    def number_of(self, call_sid: str) -> str | None:
        """Whom a call was placed to; None for one that is not known."""
        ...

    def told(self, most: int) -> list[dict[str, Any]]:
        """So many of the latest calls, newest first, as the control API shows them."""
        ...


@dataclass(slots=True)
class World:
    """One sandbox. Same seed, same ids and same talk."""

    seed: int = 1
    clock: SandboxClock = field(default_factory=SandboxClock)
    exchange: Exchange = field(default_factory=Exchange)
    people: People | None = None
    """Minds for those who pick up; `create_app` takes `conversation`'s when none is given."""
    studio: Studio = field(default_factory=Studio)
    """Speech for everybody in this world; closed with it."""
    llm: LanguageModel | None = None
    """Thinks for the agents; None: they think by themselves. Closed with the world."""
    telephone: Telephone = field(default_factory=Telephone)
    """The one that rings in the browser."""
    media_mode: MediaMode = MediaMode.AUTO
    """The mode of `media` at the start and after each reset."""
    media: Media = field(init=False)
    faults: Faults = field(init=False)
    delivery: Delivery = field(init=False)
    random: Random = field(init=False)
    _carrier: Carrier | None = field(default=None, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _on_reset: list[OnReset] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 -- repeatable on purpose
        self.media = Media(self.clock, self.studio, self.media_mode)
        self.faults = Faults(Random(self.seed))  # noqa: S311 -- repeatable on purpose
        self.delivery = Delivery(self.clock, self.faults)

    @property
    def carrier(self) -> Carrier:
        """The carrier that `connect_carrier` gave. Raises: RuntimeError before that."""
        if self._carrier is None:
            raise RuntimeError("This world has no carrier; build it with create_app.")
        return self._carrier

    def connect_carrier(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` in the background; it is cancelled and awaited on reset and on shutdown."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def attend(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work` here and now, but let a reset or the shutdown end it. False: one of them did."""
        task = self.spawn(work)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if task.cancelled():
            return False
        task.result()
        return True

    def on_reset(self, callback: OnReset) -> None:
        """Call `callback` (plain or async) on every reset, after all tasks have ended."""
        self._on_reset.append(callback)

    async def reset(self, seed: int | None = None) -> None:
        """Forget everything but the clock's speed and begin again from `seed`.

        Without a seed the next one is drawn from the present, so that ids of before do not come again:
        a customer who remembers them would take new calls for old ones.
        """
        await self._cancel_tasks()
        await self.delivery.reset()
        self.seed = self.random.getrandbits(31) if seed is None else seed
        self.random.seed(self.seed)
        self.faults.reset(self.seed)
        self.exchange.clear()
        self.telephone.reset()
        self.media.reset()
        for callback in self._on_reset:
            result = callback()
            if result is not None:
                await result

    async def close(self) -> None:
        """Cancel and await whatever runs."""
        await self._cancel_tasks()
        await self.delivery.close()
        await self.studio.close()
        if self.llm:
            await self.llm.close()

    async def _cancel_tasks(self) -> None:
        while tasks := list(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
