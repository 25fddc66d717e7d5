import pytest

from switchboard.sandbox.conversation.slots import find
from switchboard.sandbox.conversation.values import joined_digits

TEXT = {"type": "string"}
COUNT = {"type": "integer"}


@pytest.mark.parametrize(
    ("name", "schema", "said", "value"),
    [
        ("email", TEXT, "My address is ann.lee@example.com.", "ann.lee@example.com"),
        ("email", TEXT, "It's ann dot lee at example dot com.", "ann.lee@example.com"),
        ("order_id", TEXT, "Where is my order 4711?", "4711"),
        ("orderNumber", TEXT, "It is order number A-1234, from May.", "A-1234"),
        ("order_id", TEXT, "Four, seven, one, one.", "4711"),
        ("order_id", TEXT, "I ordered it at 7 pm.", None),
        ("party_size", COUNT | {"description": "Number of guests"}, "A table for four at seven", 4),
        ("nights", COUNT, "I stay three nights from 12 May for 2 people", 3),
        ("age", COUNT, "A table for four", None),
        ("date", TEXT, "A table for tomorrow at seven, please.", "tomorrow"),
        ("arrival_date", TEXT, "We come on 12 May.", "12 may"),
        ("day", TEXT, "Nächsten Freitag bitte.", "nachsten freitag"),
        ("time", TEXT, "Tomorrow at half past seven", "half past seven"),
        ("time", TEXT, "A las siete", "siete"),
        ("time", TEXT, "At 7:30 pm", "7:30 pm"),
        ("customer_name", TEXT, "Hello, this is Ann Lee. How are you?", "Ann Lee"),
        ("name", TEXT, "I am calling about a room", None),
        ("phone_number", TEXT, "Call +1 415-555-0100", "+14155550100"),
        ("city", TEXT, "What is the weather in New York?", "New York"),
        ("query", TEXT, "Hello. Do you have a garden?", "Do you have a garden?"),
        ("unit", {"enum": ["celsius", "fahrenheit"]}, "In Celsius, please", "celsius"),
        ("kind", {"enum": ["table_outside", "table_inside"]}, "Outside would be nice", "table_outside"),
        ("unit", {"enum": ["celsius"]}, "Hm", None),
        ("parking", {"type": "boolean"}, "And I need parking", True),
        ("tags", {"type": "array", "items": {"enum": ["red", "blue"]}}, "The blue one", ["blue"]),
        ("details", {"type": "object"}, "Anything", None),
        ("channel", {"const": "phone"}, "Anything", "phone"),
        ("colour", TEXT, "Blue", None),
        ("colour", TEXT, "I want it “dark red”", "dark red"),
    ],
)
def test_a_value_is_found_where_it_was_said(name, schema, said, value):
    assert find(name, schema, said) == value


@pytest.mark.parametrize(
    ("name", "schema", "said", "value"),
    [
        ("colour", TEXT, "It's blue.", "blue"),
        ("name", TEXT, "Ann Lee.", "Ann Lee"),
        ("age", COUNT, "Four.", 4),
        ("vip", {"type": "boolean"}, "No, thanks", False),
        ("order_id", TEXT, "My order number is B 7.", "B 7"),
        ("age", COUNT, "I don't know", None),
    ],
)
def test_what_was_just_asked_for_is_taken_as_the_answer(name, schema, said, value):
    assert find(name, schema, said, is_answer=True) == value


def test_single_digits_among_words_stay_words():
    assert joined_digits("I have one dog and call four seven one now") == "I have one dog and call 471 now"
