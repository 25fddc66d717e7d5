"""What was asked of the vendors: a bounded memory of requests, without credentials."""

import json
import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl

REMEMBERED = 2_000
MAX_BODY = 64 * 1024
"""Bytes of a request body that are kept; of a longer one only its size is told."""
_HIDDEN = "***"
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key", "xi-api-key"})
_SECRET_KEY = re.compile(r"(auth_?token|^token|secret|password|api_?key|signature)s?$", re.IGNORECASE)


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

    def told(self, provider: str | None, method: str | None, path: str | None) -> list[dict[str, Any]]:
        """Oldest first; `path` is a glob."""
        return [
            asdict(seen)
            for seen in self._seen
            if provider in (None, seen.provider)
            and (method is None or method.upper() == seen.method)
            and (path is None or fnmatchcase(seen.path, path))
        ]


def _parsed(body: bytes, content_type: str) -> Any:
    kind = content_type.partition(";")[0].strip().lower()
    text = body.decode("utf-8", "replace")
    if kind == "application/x-www-form-urlencoded":
        return _pairs(text)
    if kind.endswith("json"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _pairs(text: str) -> dict[str, Any]:
    """A key that comes more than once has a list."""
    pairs: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        pairs.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in pairs.items()}


def _redacted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _HIDDEN if _SECRET_KEY.search(str(name)) else _redacted(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_redacted(one) for one in value]
    return value
