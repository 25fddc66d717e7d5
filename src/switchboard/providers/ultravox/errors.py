"""Ultravox' refusals in our words. The vendor documents hardly any error body, so any shape is read.

Source: Ultravox API reference and "Concurrency" (429 and 503 with Retry-After).
"""

from collections.abc import Mapping
from typing import Any

from switchboard.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderMissing,
    ProviderOutOfQuota,
    ProviderRejected,
    ProviderUnavailable,
)
from switchboard.providers.http import Answer

NAME = "ultravox"
TOO_EARLY = "too-early"
NOT_JOINED = "not-joined"

_TOO_MANY, _SERVER_ERROR_FROM = 429, 500
_LONGEST_MESSAGE = 300
_BAD_KEY = "Ultravox does not accept the API key. Check ULTRAVOX_API_KEY."

_MEANINGS: Mapping[int, tuple[type[ProviderError], str, str | None]] = {
    # A wrong key was seen as 403, while the documents say 401.
    401: (ProviderMisconfigured, _BAD_KEY, None),
    403: (ProviderMisconfigured, _BAD_KEY, None),
    402: (ProviderOutOfQuota, "Ultravox has no minutes left. Add a subscription or credit at Ultravox.", None),
    404: (ProviderMissing, "Ultravox does not know this agent, voice or call.", None),
    422: (ProviderRejected, "The call is not connected or has ended already.", NOT_JOINED),
    425: (ProviderRejected, "Ultravox is still busy with this call. Try again after it is billed.", TOO_EARLY),
}


def refusal(answer: Answer) -> ProviderError:
    """What a refused request means."""
    raw = answer.lenient_json()
    facts: dict[str, Any] = {"provider": NAME, "provider_status": answer.status, "raw": raw}
    if answer.status == _TOO_MANY:
        said = "Ultravox has too many requests or calls at once. Try again in a moment."
        return ProviderUnavailable(said, retry_after=answer.retry_after(), **facts)
    if answer.status >= _SERVER_ERROR_FROM:
        said = f"Ultravox cannot serve requests now (HTTP {answer.status}). Try again later."
        return ProviderUnavailable(said, retry_after=answer.retry_after(), **facts)
    if answer.status in _MEANINGS:
        kind, said, code = _MEANINGS[answer.status]
        return kind(said, provider_code=code, **facts)
    return ProviderRejected(f"Ultravox refused the request: {message(raw)}", **facts)


def message(body: Any) -> str:
    """The first words for people in an error body of any shape."""
    if isinstance(body, str):
        return body.strip()[:_LONGEST_MESSAGE] or "it did not say why."
    if isinstance(body, list):
        return message(body[0]) if body else message("")
    if isinstance(body, dict):
        for key in ("detail", "message", "error"):
            if body.get(key):
                return message(body[key])
        for field, value in body.items():
            return f"{field}: {message(value)}"
    return message("")
