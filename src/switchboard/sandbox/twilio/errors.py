"""Twilio's error body: `{code, message, more_info, status}`."""

import uuid

from starlette.requests import Request
from starlette.responses import JSONResponse

from switchboard.sandbox.vendors import twilio_error


class TwilioError(Exception):
    """A refusal with Twilio's own code. Source: Twilio "Error and warning dictionary"."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def not_found(path: str) -> TwilioError:
    return TwilioError(20404, f"The requested resource {path} was not found", 404)


def unauthenticated() -> TwilioError:
    return TwilioError(20003, "Authenticate", 401)


def told_with_every_answer() -> dict[str, str]:
    """Headers of answers and refusals alike; the id is not the seed's, so that asking changes no later SID."""
    return {"Twilio-Request-Id": f"RQ{uuid.uuid4().hex}", "Twilio-Concurrent-Requests": "1"}


async def answer_error(_request: Request, error: Exception) -> JSONResponse:
    """The exception handler for `TwilioError`."""
    assert isinstance(error, TwilioError)
    body = twilio_error(error.code, error.message, error.status)
    headers = told_with_every_answer()
    if error.status == 401:  # noqa: PLR2004 -- HTTP
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        body["detail"] = "Your AccountSid or AuthToken was incorrect."
    return JSONResponse(body, error.status, headers)
