"""`switchboard sandbox`: the emulated vendors and phones, alone on a port of their own."""

import os
import secrets
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import uvicorn

_LARGEST_SEED = 2**31
_PATIENCE = 0.3
"""Seconds that requests still running get at the end; the whole stop stays within one."""


def sandbox(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8100,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    seed: Annotated[
        int | None, typer.Option(min=0, help="Same seed, same ids and talk. Without one every start differs.")
    ] = None,
    speed: Annotated[float, typer.Option(min=1, max=100, help="How much faster than real time.")] = 1.0,
    exit_with_parent: Annotated[
        bool, typer.Option("--exit-with-parent", help="Stop when standard input ends.")
    ] = False,
) -> None:
    """Run the sandbox: ElevenLabs, Ultravox, Twilio and a town of people with telephones."""
    import uvicorn

    from switchboard.sandbox.app import create_app
    from switchboard.sandbox.clock import SandboxClock
    from switchboard.sandbox.conversation.language_model import LanguageModelSettings, from_settings
    from switchboard.sandbox.world import World

    world = World(
        seed=secrets.randbelow(_LARGEST_SEED) if seed is None else seed,
        clock=SandboxClock(speed),
        llm=from_settings(LanguageModelSettings()),
    )
    config = uvicorn.Config(
        create_app(world),
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
    server.run()


def _stop_at_end_of_input(server: "uvicorn.Server") -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    server.should_exit = True
