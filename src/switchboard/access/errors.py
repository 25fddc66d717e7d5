"""What can go wrong with keys, people and sessions."""

from switchboard.core.errors import Conflict, NotAllowed, NotAuthenticated, NotFound


class UnknownKey(NotFound):
    """Unknown API key."""

    slug = "unknown-key"


class ScopeNotHeld(NotAllowed):
    """A key cannot act beyond its own scopes."""

    slug = "scope-not-held"


class MissingScope(NotAllowed):
    """A scope is missing."""

    slug = "missing-scope"


class CsrfFailed(NotAllowed):
    """The request does not come from a page of ours."""

    slug = "csrf-failed"


class SessionNeeded(NotAllowed):
    """Only a person who is signed in can do this."""

    slug = "session-needed"


class WrongCredentials(NotAuthenticated):
    """The user name or the password is wrong."""

    slug = "wrong-credentials"


class LinkNotValid(NotAuthenticated):
    """The one-time link does not work any more."""

    slug = "link-not-valid"


class UserDisabled(NotAllowed):
    """The user is disabled."""

    slug = "user-disabled"


class UnknownUser(NotFound):
    """Unknown user."""

    slug = "unknown-user"

    def __init__(self, user_id: str) -> None:
        super().__init__(f"No user {user_id} exists. List them with GET /api/v1/users.")


class UnknownSession(NotFound):
    """Unknown session."""

    slug = "unknown-session"


class UsernameTaken(Conflict):
    """Somebody else has this user name."""

    slug = "username-taken"


class LastAdmin(Conflict):
    """Somebody must stay admin."""

    slug = "last-admin"
