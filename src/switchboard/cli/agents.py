"""`switchboard agents`: create, read, change and delete agents."""

from pathlib import Path
from typing import Annotated, Any

import typer

from switchboard.cli import agent_files, agent_life, agent_talk
from switchboard.cli.agent_naming import agent_id
from switchboard.cli.command import Invocation, command, confirmed, pairs, usage

app = typer.Typer(help="Voice agents on both platforms.", no_args_is_help=True)

_Agent = Annotated[str, typer.Argument(metavar="AGENT", help="Its id, or the beginning of its name.")]
_Prompt = Annotated[str | None, typer.Option("--prompt", help="What the agent is told; {{name}} is a variable.")]
_PromptFile = Annotated[
    Path | None, typer.Option("--prompt-file", help="Read the prompt from this file; - for standard input.")
]
_First = Annotated[str | None, typer.Option("--first-message", help="What the agent says first.")]
_Language = Annotated[str | None, typer.Option("--language", help="Such as en or de-AT.")]
_Voice = Annotated[str | None, typer.Option("--voice", help="Id of a voice; see `switchboard voices list`.")]
_Model = Annotated[str | None, typer.Option("--model", help="The platform's name of a language model.")]
_Temperature = Annotated[
    float | None, typer.Option("--temperature", min=0, max=1, help="0 is steady, 1 is lively.")
]
_MaxDuration = Annotated[
    int | None, typer.Option("--max-duration", metavar="SECONDS", help="Longest call, 10 to 7200.")
]
_Variable = Annotated[
    list[str] | None,
    typer.Option("--variable", metavar="NAME[=DEFAULT]", help="Declare a variable; may be repeated."),
]
_Fallback = Annotated[
    str | None, typer.Option("--fallback", metavar="AGENT", help="Its twin on the other platform.")
]
_CLEARABLE = {"voice", "model", "fallback_agent_id"}


@command(app, "list")
def list_agents(
    run: Invocation,
    platform: Annotated[str | None, typer.Option(help="Only this platform.")] = None,
    search: Annotated[str | None, typer.Option(help="Only names that contain this.")] = None,
    status: Annotated[str | None, typer.Option(help="draft, active or inactive.")] = None,
    sort: Annotated[str | None, typer.Option(help="created_at, updated_at or name; -name reverses.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 200,
) -> None:
    """List agents, newest first."""
    found = run.client.pages("/agents", limit=limit, platform=platform, search=search, status=status, sort=sort)
    run.answer(found, _print_table)


@command(app, "create")
def create_agent(
    run: Invocation,
    *,
    name: Annotated[str, typer.Option("--name", help="What people call it.")],
    platform: Annotated[
        str | None, typer.Option("--platform", help="elevenlabs or ultravox (the default).")
    ] = None,
    prompt: _Prompt = None,
    prompt_file: _PromptFile = None,
    first_message: _First = None,
    language: _Language = None,
    voice: _Voice = None,
    model: _Model = None,
    temperature: _Temperature = None,
    max_duration: _MaxDuration = None,
    variable: _Variable = None,
    fallback: _Fallback = None,
) -> None:
    """Create an agent here and at its platform."""
    text = _prompt(prompt, prompt_file)
    if text is None:
        raise usage("Give --prompt TEXT or --prompt-file FILE.")
    body = {
        "platform": platform,
        "name": name,
        "prompt": text,
        "first_message": first_message,
        "language": language,
        "voice": voice,
        "model": model,
        "temperature": temperature,
        "max_duration_seconds": max_duration,
        "variables": _variables(variable),
        "fallback_agent_id": agent_id(run, fallback) if fallback else None,
    }
    run.answer(run.client.post("/agents", _given(body)), _print_details)


@command(app, "show")
def show_agent(run: Invocation, agent: _Agent) -> None:
    """Show one agent."""
    run.answer(_agent(run, agent), _print_details)


@command(app, "update")
def update_agent(
    run: Invocation,
    agent: _Agent,
    *,
    name: Annotated[str | None, typer.Option("--name", help="What people call it.")] = None,
    prompt: _Prompt = None,
    prompt_file: _PromptFile = None,
    first_message: _First = None,
    language: _Language = None,
    voice: _Voice = None,
    model: _Model = None,
    temperature: _Temperature = None,
    max_duration: _MaxDuration = None,
    variable: _Variable = None,
    fallback: _Fallback = None,
    status: Annotated[str | None, typer.Option("--status", help="active or inactive.")] = None,
) -> None:
    """Change the fields that are given.

    An empty text takes away voice, model or fallback.
    Variables that are given replace those declared before.
    """
    body = _given(
        {
            "name": name,
            "prompt": _prompt(prompt, prompt_file),
            "first_message": first_message,
            "language": language,
            "voice": voice,
            "model": model,
            "temperature": temperature,
            "max_duration_seconds": max_duration,
            "variables": _variables(variable),
            "fallback_agent_id": agent_id(run, fallback) if fallback else fallback,
            "status": status,
        }
    )
    if not body:
        raise usage("Name at least one field to change, such as --prompt TEXT.")
    cleared = {field: None if value == "" and field in _CLEARABLE else value for field, value in body.items()}
    run.answer(run.client.patch(_path(run, agent), cleared), _print_details)


@command(app, "delete")
def delete_agent(
    run: Invocation,
    agent: _Agent,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete an agent here and at its platform. Its calls stay."""
    from switchboard.cli.output import line

    found = _agent(run, agent)
    called = f"{line(found['name'])} ({line(found['id'])})"
    confirmed(f"Delete {called} here and on {line(found['platform'])}?", yes=yes)
    run.client.delete(_path(run, found["id"]))
    run.say(f"Deleted {called}.")


for _name, _function in {**agent_talk.COMMANDS, **agent_life.COMMANDS, **agent_files.COMMANDS}.items():
    command(app, _name)(_function)


def _agent(run: Invocation, agent: str) -> dict[str, Any]:
    found: dict[str, Any] = run.client.get(_path(run, agent))
    return found


def _path(run: Invocation, agent: str) -> str:
    from switchboard.cli.client import quoted

    return f"/agents/{quoted(agent_id(run, agent))}"


def _prompt(text: str | None, file: Path | None) -> str | None:
    import sys

    if text is not None and file is not None:
        raise usage("Give --prompt or --prompt-file, not both.")
    if file is None:
        return text
    try:
        read = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise usage(f"--prompt-file {file} cannot be read: {error}.") from None
    return read.rstrip("\n")  # every editor ends a file with one


def _variables(texts: list[str] | None) -> dict[str, Any] | None:
    if texts is None:
        return None
    declared = pairs(texts, "--variable")
    return {name: {"type": "string", "default": default} for name, default in declared.items()}


def _given(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _print_table(agents: list[dict[str, Any]]) -> None:
    from switchboard.cli.agent_views import print_table

    print_table(agents)


def _print_details(agent: dict[str, Any]) -> None:
    from switchboard.cli.agent_views import print_details

    print_details(agent)
