"""The lists of voices: one vendor request for many readers, old voices rather than none."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from tests.fakes.platform import FakePlatform
from tests.waiting import patience, until

from switchboard.core.clock import SystemClock
from switchboard.persistence.database import Database
from switchboard.providers.errors import ProviderMisconfigured, ProviderUnavailable
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import Voice
from switchboard.providers.registry import Providers
from switchboard.voices.cache import VoiceCache
from switchboard.voices.settings import VoiceSettings

DOWN = ProviderUnavailable("It is out of reach.", provider="ultravox")
SETTINGS = VoiceSettings(refill_seconds=5, retry_seconds=60)


class SlowPlatform(FakePlatform):
    """Lists its voices when `go` is set."""

    def __post_init__(self):
        super().__post_init__()
        self.go = asyncio.Event()
        self.asked = asyncio.Event()

    async def list_voices(self):
        self.asked.set()
        self.voice_lists += 1
        await self.go.wait()
        self._fail()
        for voice in self.voices:
            yield voice


@asynccontextmanager
async def process(database_url, platform, settings=SETTINGS):
    """What one process has: a pool and a cache of its own."""
    database = Database(database_url)
    providers = Providers(platforms={platform.name: platform})
    health = HealthMonitor(providers, SystemClock())
    cache = VoiceCache(database=database, providers=providers, health=health, settings=settings)
    try:
        yield cache
    finally:
        await cache.aclose()
        await database.close()


async def make_old(database, seconds):
    async with database.transaction() as session:
        await session.execute(
            text(f"UPDATE voice_lists SET fetched_at = fetched_at - interval '{seconds} s', retry_at = NULL")
        )


async def test_a_hundred_readers_of_two_processes_cost_one_request(database_url):
    platform = SlowPlatform()
    async with process(database_url, platform) as one, process(database_url, platform) as two:
        readers = [asyncio.create_task(cache.read("ultravox")) for cache in (one, two) for _ in range(50)]
        await platform.asked.wait()
        await asyncio.sleep(0.2)  # every reader is waiting by now
        platform.go.set()
        listings = await asyncio.gather(*readers)
    assert platform.voice_lists == 1
    assert {tuple(voice.name for voice in listing.voices) for listing in listings} == {("Ann", "Ben")}


async def test_a_fresh_list_is_read_without_a_request(database_url):
    platform = FakePlatform()
    async with process(database_url, platform) as cache:
        first = await cache.read("ultravox")
        second = await cache.read("ultravox")
    async with process(database_url, platform) as after_restart:
        third = await after_restart.read("ultravox")
    assert platform.voice_lists == 1
    assert first.voices == second.voices == third.voices
    assert not third.stale


async def test_an_old_list_is_shown_at_once_and_fetched_anew_behind_it(database_url, database):
    platform = SlowPlatform()
    platform.go.set()
    async with process(database_url, platform) as cache:
        await cache.read("ultravox")
        await make_old(database, 700)
        platform.go.clear()
        platform.voices.append(Voice("ultravox", "v3", "Cid"))
        shown = await cache.read("ultravox")
        assert ([voice.name for voice in shown.voices], shown.stale) == (["Ann", "Ben"], True)
        assert 700 <= shown.age_seconds < 760
        await asyncio.gather(*(cache.read("ultravox") for _ in range(20)))
        platform.go.set()
        await until(lambda: not cache._refills._under_way)  # noqa: SLF001 -- nothing else tells that it is through
        anew = await cache.read("ultravox")
    assert ([voice.name for voice in anew.voices], anew.stale) == (["Ann", "Ben", "Cid"], False)
    assert platform.voice_lists == 2


async def test_an_outage_shows_the_old_list_with_its_age_and_what_is_wrong(database_url, database):
    platform = FakePlatform()
    async with process(database_url, platform) as cache:
        await cache.read("ultravox")
        await make_old(database, 4000)
        platform.fail_next(DOWN, DOWN, DOWN)
        await cache.read("ultravox")
        await until(lambda: not cache._refills._under_way)  # noqa: SLF001
    async with process(database_url, platform) as after_restart:
        shown = await after_restart.read("ultravox")
        assert (len(shown.voices), shown.stale, shown.trouble) == (2, True, DOWN.detail)
        assert shown.age_seconds >= 4000
    assert platform.voice_lists == 2, "a platform that failed is left alone for a while"


async def test_without_a_list_everybody_is_told_what_keeps_it_away_and_the_vendor_is_left_alone(database_url):
    platform = FakePlatform()
    platform.fail_next(ProviderMisconfigured("Check the key.", provider="ultravox"))
    async with process(database_url, platform) as one, process(database_url, platform) as two:
        for cache in (one, two, one):
            with pytest.raises(ProviderMisconfigured, match="Check the key"):
                await cache.read("ultravox")
    assert platform.voice_lists == 1


async def test_a_refiller_that_died_is_replaced_when_its_lease_is_over(database_url, database):
    platform = FakePlatform()
    async with process(database_url, platform) as cache:
        began = asyncio.get_running_loop().time()
        async with database.transaction() as session:
            await session.execute(
                text(
                    "INSERT INTO voice_lists (platform, voices, gone, lease_by, lease_until) "
                    "VALUES ('ultravox', '[]', '[]', 'refill_dead', now() + interval '0.4 s')"
                )
            )
        assert len((await cache.read("ultravox")).voices) == 2
        assert asyncio.get_running_loop().time() - began >= 0.4


async def test_a_refill_that_is_stopped_frees_its_lease(database_url):
    platform, long = SlowPlatform(), VoiceSettings(refill_seconds=300)
    async with process(database_url, platform, long) as stopped:
        reader = asyncio.create_task(stopped.read("ultravox"))
        await platform.asked.wait()
        await stopped.aclose()
        with pytest.raises(asyncio.CancelledError):
            await reader
    platform.go.set()
    async with process(database_url, platform, long) as other, patience():
        assert len((await other.read("ultravox")).voices) == 2


async def test_a_reader_who_leaves_does_not_stop_the_refill(database_url):
    platform = SlowPlatform()
    async with process(database_url, platform) as cache:
        reader = asyncio.create_task(cache.read("ultravox"))
        await platform.asked.wait()
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        platform.go.set()
        assert len((await cache.read("ultravox")).voices) == 2
    assert platform.voice_lists == 1


async def test_a_platform_that_never_finishes_is_given_up(database_url):
    platform = SlowPlatform()
    settings = VoiceSettings(refill_seconds=1, retry_seconds=60)
    async with process(database_url, platform, settings) as cache:
        with pytest.raises(ProviderUnavailable, match="within 1 s"):
            await cache.read("ultravox")


async def test_voices_that_are_listed_no_more_are_remembered_but_an_empty_account_proves_nothing(
    database_url, database
):
    platform = FakePlatform()
    ann, ben = platform.voices
    async with process(database_url, platform) as cache:
        await cache.read("ultravox")
        platform.voices = [ben]
        await make_old(database, 100)
        lost = await cache.read_anew("ultravox", older_than=10)
        assert (list(lost.gone.values()), list(lost.voices)) == ([ann], [ben])
        platform.voices = []
        await make_old(database, 100)
        assert list((await cache.read_anew("ultravox", older_than=10)).gone) == [ann.id]
        platform.voices = [ann, ben]
        await make_old(database, 100)
        assert dict((await cache.read_anew("ultravox", older_than=10)).gone) == {}


async def test_all_of_a_voice_survives_being_kept(database_url):
    platform = FakePlatform()
    platform.voices = [
        Voice(
            "ultravox", "v", "Zoë", "premade", None, "pt-BR", {"use_case": "x"}, "https://h/p.mp3",
            ("pt-BR", "es"), "female", "old", "brazilian", ("calm",), available=False, note="No.",
        )
    ]  # fmt: skip
    async with process(database_url, platform) as cache:
        assert list((await cache.read("ultravox")).voices) == platform.voices


async def test_peeking_asks_nobody(database_url):
    platform = FakePlatform()
    async with process(database_url, platform) as cache:
        assert await cache.peek("ultravox") is None
        await cache.read("ultravox")
        assert len((await cache.peek("ultravox")).voices) == 2
    assert platform.voice_lists == 1
