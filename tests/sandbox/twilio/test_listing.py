"""Lists: paging, filters and the account's numbers. Checklist 11.1."""

from datetime import UTC, datetime, timedelta

import pytest

SID = "AC" + "1" * 32
AUTH = (SID, "a-token")
ENVELOPE = {
    "page",
    "page_size",
    "start",
    "end",
    "uri",
    "first_page_uri",
    "previous_page_uri",
    "next_page_uri",
}


async def listed(sandbox, **query):
    answer = await sandbox.http.get(sandbox.calls_path, params=query, auth=AUTH)
    assert answer.status_code == 200, answer.text
    return [call["sid"] for call in answer.json()["calls"]]


async def test_pages_follow_each_other_newest_first_and_new_calls_do_not_shift_them(sandbox):
    made = [await sandbox.place() for _ in range(5)]
    first = (await sandbox.http.get(sandbox.calls_path, params={"PageSize": 2}, auth=AUTH)).json()
    assert set(first) == ENVELOPE | {"calls"}
    assert (first["page"], first["page_size"], first["start"], first["end"]) == (0, 2, 0, 1)
    await sandbox.place()
    seen, page = [call["sid"] for call in first["calls"]], first
    while page["next_page_uri"]:
        page = (await sandbox.http.get(page["next_page_uri"], auth=AUTH)).json()
        seen += [call["sid"] for call in page["calls"]]
    assert seen == made[::-1]
    assert page["previous_page_uri"]


async def test_an_empty_list_is_one_page(sandbox):
    body = (await sandbox.http.get(sandbox.calls_path, auth=AUTH)).json()
    assert (body["calls"], body["next_page_uri"], body["previous_page_uri"]) == ([], None, None)


async def test_calls_are_found_by_number_status_and_time(sandbox):
    over = await sandbox.place(To="+14155550105")
    await sandbox.status_is(over, "completed")
    ringing = await sandbox.place(To="+14155550102", Timeout="600")
    await sandbox.status_is(ringing, "ringing")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    next_week = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    assert await listed(sandbox, To="+14155550102") == [ringing]
    assert await listed(sandbox, To="+14155550102", From="+14155550199") == []
    assert await listed(sandbox, Status="completed") == [over]
    assert await listed(sandbox, **{"StartTime>": yesterday}) == [ringing, over]
    assert await listed(sandbox, **{"StartTime<": yesterday}) == []
    assert await listed(sandbox, **{"StartTime<": next_week, "To": "+14155550105"}) == [over]
    assert await listed(sandbox, **{"EndTime>": yesterday}) == [over]
    assert await listed(sandbox, ParentCallSid="CA1") == []


async def test_a_start_time_without_a_sign_means_that_day_or_second(sandbox):
    sid = await sandbox.place(Twiml='<Response><Pause length="600"/></Response>')
    call = await sandbox.status_is(sid, "in-progress")
    moment = datetime.strptime(call["start_time"], "%a, %d %b %Y %H:%M:%S %z")
    assert await listed(sandbox, StartTime=moment.date().isoformat()) == [sid]
    assert await listed(sandbox, StartTime=moment.isoformat()) == [sid]
    assert await listed(sandbox, StartTime=(moment + timedelta(seconds=1)).isoformat()) == []


@pytest.mark.parametrize("query", [{"StartTime>": "yesterday"}, {"PageSize": "many"}, {"Page": "-1"}])
async def test_an_unreadable_filter_is_refused(sandbox, query):
    answer = await sandbox.http.get(sandbox.calls_path, params=query, auth=AUTH)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


async def test_every_account_owns_two_numbers_and_can_look_itself_up(sandbox):
    root = f"/2010-04-01/Accounts/{SID}"
    body = (await sandbox.http.get(f"{root}/IncomingPhoneNumbers.json", auth=AUTH)).json()
    owned = body["incoming_phone_numbers"]
    assert [one["phone_number"] for one in owned] == ["+15005550006", "+14155550199"]
    one = (await sandbox.http.get(owned[0]["uri"], auth=AUTH)).json()
    assert one == owned[0]
    filtered = await sandbox.http.get(
        f"{root}/IncomingPhoneNumbers.json", params={"PhoneNumber": "*0199"}, auth=AUTH
    )
    assert len(filtered.json()["incoming_phone_numbers"]) == 1
    assert (await sandbox.http.get(f"{root}/IncomingPhoneNumbers/PN0.json", auth=AUTH)).status_code == 404
    assert (await sandbox.http.get(f"{root}.json", auth=AUTH)).json()["status"] == "active"


@pytest.mark.parametrize("query", [{"PageSize": "9" * 5000}, {"Page": "two"}, {"Page": "²"}])
async def test_a_page_that_is_no_number_is_refused(sandbox, query):
    refused = await sandbox.http.get(sandbox.calls_path, params=query, auth=AUTH)
    assert (refused.status_code, refused.json()["code"]) == (400, 20001)
    assert refused.headers["twilio-request-id"].startswith("RQ")


async def test_numbers_are_found_by_a_part_with_a_star_in_between(sandbox):
    path = f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json"
    for wanted, found in (("1415*0199", 1), ("5005550006", 1), ("+1", 2), ("999", 0)):
        answer = await sandbox.http.get(path, params={"PhoneNumber": wanted, "FriendlyName": ""}, auth=AUTH)
        assert len(answer.json()["incoming_phone_numbers"]) == found
