import pytest
from sqlalchemy import text

from switchboard.persistence.database import after_commit, conninfo


async def rows(database):
    async with database.transaction() as session:
        return (await session.scalars(text("SELECT key FROM idempotency_keys"))).all()


INSERT = text("INSERT INTO idempotency_keys (owner, key, fingerprint) VALUES ('o', 'k', 'f')")


async def test_a_transaction_that_ends_is_kept_and_then_runs_what_waited_for_it(database):
    seen = []
    async with database.transaction() as session:
        await session.execute(INSERT)
        after_commit(session, lambda: seen.append("committed"))
        assert seen == []
    assert seen == ["committed"]
    assert await rows(database) == ["k"]


async def test_a_transaction_that_raises_leaves_nothing_and_tells_nobody(database):
    seen = []

    async def fail():
        async with database.transaction() as session:
            await session.execute(INSERT)
            after_commit(session, lambda: seen.append("committed"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert seen == []
    assert await rows(database) == []


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"])
def test_any_way_to_write_the_scheme_is_taken(scheme):
    assert conninfo(f"{scheme}://u@h/d?x=1") == "postgresql://u@h/d?x=1"


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://h/d"])
def test_another_database_is_refused(url):
    with pytest.raises(ValueError, match="postgresql://"):
        conninfo(url)
