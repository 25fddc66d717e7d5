"""Thousands of agents: every page of the list comes from an index."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from switchboard.agents.repository import Agents, matching

_MANY = """
INSERT INTO agents (id, platform, remote_id, name, status, prompt, first_message, language, max_duration_seconds,
    variables, tools, platform_options, version, warnings, created_at, updated_at, drift, drift_fields,
    draft_secrets)
SELECT 'agt_' || n, (ARRAY['ultravox', 'elevenlabs'])[1 + n % 2], 'r' || n, 'Agent ' || n, 'active', 'Be nice.',
    '', 'en', 600, '{}', '[]', '{}', 1, '[]', now() - n * interval '1 second', now(), 'unknown', '[]', '{}'
FROM generate_series(1, 5000) AS n
"""


@pytest.fixture
async def session(database):
    async with database.transaction() as session:
        await session.execute(text(_MANY))
        await session.execute(text("ANALYZE agents"))
        yield session


async def _plan(session, **page):
    """How PostgreSQL goes about one page, and the page itself."""
    engine = (await session.connection()).sync_engine
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        rows = await Agents(session).page(**({"filters": [], "after": None, "limit": 51} | page))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    connection = await session.connection()
    explained = await connection.exec_driver_sql("EXPLAIN " + sent[-1][0], sent[-1][1])
    return "\n".join(line[0] for line in explained), rows


@pytest.mark.parametrize("sort", ["created_at", "updated_at", "name"])
@pytest.mark.parametrize("descending", [True, False])
async def test_a_page_of_a_long_list_is_read_from_an_index(session, sort, descending):
    plan, rows = await _plan(session, sort=sort, descending=descending)
    assert len(rows) == 51
    assert f"using ix_agents_{sort.removesuffix('_at')}" in plan
    assert "Seq Scan" not in plan


async def test_a_page_of_one_platform_is_read_from_an_index(session):
    plan, rows = await _plan(
        session, filters=matching("elevenlabs", None, None), sort="created_at", descending=True
    )
    assert len(rows) == 51
    assert "ix_agents" in plan
    assert "Seq Scan" not in plan


async def test_a_page_in_the_middle_is_read_from_an_index(session):
    plan, rows = await _plan(session, after=(datetime.now(UTC), "agt_9"), sort="created_at", descending=True)
    assert len(rows) == 51
    assert "using ix_agents_created" in plan
