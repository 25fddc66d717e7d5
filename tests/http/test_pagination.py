import json
import string
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from switchboard.core.errors import InvalidInput
from switchboard.http.pagination import Page, decode_cursor, encode_cursor, page_response

times = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds have no zone


@given(
    times,
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    st.integers(-(2**63), 2**63 - 1),
)
def test_a_cursor_gives_back_what_it_was_made_of(at, text, number):
    cursor = encode_cursor(at, text, number)
    assert decode_cursor(cursor, datetime, str, int) == (at, text, number)
    assert set(cursor) <= set(string.ascii_letters + string.digits + "-_")


@pytest.mark.parametrize("wrong", ["a\x00b", "\ud800", 2**63, -(2**64)])
def test_a_cursor_that_no_database_takes_is_refused(wrong):
    cursor = urlsafe_b64encode(json.dumps([wrong]).encode()).decode()
    with pytest.raises(InvalidInput):
        decode_cursor(cursor, type(wrong))


@given(st.text(max_size=100))
def test_any_other_text_is_refused_politely(text):
    with pytest.raises(InvalidInput) as refused:
        decode_cursor(text, datetime, str, int)
    assert refused.value.errors[0].field == "cursor"


@given(st.text())
def test_a_cursor_of_another_list_is_refused(text):
    with pytest.raises(InvalidInput):
        decode_cursor(encode_cursor(text), datetime, str)


def request_for(query):
    scope = {"type": "http", "method": "GET", "path": "/api/v1/things", "query_string": query, "headers": []}
    return Request(scope | {"scheme": "http", "server": ("api.test", 80)})


def test_the_link_keeps_the_other_parameters_and_replaces_the_cursor():
    answer = page_response(request_for(b"limit=2&cursor=old"), Page([1, 2], "new", 9))
    assert answer.headers["Link"] == '<http://api.test/api/v1/things?limit=2&cursor=new>; rel="next"'
    assert answer.headers["X-Total-Count"] == "9"
    assert answer.body == b"[1,2]"


def test_the_last_page_has_no_link():
    answer = page_response(request_for(b""), Page([]))
    assert "Link" not in answer.headers
    assert "X-Total-Count" not in answer.headers
