"""What the emulated ElevenLabs remembers: accounts by key, each a workspace of its own."""

import random
import string
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from switchboard.sandbox.elevenlabs.conversation import Conversation
from switchboard.sandbox.elevenlabs.errors import not_found, refused
from switchboard.sandbox.world import World

_ID_CHARACTERS = string.digits + string.ascii_lowercase
_ID_LENGTH = 28
_CREDITS = {"free": 10_000, "creator": 10_000_000}


@dataclass(slots=True)
class Agent:
    """One agent; every change makes a version."""

    agent_id: str
    branch_id: str
    version_id: str
    name: str
    config: dict[str, Any]
    settings: dict[str, Any]
    tags: list[str]
    workflow: dict[str, Any]
    created_at: int
    updated_at: int


@dataclass(slots=True)
class PhoneNumber:
    """An imported number with the carrier's credentials, which are never shown again."""

    phone_number_id: str
    phone_number: str
    label: str
    account_sid: str
    auth_token: str
    agent_id: str | None = None


@dataclass(slots=True)
class Webhook:
    """A workspace webhook; the secret is shown once."""

    webhook_id: str
    name: str
    url: str
    secret: str
    created_at: int
    request_headers: dict[str, str] = field(default_factory=dict)
    is_disabled: bool = False
    retry_enabled: bool = False
    events: list[str] | None = None


@dataclass(slots=True)
class Limits:
    """What accounts may do. None: no limit. Source: ElevenLabs "Models" (concurrency); fact sheet 1.4."""

    concurrent_conversations: int | None = 1000


@dataclass(slots=True)
class Account:
    """One workspace. Keys that contain `free` have the free tier, all others `creator`."""

    user_id: str
    key_end: str
    tier: str
    credits: int
    used_credits: int = 0
    agents: dict[str, Agent] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    phone_numbers: dict[str, PhoneNumber] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=lambda: _settings())  # noqa: PLW0108 -- defined below

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
        """Whose key this is. Raises: ElevenLabsError 401."""
        key = request.headers.get("xi-api-key")
        if not key:
            raise refused(
                401,
                "missing_api_key",
                "Provide an API key in the xi-api-key header.",
                legacy="needs_authorization",
            )
        if "invalid" in key.lower():
            raise refused(401, "invalid_api_key", "Invalid API key")
        if key not in self._accounts:
            # Drawn apart from the world's ids, so that who came first does not change them.
            dice = random.Random(f"{self.world.seed}:{key}")  # noqa: S311 -- repeatable on purpose
            tier = "free" if "free" in key.lower() else "creator"
            self._accounts[key] = Account(_id(dice, "user"), key[-4:], tier, _CREDITS[tier])
        return self._accounts[key]

    def new_id(self, prefix: str) -> str:
        return _id(self.world.random, prefix)

    def admit(self, account: Account) -> None:
        """Raises: ElevenLabsError 429 when as many conversations run as are allowed; no `Retry-After`."""
        running = sum(conversation.live for conversation in account.conversations.values())
        most = self.limits.concurrent_conversations
        if most is not None and running >= most:
            message = f"Too many concurrent requests: {most} are allowed."
            raise refused(429, "concurrent_limit_exceeded", message, legacy="too_many_concurrent_requests")

    def conversation(self, conversation_id: str) -> tuple[Account, Conversation] | None:
        """Wherever it belongs; media streams carry no key."""
        for account in self._accounts.values():
            if found := account.conversations.get(conversation_id):
                return account, found
        return None


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
