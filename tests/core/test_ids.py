import time

from hypothesis import given
from hypothesis import strategies as st

from switchboard.core.ids import new_id


def test_ids_are_a_prefix_and_26_characters_and_never_repeat():
    ids = {new_id("call") for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(len(id_) == len("call_") + 26 for id_ in ids)


@given(st.integers(0, 2**41), st.integers(1, 10_000))
def test_ids_of_later_milliseconds_sort_later(at, later):
    from unittest import mock

    with mock.patch.object(time, "time_ns", side_effect=[at * 1_000_000, (at + later) * 1_000_000]):
        first, second = new_id("evt"), new_id("evt")
    assert first < second
