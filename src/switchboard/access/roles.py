"""What people may do: each role is a set of scopes."""

from collections.abc import Mapping
from enum import StrEnum

from switchboard.access.scopes import Scope


class Role(StrEnum):
    """Roles of users; docs/howto/sign-in.md explains the same."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


_READING = frozenset(scope for scope in Scope if scope.endswith(":read"))

SCOPES: Mapping[Role, frozenset[str]] = {
    Role.VIEWER: _READING,
    Role.OPERATOR: _READING | {Scope.AGENTS_WRITE, Scope.CALLS_WRITE, Scope.WEBHOOKS_WRITE},
    Role.ADMIN: frozenset(Scope),
}
"""An admin's scopes are written out, so that a page can ask for each by its name."""
