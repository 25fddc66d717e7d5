"""Rate limits per caller, by a sliding window."""

import math
import time
from dataclasses import dataclass

import structlog
from limits import RateLimitItem, parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from pydantic import BaseModel, Field

from switchboard.core.errors import TooManyRequests

log = structlog.get_logger(__name__)


class RateLimitSettings(BaseModel):
    """How much one caller may ask."""

    rate: str = "3000/minute"
    """`<count>/<second|minute|hour>`; `off` switches limits off."""
    storage: str = Field(default="async+memory://", repr=False)
    """Where counts live: in this process, or `async+redis://…` to share them between processes."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where a caller stands after a request."""

    limit: int
    remaining: int
    reset_seconds: int
    window_seconds: int

    def headers(self) -> dict[str, str]:
        """As the IETF draft "RateLimit header fields for HTTP" names them."""
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={self.window_seconds}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset_seconds}',
        }


class RateLimiter:
    """Counts requests per caller. Fails open: while its storage is out of reach, requests pass and it logs."""

    def __init__(self, settings: RateLimitSettings) -> None:
        self._item: RateLimitItem | None = None if settings.rate == "off" else parse(settings.rate)
        storage = storage_from_string(settings.storage, wrap_exceptions=True)
        self._strategy = SlidingWindowCounterRateLimiter(storage)

    async def spend(self, owner: str) -> Allowance | None:
        """Count one request of `owner`; None when limits are off or their storage does not answer.

        Raises: TooManyRequests, with the seconds until the next request will pass.
        """
        if self._item is None:
            return None
        try:
            passed = await self._strategy.hit(self._item, owner)
            stats = await self._strategy.get_window_stats(self._item, owner)
        except StorageError as failure:
            log.warning("rate_limit.storage_unavailable", error=str(failure))
            return None
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        allowance = Allowance(self._item.amount, stats.remaining, reset, self._item.get_expiry())
        if not passed:
            raise TooManyRequests(
                f"You may ask {allowance.limit} times in {allowance.window_seconds} s. Wait a little.",
                retry_after=max(1, reset),
                headers=allowance.headers(),
            )
        return allowance
