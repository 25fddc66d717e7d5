"""The public API over HTTP, for one command. The command line knows nothing else of the server."""

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import quote

import httpx

from switchboard.cli.errors import ExitCode, Failure
from switchboard.cli.location import Location

Record = dict[str, Any]

_BASE = "/api/v1"
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
"""Creating an agent waits for a vendor, who may take long."""
_PAUSES = (0.0, 0.5, 1.0, 2.0)
"""Seconds before each try to place a call; later ones follow a lost answer."""
_LOST = (httpx.ReadError, httpx.ReadTimeout, httpx.WriteError, httpx.WriteTimeout, httpx.RemoteProtocolError)
_LOST_BY_PROXY = {502, 504}
_LARGEST_PAGE = 200


class Client:
    """Raises Failure for every answer that is not a success. Close it, or use it as a context manager."""

    def __init__(
        self,
        location: Location,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.location = location
        self.sleep = sleep
        self.http = httpx.Client(
            base_url=location.url + _BASE,
            headers={"X-API-Key": location.api_key, "User-Agent": "switchboard-cli"},
            timeout=_TIMEOUT,
            transport=transport,
            trust_env=not location.is_loopback,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **query: str | int | None) -> Any:
        """The answer's JSON; parameters that are None are left out."""
        return _json(self._send("GET", path, params=_given(query)))

    def post(self, path: str, body: Record | None = None) -> Any:
        return _json(self._send("POST", path, json=body))

    def put(self, path: str, body: Record, *, version: int) -> Any:
        """Replace exactly this version."""
        return _json(self._send("PUT", path, json=body, headers={"If-Match": f'"{version}"'}))

    def patch(self, path: str, body: Record) -> Any:
        return _json(self._send("PATCH", path, json=body))

    def send(self, method: str, path: str) -> None:
        """A request whose answer only tells that it was done."""
        self._send(method, path)

    def delete(self, path: str) -> None:
        self._send("DELETE", path)

    def pages(self, path: str, *, limit: int, **query: str | None) -> list[Record]:
        """Up to `limit` records of a list, from as many pages as it takes.

        Only the query of the `Link` header is used: the key must not follow a link to another host.
        """
        records: list[Record] = []
        parameters: Mapping[str, Any] = _given({**query, "limit": min(limit, _LARGEST_PAGE)})
        while True:
            answer = self._send("GET", path, params=parameters)
            records += _json(answer)
            following = answer.links.get("next", {}).get("url")
            if not following or len(records) >= limit:
                return records[:limit]
            parameters = httpx.URL(following).params

    def place_call(self, body: Record, idempotency_key: str | None) -> Record:
        """Ring one phone. A lost answer is asked for again under the same key, so nobody is rung twice."""
        key = idempotency_key or str(uuid.uuid4())
        for pause in _PAUSES:
            self.sleep(pause)
            try:
                answer = self.http.post("/calls", json=body, headers={"Idempotency-Key": key})
            except _LOST:
                continue
            except httpx.HTTPError as error:
                if pause == _PAUSES[0]:
                    raise self.unreachable(error) from None
                continue
            if answer.status_code not in _LOST_BY_PROXY:
                _require_success(answer)
                record: Record = _json(answer)
                return record
        raise Failure.local(
            ExitCode.UNREACHABLE,
            "The answer was lost",
            f"The server may have placed the call. Repeat the command with --idempotency-key {key}: "
            "the phone then rings once at most.",
            code="answer-lost",
        )

    def unreachable(self, error: Exception) -> Failure:
        """What to tell when no answer came."""
        location = self.location
        reason = str(error) or type(error).__name__
        origin = f" (from {location.source})" if location.source != "--url" else ""
        detail = f"{location.url}{origin} does not answer: {reason}. Is `make run` or `switchboard serve` running?"
        return Failure.local(ExitCode.UNREACHABLE, "Cannot reach the server", detail, code="unreachable")

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            answer = self.http.request(method, path, **content)
        except httpx.HTTPError as error:
            raise self.unreachable(error) from None
        _require_success(answer)
        return answer


def quoted(text: str) -> str:
    """Text as one segment of a path: an id typed by hand may hold anything."""
    return quote(text, safe="")


def _given(query: Mapping[str, Any]) -> Record:
    return {name: value for name, value in query.items() if value is not None}


def _require_success(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise Failure.answered(answer)


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        detail = f"{answer.request.url.copy_with(query=None)} did not answer JSON. Is the address Switchboard's?"
        raise Failure.local(
            ExitCode.UNREACHABLE, "This is not Switchboard", detail, code="unexpected-answer"
        ) from None
