"""Bring a database to the newest schema. Safe to run from several processes at once."""

from importlib.resources import files

from alembic import command
from alembic.config import Config

from switchboard.persistence.database import conninfo


def upgrade(url: str, revision: str = "head") -> None:
    """Apply all migrations up to `revision`; blocking, so call it before the loop or in a thread."""
    config = Config()
    config.set_main_option("script_location", str(files("switchboard.persistence") / "migrations"))
    config.attributes["url"] = conninfo(url).replace("postgresql://", "postgresql+psycopg://", 1)
    command.upgrade(config, revision)
