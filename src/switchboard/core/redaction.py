"""What opens doors must not be shown: not in logs, not in answers, not in what is kept for looking at."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

_WORDS = (
    "secret",
    "password",
    "token",
    "api_key",
    "apikey",
    "authorization",
    "cookie",
    "signature",
    "joinurl",
    "join_url",
    "signed_url",
)


@lru_cache(maxsize=2048)  # names are few, log lines many
def means_secret(name: str) -> bool:
    """Whether a field of this name holds a secret. Counts of tokens do not."""
    plain = name.lower().replace("-", "_")
    return any(word in plain for word in _WORDS) and not plain.endswith("tokens")


def redacted(value: Any, mask: str = "***", is_secret: Callable[[str], bool] = means_secret) -> Any:
    """The same, however deep, with `mask` for what stands under secret names; what is empty stays."""
    if isinstance(value, Mapping):
        return {
            name: mask if part and is_secret(str(name)) else redacted(part, mask, is_secret)
            for name, part in value.items()
        }
    return [redacted(part, mask, is_secret) for part in value] if isinstance(value, list) else value
