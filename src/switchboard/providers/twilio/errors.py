"""Twilio's numbered errors in our words.

Source: Twilio "Error and Warning Dictionary"; body `{code, message, more_info, status}`.
"""

from typing import Any

from switchboard.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderMissing,
    ProviderRejected,
    ProviderUnavailable,
)
from switchboard.providers.http import Answer

NAME = "twilio"

INVALID_NUMBER = "invalid_number"
DESTINATION_NOT_ALLOWED = "destination_not_allowed"
CALLER_ID_NOT_ALLOWED = "caller_id_not_allowed"
TRIAL_UNVERIFIED_NUMBER = "trial_unverified_number"
NOT_IN_PROGRESS = "not_in_progress"
REFUSED = "carrier_refused"

_UNREACHABLE_NUMBER = (INVALID_NUMBER, "Twilio cannot call this number. Check its digits and country code.")
_CALLER_ID = (
    CALLER_ID_NOT_ALLOWED,
    "Twilio does not allow calls from this number. Set TWILIO_PHONE_NUMBER to a number of the account, like +1….",
)
_DESTINATION = (
    DESTINATION_NOT_ALLOWED,
    "Twilio does not allow calls to this destination. Enable the country in Twilio's voice geo permissions.",
)
_REASONS = {
    21201: _UNREACHABLE_NUMBER,
    21211: _UNREACHABLE_NUMBER,
    21214: _UNREACHABLE_NUMBER,
    21217: _UNREACHABLE_NUMBER,
    21215: _DESTINATION,
    21216: _DESTINATION,
    21210: _CALLER_ID,
    21212: _CALLER_ID,
    21213: _CALLER_ID,
    21219: (
        TRIAL_UNVERIFIED_NUMBER,
        "A Twilio trial account calls verified numbers only. Verify the number at Twilio or upgrade the account.",
    ),
    21220: (NOT_IN_PROGRESS, "The call is not in a state that allows this; it has probably ended."),
}
_BAD_CREDENTIALS = {20003, 20005, 20008}
_TOO_MANY = {10004, 20429}
_UNAUTHORISED, _NOT_FOUND, _TOO_MANY_STATUS, _SERVER_ERROR_FROM = 401, 404, 429, 500


def refusal(answer: Answer) -> ProviderError:
    """What a refused request means."""
    raw = answer.lenient_json()
    body = raw if isinstance(raw, dict) else {}
    code = _integer(body.get("code"))
    facts: dict[str, Any] = {
        "provider": NAME,
        "provider_status": answer.status,
        "provider_code": str(code) if code else None,
        "raw": raw,
    }
    if code in _BAD_CREDENTIALS or answer.status == _UNAUTHORISED:
        return ProviderMisconfigured(
            "Twilio does not accept the credentials. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.", **facts
        )
    if code in _TOO_MANY or answer.status == _TOO_MANY_STATUS:
        said = "Twilio has too many requests or calls at once. Try again in a moment."
        return ProviderUnavailable(said, retry_after=answer.retry_after(), **facts)
    if answer.status >= _SERVER_ERROR_FROM:
        said = f"Twilio has a fault of its own (HTTP {answer.status}). Try again later."
        return ProviderUnavailable(said, retry_after=answer.retry_after(), **facts)
    if answer.status == _NOT_FOUND:
        return ProviderMissing("Twilio does not know this call or number.", **facts)
    return _rejected(code, body, facts)


def _rejected(code: int | None, body: dict[str, Any], facts: dict[str, Any]) -> ProviderRejected:
    if code in _REASONS:
        reason, said = _REASONS[code]
    else:
        message = str(body.get("message") or "without saying why").rstrip(".")
        reason, said = REFUSED, f"Twilio refused the request: {message}."
    return ProviderRejected(said, reason=reason, **facts)


def _integer(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
