import subprocess
import sys

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import switchboard.access.model
import switchboard.agents.model
import switchboard.calls.model
import switchboard.events.model
import switchboard.http.idempotency
import switchboard.inbox.model
import switchboard.voices.model  # noqa: F401 -- imported so that their tables are known
from switchboard.persistence.base import Base


def test_the_migrated_schema_is_what_the_models_say(database_url):
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            options = {
                "compare_server_default": False,
                "include_name": lambda name, kind, _: kind != "table" or name in Base.metadata.tables,
            }
            context = MigrationContext.configure(connection, opts=options)
            differences = compare_metadata(context, Base.metadata)
    finally:
        engine.dispose()
    unexpected = [difference for difference in differences if not _is_known_only_to_sql(difference)]
    assert unexpected == []


def _is_known_only_to_sql(difference):
    """Indexes and unique constraints are declared where they are made, in the migrations."""
    return isinstance(difference, tuple) and difference[0] in {"remove_index", "remove_constraint"}


def test_upgrading_from_two_processes_at_once_is_safe(postgres):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE twice")
    script = "import sys; from switchboard.persistence.migrate import upgrade; upgrade(sys.argv[1])"
    command = [sys.executable, "-c", script, postgres.url("twice")]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(timeout=50) for process in processes] == [0, 0]
    with psycopg.connect(postgres.url("twice")) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
