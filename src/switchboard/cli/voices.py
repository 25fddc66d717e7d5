"""`switchboard voices`: what agents can sound like."""

from typing import Annotated, Any

import typer

from switchboard.cli.command import Invocation, command

_ALL = 100_000

app = typer.Typer(help="Voices of both platforms.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Voices of both platforms."""


@command(app, "list")
def list_voices(
    run: Invocation,
    platform: Annotated[str | None, typer.Option(help="elevenlabs or ultravox.")] = None,
) -> None:
    """List voices, with the id that `agents create --voice` takes."""
    run.answer(run.client.pages("/voices", limit=_ALL, platform=platform), _print_table)


def _print_table(voices: list[dict[str, Any]]) -> None:
    from switchboard.cli.output import table, wide

    names = ["ID", "NAME", "PLATFORM", "LANGUAGE"]
    rows = [[voice.get("id"), voice.get("name"), voice.get("platform"), voice.get("language")] for voice in voices]
    if wide():
        names += ["CATEGORY", "DESCRIPTION"]
        rows = [[*row, v.get("category"), v.get("description")] for row, v in zip(rows, voices, strict=True)]
    table(
        names,
        rows,
        empty="No voices are known. Is the platform's key set?",
        flexible=names[-1] if wide() else "NAME",
    )
