"""`switchboard serve`: the API, against real providers."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", envvar="SWITCHBOARD_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", envvar="SWITCHBOARD_PORT")] = None,
) -> None:
    """Serve the API. Needs DATABASE_URL, `switchboard db upgrade` before, and `switchboard worker` beside it."""
    import asyncio

    from switchboard.app import Application
    from switchboard.cli.first_admin import announce_first_admin
    from switchboard.cli.startup import http_server, listen, read_settings
    from switchboard.telemetry.logs import configure_logging

    settings = read_settings(needs_database=True)
    configure_logging(settings.log)
    bound = listen(host or settings.host, settings.port if port is None else port)
    address, number = bound.getsockname()[:2]
    asyncio.run(announce_first_admin(settings))
    typer.echo(f"Switchboard listens on http://{address}:{number}", err=True)
    http_server(Application(settings)).run([bound])
