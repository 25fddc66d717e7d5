"""How the command line says times, money, statuses and reasons to people."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

REASONS = {
    "agent_hangup": "the agent said goodbye and ended the call",
    "callee_busy": "the line was engaged",
    "callee_hangup": "the callee hung up",
    "caller_id_not_allowed": "the carrier does not let this account call from that number",
    "canceled": "the call was called off before anybody answered",
    "carrier_failed": "the carrier could not connect the call",
    "carrier_lost_call": "the carrier does not know the call any more",
    "carrier_refused": "the carrier refused the call",
    "carrier_rejected": "the carrier refused the account",
    "carrier_unavailable": "the carrier stayed out of reach",
    "conversation_unfinished": "the line closed before the conversation came to an end",
    "destination_not_allowed": "the carrier account may not call that country or kind of number",
    "dial_unconfirmed": "the carrier's answer was lost, and it shows no such call",
    "hangup_requested": "somebody asked Switchboard to hang up",
    "idle": "the page sent nothing for a long time",
    "invalid_number": "the number cannot be reached",
    "max_duration": "the call reached the agent's longest duration",
    "no_answer": "nobody picked up",
    "not_joined": "the conversation never began although the phone was answered",
    "page_error": "the page sent something that is not allowed",
    "platform_error": "the platform broke the conversation off",
    "platform_rejected": "the platform refused to open a session",
    "platform_unavailable": "the platform stayed out of reach",
    "provider_misconfigured": "a provider does not accept our key",
    "provider_out_of_quota": "a provider's credits are spent",
    "stuck": "the call waited too long to be dialled",
    "switchboard_stopped": "the server that held the conversation was stopped",
    "trial_unverified_number": "a trial account of the carrier calls verified numbers only",
    "voice_missing": "the agent's voice is gone from its platform",
}
"""docs/reference/calls.md explains the same (a test compares)."""

_MINUTE, _HOUR = 60, 3600
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def reason(name: str | None) -> str | None:
    """A reason in plain words; one that is not known yet is shown as its name."""
    return REASONS.get(name, name.replace("_", " ")) if name else None


def duration(seconds: float | None) -> str:
    """`41 s`, `1 min 04 s`, `1 h 02 min 03 s`."""
    if seconds is None:
        return "-"
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, _MINUTE)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours} h {minutes:02} min {rest:02} s"


def position(seconds: Any) -> str:
    """Where in a call something is said: `0:02`, `12:40`."""
    whole = int(seconds) if isinstance(seconds, int | float) and seconds >= 0 else 0
    return f"{whole // _MINUTE}:{whole % _MINUTE:02}"


def money(cost: Any) -> str:
    """`$0.0561`, to a hundredth of a cent; marked while a provider may still change it."""
    if not isinstance(cost, dict):
        return "-"
    currency = str(cost.get("currency"))
    try:
        amount = Decimal(str(cost.get("amount")))
    except InvalidOperation:
        return "-"
    if not amount.is_finite():
        return "-"
    rounded = _rounded(amount)
    shown = f"{_SIGNS[currency]}{rounded}" if currency in _SIGNS else f"{rounded} {currency}"
    return shown if cost.get("final", True) else f"{shown} so far"


def _rounded(amount: Decimal) -> str:
    whole, places = f"{amount:.4f}".split(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


def when(instant: Any, *, now: datetime | None = None) -> str:
    """A time in the local zone: `11-22 15:53` in this year, else with the year."""
    local = _local(instant)
    if local is None:
        return "-"
    today = (now or datetime.now(UTC)).astimezone()
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d %H:%M")


def moment(instant: Any) -> str:
    """A time in full in the local zone: `2026-11-22 15:53:30 CET`."""
    local = _local(instant)
    return local.strftime("%Y-%m-%d %H:%M:%S %Z").strip() if local else "-"


def clock(instant: Any) -> str:
    """The time of day in the local zone: `15:53:30`."""
    local = _local(instant)
    return local.strftime("%H:%M:%S") if local else "--:--:--"


def _local(instant: Any) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(instant))
    except ValueError:
        return None
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone()
    except (OverflowError, OSError, ValueError):  # years that the local zone cannot express
        return None
