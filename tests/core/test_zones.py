from datetime import UTC, datetime

import pytest

from switchboard.core.zones import day_began, hour_began, zone_of


@pytest.mark.parametrize(
    ("zone", "at", "began"),
    [
        ("UTC", "2026-11-22T00:00:00", "2026-11-22T00:00:00"),
        ("Europe/Madrid", "2026-03-29T10:00:00", "2026-03-28T23:00:00"),  # a day of 23 hours
        ("Europe/Madrid", "2026-10-25T22:30:00", "2026-10-24T22:00:00"),  # a day of 25
        ("America/Havana", "2026-11-01T05:30:00", "2026-11-01T04:00:00"),  # midnight comes twice
        ("America/Havana", "2026-11-01T06:30:00", "2026-11-01T04:00:00"),
        ("America/Santiago", "2026-09-06T12:00:00", "2026-09-06T04:00:00"),  # there is no midnight
        ("Asia/Kathmandu", "2026-11-22T18:20:00", "2026-11-22T18:15:00"),
    ],
)
def test_a_day_begins_at_the_first_midnight_of_the_zone(zone, at, began):
    found = day_began(datetime.fromisoformat(at).replace(tzinfo=UTC), zone_of(zone))
    assert found.astimezone(UTC).isoformat() == f"{began}+00:00"


@pytest.mark.parametrize(
    ("zone", "at", "began"),
    [
        ("Asia/Kathmandu", "2026-11-22T18:20:00", "2026-11-22T18:15:00"),
        ("Europe/Madrid", "2026-10-25T00:30:00", "2026-10-25T00:00:00"),
        ("Europe/Madrid", "2026-10-25T01:30:00", "2026-10-25T01:00:00"),  # the same hour by the clock
    ],
)
def test_an_hour_begins_where_the_zones_clocks_say_so(zone, at, began):
    found = hour_began(datetime.fromisoformat(at).replace(tzinfo=UTC), zone_of(zone))
    assert found.astimezone(UTC).isoformat() == f"{began}+00:00"
