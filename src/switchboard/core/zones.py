"""Days as people count them: in a zone of theirs."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from switchboard.core.errors import FieldError, InvalidInput


def zone_of(name: str) -> ZoneInfo:
    """A zone by its IANA name. Raises: InvalidInput."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise unknown_zone() from None


def unknown_zone() -> InvalidInput:
    """What to say of a zone that nobody knows."""
    problem = "This is no time zone. Send an IANA name such as Europe/Madrid, or UTC."
    return InvalidInput(problem, [FieldError("zone", problem)])


def day_began(at: datetime, zone: ZoneInfo) -> datetime:
    """The last midnight in this zone: the first one, where clocks are put back across it."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def hour_began(at: datetime, zone: ZoneInfo) -> datetime:
    """The last full hour in this zone; zones differ by quarters of one."""
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
