"""What the emulated Ultravox remembers: accounts by key, each with agents, calls and webhooks."""

import random
import re
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import Request

from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import UltravoxError, not_found, throttled
from switchboard.sandbox.world import World

_KEY = re.compile(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}")
_SECOND, _MINUTE = 1.0, 60.0


@dataclass(slots=True)
class Limits:
    """What accounts may do. None: no limit. Source: Ultravox "Concurrency" and "Rate limits"."""

    concurrent_calls: int | None = 1000
    calls_per_second: int | None = None
    calls_per_minute: int | None = None


@dataclass(slots=True)
class Agent:
    """`template` is the `callTemplate` as it was given."""

    agent_id: str
    revision_id: str
    name: str
    template: dict[str, Any]
    created: datetime
    updated: datetime


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


@dataclass(slots=True)
class Account:
    """One customer. A key that was never seen opens an account with 30 free minutes."""

    account_id: str
    free_seconds: float = 1800.0
    used_seconds: float = 0.0
    agents: dict[str, Agent] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    deleted_calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    creations: deque[float] = field(default_factory=lambda: deque(maxlen=10_000))

    @property
    def active_calls(self) -> int:
        return sum(call.ended_at is None for call in self.calls.values())

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
        self.extra_voices = 0
        self.withdrawn_voices: frozenset[str] = frozenset()
        self._accounts: dict[str, Account] = {}

    def clear(self) -> None:
        self._accounts.clear()
        self.limits = Limits()
        self.extra_voices, self.withdrawn_voices = 0, frozenset()

    def account(self, request: Request) -> Account:
        """Whose key this is. Raises: UltravoxError 401 without a key, 403 with a wrong one."""
        key = request.headers.get("x-api-key") or request.headers.get("x-unsafe-api-key")
        if not key:
            raise UltravoxError(401, "Authentication credentials were not provided.")
        if not _KEY.fullmatch(key) or "invalid" in key.lower():
            raise UltravoxError(403, "Invalid API key")
        if key not in self._accounts:
            # Drawn apart from the world's ids, so that who came first does not change them.
            dice = random.Random(f"{self.world.seed}:{key}")  # noqa: S311 -- repeatable on purpose
            self._accounts[key] = Account(str(uuid.UUID(int=dice.getrandbits(128), version=4)))
        return self._accounts[key]

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.world.random.getrandbits(128), version=4))

    def admit_call(self, account: Account) -> None:
        """Count one creation. Raises: UltravoxError 429 with `Retry-After` past a limit."""
        now = self.world.clock.elapsed()
        if self.limits.concurrent_calls is not None and account.active_calls >= self.limits.concurrent_calls:
            raise throttled(5, "Concurrent call limit reached.")
        for allowed, window in ((self.limits.calls_per_second, _SECOND), (self.limits.calls_per_minute, _MINUTE)):
            recent = sum(now - moment < window for moment in account.creations)
            if allowed is not None and recent >= allowed:
                raise throttled(int(window), "Call creation rate limit reached.")
        account.creations.append(now)


def now() -> datetime:
    return datetime.now(UTC)
