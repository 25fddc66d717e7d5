import asyncio

from starlette.websockets import WebSocketDisconnect
from tests.waiting import patience

from switchboard.calls import page_socket


class Page:
    def __init__(self, answer):
        self.answer, self.closed = answer, []

    async def close(self, code, reason):
        self.closed.append((code, reason))
        await self.answer()


async def nothing():
    pass


async def test_a_page_that_reads_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(page_socket, "LAST_SECONDS", 0.01)
    page = Page(asyncio.Event().wait)
    async with patience():
        await page_socket.close(page, 1008, "The page does not take its frames in time.")
    assert page.closed == [(1008, "The page does not take its frames in time.")]


async def test_a_page_that_has_gone_is_closed_already():
    for error in (WebSocketDisconnect(1006), RuntimeError("closed")):

        async def gone(error=error):
            raise error

        await page_socket.close(Page(gone), 1000, "")


async def test_a_reason_is_cut_at_a_whole_character_to_what_a_frame_holds():
    page = Page(nothing)
    await page_socket.close(page, 1000, "é" * 100)
    assert page.closed == [(1000, "é" * 61)]
