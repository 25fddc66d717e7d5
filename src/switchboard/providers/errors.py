"""What every adapter raises, whatever vendor it speaks to. The raw answer goes to logs and records only.

ProviderError
├── ProviderUnavailable 503    network, time-out, 5xx, 429, busy: try again, `retry_after` says when
│   └── ProviderUnclear        the request may have been carried out: never repeat it blindly
├── ProviderRejected 424       the request was understood and refused
│   └── ProviderMissing        the thing asked for does not exist there
├── ProviderOutOfQuota 424     credits or plan are spent
├── NotSupported 424           it has no such feature; the message says what to do instead
└── ProviderMisconfigured 424  no key, or a key that the provider refuses

UnknownProvider 404            nobody here has this name
"""

from typing import Any

from switchboard.core.errors import FailedDependency, NotFound, SwitchboardError, Unavailable

_RETRY_AFTER_SECONDS = 5.0


class ProviderError(SwitchboardError):
    """A provider did not do what was asked."""

    def __init__(
        self,
        detail: str,
        *,
        provider: str,
        provider_status: int | None = None,
        provider_code: str | None = None,
        raw: Any = None,
        **extras: Any,
    ) -> None:
        super().__init__(detail, provider=provider, provider_code=provider_code, **extras)
        self.provider = provider
        self.provider_status = provider_status
        self.provider_code = provider_code
        self.raw = raw


class ProviderUnavailable(ProviderError, Unavailable):
    """The provider is out of reach."""

    status, slug = 503, "provider-unavailable"

    def __init__(self, detail: str, *, retry_after: float | None = None, **named: Any) -> None:
        super().__init__(detail, **named)
        self.retry_after_stated = retry_after is not None
        """The provider itself said when to come back."""
        self.retry_after = _RETRY_AFTER_SECONDS if retry_after is None else retry_after


class ProviderUnclear(ProviderUnavailable):
    """It is unknown whether the provider carried the request out."""

    slug = "provider-unclear"


class ProviderRejected(ProviderError, FailedDependency):
    """The provider refused the request."""

    status, slug = 424, "provider-rejected"


class ProviderMissing(ProviderRejected):
    """The provider does not know this."""

    slug = "provider-missing"


class ProviderOutOfQuota(ProviderError, FailedDependency):
    """The provider's credits are spent."""

    status, slug = 424, "provider-out-of-quota"


class ProviderMisconfigured(ProviderError, FailedDependency):
    """The provider does not accept our key."""

    status, slug = 424, "provider-misconfigured"


class NotSupported(ProviderError, FailedDependency):
    """The provider cannot do this."""

    status, slug = 424, "not-supported"


class InvalidSignature(SwitchboardError):
    """The signature does not fit."""

    status, slug = 403, "invalid-signature"


class UnknownProvider(NotFound):
    """Unknown provider."""

    slug = "unknown-provider"
