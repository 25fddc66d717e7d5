"""`switchboard demo`: everything on this machine, no keys needed. Real providers are used where keys are set."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from switchboard.cli.startup import http_server, listen, read_settings, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.cli.demo_setup import Demo

_STOP_SECONDS = 1.5


def demo(
    data_dir: Annotated[Path | None, typer.Option(help="Where data lives.", envvar="SWITCHBOARD_DATA_DIR")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the API.", envvar="SWITCHBOARD_PORT")] = None,
    sandbox_port: Annotated[int, typer.Option(help="Port of the sandbox.")] = 8100,
) -> None:
    """Start API, worker, database and sandbox. Ctrl-C stops them all."""
    asked_to_stop: list[int] = []
    for sign in (signal.SIGINT, signal.SIGTERM):
        # uvicorn takes these over while it serves and raises them again afterwards: then this must stay quiet.
        signal.signal(sign, lambda number, _: asked_to_stop.append(number))
    settings = read_settings()
    folder = (data_dir or settings.data_dir).resolve()
    with ExitStack() as stack:
        stack.enter_context(_only_one(folder))
        bound = stack.enter_context(listen(settings.host, settings.port if port is None else port))
        with listen(settings.host, sandbox_port) as free:
            sandbox_number = free.getsockname()[1]
        stack.enter_context(_sandbox(settings.host, sandbox_number))
        database_url = stack.enter_context(_database(folder))

        from switchboard.cli.demo_setup import prepare

        started = prepare(
            settings,
            folder,
            database_url=database_url,
            url=f"http://{settings.host}:{bound.getsockname()[1]}",
            sandbox_url=f"http://{settings.host}:{sandbox_number}",
        )
        if not asked_to_stop:
            _serve(started, folder, stack.enter_context(bound.dup()))
    typer.echo("Stopped.", err=True)


def _serve(started: Demo, folder: Path, bound: socket.socket) -> None:
    from switchboard.app import Application

    def announce() -> None:
        _write_private(folder / "demo.json", json.dumps(started.facts(), indent=2) + "\n")
        typer.echo(started.banner(), err=True)

    http_server(Application(started.settings, with_worker=True), on_started=announce).run([bound])


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder; two demos on one database would take each other's server down."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop(f"A demo already runs on {folder}. Stop it, or choose another folder with --data-dir.")
        yield


@contextmanager
def _sandbox(host: str, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "switchboard", "sandbox", "--exit-with-parent"]
    process = subprocess.Popen(  # noqa: S603 -- our own program
        [*command, "--host", host, "--port", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us; it stops when its input ends, even if we are killed
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    from switchboard.persistence.embedded import EmbeddedPostgres, EmbeddedPostgresFailed
    from switchboard.persistence.migrate import upgrade

    server = EmbeddedPostgres(folder / "postgres")
    try:
        server.start()
    except EmbeddedPostgresFailed as error:
        stop(str(error))
    try:
        upgrade(server.url())
        yield server.url()
    finally:
        server.stop()


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read: it holds a key."""
    with suppress(FileNotFoundError):
        path.unlink()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
