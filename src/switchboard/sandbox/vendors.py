"""Which vendor owns a path, and how each one words an error that none of its routes made."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Literal

Provider = Literal["elevenlabs", "twilio", "ultravox"]

_PREFIXES: tuple[tuple[str, Provider], ...] = (
    ("/2010-04-01", "twilio"),
    ("/api", "ultravox"),
    ("/calls", "ultravox"),
    ("/v1", "elevenlabs"),
    ("/v2", "elevenlabs"),
)
_TWILIO = {
    401: (20003, "Authenticate"),
    403: (20003, "Permission Denied"),
    404: (20404, "The requested resource was not found"),
    405: (20004, "Method not allowed"),
    429: (20429, "Too Many Requests"),
    503: (20503, "Service unavailable"),
}
_ELEVENLABS = {
    401: ("authentication_error", "invalid_api_key", "invalid_api_key"),
    402: ("payment_required", "insufficient_credits", "insufficient_credits"),
    403: ("authorization_error", "forbidden", "forbidden"),
    404: ("not_found", "not_found", "not_found"),
    429: ("rate_limit_error", "concurrent_limit_exceeded", "too_many_concurrent_requests"),
    503: ("service_unavailable",) * 3,
}
"""Type, code and the older status."""
_ELEVENLABS_CODES = {
    "system_busy": ("rate_limit_error", "system_busy"),
    "rate_limit_exceeded": ("rate_limit_error", "rate_limit_exceeded"),
    "concurrent_limit_exceeded": ("rate_limit_error", "too_many_concurrent_requests"),
    "quota_exceeded": ("authentication_error", "quota_exceeded"),
    "insufficient_credits": ("payment_required", "quota_exceeded"),
    "paid_plan_required": ("payment_required", "payment_required"),
    "unauthorized": ("authentication_error", "missing_permissions"),
    "maintenance": ("service_unavailable", "maintenance"),
}
"""Type and older status of codes that share an HTTP status with others."""

_SPENDING: Mapping[Provider, Sequence[str]] = {
    "elevenlabs": (
        "/v1/text-to-speech/*",
        "/v1/convai/twilio/*-call",
        "/v1/convai/sip-trunk/outbound-call",
        "/v1/convai/batch-calling/submit",
    ),
    "ultravox": ("/api/calls", "/api/agents/*/calls", "/api/voice_preview"),
}
"""POSTs that cost money at a platform."""


def spends(provider: Provider, method: str, path: str) -> bool:
    """Whether a request costs credits at its platform."""
    return method == "POST" and any(fnmatchcase(path, glob) for glob in _SPENDING.get(provider, ()))


def quota_spent(provider: Provider) -> tuple[int, dict[str, Any]]:
    """Status and body of a platform whose credits have run out.

    Source: fact sheets 1.3: ElevenLabs' 401 `quota_exceeded` as seen live; Ultravox' 402, unverified.
    """
    if provider == "elevenlabs":
        return 401, error_body(provider, 401, "This request exceeds your quota.", "quota_exceeded")
    return 402, error_body(provider, 402, "No free time is left. Subscribe to go on.")


def provider_of(path: str) -> Provider | None:
    """The vendor whose paths begin like this one; None for the sandbox's own."""
    for prefix, provider in _PREFIXES:
        if path == prefix or path.startswith(prefix + "/"):
            return provider
    return None


def error_body(provider: Provider, status: int, message: str, code: str | None = None) -> dict[str, Any]:
    """A vendor's error envelope around `message`. `code`: which of Twilio's or ElevenLabs' errors.

    Source: Twilio "Errors and warnings"; ElevenLabs "Errors"; Ultravox answers `{"detail": "…"}`.
    """
    if provider == "twilio":
        usual = 20500 if status >= 500 else 20001  # noqa: PLR2004 -- HTTP
        numbered = int(code) if code and code.isdigit() else _TWILIO.get(status, (usual, ""))[0]
        return twilio_error(numbered, message, status)
    if provider == "elevenlabs":
        kind, plain, legacy = _ELEVENLABS.get(status, ("internal_error",) * 3)
        if code is not None:
            kind, legacy = _ELEVENLABS_CODES.get(code, (kind, code))
        return {"detail": {"type": kind, "code": code or plain, "message": message, "status": legacy}}
    return {"detail": message}


def twilio_error(code: int, message: str, status: int) -> dict[str, Any]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more, "status": status}


def no_such_route(provider: Provider, status: int, method: str, path: str) -> dict[str, Any]:
    """What a vendor says of a path (404) or method (405) that it does not know."""
    if provider == "twilio":
        code, message = _TWILIO.get(status, (20500, "Internal Server Error"))
        text = f"The requested resource {path} was not found" if status == 404 else message  # noqa: PLR2004 -- HTTP
        return twilio_error(code, text, status)
    if provider == "elevenlabs":
        return {"detail": "Not Found" if status == 404 else "Method Not Allowed"}  # noqa: PLR2004 -- HTTP
    return {"detail": "Not found." if status == 404 else f'Method "{method}" not allowed.'}  # noqa: PLR2004 -- HTTP
