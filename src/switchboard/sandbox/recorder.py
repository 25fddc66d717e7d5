"""What was asked of the vendors: a bounded memory of requests, without credentials."""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any, Literal
from urllib.parse import parse_qsl

from switchboard.core.redaction import redacted
from switchboard.sandbox.json_text import parsed

REMEMBERED = 2_000
MAX_BODY = 64 * 1024
"""Bytes of a request body that are kept; of a longer one only its size is told."""
FRAMES_KEPT = 50
"""Frames of a socket that are kept."""
_LONGEST_TEXT = 2_000
_LONGEST_LIST = 50
_HIDDEN = "***"
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key", "xi-api-key"})
_SECRET_KEY = re.compile(
    r"((auth|access|bearer)[_-]?token|^token|secret|password|api[_-]?key|signature|^authorization)s?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class SocketSeen:
    """What passed a WebSocket. `frames` are the first ones only, long texts cut, sound told by its length."""

    from_client: int = 0
    from_server: int = 0
    bytes_from_client: int = 0
    bytes_from_server: int = 0
    close_code: int | None = None
    closed_by: str | None = None
    """`client`, `server` or `fault`."""
    frames: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """One request as it came in. `status` is None while unanswered, or when the connection was dropped."""

    index: int
    at: str
    provider: str
    method: str
    path: str
    query: Any
    headers: dict[str, str]
    body: Any = None
    status: int | None = None
    fault: str | None = None
    socket: SocketSeen | None = None

    def frame(self, sender: Literal["client", "server"], message: Mapping[str, Any]) -> None:
        """Note a frame of a socket."""
        told = self.socket = self.socket or SocketSeen()
        content = message.get("bytes")
        text = None if content is not None else str(message.get("text") or "")
        size = len(content) if content is not None else len(text or "")
        if sender == "client":
            told.from_client, told.bytes_from_client = told.from_client + 1, told.bytes_from_client + size
        else:
            told.from_server, told.bytes_from_server = told.from_server + 1, told.bytes_from_server + size
        if len(told.frames) < FRAMES_KEPT:
            shown = {"bytes": size} if text is None else {"text": _frame_text(text)}
            told.frames.append({"from": sender, **shown})

    def closed(self, by: str, code: int) -> None:
        """Note the end of a socket; the first to say so counts."""
        told = self.socket = self.socket or SocketSeen()
        if told.closed_by is None:
            told.closed_by, told.close_code = by, code


class Recorder:
    """Remembers the latest 2 000 requests."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque(maxlen=REMEMBERED)
        self._count = 0

    def note(
        self,
        *,
        at: datetime,
        provider: str,
        method: str,
        path: str,
        query: bytes,
        headers: Iterable[tuple[bytes, bytes]],
    ) -> Seen:
        self._count += 1
        shown = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
        hidden = {name: _HIDDEN if name in _SECRET_HEADERS else value for name, value in shown.items()}
        told = _redacted(_pairs(query.decode("latin-1")))
        seen = Seen(self._count, at.isoformat(), provider, method, path, told, hidden)
        self._seen.append(seen)
        return seen

    def note_body(self, seen: Seen, body: bytes) -> None:
        """Keep a body parsed: JSON or form where its type says so, else text."""
        if len(body) > MAX_BODY:
            seen.body = {"bytes": len(body)}
        elif body:
            seen.body = _redacted(_parsed(body, seen.headers.get("content-type", "")))

    def clear(self) -> None:
        self._seen.clear()

    def told(
        self, provider: str | None, method: str | None, path: str | None, *, after: int = 0, most: int = REMEMBERED
    ) -> list[dict[str, Any]]:
        """The latest `most` of those with an index above `after`, oldest first; `path` is a glob."""
        found = (
            seen
            for seen in reversed(self._seen)
            if seen.index > after
            and provider in (None, seen.provider)
            and (method is None or method.upper() == seen.method)
            and (path is None or fnmatchcase(seen.path, path))
        )
        return [_told(seen) for seen in islice(found, most)][::-1]


def shown_url(url: str) -> str:
    """An address without a user's password and without secrets in its query."""
    head, asked, query = url.partition("?")
    scheme, slashes, rest = head.partition("//")
    host, slash, path = rest.partition("/")
    user, at, host = host.rpartition("@")
    told = f"{scheme}{slashes}{_HIDDEN if user else ''}{at}{host}{slash}{path}{asked}"
    return told + "&".join(_shown_pair(pair) for pair in query.split("&"))


def _shown_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}{equals}{_HIDDEN}" if equals and _SECRET_KEY.search(name) else pair


def _told(seen: Seen) -> dict[str, Any]:
    """`socket` only where there is one."""
    told = asdict(seen)
    return told if seen.socket else {name: value for name, value in told.items() if name != "socket"}


def _parsed(body: bytes, content_type: str) -> Any:
    kind = content_type.partition(";")[0].strip().lower()
    text = body.decode("utf-8", "replace")
    if kind == "application/x-www-form-urlencoded":
        return _pairs(text)
    if kind.endswith("json"):
        try:
            return parsed(text)
        except ValueError:
            return text
    return text


def _frame_text(text: str) -> Any:
    """JSON without secrets and sound, else the text's beginning."""
    if len(text) > MAX_BODY:
        return text[: _LONGEST_TEXT // 10]
    try:
        told = _redacted(parsed(text))
    except ValueError:
        return text[:_LONGEST_TEXT]
    return _without_sound(told)


def _without_sound(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_sound(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_sound(one) for one in value[:_LONGEST_LIST]]
    if isinstance(value, str) and len(value) > _LONGEST_TEXT // 10:
        return f"{value[:40]}… ({len(value)} characters)"
    return value


def _pairs(text: str) -> dict[str, Any]:
    """A key that comes more than once has a list."""
    pairs: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        pairs.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in pairs.items()}


def _redacted(value: Any) -> Any:
    return redacted(value, _HIDDEN, lambda name: _SECRET_KEY.search(name) is not None)
