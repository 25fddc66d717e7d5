"""Ultravox's refusals. Most carry `{"detail": "…"}`, field errors `{"<field>": ["…"]}`.

Source: Ultravox API reference "Introduction"; bodies as seen in the field (fact sheet 1.3).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute


class UltravoxError(Exception):
    """An answer other than success, in the vendor's own shape."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = {"detail": body} if isinstance(body, str) else body
        self.headers = headers


class UltravoxRoute(APIRoute):
    """Answers `UltravoxError`s, so that they keep their shape in whatever application this is mounted."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # FastAPI's own type is a Coroutine, which `async def` gives
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except UltravoxError as error:
                return JSONResponse(error.body, error.status, error.headers)

        return answer


def bad_request(detail: str) -> UltravoxError:
    return UltravoxError(400, detail)


def bad_field(field: str, message: str) -> UltravoxError:
    return UltravoxError(400, {field: [message]})


def not_found(what: str) -> UltravoxError:
    return UltravoxError(404, f"No {what} matches the given query.")


def too_early() -> UltravoxError:
    return UltravoxError(425, "The call is still live or not billed yet.")


def not_joined() -> UltravoxError:
    return UltravoxError(422, "The call is not active.")


def throttled(seconds: int, detail: str) -> UltravoxError:
    return UltravoxError(429, detail, {"Retry-After": str(seconds)})


def no_free_time() -> UltravoxError:
    return UltravoxError(402, "No free time is left and the account has no active subscription.")
