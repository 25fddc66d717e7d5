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


def day_began(now: datetime, zone: ZoneInfo) -> datetime:
    """The last midnight in this zone."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
