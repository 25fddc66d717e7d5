"""Callbacks owed to customers: sent in the background, repeated as the vendor would, on sandbox time."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpx

from switchboard.sandbox.answers import beginning
from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.fault_orders import CallbackFault
from switchboard.sandbox.faults import Faults
from switchboard.sandbox.recorder import shown_url

MAX_PENDING = 10_000
_REMEMBERED = 2_000
_SHUFFLE_PATIENCE = 30.0
_CONNECT_TIMEOUT = 5.0
_HIGHEST_PORT = 65535
_MOST_AT_ONCE = 500
_MOST_CONNECTIONS = 2 * _MOST_AT_ONCE
"""Half of them are for what is asked rather than told: documents, sounds, tools."""
_READ = 64 * 1024
"""Bytes of an answer, which nobody looks at, that are taken so that the connection can be used again."""

Signer = Callable[[], tuple[bytes, Mapping[str, str]]]
"""Makes body and headers anew for each attempt, so that signatures carry the time of sending."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt ended. `status` is None when no answer came; `connected` when the host was reached."""

    status: int | None
    connected: bool = True


Repeat = Callable[[Attempt], bool]
"""Whether an attempt that ended so is made again."""


def unless_2xx(attempt: Attempt) -> bool:
    """Repeat whatever was not answered with a 2xx. Source: Ultravox "Webhook errors and retries"."""
    return attempt.status is None or not httpx.codes.is_success(attempt.status)


def unless_200_or_final(attempt: Attempt) -> bool:
    """Repeat time-outs, 5xx, 429 and 408; other statuses are final. Source: ElevenLabs "Post-call webhooks"."""
    status = attempt.status
    again = (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS)
    return status is None or httpx.codes.is_server_error(status) or status in again


@dataclass(slots=True)
class Callback:
    """One callback as the control API tells it."""

    provider: str
    method: str
    url: str
    attempts: list[int | None] = field(default_factory=list)
    """The statuses answered; None where no answer came."""
    fault: dict[str, Any] | None = None
    done: bool = False


class Delivery:
    """Sends callbacks and keeps them to vendor rules. Owns its tasks; `close()` cancels and awaits them."""

    def __init__(self, clock: SandboxClock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(_MOST_AT_ONCE)
        self._held: dict[str, asyncio.Event] = {}
        self._log: deque[Callback] = deque(maxlen=_REMEMBERED)

    @cached_property
    def http(self) -> httpx.AsyncClient:
        """The one client for everything the sandbox sends, made on first use because that is slow.

        Keeps no cookies: those of one customer's server are nothing to another's.
        """
        limits = httpx.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=50)
        jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        hooks = {"request": [_check_port]}
        return httpx.AsyncClient(trust_env=False, limits=limits, cookies=jar, event_hooks=hooks)

    def post(
        self,
        url: str,
        sign: Signer,
        *,
        retry_after: Sequence[float] = (),
        timeout: float = 15.0,
        connect_timeout: float = _CONNECT_TIMEOUT,
        provider: str = "",
        repeat: Repeat = unless_2xx,
        method: str = "POST",
    ) -> None:
        """Owe one request, POST unless told otherwise.

        `retry_after`: sandbox seconds before each further attempt, made when `repeat` says so. `timeout`:
        real seconds for the answer, of them `connect_timeout` for the connection. `provider` lets callback
        faults choose whose callbacks they hit. Past 10 000 pending callbacks the newest is lost, which the
        callback log shows as an unsent one.
        """
        told = self.note(provider, method, url)
        if len(self._tasks) >= MAX_PENDING:
            told.fault, told.done = {"overflow": True}, True
            return
        fault = self._faults.for_callback(provider, method, url)
        if fault:
            told.fault = fault.model_dump(exclude_defaults=True)
        errand = _Errand(told, sign, tuple(retry_after), timeout, repeat, connect_timeout)
        task = asyncio.create_task(self._deliver(errand, fault))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def note(self, provider: str, method: str, url: str) -> Callback:
        """Have the log tell of a request that somebody makes by themselves; they fill in how it ended."""
        told = Callback(provider, method, url)
        self._log.append(told)
        return told

    def log(self, provider: str | None = None, url: str | None = None) -> list[dict[str, Any]]:
        """The latest 2 000 callbacks, oldest first; `url` is a glob. Secrets in addresses are hidden."""
        return [
            asdict(told) | {"url": shown_url(told.url)}
            for told in self._log
            if provider in (None, told.provider) and (url is None or fnmatchcase(told.url, url))
        ]

    async def reset(self) -> None:
        """Drop everything that is owed."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._held.clear()
        self._log.clear()

    async def close(self) -> None:
        await self.reset()
        if "http" in self.__dict__:
            await self.http.aclose()

    async def _deliver(self, errand: "_Errand", fault: CallbackFault | None) -> None:
        host = urlsplit(errand.told.url).netloc
        overtaken = self._held.pop(host, None)
        if fault and fault.lose:
            errand.told.done = True
        else:
            await self._send_with(errand, fault or CallbackFault.model_construct(), host, overtaken)
        if overtaken:
            overtaken.set()

    async def _send_with(
        self, errand: "_Errand", fault: CallbackFault, host: str, overtaken: asyncio.Event | None
    ) -> None:
        if fault.shuffle and overtaken is None:
            await self._wait_to_be_overtaken(host)
        if fault.delay_seconds:
            await self._clock.sleep(fault.delay_seconds)
        for _ in range(2 if fault.duplicate else 1):
            await self._attempts(errand, overtaken)
        errand.told.done = True

    async def _wait_to_be_overtaken(self, host: str) -> None:
        turn = self._held[host] = asyncio.Event()
        patience = asyncio.create_task(self._clock.sleep(_SHUFFLE_PATIENCE))
        passed = asyncio.create_task(turn.wait())
        try:
            await asyncio.wait({patience, passed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            patience.cancel()
            passed.cancel()
            await asyncio.gather(patience, passed, return_exceptions=True)
            if self._held.get(host) is turn:
                del self._held[host]

    async def _attempts(self, errand: "_Errand", overtaken: asyncio.Event | None) -> None:
        for pause in (0.0, *errand.retry_after):
            if pause:
                await self._clock.sleep(pause)
            attempt = await self._attempt(errand)
            errand.told.attempts.append(attempt.status)
            if overtaken:
                overtaken.set()
            if not errand.repeat(attempt):
                return

    async def _attempt(self, errand: "_Errand") -> Attempt:
        body, headers = errand.sign()
        told = errand.told
        timeout = httpx.Timeout(errand.timeout, connect=min(errand.timeout, errand.connect_timeout))
        try:
            request = self.http.stream(told.method, told.url, content=body, headers=dict(headers), timeout=timeout)
            # Waiting for one's turn is our own affair and counts against no customer.
            async with self._turns, asyncio.timeout(errand.timeout), request as answer:
                await beginning(answer, _READ)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL):
            return Attempt(None, connected=False)
        except (httpx.HTTPError, TimeoutError):
            return Attempt(None)
        return Attempt(answer.status_code)


@dataclass(frozen=True, slots=True)
class _Errand:
    told: Callback
    sign: Signer
    retry_after: tuple[float, ...]
    timeout: float
    repeat: Repeat
    connect_timeout: float


async def _check_port(request: httpx.Request) -> None:
    # The client would take a port above 65535 and break on it with an error of the event loop.
    if (request.url.port or 0) > _HIGHEST_PORT:
        raise httpx.ConnectError("There is no such port.", request=request)
