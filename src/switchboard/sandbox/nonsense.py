"""What the control API says of orders that make no sense: which part, and why, in a sentence."""

from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

_IN_WORDS = {
    "extra_forbidden": "There is no such field.",
    "json_invalid": "This is no JSON.",
    "missing": "This is missing.",
    "model_attributes_type": "Send a JSON object with the header content-type: application/json.",
}


async def answer_nonsense(_request: Request, error: Exception) -> JSONResponse:
    """422 with `detail` for people and `errors` by field. What was sent is not repeated: it may hold anything.

    Vendors' routes read their requests by themselves, so that no such error is theirs.
    """
    assert isinstance(error, RequestValidationError)
    errors = [_told(one) for one in error.errors()]
    detail = " ".join(f"{one['field']}: {one['message']}" if one["field"] else one["message"] for one in errors)
    return JSONResponse({"detail": detail, "errors": errors}, 422)


def _told(error: dict[str, Any]) -> dict[str, str]:
    kind, place = error["type"], [str(part) for part in error["loc"][1:]]
    message = _IN_WORDS.get(kind) or str(error["msg"]).removeprefix("Value error, ")
    return {"field": "" if kind == "json_invalid" else ".".join(place), "message": message.rstrip(".") + "."}
