import asyncio
import re
import string
from pathlib import Path

import pytest
from tests.edge_app import ADMIN

from switchboard.access.schemas import Presented
from switchboard.access.scopes import Scope
from switchboard.access.secrets import hash_secret, new_secret
from switchboard.access.service import AccessService
from switchboard.core.clock import SystemClock
from switchboard.core.errors import NotAuthenticated
from switchboard.events.service import EventLog
from switchboard.events.wakeups import Wakeups


@pytest.fixture
async def access(database):
    service = AccessService(database, EventLog(database, Wakeups(database.conninfo)), SystemClock())
    yield service
    await service.aclose()


def test_a_secret_is_forty_random_base_62_characters():
    secrets = {new_secret() for _ in range(1000)}
    assert len(secrets) == 1000
    assert all(len(secret) == 43 and secret.startswith("sb_") for secret in secrets)
    assert set("".join(secret[3:] for secret in secrets)) == set(string.ascii_letters + string.digits)


def badge(key):
    return Presented("key", key).badge


def test_hashes_are_32_bytes_and_differ():
    assert len(hash_secret("a")) == 32
    assert hash_secret("a") != hash_secret("b")


async def test_seeding_the_same_admin_twice_makes_one_key(access, database):
    await asyncio.gather(*(access.seed_admin(ADMIN, "seed") for _ in range(5)))
    page = await access.page(None, 50)
    assert [key.name for key in page.items] == ["seed"]
    caller = await access.identify(badge(ADMIN))
    assert caller.scopes == {Scope.ADMIN}
    assert caller.owner == caller.key_id


async def test_a_short_seed_is_refused(access):
    with pytest.raises(ValueError, match="24 characters"):
        await access.seed_admin("too-short", "seed")


async def test_concurrent_callers_share_queries_and_each_gets_their_own_answer(access, monkeypatch):
    await access.seed_admin(ADMIN, "seed")
    queries = []
    fetch = access._lookup._questions._fetch  # noqa: SLF001 -- counting is the point

    async def counted(hashes):
        queries.append(len(hashes))
        return await fetch(hashes)

    monkeypatch.setattr(access._lookup._questions, "_fetch", counted)  # noqa: SLF001
    asked = [access.identify(badge(ADMIN if n % 2 else f"sb_unknown_{n}")) for n in range(100)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(answer, NotAuthenticated) for answer in answers[0::2])
    assert all(answer.name == "seed" for answer in answers[1::2])
    assert len(queries) <= 3


async def test_a_caller_that_gives_up_does_not_disturb_the_others(access):
    await access.seed_admin(ADMIN, "seed")
    impatient = asyncio.create_task(access.identify(badge(ADMIN)))
    patient = asyncio.create_task(access.identify(badge(ADMIN)))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).name == "seed"


async def test_a_connection_that_died_costs_no_request(access, database):
    await access.seed_admin(ADMIN, "seed")
    await access.identify(badge(ADMIN))
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert (await access.identify(badge(ADMIN))).name == "seed"


def test_the_reference_page_lists_exactly_the_scopes_there_are():
    page = Path(__file__).parents[2] / "docs" / "reference" / "api-keys.md"
    assert re.findall(r"^\| `([a-z:]+)` \|", page.read_text(), re.MULTILINE) == [scope.value for scope in Scope]
