"""What an address says about time-outs and repetition. Checklist 11.4."""

import pytest

from switchboard.sandbox.delivery import Attempt
from switchboard.sandbox.twilio.overrides import Overrides, overrides

LOST, SLOW = Attempt(None, connected=False), Attempt(None)


def test_without_a_fragment_one_repeat_follows_a_failed_connection_only():
    usual = overrides("")
    assert usual == Overrides(connect=5, read=15, total=15, times=1)
    assert [usual.repeats(attempt) for attempt in (LOST, SLOW, Attempt(500), Attempt(404))] == [
        True,
        False,
        False,
        False,
    ]


def test_times_are_milliseconds_within_their_ranges():
    wanted = overrides("ct=2000&rt=500&tt=90000&rc=9")
    assert (wanted.connect, wanted.read, wanted.total, wanted.times) == (2.0, 0.5, 15.0, 5)
    assert overrides("ct=1&rt=soon&rc=many") == Overrides(connect=0.1)
    assert overrides("rc=²&ct=" + "9" * 5000) == Overrides()


@pytest.mark.parametrize(
    ("causes", "repeated"),
    [
        ("4xx", [404]),
        ("5xx", [500]),
        ("4xx,5xx", [404, 500]),
        ("all", [404, 500, "slow", "lost"]),
        ("rt", ["slow"]),
    ],
)
def test_causes_choose_what_is_repeated(causes, repeated):
    attempts = {404: Attempt(404), 500: Attempt(500), "slow": SLOW, "lost": LOST, 200: Attempt(200)}
    wanted = overrides(f"rp={causes}")
    assert [name for name, attempt in attempts.items() if wanted.repeats(attempt)] == repeated


def test_no_repeat_is_made_once_the_total_is_over():
    assert not Overrides(total=0.0, times=3).within_total()(LOST)
    assert Overrides(total=5.0, times=3).within_total()(LOST)
