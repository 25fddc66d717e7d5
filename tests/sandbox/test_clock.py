"""Sandbox time: scaled sleeps, sleepers woken by a new speed, stopwatches that start at the present."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from tests.waiting import patience

from switchboard.sandbox.clock import SandboxClock


async def test_a_sleep_lasts_its_seconds_divided_by_the_speed():
    clock = SandboxClock(100_000)
    begun, before = time.monotonic(), clock.elapsed()
    async with patience():
        await clock.sleep(10_000)
    assert clock.elapsed() - before >= 10_000
    assert time.monotonic() - begun >= 0.09


async def test_a_new_speed_wakes_those_who_sleep():
    clock = SandboxClock(1)
    sleeper = asyncio.create_task(clock.sleep(3000))
    await asyncio.sleep(0.01)
    clock.set_speed(50_000)
    async with patience():
        await sleeper
    assert clock.elapsed() >= 3000


async def test_elapsed_time_goes_on_without_a_jump_when_the_speed_changes():
    clock = SandboxClock(1)
    await asyncio.sleep(0.01)
    for speed in (100, 1, 50):
        before, begun = clock.elapsed(), time.monotonic()
        clock.set_speed(speed)
        assert 0 <= clock.elapsed() - before <= 100 * (time.monotonic() - begun)


async def test_a_stopwatch_begins_at_the_real_present_and_runs_at_sandbox_speed():
    clock = SandboxClock(100)
    await clock.sleep(10)
    before = datetime.now(UTC)
    watch = clock.stopwatch()
    assert before <= watch.started_at <= datetime.now(UTC)
    await clock.sleep(5)
    assert watch.seconds() >= 5
    assert watch.now() - watch.started_at >= timedelta(seconds=5)


async def test_a_sleep_of_nothing_returns_at_once():
    clock = SandboxClock(1)
    for nothing in (0, -1):
        sleeper = asyncio.create_task(clock.sleep(nothing))
        await asyncio.sleep(0)
        assert sleeper.done()
