"""The telephone itself: it rings on every page, the first to answer takes the call, the others go idle."""

import asyncio
from dataclasses import dataclass, field

from switchboard.sandbox.telephone.page import Page
from switchboard.sandbox.telephone.page_call import PageCall

__all__ = ["Declined", "Telephone"]


class Declined(Exception):
    """Somebody pressed decline, or the telephone is in use: the caller hears that the line is busy."""


@dataclass(slots=True)
class _Ringing:
    call_sid: str
    from_: str
    picked: "asyncio.Future[Page | None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """The page that answered; None: declined."""


class Telephone:
    """One telephone, one call at a time, any number of pages."""

    def __init__(self) -> None:
        self._pages: set[Page] = set()
        self._ringing: _Ringing | None = None
        self._call: PageCall | None = None

    @property
    def is_unattended(self) -> bool:
        """No page is open."""
        return not self._pages

    def enter(self, page: Page) -> None:
        """A page was opened; it rings at once when the telephone does."""
        self._pages.add(page)
        if self._ringing:
            page.tell("ringing", call_sid=self._ringing.call_sid, **{"from": self._ringing.from_})
        else:
            page.tell("idle")

    def leave(self, page: Page) -> None:
        """A page was closed, which hangs up its call."""
        self._pages.discard(page)
        if self._call and self._call.page is page:
            self._call.hang_up()

    async def ring(self, call_sid: str, from_: str) -> PageCall:
        """Ring until somebody answers. Cancelled: it stops. Raises: Declined."""
        if self._ringing or self._call:
            raise Declined
        ringing = self._ringing = _Ringing(call_sid, from_)
        try:
            for page in self._pages:
                page.tell("ringing", call_sid=call_sid, **{"from": from_})
            picked = await ringing.picked
            if picked is None:
                raise Declined
            self._call = PageCall(picked, self._is_over)
        finally:
            self._ringing = None
            self._quieten()
        if picked not in self._pages:  # it answered and left in the same moment
            self._call.hang_up()
        self._call.page.tell("answered", call_sid=call_sid, **{"from": from_})
        return self._call

    def answer(self, page: Page) -> None:
        """Nothing happens when it does not ring, or another page was first."""
        self._pick(page)

    def decline(self) -> None:
        self._pick(None)

    def call_of(self, page: Page) -> PageCall | None:
        """The call that this page holds."""
        return self._call if self._call and self._call.page is page else None

    def reset(self) -> None:
        """After the carrier's calls have ended, as on a reset of the sandbox."""
        self._ringing = self._call = None

    def _pick(self, page: Page | None) -> None:
        if self._ringing and not self._ringing.picked.done():
            self._ringing.picked.set_result(page)

    def _quieten(self) -> None:
        for page in self._pages:
            if self._call is None or self._call.page is not page:
                page.tell("idle")

    def _is_over(self) -> None:
        self._call = None
