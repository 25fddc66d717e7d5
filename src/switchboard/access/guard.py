"""The guard of every route: `caller: Annotated[Caller, require("agents:read")]`."""

from typing import Any

import structlog
from fastapi import Depends
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.security.base import SecurityBase
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from switchboard.access.schemas import Caller
from switchboard.access.scopes import Scope, missing_scopes
from switchboard.access.service import AccessService
from switchboard.core.errors import NotAllowed, NotAuthenticated
from switchboard.http.rate_limit import RateLimiter

_BEARER = "bearer "


class MissingScope(NotAllowed):
    """The API key lacks a scope."""

    slug = "missing-scope"


def require(*scopes: str) -> Any:
    """A dependency that lets in callers who hold all of `scopes`, and answers who they are.

    Reads `X-API-Key`, else `Authorization: Bearer`. Counts the request against the caller's rate limit. Needs
    `app.state.access` (AccessService) and `app.state.rate_limiter` (RateLimiter).

    Raises, at request time: NotAuthenticated, MissingScope, TooManyRequests.
    """
    return Depends(_Guard(tuple(Scope(scope).value for scope in scopes)))


def presented_secret(headers: Headers) -> str:
    """The key that a request carries. Raises: NotAuthenticated when it carries none."""
    secret = headers.get("x-api-key", "").strip()
    authorization = headers.get("authorization", "")
    if not secret and authorization[: len(_BEARER)].lower() == _BEARER:
        secret = authorization[len(_BEARER) :].strip()
    if not secret:
        raise NotAuthenticated("Send an API key in the header X-API-Key.")
    return secret


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
        caller = await access.authenticate(presented_secret(connection.headers))
        structlog.contextvars.bind_contextvars(key_id=caller.key_id)
        allowance = await limiter.spend(caller.owner)
        if allowance is not None:
            connection.scope["switchboard.headers"] = allowance.headers()
        missing = missing_scopes(caller.scopes, self.scopes)
        if missing:
            raise MissingScope(
                f"This key lacks the scope {missing[0]}. Use a key that has it.", missing_scopes=missing
            )
        return caller
