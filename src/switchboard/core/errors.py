"""Every error that a caller may see; one place (`http/problems.py`) turns them into problem+json.

SwitchboardError
├── MalformedRequest 400      InvalidInput 422 (with the fields)
├── NotAuthenticated 401      NotAllowed 403
├── NotFound 404              Conflict 409             PreconditionFailed 412
├── PayloadTooLarge 413       UnsupportedMediaType 415
├── TooManyRequests 429
└── FailedDependency 424      Unavailable 503 (with Retry-After)

Domains derive their own from these: the class docstring's first line is the title, `slug` is the stable
`code` and the end of the `type` URI, and the message is one sentence that says what happened and what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field; `field` is a dotted path such as `variables.guest`."""

    field: str
    message: str


class SwitchboardError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"

    def __init__(self, detail: str, **extras: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extras = extras

    @classmethod
    def title(cls) -> str:
        """First line of the class docstring, without its full stop."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")


class MalformedRequest(SwitchboardError):
    """The request cannot be read."""

    status, slug = 400, "malformed-request"


class NotAuthenticated(SwitchboardError):
    """Nobody is signed in."""

    status, slug = 401, "not-authenticated"


class NotAllowed(SwitchboardError):
    """This is not allowed."""

    status, slug = 403, "not-allowed"


class NotFound(SwitchboardError):
    """Nothing is here."""

    status, slug = 404, "not-found"


class Conflict(SwitchboardError):
    """The state does not allow this."""

    status, slug = 409, "conflict"


class PreconditionFailed(SwitchboardError):
    """Somebody else changed it first."""

    status, slug = 412, "precondition-failed"


class PayloadTooLarge(SwitchboardError):
    """The body is too large."""

    status, slug = 413, "payload-too-large"


class UnsupportedMediaType(SwitchboardError):
    """The body has the wrong content type."""

    status, slug = 415, "unsupported-media-type"


class InvalidInput(SwitchboardError):
    """Some fields are wrong."""

    status, slug = 422, "invalid-input"

    def __init__(self, detail: str, errors: Sequence[FieldError] = (), **extras: Any) -> None:
        super().__init__(detail, **extras)
        self.errors = tuple(errors)

    @classmethod
    def of(cls, errors: Sequence[FieldError]) -> Self:
        """The error of these fields; its detail says what to do about the first."""
        first = errors[0]
        more = f" ({len(errors) - 1} more in `errors`.)" if len(errors) > 1 else ""
        return cls(f"{first.field}: {first.message}{more}", errors)


class FailedDependency(SwitchboardError):
    """A provider refused."""

    status, slug = 424, "failed-dependency"


class TooManyRequests(SwitchboardError):
    """Too many requests."""

    status, slug = 429, "too-many-requests"

    def __init__(self, detail: str, retry_after: float, **extras: Any) -> None:
        super().__init__(detail, **extras)
        self.retry_after = retry_after


class Unavailable(SwitchboardError):
    """Out of reach for now."""

    status, slug = 503, "unavailable"

    def __init__(self, detail: str, retry_after: float = 5.0, **extras: Any) -> None:
        super().__init__(detail, **extras)
        self.retry_after = retry_after
