"""What the long-running commands share: settings with errors for people, logs, the HTTP server."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn

    from switchboard.app import Application
    from switchboard.settings import Settings

EXIT_USAGE = 2
_GRACE_SECONDS = 2
_LARGEST_FRAME = 1_048_576
"""Bytes of one WebSocket frame; larger ones are never held in memory."""


def stop(message: str) -> NoReturn:
    """End the command with a sentence instead of a traceback."""
    typer.echo(message, err=True)
    raise typer.Exit(EXIT_USAGE)


def read_settings(*, needs_database: bool = False) -> Settings:
    """The settings of the environment; ends the command with a sentence when one is wrong."""
    from pydantic import ValidationError

    from switchboard.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        wrong = [f"  {'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        stop("Some settings are wrong:\n" + "\n".join(wrong))
    if needs_database and settings.database_url is None:
        stop("Set DATABASE_URL=postgresql://… first, or run `switchboard demo`, which brings a database.")
    return settings


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; ends the command with a sentence when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        stop(f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port with --port.")
    return bound


def http_server(application: Application, *, on_started: Callable[[], None] | None = None) -> uvicorn.Server:
    """uvicorn, set up to stop within two seconds even while event streams are open."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if on_started and self.started:
                on_started()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            application.stop_streams()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        application.asgi,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=_LARGEST_FRAME,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return Server(config)
