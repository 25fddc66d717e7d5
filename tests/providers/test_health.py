import asyncio

import pytest
import structlog
from tests.fakes.carrier import FakeCarrier
from tests.fakes.platform import FakePlatform
from tests.waiting import patience

from switchboard.core.clock import SystemClock
from switchboard.providers.errors import ProviderMisconfigured, ProviderOutOfQuota, ProviderUnavailable
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import Health
from switchboard.providers.registry import Providers

BAD_KEY = ProviderMisconfigured("Check ULTRAVOX_API_KEY.", provider="ultravox")
DOWN = ProviderUnavailable("Ultravox cannot be reached.", provider="ultravox")


@pytest.fixture
def platform():
    return FakePlatform("ultravox")


@pytest.fixture
def monitor(platform):
    off = {"elevenlabs": "ElevenLabs is off: set ELEVENLABS_API_KEY."}
    return HealthMonitor(Providers({"ultravox": platform}, {"twilio": FakeCarrier()}, off), SystemClock())


async def test_a_probe_that_is_answered_means_ok(monitor):
    await monitor.probe_all()
    health = monitor.known["ultravox"]
    assert (health.kind, health.state, health.reason) == ("platform", Health.OK, None)
    assert health.latency_ms is not None
    assert health.checked_at is not None
    assert monitor.known["twilio"].kind == "carrier"
    monitor.require("ultravox")


async def test_a_provider_without_key_is_off_and_refused_with_the_setting(monitor):
    await monitor.probe_all()
    assert monitor.known["elevenlabs"].state is Health.OFF
    with pytest.raises(ProviderMisconfigured, match="ELEVENLABS_API_KEY"):
        monitor.require("elevenlabs")


async def test_a_refused_key_is_refused_to_callers(monitor, platform):
    platform.fail_next(BAD_KEY)
    await monitor.probe_all()
    with pytest.raises(ProviderMisconfigured, match="ULTRAVOX_API_KEY"):
        monitor.require("ultravox")


@pytest.mark.parametrize("error", [DOWN, ProviderOutOfQuota("spent", provider="ultravox")])
async def test_a_provider_out_of_reach_may_still_be_asked(monitor, platform, error):
    platform.fail_next(error)
    await monitor.probe_all()
    assert monitor.known["ultravox"].state is Health.UNREACHABLE
    monitor.require("ultravox")


async def test_before_the_first_probe_nothing_is_refused(monitor):
    assert monitor.known["ultravox"].state is Health.UNKNOWN
    monitor.require("ultravox")


async def test_only_changes_are_logged(monitor, platform):
    platform.fail_next(BAD_KEY, BAD_KEY)
    with structlog.testing.capture_logs() as logs:
        for _ in range(4):
            await monitor.probe_all()
    told = [(entry["event"], entry["provider"]) for entry in logs]
    assert told == [("provider.misconfigured", "ultravox"), ("provider.recovered", "ultravox")]


async def test_the_background_task_probes_at_once_and_again_and_ends_with_the_monitor(platform):
    monitor = HealthMonitor(Providers({"ultravox": platform}), SystemClock(), every_seconds=0.01)
    platform.fail_next(DOWN)
    with structlog.testing.capture_logs() as logs:
        monitor.start()
        async with patience():
            while monitor.known["ultravox"].state is not Health.OK:  # noqa: ASYNC110 -- health has no event to wait for
                await asyncio.sleep(0.005)
        await monitor.aclose()
    assert [entry["event"] for entry in logs] == ["provider.unreachable", "provider.recovered"]
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "provider-health"]


async def test_what_is_off_is_logged_at_the_start(monitor):
    with structlog.testing.capture_logs() as logs:
        monitor.start()
        await monitor.aclose()
    assert ("provider.off", "elevenlabs") in [(entry["event"], entry["provider"]) for entry in logs]
