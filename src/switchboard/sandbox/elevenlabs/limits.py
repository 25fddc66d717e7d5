"""What accounts may do at once and in all: concurrency with bursts, daily calls, credits.

Source: ElevenLabs "Models" (concurrency), "Burst pricing", "Errors" (fact sheet 1.3, 1.4, 2.7).
"""

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from switchboard.sandbox.elevenlabs.errors import ElevenLabsError, refused

_TEXT_ONLY_FACTOR = 25
_BURST_CAP = 300
_PAYMENT_REQUIRED = 402
_LARGEST_BATCH_SHARE = 500
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """None: no limit.

    `concurrent_conversations` is the plan's; agents that burst get `burst` times as many (at most 300, or the
    plan's if that is more). `credits` replaces what the tier brings. `quota_status`, 401 or 402, is how spent
    credits are told: both have been seen.
    """

    concurrent_conversations: int | None = 1000
    burst: float = 3.0
    credits: int | None = None
    quota_status: int = 401


@dataclass(frozen=True, slots=True)
class Load:
    """What runs already. `of_agent` and `today` count the one agent's conversations."""

    running: int
    of_agent: int
    today: int


def admit(limits: Limits, load: Load, settings: dict[str, Any], *, text_only: bool) -> bool:
    """Whether the next conversation is a burst one. Raises: ElevenLabsError 429 when there is no room."""
    calls = settings.get("call_limits") or {}
    daily, own = calls.get("daily_limit"), calls.get("agent_concurrency_limit")
    if isinstance(daily, int) and 0 <= daily <= load.today:
        raise _too_many(f"This agent may have {daily} conversations a day.")
    if isinstance(own, int) and 0 <= own <= load.of_agent:
        raise _too_many(f"This agent may have {own} conversations at once.")
    plan = limits.concurrent_conversations
    if plan is None:
        return False
    plan *= _TEXT_ONLY_FACTOR if text_only else 1
    most = max(plan, min(_BURST_CAP, int(plan * limits.burst))) if calls.get("bursting_enabled") else plan
    if load.running >= most:
        raise _too_many(f"Too many concurrent requests: {most} are allowed.")
    return load.running >= plan


def room_for(kept: Sized, what: str) -> None:
    """The sandbox's own bound, as it keeps everything in memory. Raises: ElevenLabsError 403."""
    if len(kept) >= _MOST_KEPT:
        message = f"The sandbox keeps at most {_MOST_KEPT} {what} for each account. Delete some first."
        raise refused(403, "subscription_required", message)


def at_once_in_batch(limits: Limits, settings: dict[str, Any]) -> int:
    """How many calls of one batch may run: half of the workspace's, 70 % of the agent's."""
    plan, own = limits.concurrent_conversations, (settings.get("call_limits") or {}).get("agent_concurrency_limit")
    shares = [_LARGEST_BATCH_SHARE]
    if plan is not None:
        shares.append(int(plan * 0.5))
    if isinstance(own, int) and own >= 0:
        shares.append(int(own * 0.7))
    return max(1, min(shares))


def out_of_credits(limits: Limits, message: str) -> ElevenLabsError:
    """401 `quota_exceeded` or 402 `insufficient_credits`, as the limits say."""
    if limits.quota_status == _PAYMENT_REQUIRED:
        return refused(402, "insufficient_credits", message, legacy="quota_exceeded")
    return refused(401, "quota_exceeded", message)


def _too_many(message: str) -> ElevenLabsError:
    # Without `Retry-After`, as the service answers.
    return refused(429, "concurrent_limit_exceeded", message, legacy="too_many_concurrent_requests")
