import asyncio
from datetime import UTC, datetime, timedelta

from tests.fakes.platform import FakePlatform

from switchboard.core.clock import SystemClock
from switchboard.monitoring.quotas import Quotas
from switchboard.providers.errors import ProviderUnavailable
from switchboard.providers.normalised import ProviderQuota
from switchboard.providers.registry import Providers


class Clock(SystemClock):
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Counted(FakePlatform):
    """Has used so many credits, of a thousand if told nothing else; may keep one waiting."""

    used, asked, slow = 400.0, 0, False
    limit: float | None = 1000
    tells = True

    async def quota(self) -> ProviderQuota | None:
        self.asked += 1
        if self.slow:
            await asyncio.Event().wait()
        self._fail()
        return ProviderQuota("credits", self.used, self.limit) if self.tells else None


def made() -> tuple[Counted, Clock, Quotas]:
    platform, clock = Counted("elevenlabs"), Clock()
    return platform, clock, Quotas(Providers(platforms={"elevenlabs": platform}), clock)


async def test_what_is_left_is_the_limit_less_what_is_used():
    _, _, quotas = made()
    (quota,) = await quotas.all()
    assert (quota.left, quota.unit, quota.gap, quota.note) == (600, "credits", None, None)


async def test_a_platform_without_a_limit_has_nothing_left_to_tell():
    platform, _, quotas = made()
    platform.limit = None
    (quota,) = await quotas.all()
    assert (quota.used, quota.left, quota.gap, quota.note) == (400, None, "no_limit", "It names no limit.")


async def test_a_platform_may_keep_its_quota_to_itself():
    platform, _, quotas = made()
    platform.tells = False
    (quota,) = await quotas.all()
    assert (quota.used, quota.gap) == (None, "not_told")
    assert quota.asked_at is not None


async def test_a_platform_is_asked_once_a_minute():
    platform, clock, quotas = made()
    await quotas.all()
    await quotas.all()
    assert platform.asked == 1
    clock.at += timedelta(seconds=61)
    platform.used = 900
    (quota,) = await quotas.all()
    assert (platform.asked, quota.left) == (2, 100)


async def test_a_platform_that_is_down_shows_its_last_answer_and_why():
    platform, clock, quotas = made()
    await quotas.all()
    clock.at += timedelta(seconds=61)
    platform.fail_next(ProviderUnavailable("Nobody answers.", provider="elevenlabs"))
    (quota,) = await quotas.all()
    assert (quota.left, quota.gap, quota.note) == (600, "no_answer", "Nobody answers.")


async def test_a_platform_that_never_answered_shows_that_nothing_is_known():
    platform, _, quotas = made()
    platform.fail_next(ProviderUnavailable("Nobody answers.", provider="elevenlabs"))
    (quota,) = await quotas.all()
    assert (quota.left, quota.asked_at, quota.note) == (None, None, "Nobody answers.")


async def test_a_slow_platform_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("switchboard.monitoring.quotas._PATIENCE_SECONDS", 0.02)
    platform, _, quotas = made()
    platform.slow = True
    (quota,) = await quotas.all()
    assert quota.note == "It did not answer in time."


async def test_a_platform_that_is_down_is_left_alone_for_a_while(monkeypatch):
    monkeypatch.setattr("switchboard.monitoring.quotas._PATIENCE_SECONDS", 0.02)
    platform, clock, quotas = made()
    platform.slow = True
    for _ in range(3):
        (quota,) = await quotas.all()
        assert quota.note == "It did not answer in time."
    assert platform.asked == 1
    platform.slow = False
    clock.at += timedelta(seconds=11)
    (quota,) = await quotas.all()
    assert (platform.asked, quota.left, quota.note) == (2, 600, None)
