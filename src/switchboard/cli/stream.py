"""One call's events as server-sent events, across dropped connections.

Source: WHATWG HTML, "Server-sent events", parsing an event stream.
"""

import json
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

import httpx

from switchboard.cli.client import Client, Record
from switchboard.cli.errors import ExitCode, Failure

_TIMEOUT = httpx.Timeout(10.0, read=45.0)
"""The server says something at least every 15 s; three silent intervals are a dead connection."""
_TRIES = 60
_PAUSE_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
_AGAIN = {502, 503, 504}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands between two empty lines of a stream; `body` is {} where a frame only moves the position."""

    position: str | None = None
    body: Record = field(default_factory=dict)


def call_events(client: Client, call_id: str) -> Generator[Record | None, None, None]:
    """Every event of the call from its first on, each once; None now and then, as a moment to look around.

    Close it, or the connection stays open.

    Raises: Failure when the server refuses, or stays out of reach for some minutes.
    """
    position, failed = "0", 0
    while True:
        try:
            for frame in _connection(client, call_id, position):
                failed = 0
                position = frame.position or position
                yield frame.body or None
        except httpx.HTTPError as error:
            failed += 1
            if failed >= _TRIES:
                raise client.unreachable(error) from None
        yield None
        client.sleep(_PAUSE_SECONDS[min(failed, len(_PAUSE_SECONDS) - 1)])


def _connection(client: Client, call_id: str, position: str) -> Iterator[Frame]:
    query = {"call_id": call_id, "after": position}
    headers = {"Accept": "text/event-stream", "Last-Event-ID": position}
    with client.http.stream("GET", "/events", params=query, headers=headers, timeout=_TIMEOUT) as answer:
        if answer.status_code in _AGAIN:
            raise httpx.ReadError(f"HTTP {answer.status_code}")
        if not answer.is_success:
            answer.read()
            raise Failure.answered(answer)
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            raise Failure.local(
                ExitCode.UNREACHABLE,
                "This is not Switchboard",
                "It sent no event stream.",
                code="unexpected-answer",
            )
        yield from frames(lines(answer.iter_bytes()))


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines ended by LF or CRLF only: what people say may hold other line breaks, such as U+2028."""
    rest = b""
    for chunk in chunks:
        *complete, rest = (rest + chunk).split(b"\n")
        for line in complete:
            yield line.removesuffix(b"\r").decode("utf-8", "replace")


def frames(stream: Iterable[str]) -> Iterator[Frame]:
    """Frames of a stream; a comment yields an empty one. A frame cut off at the end is not one."""
    position: str | None = None
    data: list[str] = []
    for line in stream:
        if not line:
            if position is not None or data:
                yield Frame(position, _body("\n".join(data)))
            position, data = None, []
        elif line.startswith(":"):
            yield Frame()
        else:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "id":
                position = value
            elif name == "data":
                data.append(value)


def _body(text: str) -> Record:
    if not text:
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
