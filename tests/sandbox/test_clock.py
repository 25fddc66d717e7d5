"""Sandbox time: scaled sleeps, sleepers woken by a new speed, stopwatches that start at the present."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from switchboard.sandbox.clock import SandboxClock


async def test_a_sleep_lasts_its_seconds_divided_by_the_speed():
    clock = SandboxClock(100)
    begun, before = time.monotonic(), clock.elapsed()
    await clock.sleep(10)
    assert clock.elapsed() - before >= 10
    assert 0.09 <= time.monotonic() - begun < 1


async def test_a_new_speed_wakes_those_who_sleep():
    clock = SandboxClock(1)
    sleeper = asyncio.create_task(clock.sleep(30))
    await asyncio.sleep(0.01)
    clock.set_speed(100)
    await asyncio.wait_for(sleeper, 5)
    assert clock.elapsed() >= 30


async def test_elapsed_time_goes_on_without_a_jump_when_the_speed_changes():
    clock = SandboxClock(1)
    for speed in (100, 1, 50):
        before = clock.elapsed()
        clock.set_speed(speed)
        assert 0 <= clock.elapsed() - before < 5


async def test_a_stopwatch_begins_at_the_real_present_and_runs_at_sandbox_speed():
    clock = SandboxClock(100)
    await clock.sleep(10)
    watch = clock.stopwatch()
    assert datetime.now(UTC) - watch.started_at < timedelta(seconds=1)
    await clock.sleep(5)
    assert watch.seconds() >= 5
    assert watch.now() - watch.started_at >= timedelta(seconds=5)


async def test_a_sleep_of_nothing_returns_at_once():
    clock = SandboxClock(1)
    await asyncio.wait_for(clock.sleep(0), 1)
    await asyncio.wait_for(clock.sleep(-1), 1)
