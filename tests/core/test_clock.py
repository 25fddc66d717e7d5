from datetime import UTC

from switchboard.core.clock import SystemClock


async def test_the_system_clock_tells_utc_and_does_not_go_back():
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() > before
    assert clock.now().tzinfo is UTC
