import base64
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs

import httpx
import pytest
import respx
from tests.recordings.reader import recording

from switchboard.providers.errors import ProviderRejected, ProviderUnavailable, ProviderUnclear
from switchboard.providers.normalised import DialOrder
from switchboard.providers.twilio import Twilio

SID = "AC00000000000000000000000000000000"
ROOT = f"https://twilio.test/2010-04-01/Accounts/{SID}"
CALLS = f"{ROOT}/Calls.json"
ORDER = DialOrder("call_1", "+14155550100", "+15005550006", "<Response/>", "https://us.test/cb")


@pytest.fixture
async def twilio():
    made = Twilio(
        account_sid=SID, auth_token="token", base_url="https://twilio.test/", phone_number="+15005550006"
    )
    yield made
    await made.aclose()


@pytest.fixture
def vendor():
    with respx.mock as router:
        yield router


async def test_a_dial_is_one_form_post_with_a_repeated_event_key(twilio, vendor):
    route = vendor.post(CALLS).mock(return_value=httpx.Response(201, json=recording("twilio/call_queued")))
    call = await twilio.dial(ORDER)
    assert call.carrier_id == "CA00000000000000000000000000000001"
    request = route.calls.last.request
    form = parse_qs(request.content.decode())
    assert form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    assert request.headers["authorization"] == "Basic " + base64.b64encode(f"{SID}:token".encode()).decode()
    assert route.call_count == 1


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ReadTimeout("t"),
        httpx.RemoteProtocolError("t"),
        httpx.Response(500),
        httpx.Response(201, content=b"<html>"),
        httpx.Response(201, json={"status": "queued"}),
    ],
)
async def test_a_dial_whose_outcome_is_unknown_is_unclear_and_posted_once(twilio, vendor, trouble):
    route = vendor.post(CALLS).mock(side_effect=[trouble])
    with pytest.raises(ProviderUnclear):
        await twilio.dial(ORDER)
    assert route.call_count == 1


@pytest.mark.parametrize("trouble", [httpx.ConnectError("t"), httpx.Response(429, json={"code": 20429})])
async def test_a_dial_that_was_certainly_not_placed_says_so(twilio, vendor, trouble):
    vendor.post(CALLS).mock(side_effect=[trouble])
    with pytest.raises(ProviderUnavailable) as caught:
        await twilio.dial(ORDER)
    assert not isinstance(caught.value, ProviderUnclear)


async def test_a_refused_number_carries_the_reason(twilio, vendor):
    vendor.post(CALLS).mock(return_value=httpx.Response(400, json=recording("twilio/error_21211")))
    with pytest.raises(ProviderRejected) as caught:
        await twilio.dial(ORDER)
    assert caught.value.extras["reason"] == "invalid_number"


@pytest.mark.parametrize("answer", [(200, {"sid": "CA1"}), (404, {"code": 20404}), (400, {"code": 21220})])
async def test_hanging_up_completes_the_call_or_is_quiet(twilio, vendor, answer):
    status, body = answer
    route = vendor.post(f"{ROOT}/Calls/CA1.json").mock(return_value=httpx.Response(status, json=body))
    await twilio.hang_up("CA1")
    assert parse_qs(route.calls.last.request.content.decode()) == {"Status": ["completed"]}


async def test_hanging_up_tells_other_refusals(twilio, vendor):
    vendor.post(f"{ROOT}/Calls/CA1.json").mock(return_value=httpx.Response(400, json={"code": 20001}))
    with pytest.raises(ProviderRejected):
        await twilio.hang_up("CA1")


def listed(sid, created, **changed):
    return recording("twilio/call_queued") | {"sid": sid, "date_created": format_datetime(created)} | changed


async def test_finding_sees_calls_of_the_same_second_and_none_from_before(twilio, vendor):
    since = datetime(2026, 11, 22, 9, 0, 0, 700_000, tzinfo=UTC)
    calls = [listed("CA2", since.replace(microsecond=0)), listed("CA1", since - timedelta(seconds=2))]
    route = vendor.get(CALLS).mock(return_value=httpx.Response(200, json={"calls": calls, "next_page_uri": None}))
    found = await twilio.find(to="+14155550100", from_="+15005550006", since=since)
    assert [call.carrier_id for call in found] == ["CA2"]
    query = dict(route.calls.last.request.url.params)
    assert (query["To"], query["From"]) == ("+14155550100", "+15005550006")
    assert "StartTime>" not in query


async def test_finding_follows_pages_while_they_are_recent(twilio, vendor):
    since = datetime(2026, 11, 22, 9, tzinfo=UTC)
    page = {"calls": [listed("CA3", since + timedelta(seconds=9))]}
    following = f"/2010-04-01/Accounts/{SID}/Calls.json?Page=1&PageToken=x"
    last = {"calls": [listed("CA2", since + timedelta(seconds=1))], "next_page_uri": None}
    vendor.get(f"https://twilio.test{following}").mock(return_value=httpx.Response(200, json=last))
    vendor.get(CALLS).mock(return_value=httpx.Response(200, json=page | {"next_page_uri": following}))
    found = await twilio.find(to="+1", from_="+2", since=since)
    assert [call.carrier_id for call in found] == ["CA3", "CA2"]


@pytest.mark.parametrize("following", ["https://evil.test/x", "//evil.test/x", "@evil.test/", "/v1/else"])
async def test_paging_never_leaves_the_account(twilio, vendor, following):
    body = {"incoming_phone_numbers": [{"phone_number": "+15005550006"}], "next_page_uri": following}
    vendor.get(f"{ROOT}/IncomingPhoneNumbers.json").mock(return_value=httpx.Response(200, json=body))
    assert await twilio.numbers() == ["+15005550006"]
