import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from switchboard.http.idempotency import (
    IdempotencyKeyReused,
    StoredAnswer,
    StoredRequest,
    claim,
    fingerprint,
    forget_expired,
    keep,
)

MARK = fingerprint("POST", "/api/v1/calls", b"{}")


async def post(database, key="k", mark=MARK, owner="key_1", body=b"first", work_seconds=0.0):
    async with database.transaction() as session:
        stored = await claim(session, owner=owner, key=key, fingerprint=mark)
        if stored is None:
            await asyncio.sleep(work_seconds)
            await keep(session, owner=owner, key=key, status=201, body=body)
        return stored


async def age(database, hours):
    async with database.transaction() as session:
        await session.execute(update(StoredRequest).values(created_at=func.now() - timedelta(hours=hours)))


async def test_a_repeat_gets_the_first_answer(database):
    assert await post(database) is None
    stored = await post(database, body=b"second")
    assert stored == StoredAnswer(201, b"first")
    assert stored.response().headers["Idempotent-Replayed"] == "true"


async def test_of_ten_concurrent_twins_one_does_the_work(database):
    answers = await asyncio.gather(*(post(database, work_seconds=0.05) for _ in range(10)))
    assert answers.count(None) == 1
    assert answers.count(StoredAnswer(201, b"first")) == 9


async def test_a_twin_takes_over_when_the_first_one_fails(database):
    claimed = asyncio.Event()

    async def failing():
        async with database.transaction() as session:
            assert await claim(session, owner="key_1", key="k", fingerprint=MARK) is None
            claimed.set()
            await asyncio.sleep(0.05)
            raise RuntimeError

    first = asyncio.create_task(failing())
    await claimed.wait()
    assert await post(database) is None
    with pytest.raises(RuntimeError):
        await first


async def test_another_request_under_the_same_key_is_refused(database):
    await post(database)
    with pytest.raises(IdempotencyKeyReused) as refused:
        await post(database, mark=fingerprint("POST", "/api/v1/calls", b"{1}"))
    assert refused.value.status == 422


async def test_owners_do_not_share_keys(database):
    await post(database)
    assert await post(database, owner="key_2") is None


async def test_a_key_is_free_again_after_a_day(database):
    await post(database)
    await age(database, 25)
    assert await post(database, body=b"anew") is None
    assert await post(database) == StoredAnswer(201, b"anew")


async def test_cleaning_forgets_only_what_is_a_day_old(database):
    await post(database, key="old")
    await age(database, 25)
    await post(database, key="new")
    async with database.transaction() as session:
        await forget_expired(session)
        assert (await session.scalars(select(StoredRequest.key))).all() == ["new"]


def test_fingerprints_tell_method_path_and_body_apart():
    marks = {
        fingerprint(*parts) for parts in [("A", "b", b"c"), ("A", "b", b""), ("A", "c", b"c"), ("B", "b", b"c")]
    }
    assert len(marks) == 4
