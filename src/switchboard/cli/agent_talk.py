"""`switchboard agents talk`: a conversation in writing, line by line. Imports its socket only when it runs."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from switchboard.cli.agent_naming import agent_id
from switchboard.cli.command import Invocation, pairs, usage
from switchboard.cli.errors import ExitCode, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

_ANSWER_SECONDS = 60.0
_OPEN_SECONDS = 20.0
_FAREWELL_SECONDS = 5.0


def talk(
    run: Invocation,
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="Its id, or the beginning of its name.")],
    var: Annotated[
        list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="Fill a variable; may be repeated.")
    ] = None,
) -> None:
    """Write with an agent: each line is a turn. Ctrl-D hangs up; from a pipe, each line waits for its answer."""
    variables = pairs(var or [], "--var")
    empty = [name for name, value in variables.items() if value is None]
    if empty:
        raise usage(f"--var {empty[0]!r} has no value. Write --var {empty[0]}=value.")
    with _connected(run, agent_id(run, agent)) as socket:
        socket.send(json.dumps({"type": "start", "mode": "text", "variables": variables}))
        _Chat(run, socket).hold()


class _Chat:
    """Prints what comes in a thread of its own, while this one waits for the keyboard."""

    def __init__(self, run: Invocation, socket: ClientConnection) -> None:
        self._run = run
        self._socket = socket
        self._answered = threading.Event()
        self._over = threading.Event()
        self._problem: dict[str, Any] | None = None

    def hold(self) -> None:
        """Raises: Failure when the conversation could not begin."""
        reader = threading.Thread(target=self._read, daemon=True)
        reader.start()
        with suppress(KeyboardInterrupt):
            self._write()
        self._send({"type": "hangup"})
        reader.join(_FAREWELL_SECONDS)
        if self._problem is not None:
            raise _failure(self._problem)

    def _write(self) -> None:
        waits = not sys.stdin.isatty()
        if waits:
            self._answered.wait(_ANSWER_SECONDS)
        for text in sys.stdin:
            if self._over.is_set():
                return
            if not text.strip():
                continue
            self._answered.clear()
            self._send({"type": "text", "text": text.strip()})
            if waits:
                self._answered.wait(_ANSWER_SECONDS)

    def _read(self) -> None:
        for frame in _frames(self._socket):
            if frame.get("type") == "error":
                self._problem = frame.get("problem") or {}
            elif self._run.as_json:
                _print_frame(frame)
            else:
                _print_words(frame)
            if frame.get("type") == "caption" and frame.get("role") == "agent" and frame.get("final"):
                self._answered.set()
        self._over.set()
        self._answered.set()

    def _send(self, frame: dict[str, Any]) -> None:
        from websockets.exceptions import ConnectionClosed

        with suppress(ConnectionClosed):
            self._socket.send(json.dumps(frame))


def _connected(run: Invocation, agent: str) -> ClientConnection:
    from websockets.exceptions import InvalidHandshake, InvalidStatus
    from websockets.sync.client import connect

    from switchboard.cli.client import quoted

    location = run.client.location
    address = f"{location.url.replace('http', 'ws', 1)}/api/v1/agents/{quoted(agent)}/talk"
    try:
        return connect(
            address,
            additional_headers={"X-API-Key": location.api_key},
            open_timeout=_OPEN_SECONDS,
            proxy=None if location.is_loopback else True,
        )
    except InvalidStatus as refused:
        raise _refused(refused.response.status_code, bytes(refused.response.body or b"")) from None
    except (OSError, TimeoutError, InvalidHandshake) as error:
        raise run.client.unreachable(error) from None


def _frames(socket: ClientConnection) -> Iterator[dict[str, Any]]:
    from websockets.exceptions import ConnectionClosed

    with suppress(ConnectionClosed, ValueError):
        for message in socket:
            frame = json.loads(message)
            if isinstance(frame, dict):
                yield frame


def _print_frame(frame: dict[str, Any]) -> None:
    from switchboard.cli.output import print_json

    print_json(frame)


def _print_words(frame: dict[str, Any]) -> None:
    from switchboard.cli import words
    from switchboard.cli.output import line, say

    match frame.get("type"):
        case "caption" if frame.get("role") == "agent" and frame.get("final"):
            say(f"agent: {line(frame.get('text'))}")
        case "tool":
            say(f"       (used {line(frame.get('name'))})")
        case "ended":
            why = words.reason(frame.get("reason")) or "it has ended"
            say(f"Over: {line(why)}. The call is {line(frame.get('call_id'))}.")


def _refused(status: int, body: bytes) -> Failure:
    import httpx

    return Failure.answered(httpx.Response(status, content=body, request=httpx.Request("GET", "http://talk")))


def _failure(problem: dict[str, Any]) -> Failure:
    status = problem.get("status")
    if not isinstance(status, int):
        said = "The conversation could not begin."
        return Failure.local(ExitCode.UNAVAILABLE, said, said, code="unexpected-answer")
    return _refused(status, json.dumps(problem).encode())


COMMANDS = {"talk": talk}
