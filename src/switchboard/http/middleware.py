"""What happens around every request: identity, log line, headers, limits on bodies. Pure ASGI, for speed."""

import re
from collections.abc import Callable
from time import perf_counter

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switchboard.core.actor import forget_actor, set_actor
from switchboard.core.errors import MalformedRequest, PayloadTooLarge, SwitchboardError, UnsupportedMediaType
from switchboard.core.ids import new_id
from switchboard.http.openapi import install_openapi
from switchboard.http.problems import install_problem_handlers, problem_response
from switchboard.telemetry.metrics import Metrics

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_MEBIBYTE = 1_048_576
_BODILESS = {"GET", "HEAD", "OPTIONS"}
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    # Answers are data. Opened by themselves in a browser, a recording may play and nothing may run.
    (
        b"content-security-policy",
        b"default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ),
)
_NO_STORE = (b"cache-control", b"no-store")

log = structlog.get_logger(__name__)


def default_body_limit(path: str) -> int:
    """Bytes that a body may have: 1 MiB, and 30 MiB for webhooks, which may carry a recording."""
    return 30 * _MEBIBYTE if path.startswith("/inbox/") else _MEBIBYTE


class RequestEdge:
    """Outermost: gives the request an id, answers what nobody caught, writes the access log, counts."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["switchboard.request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        nobody_yet = set_actor(None)
        try:
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await self._serve(scope, receive, _Answer(scope, send, request_id))
        finally:
            forget_actor(nobody_yet)

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        began = perf_counter()
        try:
            await self._app(scope, receive, answer.send)
        except Exception:  # the last resort: nobody else knew this error, and a traceback is owed
            log.exception("http.unhandled", method=scope["method"], path=scope["path"])
            if answer.status:
                raise  # half an answer is out: only closing the connection tells the client
            error = SwitchboardError("Something failed here that should not. Report it with the request id.")
            await _send_problem(error, scope, receive, answer.send)
        finally:
            self._note(scope, answer, began)

    def _note(self, scope: Scope, answer: "_Answer", began: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "unmatched"
        method = scope["method"]
        ended = perf_counter()
        self._metrics.answered(method, route, answer.status, (answer.began or ended) - began)
        took_ms = round((ended - began) * 1000, 1)
        log.info("http.request", method=method, route=route, status=answer.status, took_ms=took_ms)


class _Answer:
    """Adds our headers on the way out and remembers how it went; `status` 0 means that nothing was sent."""

    __slots__ = ("_request_id", "_scope", "_send", "began", "status")

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._scope = scope
        self._send = send
        self._request_id = request_id.encode()
        self.status = 0
        self.began: float | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.began = perf_counter()
            self._add_headers(message)
        await self._send(message)

    def _add_headers(self, message: Message) -> None:
        headers = list(message.get("headers", ()))
        present = {name for name, _ in headers}
        headers.append((b"x-request-id", self._request_id))
        headers += [pair for pair in _HEADERS if pair[0] not in present]
        if _NO_STORE[0] not in present and self._scope["path"].startswith(("/api/", "/inbox/")):
            headers.append(_NO_STORE)
        for name, value in self._scope.get("switchboard.headers", {}).items():
            headers.append((name.lower().encode(), value.encode()))
        message["headers"] = headers


class BodyRules:
    """Refuses bodies that are too large or, under /api/, not JSON. What is refused is never kept in memory."""

    def __init__(self, app: ASGIApp, *, limit: Callable[[str], int] = default_body_limit) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and _has_nul(scope):
            await _send_problem(
                MalformedRequest("Remove the NUL characters from the address."), scope, receive, send
            )
            return
        if scope["type"] != "http" or scope["method"] in _BODILESS:
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        refusal = _refusal(scope, limit)
        if refusal:
            await _send_problem(refusal, scope, receive, send)
        else:
            await self._app(scope, _counted(receive, limit), send)


def install_edge(app: FastAPI, *, metrics: Metrics, body_limit: Callable[[str], int] = default_body_limit) -> None:
    """Put the edge around `app`: middleware, problems for errors, the OpenAPI amendments."""
    app.add_middleware(BodyRules, limit=body_limit)
    app.add_middleware(RequestEdge, metrics=metrics)
    install_problem_handlers(app)
    install_openapi(app)


def _refusal(scope: Scope, limit: int) -> SwitchboardError | None:
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        return _too_large(limit)
    has_body = length not in {"", "0"} or "transfer-encoding" in headers
    if not has_body or not scope["path"].startswith("/api/"):
        return None
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return None
    said = f"not {kind}" if kind else "and say so with Content-Type: application/json"
    return UnsupportedMediaType(f"Send the body as application/json, {said}.")


def _has_nul(scope: Scope) -> bool:
    """PostgreSQL keeps no such text, so nothing with such a name can exist."""
    return "\x00" in scope["path"] or b"%00" in scope["query_string"]


def _too_large(limit: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"The body may have at most {limit:,} bytes here. Send less.", limit_bytes=limit)


def _counted(receive: Receive, limit: int) -> Receive:
    """`receive`, but at the first byte past the limit it raises; the server drops the rest as it comes."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            # FastAPI turns any other exception met while reading a body into 400.
            raise HTTPException(PayloadTooLarge.status, _too_large(limit).detail)
        return message

    return counting


async def _send_problem(error: SwitchboardError, scope: Scope, receive: Receive, send: Send) -> None:
    request_id = scope.get("switchboard.request_id")
    await problem_response(error, instance=scope["path"], request_id=request_id)(scope, receive, send)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            return text if _REQUEST_ID.fullmatch(text) else new_id("req")
    return new_id("req")
