"""`switchboard sandbox`: the emulated vendors and phones, alone on a port of their own."""

import json
import os
import secrets
import sys
import threading
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import uvicorn

    from switchboard.sandbox.script import Script

_LARGEST_SEED = 2**31
_PATIENCE = 0.3
"""Seconds that requests still running get at the end; the whole stop stays within one."""


class _Media(StrEnum):
    """As `switchboard.sandbox.media.MediaMode`, which is not worth its import at every start."""

    AUTO = "auto"
    TEXT = "text"
    AUDIO = "audio"


def sandbox(  # noqa: PLR0917 -- typer passes options by name
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8100,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    seed: Annotated[
        int | None, typer.Option(min=0, help="Same seed, same ids and talk. Without one every start differs.")
    ] = None,
    speed: Annotated[float, typer.Option(min=1, max=100, help="How much faster than real time.")] = 1.0,
    media: Annotated[
        _Media, typer.Option(help="Whether calls are spoken: auto (few at once, at speed 1), text, audio.")
    ] = _Media.AUTO,
    script: Annotated[
        Path | None, typer.Option(dir_okay=False, help="A file with what goes wrong, and when.")
    ] = None,
    exit_with_parent: Annotated[
        bool, typer.Option("--exit-with-parent", help="Stop when standard input ends.")
    ] = False,
    openapi: Annotated[
        bool, typer.Option("--openapi", help="Print what is covered as OpenAPI 3.1; start nothing.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Print what is imitated and what is not; start nothing.")
    ] = False,
) -> None:
    """Run the sandbox: ElevenLabs, Ultravox, Twilio and a town of people with telephones."""
    if openapi or coverage:
        _describe(as_openapi=openapi)
        return
    import uvicorn

    from switchboard.sandbox.app import create_app
    from switchboard.sandbox.clock import SandboxClock
    from switchboard.sandbox.conversation.language_model import LanguageModelSettings, from_settings
    from switchboard.sandbox.media import MediaMode
    from switchboard.sandbox.world import World

    world = World(
        seed=secrets.randbelow(_LARGEST_SEED) if seed is None else seed,
        clock=SandboxClock(speed),
        llm=from_settings(LanguageModelSettings()),
        media_mode=MediaMode(media.value),
    )
    config = uvicorn.Config(
        create_app(world, _script(script)),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=_PATIENCE,  # type: ignore[arg-type] # it passes fractions on to asyncio
    )
    server = uvicorn.Server(config)
    if exit_with_parent:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    typer.echo(f"Sandbox on http://{host}:{port} (seed {world.seed}, speed {speed:g})")
    if world.studio.why_not is not None:
        typer.echo(f"Calls are not spoken. {world.studio.why_not}")
    server.run()


def _script(path: Path | None) -> "Script | None":
    from switchboard.sandbox.script import BadScriptError, read

    if path is None:
        return None
    try:
        return read(path)
    except BadScriptError as error:
        raise typer.BadParameter(str(error), param_hint="--script") from None


def _describe(*, as_openapi: bool) -> None:
    if as_openapi:
        from switchboard.sandbox.description import openapi

        typer.echo(json.dumps(openapi(), indent=2))
        return
    from switchboard.sandbox.coverage import page

    typer.echo(page(), nl=False)


def _stop_at_end_of_input(server: "uvicorn.Server") -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    server.should_exit = True
