"""Days as people count them: in a zone of theirs."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from switchboard.core.errors import FieldError, InvalidInput


def zone_of(name: str) -> ZoneInfo:
    """A zone by its IANA name. Raises: InvalidInput."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problem = "This is no time zone. Send an IANA name such as Europe/Madrid, or UTC."
        raise InvalidInput(problem, [FieldError("zone", problem)]) from None


def day_began(now: datetime, zone: ZoneInfo) -> datetime:
    """The last midnight in this zone."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
