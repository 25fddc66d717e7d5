"""What a key may do. A scope is `<resource>:<read|write>`; `admin` implies all."""

from collections.abc import Collection
from enum import StrEnum


class Scope(StrEnum):
    """Scopes of API keys; docs/reference/api-keys.md lists the same (a test compares)."""

    AGENTS_READ = "agents:read"
    AGENTS_WRITE = "agents:write"
    CALLS_READ = "calls:read"
    CALLS_WRITE = "calls:write"
    VOICES_READ = "voices:read"
    EVENTS_READ = "events:read"
    METRICS_READ = "metrics:read"
    WEBHOOKS_WRITE = "webhooks:write"
    KEYS_WRITE = "keys:write"
    ADMIN = "admin"


def missing_scopes(held: Collection[str], needed: Collection[str]) -> list[str]:
    """Those of `needed` that `held` does not cover, in the order of `needed`."""
    if Scope.ADMIN in held:
        return []
    return [scope for scope in needed if scope not in held]
