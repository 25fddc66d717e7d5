import asyncio
from threading import Event

from tests.waiting import patience

from switchboard.sandbox.speech.lanes import MOST_WAITING, Lane


async def test_whoever_brings_more_than_may_wait_is_kept_waiting():
    lane, go_on = Lane("test", 1), Event()
    done = [lane.submit(go_on.wait) for _ in range(MOST_WAITING)]
    waiting = asyncio.create_task(lane.room())
    await asyncio.sleep(0.02)
    assert not waiting.done()
    go_on.set()
    async with patience():
        await waiting
    assert all(one.done() for one in done)
    await lane.close()


async def test_giving_up_the_wait_cancels_nobodys_work():
    lane, go_on = Lane("test", 1), Event()
    done = [lane.submit(go_on.wait) for _ in range(MOST_WAITING)]
    waiting = asyncio.create_task(lane.room())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    go_on.set()
    assert all([await asyncio.wrap_future(one) for one in done])
    await lane.close()


async def test_there_is_room_again_after_a_lane_was_closed():
    lane, go_on = Lane("test", 1), Event()
    for _ in range(MOST_WAITING):
        lane.submit(go_on.wait)
    closing = asyncio.create_task(lane.close())
    await asyncio.sleep(0.02)
    go_on.set()
    await closing
    async with patience():
        await lane.room()
