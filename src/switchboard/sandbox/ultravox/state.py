"""What the emulated Ultravox remembers: accounts by key, each with agents, calls, tools and webhooks."""

import math
import random
import re
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from fastapi import Request

from switchboard.sandbox.memory import MOST_ACCOUNTS, forget_oldest
from switchboard.sandbox.ultravox.built_in_tools import BUILT_IN
from switchboard.sandbox.ultravox.call import Call, Reachable
from switchboard.sandbox.ultravox.errors import UltravoxError, no_free_time, not_found, throttled
from switchboard.sandbox.ultravox.requests import seconds
from switchboard.sandbox.ultravox.tools import Known, StoredTool
from switchboard.sandbox.world import World

_KEY = re.compile(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}")
_SECOND, _MINUTE = 1.0, 60.0
_FAILURES_UNTIL_UNHEALTHY = 10
_FREE_MINUTES = 30
_MOST_OF_A_THROTTLE = 100
MOST_CREATIONS, MOST_REQUESTS = 10_000, 1_000
"""That rates may allow: so many moments are remembered."""


@dataclass(slots=True)
class Limits:
    """What accounts may do. None: no limit. Source: Ultravox "Concurrency" and "Rate limits"."""

    concurrent_calls: int | None = 1000
    calls_per_second: int | None = None
    calls_per_minute: int | None = None
    requests_per_second: int | None = None


@dataclass(slots=True)
class Settings:
    """Where the real service's behaviour is not documented, or differs between accounts."""

    patch: Literal["replace", "merge"] = "replace"
    """What a PATCH of an agent does to the template's fields that it does not name."""
    missing_key_status: Literal[401, 403] = 401
    recordings: Literal["direct", "redirect"] = "direct"
    """Whether a recording is answered with 200, or with 302 to a signed address of a storage."""
    subscription: bool = True
    """False: calls are refused with 402 once the free time is used up or reserved."""
    free_minutes: float = _FREE_MINUTES
    billing_seconds: float = 2.0
    """Sandbox seconds from the end of a call to its bill."""


@dataclass(slots=True)
class Agent:
    """`template` is the `callTemplate` as it was given."""

    agent_id: str
    revision_id: str
    name: str
    template: dict[str, Any]
    created: datetime
    updated: datetime
    calls: int = 0
    """That were started with it."""


@dataclass(slots=True)
class Webhook:
    """`agent_id` None: for every agent and call."""

    webhook_id: str
    url: str
    secrets: list[str]
    events: list[str]
    agent_id: str | None
    created: datetime
    status: str = "normal"
    status_since: datetime | None = None
    failures: deque[tuple[datetime, str]] = field(default_factory=lambda: deque(maxlen=_FAILURES_UNTIL_UNHEALTHY))
    """The latest attempts in a row that failed, and why."""

    def failed(self, why: str) -> None:
        """Ten failures in a row make it unhealthy; it is told of calls all the same."""
        self.failures.append((now(), why))
        if len(self.failures) == _FAILURES_UNTIL_UNHEALTHY:
            self._becomes("unhealthy")

    def succeeded(self) -> None:
        self.failures.clear()
        self._becomes("normal")

    def _becomes(self, status: str) -> None:
        if self.status != status:
            self.status, self.status_since = status, now()


@dataclass(slots=True)
class Throttle:
    """A named limit on call creation; each rule allows `maxCalls` in `windowSeconds`."""

    throttle_id: str
    name: str
    rules: list[dict[str, int]]
    created: datetime
    calls: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_OF_A_THROTTLE))

    def admit(self, at: float) -> None:
        """Count one creation at this sandbox time. Raises: UltravoxError 429."""
        for rule in self.rules:
            _hold_back(self.calls, rule["maxCalls"], rule["windowSeconds"], at, f"Throttle {self.name} exceeded.")
        self.calls.append(at)


