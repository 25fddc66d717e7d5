"""The guard of every route and socket: `caller: Annotated[Caller, require("agents:read")]`."""

import hmac
from typing import Any

import structlog
from fastapi import Depends
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from switchboard.access.errors import CsrfFailed
from switchboard.access.schemas import Caller, Presented
from switchboard.access.scopes import Scope
from switchboard.access.secrets import csrf_token
from switchboard.access.service import AccessService, require_scopes
from switchboard.core.actor import set_actor
from switchboard.core.errors import NotAuthenticated
from switchboard.http.origin import is_foreign
from switchboard.http.rate_limit import RateLimiter

SESSION_COOKIE = "switchboard_session"
_BEARER = "bearer "
_SAFE = {"GET", "HEAD", "OPTIONS"}


def require(*scopes: str) -> Any:
    """A dependency that lets in callers who hold all of `scopes`, and answers who they are.

    Reads `X-API-Key`, else `Authorization: Bearer`, else the session's cookie. A cookie comes along whichever page
    sends a request, so with it the request must also prove to come from a page of ours: by `X-CSRF-Token` where
    something may change, by `Origin` for a WebSocket. Counts the request against the caller's rate limit. Needs
    `app.state.access` (AccessService) and `app.state.rate_limiter` (RateLimiter).

    Raises, at request time: NotAuthenticated, CsrfFailed, MissingScope, TooManyRequests. On a WebSocket, which is
    not accepted yet, they become the HTTP answer to its handshake.
    """
    return Depends(_Guard(tuple(Scope(scope).value for scope in scopes)))


def presented(connection: HTTPConnection) -> Presented:
    """What the request carries to say who asks. Raises: NotAuthenticated when it is nothing."""
    key = connection.headers.get("x-api-key", "").strip()
    authorization = connection.headers.get("authorization", "")
    if not key and authorization[: len(_BEARER)].lower() == _BEARER:
        key = authorization[len(_BEARER) :].strip()
    if key:
        return Presented("key", key)
    token = connection.cookies.get(SESSION_COOKIE)
    if not token:
        raise NotAuthenticated("Sign in, or send an API key in the header X-API-Key.")
    return Presented("session", token)


def refuse_foreign_pages(connection: HTTPConnection) -> None:
    """Raises: CsrfFailed when another origin's page has sent this."""
    if is_foreign(connection):
        raise CsrfFailed("Another page sent this in your name. Only pages of this server may.")


class _Guard(SecurityBase):
    """One dependency that both guards and describes itself in OpenAPI: each further one costs every request."""

    def __init__(self, scopes: tuple[str, ...]) -> None:
        description = "An API key, `sb_…`. The scopes that a route needs stand in its description."
        self.model = APIKey(**{"in": APIKeyIn.header}, name="X-API-Key", description=description)
        self.scheme_name = "ApiKey"
        self.scopes = scopes

    async def __call__(self, connection: HTTPConnection) -> Caller:
        access: AccessService = connection.app.state.access
        limiter: RateLimiter = connection.app.state.rate_limiter
        brought = presented(connection)
        caller = await access.identify(brought.badge)
        if brought.kind == "session":
            _require_own_page(connection, brought.secret)
        set_actor(caller.actor)
        structlog.contextvars.bind_contextvars(caller_id=caller.id)
        allowance = await limiter.spend(caller.owner)
        if allowance is not None:
            connection.scope["switchboard.headers"] = allowance.headers()
        require_scopes(caller, self.scopes)
        return caller


def _require_own_page(connection: HTTPConnection, token: str) -> None:
    if connection.scope["type"] == "websocket":
        refuse_foreign_pages(connection)
        if "origin" not in connection.headers:
            raise CsrfFailed(
                "A socket opened with the session's cookie needs the header Origin, as browsers send it."
            )
    elif connection.scope["method"] not in _SAFE:
        refuse_foreign_pages(connection)
        sent = connection.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), csrf_token(token).encode()):
            raise CsrfFailed(
                "Send the session's csrf_token, which GET /api/v1/me tells, in the header X-CSRF-Token."
            )
