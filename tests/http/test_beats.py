import asyncio

import pytest

from switchboard.http.beats import Beats


class Figures:
    """Something costly to work out; it waits until it is told to go on."""

    def __init__(self):
        self.begun = 0
        self.go_on = asyncio.Event()

    async def __call__(self):
        self.begun += 1
        number = self.begun
        await self.go_on.wait()
        return number


@pytest.fixture
async def beats():
    made = Beats()
    yield made
    await made.aclose()


async def test_who_asks_while_an_answer_is_worked_out_shares_the_next(beats):
    figures = Figures()
    first = asyncio.create_task(beats.get("summary", figures))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(beats.get("summary", figures)) for _ in range(20)]
    await asyncio.sleep(0.01)
    assert figures.begun == 1
    figures.go_on.set()
    assert await first == 1
    assert set(await asyncio.gather(*others)) == {2}


async def test_no_answer_was_begun_before_its_question(beats):
    figures = Figures()
    figures.go_on.set()
    assert [await beats.get("summary", figures) for _ in range(3)] == [1, 2, 3]


async def test_different_questions_do_not_wait_for_each_other(beats):
    slow, quick = Figures(), Figures()
    quick.go_on.set()
    waiting = asyncio.create_task(beats.get("slow", slow))
    assert await beats.get("quick", quick) == 1
    waiting.cancel()


async def test_an_answer_rests_for_as_long_as_it_took(beats):
    loop, ends, begins = asyncio.get_running_loop(), [], []

    async def work():
        begins.append(loop.time())
        await asyncio.sleep(0.05)
        ends.append(loop.time())

    for _ in range(2):
        await beats.get("summary", work)
    assert begins[1] - ends[0] >= 0.04


async def test_a_failure_reaches_everybody_who_waits_and_is_forgotten(beats):
    async def broken():
        raise ValueError("no such zone")

    answers = await asyncio.gather(*(beats.get("summary", broken) for _ in range(3)), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["no such zone"] * 3
    figures = Figures()
    figures.go_on.set()
    assert await beats.get("summary", figures) == 1


async def test_who_leaves_takes_the_answer_from_nobody(beats):
    figures = Figures()
    impatient = asyncio.create_task(beats.get("summary", figures))
    patient = asyncio.create_task(beats.get("summary", figures))
    await asyncio.sleep(0)
    impatient.cancel()
    figures.go_on.set()
    assert await patient == 1