@dataclass(slots=True)
class Account:
    """One customer. A key that was never seen opens an account with free minutes."""

    account_id: str
    settings: Settings
    used_seconds: float = 0.0
    agents: dict[str, Agent] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    deleted_calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    tools: dict[str, StoredTool] = field(default_factory=dict)
    throttles: dict[str, Throttle] = field(default_factory=dict)
    telephony: dict[str, Any] | None = None
    """Twilio's credentials as they were stored."""
    creations: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_CREATIONS))
    requests: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_REQUESTS))

    @property
    def active_calls(self) -> int:
        return sum(call.ended_at is None for call in self.calls.values())

    @property
    def known_tools(self) -> Known:
        """What `selectedTools` may name, by id."""
        return {**BUILT_IN, **self.tools}

    @property
    def free_seconds(self) -> float:
        return self.settings.free_minutes * _MINUTE

    @property
    def free_seconds_left(self) -> float:
        """Without a subscription, running calls reserve their longest duration."""
        left = self.free_seconds - self.used_seconds
        if not self.settings.subscription:
            running = [call for call in self.calls.values() if call.ended_at is None]
            left -= sum(seconds(call.config["maxDuration"], "maxDuration") for call in running)
        return max(0.0, left)

    def bill(self, seconds: int) -> str:
        """Book a call's billed seconds and answer its billing status: free as long as free time is left."""
        if not seconds:
            return "BILLING_STATUS_FREE_ZERO_EFFECTIVE_DURATION"
        self.used_seconds += seconds
        free = self.used_seconds <= self.free_seconds
        return "BILLING_STATUS_FREE_MINUTES" if free else "BILLING_STATUS_BILLED"

    def agent(self, agent_id: str) -> Agent:
        """Raises: UltravoxError 404."""
        found = self.agents.get(agent_id)
        if found is None:
            raise not_found("Agent")
        return found

    def call(self, call_id: str) -> Call:
        """Raises: UltravoxError 404."""
        found = self.calls.get(call_id)
        if found is None:
            raise not_found("Call")
        return found

    def tool(self, tool_id: str) -> StoredTool:
        """Raises: UltravoxError 404."""
        found = self.known_tools.get(tool_id)
        if found is None:
            raise not_found("Tool")
        return found

    def throttle(self, name_or_id: str) -> Throttle:
        """Raises: UltravoxError 404."""
        wanted = (name_or_id,)
        for throttle in self.throttles.values():
            if throttle.name in wanted or throttle.throttle_id in wanted:
                return throttle
        raise not_found("CallThrottle")

    def webhook(self, webhook_id: str) -> Webhook:
        """Raises: UltravoxError 404."""
        found = self.webhooks.get(webhook_id)
        if found is None:
            raise not_found("Webhook")
        return found


class State:
    """The service of one world. Cleared on reset; limits go back to their defaults."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = Limits()
        self.settings = Settings()
        self.extra_voices = 0
        self.withdrawn_voices: frozenset[str] = frozenset()
        self.sessions: dict[str, Reachable] = {}
        """Calls that wait or talk, by call id."""
        self._accounts: dict[str, Account] = {}

    def clear(self) -> None:
        self._accounts.clear()
        self.sessions.clear()
        self.limits, self.settings = Limits(), Settings()
        self.extra_voices, self.withdrawn_voices = 0, frozenset()

    def account(self, request: Request) -> Account:
        """Whose key this is. Raises: UltravoxError 401 without a key, 403 with a wrong one, 429 when too often."""
        key = request.headers.get("x-api-key") or request.headers.get("x-unsafe-api-key")
        if not key:
            raise UltravoxError(self.settings.missing_key_status, "Authentication credentials were not provided.")
        if not _KEY.fullmatch(key) or "invalid" in key.lower():
            raise UltravoxError(403, "Invalid API key")
        if key not in self._accounts:
            # Drawn apart from the world's ids, so that who came first does not change them.
            dice = random.Random(f"{self.world.seed}:{key}")  # noqa: S311 -- repeatable on purpose
            forget_oldest(self._accounts, lambda known: not known.active_calls, MOST_ACCOUNTS - 1)
            self._accounts[key] = Account(str(uuid.UUID(int=dice.getrandbits(128), version=4)), self.settings)
        # The one asked for last is the last to be forgotten.
        account = self._accounts[key] = self._accounts.pop(key)
        self._admit_request(account)
        return account

    def accounts(self) -> list[Account]:
        return list(self._accounts.values())

    def change_settings(self, settings: Settings) -> None:
        """For every account, those that are there already, too."""
        self.settings = settings
        for account in self._accounts.values():
            account.settings = settings

    def forget(self, call: Call) -> None:
        """Nothing leads to a settled call any longer: its address is as unknown as any other."""
        self.world.exchange.unregister(call.stream_path)

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.world.random.getrandbits(128), version=4))

    def admit_call(self, account: Account, throttle: str | None = None) -> None:
        """Count one creation. Raises: UltravoxError 402 without free time, 429 with `Retry-After` past a limit."""
        now = self.world.clock.elapsed()
        if not self.settings.subscription and not account.free_seconds_left:
            raise no_free_time()
        if self.limits.concurrent_calls is not None and account.active_calls >= self.limits.concurrent_calls:
            raise throttled(5, "Concurrent call limit reached.")
        for allowed, window in ((self.limits.calls_per_second, _SECOND), (self.limits.calls_per_minute, _MINUTE)):
            if allowed is not None:
                _hold_back(account.creations, allowed, window, now, "Call creation rate limit reached.")
        if throttle:
            account.throttle(throttle).admit(now)
        account.creations.append(now)

    def _admit_request(self, account: Account) -> None:
        allowed = self.limits.requests_per_second
        if allowed is None:
            return
        now = self.world.clock.elapsed()
        _hold_back(account.requests, allowed, _SECOND, now, "Request was throttled.")
        account.requests.append(now)


def _hold_back(moments: Sequence[float], allowed: int, window: float, at: float, why: str) -> None:
    """Raises: UltravoxError 429, with the time until the window has room again, when it is full."""
    if len(moments) >= allowed and (wait := moments[-allowed] + window - at) > 0:
        raise throttled(math.ceil(wait), why)


def now() -> datetime:
    return datetime.now(UTC)
