from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.core.money import Money, to_micros


@given(st.integers(-(10**15), 10**15))
def test_an_amount_reads_back_as_it_was_written(micros):
    assert to_micros(Money(micros).amount) == micros


@pytest.mark.parametrize(
    ("given", "micros"),
    [("0.0561", 56_100), (0.1, 100_000), (Decimal("0.0000005"), 1), ("0.0000004", 0), (2, 2_000_000)],
)
def test_amounts_are_rounded_half_up_to_millionths(given, micros):
    assert to_micros(given) == micros


@pytest.mark.parametrize(("micros", "text"), [(0, "0.00"), (50_000, "0.05"), (56_100, "0.0561"), (1, "0.000001")])
def test_amounts_show_two_to_six_places(micros, text):
    assert Money(micros).amount == text
