"""Errors as `application/problem+json` (RFC 9457). The only place that turns an exception into an answer."""

import math
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match

from switchboard.core.errors import (
    InvalidInput,
    MalformedRequest,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    PayloadTooLarge,
    SwitchboardError,
    TooManyRequests,
    UnsupportedMediaType,
)
from switchboard.http.json import JsonResponse
from switchboard.http.sentences import field_errors, is_unreadable

TYPE_BASE = "https://switchboard.dev/errors/"
MEDIA_TYPE = "application/problem+json"
_CHALLENGE = 'ApiKey realm="switchboard", Bearer realm="switchboard"'
_SHOWN_BY_ATTRIBUTE = ("provider", "provider_code", "provider_status")
_OWN_MEMBERS = {"type", "title", "status", "detail", "instance", "code", "errors", "request_id", "raw", "headers"}

log = structlog.get_logger(__name__)


class FieldProblem(BaseModel):
    """One thing wrong with one field."""

    field: str = Field(description="Dotted path.", examples=["variables.guest"])
    message: str = Field(examples=["This field is required."])


class Problem(BaseModel):
    """RFC 9457 problem details; some problems carry more members."""

    type: str = Field(examples=[f"{TYPE_BASE}not-found"])
    title: str = Field(examples=["Nothing is here"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["No agent agt_… exists. List them with GET /api/v1/agents."])
    instance: str = Field(examples=["/api/v1/agents/agt_…"])
    code: str = Field(description="The end of `type`; stable.", examples=["not-found"])
    errors: list[FieldProblem] | None = None
    request_id: str | None = Field(default=None, examples=["req_01k…"])


class MethodNotAllowed(SwitchboardError):
    """This path does not take this method."""

    status, slug = 405, "method-not-allowed"


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: these statuses answer a Problem. 422 is always among them."""
    return {
        status: {"description": _DESCRIPTIONS[status], "content": {MEDIA_TYPE: {"schema": _SCHEMA_REFERENCE}}}
        for status in sorted({*statuses, 422})
    }


def problem_response(
    error: SwitchboardError, *, instance: str, request_id: str | None, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """The answer for one error; never carries a vendor's raw answer."""
    sent = dict(headers or {})
    if isinstance(error, NotAuthenticated):
        sent["WWW-Authenticate"] = _CHALLENGE
    sent |= error.extras.get("headers", {})
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        sent["Retry-After"] = str(max(1, math.ceil(retry_after)))
    body = _body(error, instance, request_id)
    return JsonResponse(body, status_code=error.status, headers=sent, media_type=MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Let `app` answer every error as a problem. Unexpected exceptions are the middleware's."""
    app.add_exception_handler(SwitchboardError, _on_own_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)


async def _on_own_error(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, SwitchboardError)
    if error.status >= 500:  # noqa: PLR2004 -- HTTP's line between the caller's faults and ours
        log.warning("http.problem", code=error.slug, provider=getattr(error, "provider", None))
    return _answer(request, error)


async def _on_invalid_request(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if is_unreadable(found):
        return _answer(
            request, MalformedRequest("The body is not valid JSON. Check its quotes, commas and braces.")
        )
    fields = field_errors(found)
    return _answer(request, InvalidInput.of(fields))


async def _on_http_exception(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == MethodNotAllowed.status:
        allowed = ", ".join(_methods(request))
        said = f"{request.url.path} does not take {request.method}; it takes {allowed}."
        return _answer(request, MethodNotAllowed(said), {"Allow": allowed})
    return _answer(request, _from_http(request, error), error.headers)


def _methods(request: Request) -> list[str]:
    """What this path takes. The router itself names only the methods of the first route with this path."""
    routes: list[BaseRoute] = request.app.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def _answer(request: Request, error: SwitchboardError, headers: Mapping[str, str] | None = None) -> JsonResponse:
    request_id = request.scope.get("switchboard.request_id")
    return problem_response(error, instance=request.url.path, request_id=request_id, headers=headers)


def _body(error: SwitchboardError, instance: str, request_id: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": TYPE_BASE + error.slug,
        "title": error.title(),
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "code": error.slug,
    }
    if isinstance(error, InvalidInput):
        body["errors"] = [{"field": wrong.field, "message": wrong.message} for wrong in error.errors]
    body |= {name: value for name, value in error.extras.items() if name not in _OWN_MEMBERS and value is not None}
    for name in _SHOWN_BY_ATTRIBUTE:
        if getattr(error, name, None) is not None:
            body[name] = getattr(error, name)
    if request_id:
        body["request_id"] = request_id
    return body


def _from_http(request: Request, error: HTTPException) -> SwitchboardError:
    match error.status_code:
        case 404:
            return NotFound(f"There is no {request.url.path} here. GET /openapi.json lists every path.")
        case 400:
            return MalformedRequest("The body cannot be read. Send it as JSON in UTF-8.")
    kind = _BY_STATUS.get(error.status_code, SwitchboardError)
    return kind(str(error.detail)) if kind is not TooManyRequests else TooManyRequests(str(error.detail), 1.0)


_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_BY_STATUS: dict[int, type[SwitchboardError]] = {
    401: NotAuthenticated,
    403: NotAllowed,
    413: PayloadTooLarge,
    415: UnsupportedMediaType,
}
_DESCRIPTIONS = {
    400: "The body cannot be read.",
    401: "Nobody is signed in, and there is no valid API key.",
    403: "A scope is missing, which the answer names; or a page of ours did not send it.",
    404: "It does not exist.",
    405: "The path does not take this method.",
    409: "The state does not allow this.",
    412: "Somebody else changed it first.",
    413: "The body is too large.",
    415: "The body is not `application/json`.",
    416: "The asked part lies beyond the end.",
    422: "Some fields are wrong; `errors` lists them.",
    424: "A provider refused; `provider` and `provider_code` say more.",
    429: "Too many requests; `Retry-After` says when to go on.",
    503: "Out of reach for now; `Retry-After` says when to try again.",
}
_SCHEMA_REFERENCE = {"$ref": "#/components/schemas/Problem"}
