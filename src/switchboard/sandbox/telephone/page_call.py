"""A call that was answered on a page: its person where words pass, the keys and captions where sound does."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from switchboard.sandbox.line import Speech
from switchboard.sandbox.telephone.page import Page

_OPENS_WITHIN = 2.0
_ANSWERS_WITHIN = 60.0
_MOST_TYPED = 20

OnTyped = Callable[[str], None]
OnSound = Callable[[bytes], None]


class PageCall:
    """A `Person` who types. Spoken lines take what is typed and said by `listen` instead. Times are real ones."""

    language = "en"
    interrupts = False

    def __init__(self, page: Page, on_over: Callable[[], None]) -> None:
        self.page = page
        self.gone = asyncio.Event()
        """Set when the page hung up."""
        self._on_over = on_over
        self._typed: asyncio.Queue[str] = asyncio.Queue(maxsize=_MOST_TYPED)
        self._on_typed: OnTyped | None = None
        self._on_sound: OnSound | None = None

    def listen(self, on_typed: OnTyped, on_sound: OnSound) -> None:
        """A spoken line wants the words that are typed and the microphone's sound (s16le mono 16 kHz)."""
        self._on_typed, self._on_sound = on_typed, on_sound

    def say(self, text: str) -> None:
        """Somebody typed this."""
        self.caption("callee", text)
        if self._on_typed:
            self._on_typed(text)
        else:
            with suppress(asyncio.QueueFull):
                self._typed.put_nowait(text)

    def sound(self, pcm: bytes) -> None:
        """From the microphone; dropped while words pass."""
        if self._on_sound:
            self._on_sound(pcm)

    def caption(self, who: str, text: str) -> None:
        """`who`: `caller` or `callee`."""
        self.page.tell("caption", who=who, text=text)

    def hang_up(self) -> None:
        self.gone.set()

    def end(self, reason: str) -> None:
        """The call is over, for the carrier's reason."""
        self.page.tell("ended", reason=reason)
        self.page.tell("idle")
        self._on_over()

    async def opens(self) -> Speech | None:
        return await self._next(_OPENS_WITHIN)

    async def answers(self, heard: str) -> Speech | None:
        if heard:
            self.caption("caller", heard)
        return await self._next(_ANSWERS_WITHIN)

    async def _next(self, within: float) -> Speech | None:
        typing = asyncio.create_task(self._typed.get())
        leaving = asyncio.create_task(self.gone.wait())
        try:
            await asyncio.wait({typing, leaving}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if typing.done():
                return Speech(typing.result())
            return Speech("", hangs_up=True) if leaving.done() else None
        finally:
            typing.cancel()
            leaving.cancel()
            await asyncio.gather(typing, leaving, return_exceptions=True)
