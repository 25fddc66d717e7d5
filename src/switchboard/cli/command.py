"""What all client commands share: where the server is, JSON or text, and how failures end a command."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from switchboard.cli.errors import ExitCode, Failure

if TYPE_CHECKING:
    from switchboard.cli.client import Client

P = ParamSpec("P")

_CONNECTION = "Connection and output"
_Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="SWITCHBOARD_URL",
        help="The server. Without it: the demo of the data folder.",
        rich_help_panel=_CONNECTION,
    ),
]
_ApiKey = Annotated[
    str | None,
    typer.Option(
        "--api-key",
        envvar="SWITCHBOARD_API_KEY",
        show_envvar=True,
        help="The key, sb_…. Without it: that of the demo.",
        rich_help_panel=_CONNECTION,
    ),
]
_DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir", envvar="SWITCHBOARD_DATA_DIR", help="Where a demo runs.", rich_help_panel=_CONNECTION
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print the API's JSON.", rich_help_panel=_CONNECTION)]


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of a command: the server it speaks to, and for whom it prints."""

    client: "Client"
    as_json: bool

    def answer(self, record: Any, shown: Callable[[Any], None]) -> None:
        """Print the API's JSON for machines, or what `shown` prints of it for people."""
        from switchboard.cli.output import print_json

        if self.as_json:
            print_json(record)
        else:
            shown(record)

    def say(self, text: str) -> None:
        """A sentence for people; machines are not told."""
        from switchboard.cli.output import say

        if not self.as_json:
            say(text)


def command(
    app: typer.Typer, name: str
) -> Callable[[Callable[Concatenate[Invocation, P], None]], Callable[Concatenate[Invocation, P], None]]:
    """Make a function whose first parameter is the Invocation a command of `app`.

    The command gains `--url --api-key --data-dir --json`; a Failure is told on standard error and becomes
    the exit code. HTTP and tables are imported only once a command runs, so that help comes at once.
    """

    def register(
        function: Callable[Concatenate[Invocation, P], None],
    ) -> Callable[Concatenate[Invocation, P], None]:
        def run(*, url: str | None, api_key: str | None, data_dir: Path, json: bool, **options: Any) -> None:
            from switchboard.cli.client import Client
            from switchboard.cli.location import locate
            from switchboard.cli.output import print_problem

            try:
                with Client(locate(url, api_key, data_dir)) as client:
                    function(Invocation(client, json), **options)  # type: ignore[call-arg]  # typer gives what `function` declares
            except Failure as failure:
                print_problem(failure.problem, as_json=json)
                raise typer.Exit(failure.exit_code) from None

        own = list(inspect.signature(function).parameters.values())[1:]
        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + _shared()
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by typer
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        app.command(name, help=inspect.getdoc(function))(run)
        return function

    return register


def usage(message: str) -> typer.BadParameter:
    """To raise when options do not fit together; ends with exit code 2 and the command's usage."""
    return typer.BadParameter(message)


def pairs(texts: Iterable[str], option: str) -> dict[str, str | None]:
    """`name=value` texts as a dictionary; a name alone has the value None.

    Raises: BadParameter for a text without a name.
    """
    found: dict[str, str | None] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name.strip():
            raise usage(f"{option} {text!r} has no name. Write {option} name=value.")
        found[name.strip()] = value if equals else None
    return found


def confirmed(question: str, *, yes: bool) -> None:
    """Ask a person before something is lost; without one, only --yes will do.

    Raises: Failure when nobody can be asked or the answer is no.
    """
    import sys

    if yes:
        return
    if not sys.stdin.isatty():
        detail = "Nobody can be asked here. Add --yes if you mean it."
        raise Failure.local(ExitCode.USAGE, "This needs a confirmation", detail, code="not-confirmed")
    if not typer.confirm(question, err=True):
        raise Failure.local(ExitCode.USAGE, "Nothing was done", "You said no.", code="not-confirmed")


def _shared() -> list[inspect.Parameter]:
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter("url", keyword, default=None, annotation=_Url),
        inspect.Parameter("api_key", keyword, default=None, annotation=_ApiKey),
        inspect.Parameter("data_dir", keyword, default=Path(".switchboard"), annotation=_DataDir),
        inspect.Parameter("json", keyword, default=False, annotation=_Json),
    ]
