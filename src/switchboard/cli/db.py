"""`switchboard db`: the database's schema."""

import typer

from switchboard.cli.startup import read_settings

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `upgrade` a subcommand."""


@app.command()
def upgrade() -> None:
    """Bring the database at DATABASE_URL to the newest schema."""
    from switchboard.persistence.migrate import upgrade as migrate

    settings = read_settings(needs_database=True)
    migrate(str(settings.database_url))
    typer.echo("The database has the newest schema.")
