import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.core.phone_numbers import parse_e164


@pytest.mark.parametrize("text", ["+14155550100", "+1 415 555 0100", "+1 (415) 555-0100", " +1.415.555.0100 "])
def test_the_usual_ways_to_write_a_number_give_e164(text):
    assert parse_e164(text) == "+14155550100"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("4155550100", "country code"),
        ("", "country code"),
        ("+", "not a telephone number"),
        ("+hello", "not a telephone number"),
        ("+1415555", "No such number"),
        ("+19005550100", "premium-rate"),
        ("+33810123456", "shared-cost"),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_a_hint(text, hint):
    with pytest.raises(ValueError, match=hint):
        parse_e164(text)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_value_error(text):
    try:
        number = parse_e164(text)
    except ValueError:
        return
    assert number.startswith("+")
    assert parse_e164(number) == number
