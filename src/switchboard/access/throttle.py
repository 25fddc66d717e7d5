"""How often somebody may try to sign in: per user name and per address."""

import time
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

import structlog
from limits import RateLimitItem, parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from switchboard.access.settings import AccessSettings
from switchboard.core.errors import TooManyRequests

_IPV6_NETWORK = 64  # one subscriber holds at least this much

log = structlog.get_logger(__name__)


class SignInThrottle:
    """Counts attempts before they are judged, so that no crowd of them slips through.

    Fails open like every limit here: while its storage is out of reach attempts pass, and it logs.
    """

    def __init__(self, settings: AccessSettings, storage: str) -> None:
        self._per_name = _item(settings.sign_in_rate)
        self._per_address = _item(settings.sign_in_address_rate)
        self._strategy = SlidingWindowCounterRateLimiter(storage_from_string(storage, wrap_exceptions=True))

    async def spend(self, address: str, username: str | None = None) -> None:
        """Count an attempt. Raises: TooManyRequests with the seconds until the next one is heard."""
        await self._hit(self._per_address, "address", _network(address))
        if username is not None:
            await self._hit(self._per_name, "name", _digest(username))

    async def forgive(self, username: str) -> None:
        """Start over for this name: its owner has signed in."""
        if self._per_name is not None:
            try:
                await self._strategy.clear(self._per_name, "sign-in", "name", _digest(username))
            except StorageError as failure:
                log.warning("sign_in.storage_unavailable", error=str(failure))

    async def _hit(self, item: RateLimitItem | None, kind: str, value: str) -> None:
        if item is None:
            return
        try:
            if await self._strategy.hit(item, "sign-in", kind, value):
                return
            stats = await self._strategy.get_window_stats(item, "sign-in", kind, value)
        except StorageError as failure:
            log.warning("sign_in.storage_unavailable", error=str(failure))
            return
        log.warning("sign_in.throttled", kind=kind)
        wait = max(1.0, stats.reset_time - time.time())
        raise TooManyRequests("Too many attempts to sign in. Wait a while, then try again.", retry_after=wait)


def _item(rate: str) -> RateLimitItem | None:
    return None if rate == "off" else parse(rate)


def _digest(text: str) -> str:
    """Names come from strangers: bounded, and without characters that a storage could mind."""
    return sha256(text.encode()).hexdigest()


def _network(address: str) -> str:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return _digest(address)
    if isinstance(known, IPv6Address):
        return f"{int(known) >> (128 - _IPV6_NETWORK):x}"
    return str(known)
