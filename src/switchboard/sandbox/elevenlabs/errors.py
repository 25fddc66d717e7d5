"""ElevenLabs's refusals, in the shapes that it uses: an object with type and code, FastAPI's list, a bare string.

Source: ElevenLabs "Errors"; OpenAPI document (422); fact sheet 1.3.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

_TYPES = {
    400: "validation_error",
    401: "authentication_error",
    402: "payment_required",
    403: "authorization_error",
    404: "not_found",
    409: "conflict",
    429: "rate_limit_error",
}


Where = tuple[str | int, ...]
"""The place of a value in a request, such as `("body", "to_number")`."""
_KINDS: dict[type, tuple[str, str]] = {
    dict: ("Input should be a valid dictionary", "dict_type"),
    list: ("Input should be a valid list", "list_type"),
    str: ("Input should be a valid string", "string_type"),
    bool: ("Input should be a valid boolean", "bool_type"),
    int: ("Input should be a valid integer", "int_type"),
    float: ("Input should be a valid number", "float_type"),
}


class ElevenLabsError(Exception):
    """An answer other than success; `detail` is what the body carries under that key."""

    def __init__(self, status: int, detail: Any) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail


class ElevenLabsRoute(APIRoute):
    """Answers `ElevenLabsError`s, so that they keep their shape in whatever application this is mounted."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # FastAPI's own type is a Coroutine, which `async def` gives
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except ElevenLabsError as error:
                return JSONResponse({"detail": _numbered(error.detail)}, error.status)

        return answer


def refused(
    status: int, code: str, message: str, *, param: str | None = None, legacy: str | None = None
) -> ElevenLabsError:
    """The usual shape. `legacy` is the older `status` where it differs from `code`."""
    detail = {"type": _TYPES[status], "code": code, "message": message, "status": legacy or code}
    return ElevenLabsError(status, detail | ({"param": param} if param else {}))


def not_found(kind: str, wanted: str) -> ElevenLabsError:
    """404 `<kind>_not_found` for kinds such as agent, conversation, phone_number, voice, webhook."""
    named = kind.replace("_", " ")
    return refused(404, f"{kind}_not_found", f"No {named} with id {wanted} was found.", param=f"{kind}_id")


def unprocessable(where: Where, message: str, kind: str, given: Any = None) -> ElevenLabsError:
    """422 in FastAPI's list shape."""
    return ElevenLabsError(422, [{"type": kind, "loc": list(where), "msg": message, "input": given}])


def missing(*where: str | int) -> ElevenLabsError:
    return unprocessable(where, "Field required", "missing")


def of_kind(where: Where, value: Any, kind: type) -> None:
    """Whether it is a dict, list, str, bool, int or float (`object`: anything). Raises: ElevenLabsError 422."""
    if kind is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif kind is int:
        fits = not isinstance(value, bool) and (isinstance(value, int) or _is_whole(value))
    else:
        fits = isinstance(value, kind)
    if not fits:
        raise unprocessable(where, *_KINDS[kind], value)


def one_of(where: Where, value: Any, allowed: Sequence[str], kind: str = "enum") -> None:
    """Raises: ElevenLabsError 422."""
    if value not in allowed:
        expected = ", ".join(f"'{one}'" for one in allowed)
        raise unprocessable(where, f"Input should be {expected}", kind, value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def _numbered(detail: Any) -> Any:
    """Refusals in the usual shape name the request that they belong to."""
    return {**detail, "request_id": uuid4().hex} if isinstance(detail, dict) else detail
