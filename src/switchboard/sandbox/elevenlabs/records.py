"""What a workspace keeps beside its conversations: agents, numbers, webhooks, tools, documents, batches.

Source: ElevenLabs OpenAPI document (fact sheet 2, 4, 5.3).
"""

from dataclasses import dataclass, field
from typing import Any

from switchboard.sandbox.memory import forget_oldest

_MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class Version:
    """An agent as it once was."""

    version_id: str
    name: str
    config: dict[str, Any]
    settings: dict[str, Any]
    tags: list[str]
    workflow: dict[str, Any]
    created_at: int
    description: str | None = None


@dataclass(slots=True)
class Agent:
    """One agent; every change makes a version. Its objects are replaced, never changed in place."""

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
    versions: dict[str, Version] = field(default_factory=dict)

    def keep_version(self, description: str | None = None) -> None:
        """Remember the present state under `version_id`. Of more than 200 versions the oldest are forgotten."""
        parts = (self.config, self.settings, self.tags, self.workflow)
        now = Version(self.version_id, self.name, *parts, self.updated_at, description)
        self.versions[self.version_id] = now
        forget_oldest(self.versions, lambda one: one is not now, _MOST_VERSIONS)


@dataclass(slots=True)
class PhoneNumber:
    """An imported number with the carrier's credentials, which are never shown again."""

    phone_number_id: str
    phone_number: str
    label: str
    account_sid: str
    auth_token: str
    agent_id: str | None = None
    takes_calls: bool = False
    """Whether the carrier's account owns it; other numbers are for outgoing calls only."""


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
    is_auto_disabled: bool = False
    retry_enabled: bool = False
    events: list[str] | None = None
    failures: int = 0
    """Attempts that failed since the last success."""
    last_success_at: int | None = None
    last_failure_code: int | None = None
    last_failure_at: int | None = None


@dataclass(slots=True)
class Tool:
    """A tool of the workspace, which agents name in `prompt.tool_ids`."""

    tool_id: str
    config: dict[str, Any]
    calls: int = 0
    latency: float = 0.0
    """Seconds of all calls together."""


@dataclass(slots=True)
class Document:
    """A document of the knowledge base. `kind`: text, url, file or folder; `content` is what agents know of it."""

    document_id: str
    name: str
    kind: str
    content: str
    created_at: int
    updated_at: int
    folder_id: str | None = None
    url: str | None = None
    filename: str = ""


@dataclass(slots=True)
class Recipient:
    """One number of a batch. `status`: pending, initiated, in_progress, then the outcome."""

    recipient_id: str
    phone_number: str
    client_data: dict[str, Any]
    created_at: int
    updated_at: int
    status: str = "pending"
    conversation_id: str | None = None

    @property
    def is_under_way(self) -> bool:
        return self.status in ("initiated", "in_progress")

    def becomes(self, status: str, now: int) -> None:
        if self.status != status:
            self.status, self.updated_at = status, now


@dataclass(slots=True)
class Batch:
    """Many calls ordered at once. `status`: pending, in_progress, completed, failed, cancelled."""

    batch_id: str
    name: str
    agent_id: str
    phone_number_id: str
    created_at: int
    scheduled_at: int
    updated_at: int
    recipients: list[Recipient]
    telephony: dict[str, Any]
    at_once: int | None = None
    """How many of its calls may run at the same time."""
    timezone: str | None = None
    status: str = "pending"
    retries: int = 0

    @property
    def is_over(self) -> bool:
        return self.status not in ("pending", "in_progress")

    def cancel(self, now: int) -> None:
        """Nobody else is called; calls under way are left to finish."""
        if self.is_over:
            return
        self.status, self.updated_at = "cancelled", now
        for one in self.recipients:
            if one.status == "pending":
                one.becomes("cancelled", now)
