"""What an address says about time-outs and repetition. Source: Twilio "Webhooks connection overrides"."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from switchboard.sandbox.delivery import Attempt, Repeat
from switchboard.sandbox.twilio.numerals import whole

_MOST_TIMES = 5
_LONGEST = 15.0


@dataclass(frozen=True, slots=True)
class Overrides:
    """Times in seconds. `causes`: of 4xx, 5xx, ct, rt and all."""

    connect: float = 5.0
    read: float = _LONGEST
    total: float = _LONGEST
    times: int = 1
    causes: frozenset[str] = frozenset({"ct"})

    def repeats(self, attempt: Attempt) -> bool:
        """Whether an attempt that ended so is made again."""
        return bool(_causes(attempt) & self.causes)

    def within_total(self) -> Repeat:
        """The same as long as all attempts together stay within `total`, from now."""
        until = time.monotonic() + self.total
        return lambda attempt: time.monotonic() < until and self.repeats(attempt)


def overrides(fragment: str) -> Overrides:
    """Of the part behind `#`. `e` and `sni` are read over, values out of range are brought into it."""
    wanted = parse_qs(fragment)
    causes = frozenset(",".join(wanted.get("rp", [])).split(",")) - {""}
    count = whole(wanted.get("rc", ["1"])[-1])
    return Overrides(
        connect=_seconds(wanted, "ct", 5.0, 10.0),
        read=_seconds(wanted, "rt", _LONGEST, _LONGEST),
        total=_seconds(wanted, "tt", _LONGEST, _LONGEST),
        times=1 if count is None else min(_MOST_TIMES, count),
        causes=causes or frozenset({"ct"}),
    )


def _seconds(wanted: Mapping[str, list[str]], key: str, default: float, most: float) -> float:
    milliseconds = whole(wanted.get(key, [""])[-1])
    return default if milliseconds is None else min(most, max(0.1, milliseconds / 1000))


def _causes(attempt: Attempt) -> set[str]:
    if attempt.status is None:
        return {"rt" if attempt.connected else "ct", "all"}
    if attempt.status < 400:  # noqa: PLR2004 -- HTTP
        return set()
    return {f"{attempt.status // 100}xx", "all"}
