"""What the emulated ElevenLabs remembers: accounts by key, each a workspace of its own."""

import random
import string
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from fastapi import Request

from switchboard.sandbox.elevenlabs import limits, permissions
from switchboard.sandbox.elevenlabs.conversation import Conversation
from switchboard.sandbox.elevenlabs.errors import not_found, refused
from switchboard.sandbox.elevenlabs.grants import Grants
from switchboard.sandbox.elevenlabs.limits import Limits, Load
from switchboard.sandbox.elevenlabs.records import Agent, Batch, Document, PhoneNumber, Tool, Webhook
from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.world import World

_ID_CHARACTERS = string.digits + string.ascii_lowercase
_ID_LENGTH = 28
_MOST_BREAKAGES = 100
_MOST_ACCOUNTS = 10_000
_CREDITS = {"free": 10_000, "creator": 10_000_000}


@dataclass(slots=True)
class Account:
    """One workspace. Keys that contain `free` have the free tier, all others `creator`."""

    user_id: str
    key_end: str
    tier: str
    credits: int
    created_at: int
    used_credits: int = 0
    agents: dict[str, Agent] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    phone_numbers: dict[str, PhoneNumber] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    tools: dict[str, Tool] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=lambda: _settings())  # noqa: PLW0108 -- defined below

    @property
    def is_unused(self) -> bool:
        kept = (self.agents, self.conversations, self.phone_numbers, self.webhooks, self.tools, self.documents)
        return not (any(kept) or self.used_credits)

    def agent(self, agent_id: str) -> Agent:
        """Raises: ElevenLabsError 404."""
        if agent_id not in self.agents:
            raise not_found("agent", agent_id)
        return self.agents[agent_id]

    def conversation(self, conversation_id: str) -> Conversation:
        """Raises: ElevenLabsError 404."""
        if conversation_id not in self.conversations:
            raise not_found("conversation", conversation_id)
        return self.conversations[conversation_id]

    def phone_number(self, phone_number_id: str) -> PhoneNumber:
        """Raises: ElevenLabsError 404."""
        if phone_number_id not in self.phone_numbers:
            raise not_found("phone_number", phone_number_id)
        return self.phone_numbers[phone_number_id]

    def webhook(self, webhook_id: str) -> Webhook:
        """Raises: ElevenLabsError 404."""
        if webhook_id not in self.webhooks:
            raise not_found("webhook", webhook_id)
        return self.webhooks[webhook_id]

    def tool(self, tool_id: str) -> Tool:
        """Raises: ElevenLabsError 404."""
        if tool_id not in self.tools:
            raise not_found("tool", tool_id)
        return self.tools[tool_id]

    def document(self, document_id: str) -> Document:
        """Raises: ElevenLabsError 404."""
        if document_id not in self.documents:
            raise not_found("document", document_id)
        return self.documents[document_id]

    def batch(self, batch_id: str) -> Batch:
        """Raises: ElevenLabsError 404."""
        if batch_id not in self.batches:
            raise not_found("batch_call", batch_id)
        return self.batches[batch_id]


class State:
    """The service of one world. Cleared on reset; limits go back to their defaults."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = Limits()
        self.grants = Grants(world.clock)
        self.breakages: deque[str] = deque(maxlen=_MOST_BREAKAGES)
        """Kinds of errors that the next conversations over sockets break off with."""
        self.extra_voices = 0
        self.withdrawn_voices: frozenset[str] = frozenset()
        self._accounts: dict[str, Account] = {}

    def clear(self) -> None:
        self._accounts.clear()
        self.limits = Limits()
        self.grants.clear()
        self.breakages.clear()
        self.extra_voices, self.withdrawn_voices = 0, frozenset()

    def account(self, request: Request) -> Account:
        """Whose key this is. Raises: ElevenLabsError 401."""
        key = request.headers.get("xi-api-key")
        if not key:
            raise refused(
                401,
                "missing_api_key",
                "Provide an API key in the xi-api-key header.",
                legacy="needs_authorization",
            )
        account = self.account_of(key)
        permissions.check(key, request.method, request.url.path)
        return account

    def account_of(self, key: str) -> Account:
        """Whose key this is, whatever it may do. Raises: ElevenLabsError 401."""
        if "invalid" in key.lower():
            raise refused(401, "invalid_api_key", "Invalid API key")
        if key not in self._accounts:
            # Drawn apart from the world's ids, so that who came first does not change them.
            dice = random.Random(f"{self.world.seed}:{key}")  # noqa: S311 -- repeatable on purpose
            tier = "free" if "free" in key.lower() else "creator"
            account = Account(_id(dice, "user"), key[-4:], tier, self._credits(tier), int(time.time()))
            forget_oldest(self._accounts, lambda known: known.is_unused, _MOST_ACCOUNTS - 1)
            self._accounts[key] = account
        return self._accounts[key]

    def imported(self, account_sid: str, phone_number: str) -> list[tuple[Account, PhoneNumber]]:
        """Who imported this number of a carrier's account, the latest first."""
        found = [
            (account, number)
            for account in self._accounts.values()
            for number in account.phone_numbers.values()
            if (number.account_sid, number.phone_number) == (account_sid, phone_number)
        ]
        return found[::-1]

    def set_limits(self, wanted: Limits) -> None:
        """For every account from now on; what is spent stays spent."""
        self.limits = wanted
        for account in self._accounts.values():
            account.credits = self._credits(account.tier)

    def new_id(self, prefix: str) -> str:
        return _id(self.world.random, prefix)

    def admit(self, account: Account, agent: Agent, *, text_only: bool = False) -> bool:
        """Whether one more conversation would be a burst one.

        Raises: ElevenLabsError 429 when as many run as are allowed, 401 or 402 when the credits are spent.
        """
        if account.used_credits >= account.credits:
            message = "This request exceeds your quota. You have 0 credits remaining."
            raise limits.out_of_credits(self.limits, message)
        return limits.admit(self.limits, self._load(account, agent), agent.settings, text_only=text_only)

    def public_agent(self, agent_id: str) -> tuple[Account, Agent] | None:
        """Wherever it belongs: widgets and public conversations carry no key."""
        for account in self._accounts.values():
            if found := account.agents.get(agent_id):
                return account, found
        return None

    def conversation(self, conversation_id: str) -> tuple[Account, Conversation] | None:
        """Wherever it belongs; media streams carry no key."""
        for account in self._accounts.values():
            if found := account.conversations.get(conversation_id):
                return account, found
        return None

    def _credits(self, tier: str) -> int:
        return _CREDITS[tier] if self.limits.credits is None else self.limits.credits

    def _load(self, account: Account, agent: Agent) -> Load:
        live = [one for one in account.conversations.values() if one.live]
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        # Kept in order of their beginning, so that those of today are the last ones.
        today = takewhile(lambda one: one.watch.started_at >= midnight, reversed(account.conversations.values()))
        return Load(
            running=len(live),
            of_agent=sum(one.agent_id == agent.agent_id for one in live),
            today=sum(one.agent_id == agent.agent_id for one in today),
        )


def _id(dice: random.Random, prefix: str) -> str:
    return f"{prefix}_" + "".join(dice.choices(_ID_CHARACTERS, k=_ID_LENGTH))


def _settings() -> dict[str, Any]:
    return {
        "conversation_initiation_client_data_webhook": None,
        "webhooks": {"post_call_webhook_id": None, "events": ["transcript"], "transcript_format": "json"},
        "can_use_mcp_servers": False,
        "rag_retention_period_days": 10,
        "default_livekit_stack": "standard",
    }
