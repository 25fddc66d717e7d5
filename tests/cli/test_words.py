from datetime import UTC, datetime, timedelta

import pytest

from switchboard.cli import words


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "-"),
        (0, "0 s"),
        (41, "41 s"),
        (59.6, "1 min 00 s"),
        (64, "1 min 04 s"),
        (3600, "1 h 00 min 00 s"),
        (3723, "1 h 02 min 03 s"),
    ],
)
def test_durations(seconds, told):
    assert words.duration(seconds) == told


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        (None, "-"),
        ({"amount": "0.0561", "currency": "USD", "final": True}, "$0.0561"),
        ({"amount": "0.0561", "currency": "USD", "final": False}, "$0.0561 so far"),
        ({"amount": "0.076894", "currency": "USD", "final": True}, "$0.0769"),
        ({"amount": "12", "currency": "EUR", "final": True}, "€12.00"),
        ({"amount": "2.00", "currency": "SEK", "final": True}, "2.00 SEK"),
        ({"amount": "NaN", "currency": "USD", "final": True}, "-"),
        ({"amount": "free", "currency": "USD", "final": True}, "-"),
    ],
)
def test_money(cost, told):
    assert words.money(cost) == told


def test_positions_in_a_call():
    assert [words.position(at) for at in (0.4, 62.9, 3723, None, -1, "x")] == [
        "0:00",
        "1:02",
        "62:03",
        "0:00",
        "0:00",
        "0:00",
    ]


def test_times_are_local():
    instant = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    local = instant.astimezone()
    now = instant + timedelta(days=2)
    assert words.when("2026-11-22T09:00:00Z", now=now) == f"{local:%m-%d %H:%M}"
    assert words.when("2020-05-05T12:00:00Z", now=now).startswith("2020-05-0")
    assert words.clock("2026-11-22T09:00:00Z") == f"{local:%H:%M:%S}"
    assert words.moment("2026-11-22T09:00:00+00:00").startswith(f"{local:%Y-%m-%d %H:%M:%S}")


@pytest.mark.parametrize("instant", [None, "soon", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_cannot_be_told_is_a_dash(instant):
    assert words.when(instant) == "-"
    assert words.moment(instant) == "-"


def test_a_reason_that_is_not_known_yet_is_shown_as_its_name():
    assert words.reason("callee_busy") == "the line was engaged"
    assert words.reason("moon_in_the_way") == "moon in the way"
    assert words.reason(None) is None
