import asyncio
from functools import partial
from threading import Event

import pytest
from tests.waiting import patience

from switchboard.sandbox.speech.lanes import MOST_WAITING, Crew


async def test_whoever_brings_more_than_may_wait_is_kept_waiting():
    crew, go_on = Crew("test", 1), Event()
    lane = crew.lanes[0]
    done = [lane.submit(go_on.wait) for _ in range(MOST_WAITING)]
    waiting = asyncio.create_task(lane.room())
    await asyncio.sleep(0.02)
    assert not waiting.done()
    go_on.set()
    async with patience():
        await waiting
    assert all(one.done() for one in done)
    await crew.close()


async def test_giving_up_the_wait_cancels_nobodys_work():
    crew, go_on = Crew("test", 1), Event()
    lane = crew.lanes[0]
    done = [lane.submit(go_on.wait) for _ in range(MOST_WAITING)]
    waiting = asyncio.create_task(lane.room())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    go_on.set()
    assert all([await asyncio.wrap_future(one) for one in done])
    await crew.close()


async def test_there_is_room_again_after_a_lane_was_closed():
    crew, go_on = Crew("test", 1), Event()
    lane = crew.lanes[0]
    for _ in range(MOST_WAITING):
        lane.submit(go_on.wait)
    closing = asyncio.create_task(crew.close())
    await asyncio.sleep(0.02)
    go_on.set()
    await closing
    async with patience():
        await lane.room()


async def test_what_a_line_waits_for_overtakes_what_may_wait():
    crew, go_on, done = Crew("test", 1, lanes=2), Event(), []
    live, leisurely = crew.lanes
    last = leisurely.submit(go_on.wait)
    for number in range(3):
        last = leisurely.submit(partial(done.append, f"recording {number}"))
    for number in range(2):
        live.submit(partial(done.append, f"turn {number}"))
    go_on.set()
    await asyncio.wrap_future(last)
    assert done == ["turn 0", "turn 1", "recording 0", "recording 1", "recording 2"]
    await crew.close()


async def test_closing_cancels_what_has_not_begun_and_work_that_fails_tells_only_its_own_submitter():
    crew, go_on = Crew("test", 1), Event()
    lane = crew.lanes[0]
    failing = lane.submit(partial(int, "no number"))
    with pytest.raises(ValueError, match="no number"):
        await asyncio.wrap_future(failing)
    began = Event()
    running = lane.submit(lambda: began.set() or go_on.wait())
    waiting = lane.submit(go_on.wait)
    assert await asyncio.to_thread(began.wait, 45)
    closing = asyncio.create_task(crew.close())
    await asyncio.sleep(0)
    go_on.set()
    await closing
    assert running.result()
    assert waiting.cancelled()
