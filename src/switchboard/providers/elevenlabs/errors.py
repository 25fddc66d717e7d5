"""ElevenLabs' refusals in our words.

The `detail` of an error body has three shapes: an object with `code` and its older twin `status`, FastAPI's
list of field errors, or a bare string. Source: ElevenLabs "Errors".
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

NAME = "elevenlabs"
MISSING_PERMISSIONS = "missing_permissions"

_OUT_OF_QUOTA = {"quota_exceeded", "insufficient_credits", "payment_required"}
_BUSY_STATUSES = {408, 429}
_UNAUTHORISED, _PAYMENT, _FORBIDDEN, _NOT_FOUND, _UNPROCESSABLE, _SERVER_ERROR_FROM = 401, 402, 403, 404, 422, 500
_LONGEST_MESSAGE = 300


def refusal(answer: Answer) -> ProviderError:
    """What a refused request means."""
    raw = answer.lenient_json()
    detail = raw.get("detail", raw) if isinstance(raw, Mapping) else raw
    codes, said = _codes(detail), _said(detail)
    facts: dict[str, Any] = {
        "provider": NAME,
        "provider_status": answer.status,
        "provider_code": codes[0] if codes else None,
        "raw": raw,
    }
    if answer.status in _BUSY_STATUSES or answer.status >= _SERVER_ERROR_FROM:
        return ProviderUnavailable(_busy(answer.status, codes), retry_after=answer.retry_after(), **facts)
    if _OUT_OF_QUOTA.intersection(codes[:1]) or (answer.status == _UNAUTHORISED and "quota_exceeded" in codes):
        return ProviderOutOfQuota("The ElevenLabs credits are spent. Add credits or raise the plan.", **facts)
    if answer.status == _UNAUTHORISED:
        return _unauthorised(codes, said, facts)
    if answer.status == _NOT_FOUND:
        return ProviderMissing(f"ElevenLabs does not know this: {said}", **facts)
    return _rejected(answer.status, codes, said, facts)


def _unauthorised(codes: list[str], said: str, facts: dict[str, Any]) -> ProviderMisconfigured:
    if MISSING_PERMISSIONS in codes:
        facts = {**facts, "provider_code": MISSING_PERMISSIONS}
        return ProviderMisconfigured(
            f"The ElevenLabs API key lacks a permission. Grant it in the key's settings: {said}", **facts
        )
    return ProviderMisconfigured("ElevenLabs does not accept the API key. Check ELEVENLABS_API_KEY.", **facts)


def _rejected(status: int, codes: list[str], said: str, facts: dict[str, Any]) -> ProviderError:
    if "paid_plan_required" in codes:
        return ProviderRejected(
            f"ElevenLabs' free plan does not allow this. Choose another voice: {said}", **facts
        )
    if status == _PAYMENT:
        return ProviderOutOfQuota(f"ElevenLabs wants a payment first: {said}", **facts)
    if status == _FORBIDDEN:
        return ProviderRejected(f"The ElevenLabs account may not do this: {said}", **facts)
    return ProviderRejected(f"ElevenLabs refused the request: {said}", **facts)


def _busy(status: int, codes: list[str]) -> str:
    if "concurrent_limit_exceeded" in codes:
        return "ElevenLabs allows no more conversations at once on this plan. Try again when one has ended."
    if status < _SERVER_ERROR_FROM:
        return "ElevenLabs is busy. Try again in a moment."
    return f"ElevenLabs has a fault of its own (HTTP {status}). Try again later."


def _codes(detail: Any) -> list[str]:
    """The vendor's codes, the newer one first."""
    if not isinstance(detail, Mapping):
        return []
    return [str(detail[key]) for key in ("code", "status") if detail.get(key)]


def _said(detail: Any) -> str:
    """The vendor's sentence; for field errors, where and what."""
    if isinstance(detail, Mapping):
        return str(detail.get("message") or "it did not say why.")[:_LONGEST_MESSAGE]
    if isinstance(detail, list):
        return "; ".join(_field_error(item) for item in detail)[:_LONGEST_MESSAGE] or "it did not say why."
    return str(detail).strip()[:_LONGEST_MESSAGE] or "it did not say why."


def _field_error(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    where = ".".join(str(part) for part in item.get("loc") or () if part != "body")
    return f"{where}: {item.get('msg')}" if where else str(item.get("msg"))
