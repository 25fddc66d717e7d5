"""Alembic's entry: one connection, one lock, one transaction."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

_LOCK = 7_215_001  # any number that is only ours


def run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.configure(connection=connection, transactional_ddl=True)
        context.run_migrations()
    engine.dispose()


run()
