"""Numbers, applications, API keys, calls that come in, and the account's pace.

Checklist 11.1 (credentials) and 11.3 (the token bucket and `queue_time`).
"""

import pytest
from twilio.request_validator import RequestValidator

SID = "AC" + "1" * 32
AUTH = (SID, "a-token")
ROOT = f"/2010-04-01/Accounts/{SID}"
TO = "+14155550199"


async def number(sandbox, **fields):
    """The number's resource after a change."""
    listed = await sandbox.http.get(f"{ROOT}/IncomingPhoneNumbers.json", params={"PhoneNumber": TO}, auth=AUTH)
    (owned,) = listed.json()["incoming_phone_numbers"]
    return await sandbox.http.post(owned["uri"], data=fields, auth=AUTH)


async def incoming(sandbox, from_="+14155550100", to=TO):
    return await sandbox.http.post("/_sandbox/calls", json={"from": from_, "to": to})


async def test_a_number_is_wired_and_keeps_what_it_is_told(sandbox):
    answer = await number(
        sandbox, VoiceUrl="https://example.com/voice", VoiceMethod="GET", FriendlyName="Front desk"
    )
    body = answer.json()
    assert (answer.status_code, body["voice_url"], body["voice_method"]) == (
        200,
        "https://example.com/voice",
        "GET",
    )
    assert body["friendly_name"] == "Front desk"
    assert (await number(sandbox, VoiceUrl="")).json()["voice_url"] == ""
    assert (await number(sandbox, FriendlyName="x" * 65)).json()["code"] == 20001
    assert (await number(sandbox, VoiceUrl="nonsense")).json()["code"] == 21502


async def test_application_and_trunk_delete_each_other(sandbox):
    made = await sandbox.http.post(f"{ROOT}/Applications.json", data={"FriendlyName": "a"}, auth=AUTH)
    sid = made.json()["sid"]
    assert (await number(sandbox, VoiceApplicationSid=sid)).json()["voice_application_sid"] == sid
    trunked = (await number(sandbox, TrunkSid="TK" + "1" * 32)).json()
    assert (trunked["voice_application_sid"], trunked["trunk_sid"]) == (None, "TK" + "1" * 32)
    assert (await number(sandbox, VoiceApplicationSid=sid)).json()["trunk_sid"] is None
    assert (await number(sandbox, VoiceApplicationSid="AP0")).json()["code"] == 21218


async def test_a_call_that_comes_in_asks_the_numbers_address_while_it_rings(sandbox, receiver):
    receiver.answers["/voice"] = [(200, "text/xml", "<Response><Say>Good evening</Say></Response>")]
    await number(sandbox, VoiceUrl=f"{receiver.url}/voice", StatusCallback=f"{receiver.url}/status")
    answer = await incoming(sandbox)
    assert (answer.status_code, answer.json()["direction"]) == (201, "inbound")
    call = await sandbox.status_is(answer.json()["sid"], "completed")
    assert (call["from"], call["to"]) == ("+14155550100", TO)
    (asked,) = receiver.at("/voice")
    assert (asked.form["CallStatus"], asked.form["Direction"]) == ("ringing", "inbound")
    assert RequestValidator("a-token").validate(asked.url, asked.form, asked.headers["x-twilio-signature"])
    await receiver.until(1)
    assert receiver.statuses() == ["completed"]


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ("<Reject/>", "no-answer"),
        ('<Reject reason="busy"/>', "busy"),
        ("<Say>come in</Say>", "completed"),
    ],
)
async def test_the_first_verb_answers_or_rejects(sandbox, receiver, document, status):
    receiver.answers["/voice"] = [(200, "text/xml", f"<Response>{document}</Response>")]
    await number(sandbox, VoiceUrl=f"{receiver.url}/voice")
    sid = (await incoming(sandbox)).json()["sid"]
    await sandbox.status_is(sid, status)


async def test_a_number_that_leads_nowhere_fails_without_a_word(sandbox):
    await number(sandbox)
    sid = (await incoming(sandbox)).json()["sid"]
    await sandbox.status_is(sid, "failed")
    assert (await sandbox.told(sid))["notes"] == []
    assert (await incoming(sandbox, to="+14155550000")).status_code == 404


async def test_an_applications_address_is_used_for_calls_out_and_in(sandbox, receiver):
    receiver.answers["/app"] = [(200, "text/xml", "<Response><Say>from the application</Say></Response>")]
    fields = {"VoiceUrl": f"{receiver.url}/app", "StatusCallback": f"{receiver.url}/status"}
    made = await sandbox.http.post(f"{ROOT}/Applications.json", data=fields, auth=AUTH)
    sid = made.json()["sid"]
    out = await sandbox.place(Twiml="", ApplicationSid=sid, StatusCallback=f"{receiver.url}/ignored")
    await number(sandbox, VoiceApplicationSid=sid, VoiceUrl="http://127.0.0.1:9/")
    into = (await incoming(sandbox)).json()["sid"]
    for call in (out, into):
        await sandbox.status_is(call, "completed")
    assert len(receiver.at("/app")) == 2
    await receiver.until(2)
    assert receiver.at("/ignored") == []
    listed = await sandbox.http.get(f"{ROOT}/Applications.json", auth=AUTH)
    assert [one["sid"] for one in listed.json()["applications"]] == [sid]
    assert (await sandbox.http.delete(f"{ROOT}/Applications/{sid}.json", auth=AUTH)).status_code == 204
    assert (await sandbox.http.get(f"{ROOT}/Applications/{sid}.json", auth=AUTH)).status_code == 404


async def test_an_api_key_opens_the_account_but_not_its_account_page(sandbox):
    made = await sandbox.http.post(f"{ROOT}/Keys.json", data={"FriendlyName": "ours"}, auth=AUTH)
    key = (made.json()["sid"], made.json()["secret"])
    assert made.status_code == 201
    assert key[0].startswith("SK")
    assert (await sandbox.http.get(f"{ROOT}/IncomingPhoneNumbers.json", auth=key)).status_code == 200
    assert (await sandbox.http.get(f"{ROOT}.json", auth=key)).json()["code"] == 20003
    assert (await sandbox.http.get(sandbox.calls_path, auth=(key[0], "wrong"))).status_code == 401
    listed = (await sandbox.http.get(f"{ROOT}/Keys.json", auth=AUTH)).json()["keys"]
    assert [(one["sid"], "secret" in one) for one in listed] == [(key[0], False)]
    assert (await sandbox.http.delete(f"{ROOT}/Keys/{key[0]}.json", auth=AUTH)).status_code == 204
    assert (await sandbox.http.get(sandbox.calls_path, auth=key)).status_code == 401


async def test_calls_beyond_the_accounts_pace_wait_in_its_queue(sandbox):
    await sandbox.http.put("/_sandbox/clock", json={"speed": 1})
    await sandbox.http.put("/_sandbox/carrier", json={"calls_per_second": 0.01})
    calls = [(await sandbox.dial()).json() for _ in range(3)]
    assert [round(int(call["queue_time"]), -5) for call in calls] == [0, 100_000, 200_000]
    await sandbox.update(calls[2]["sid"], Status="canceled")
    await sandbox.http.put("/_sandbox/clock", json={"speed": 100})
    for call, status in zip(calls, ("completed", "completed", "canceled"), strict=True):
        await sandbox.status_is(call["sid"], status)


async def test_too_many_requests_at_once_are_20429_when_a_fault_says_so(sandbox):
    await sandbox.fault(provider="twilio", path="*/Calls.json", status=429, count=1)
    refused = await sandbox.dial()
    assert (refused.status_code, refused.json()["code"]) == (429, 20429)


async def test_media_are_told_and_chosen(sandbox):
    told = (await sandbox.http.get("/_sandbox/media")).json()
    assert (told["mode"], told["speaks"], told["spoken_calls"]) == ("auto", False, 0)
    assert told["reason"] == "Calls are spoken at clock speed 1; it is 50."
    chosen = await sandbox.http.put("/_sandbox/media", json={"mode": "text"})
    assert chosen.json()["reason"] == "The sandbox's media mode is text."
    assert (await sandbox.http.put("/_sandbox/media", json={"mode": "video"})).status_code == 422
    sid = await sandbox.place()
    await sandbox.status_is(sid, "completed")
    assert (await sandbox.told(sid))["media"] == "words"


async def test_an_applications_fallback_is_used_and_both_say_when_they_were_made(sandbox, receiver):
    receiver.answers["/sorry"] = [(200, "text/xml", "<Response><Say>sorry</Say></Response>")]
    fields = {"VoiceUrl": "http://127.0.0.1:9/", "VoiceFallbackUrl": f"{receiver.url}/sorry"}
    made = (await sandbox.http.post(f"{ROOT}/Applications.json", data=fields, auth=AUTH)).json()
    assert made["voice_fallback_url"] == f"{receiver.url}/sorry"
    sid = await sandbox.place(Twiml="", ApplicationSid=made["sid"])
    await sandbox.status_is(sid, "completed")
    assert [one["text"] for one in (await sandbox.told(sid))["transcript"]] == ["sorry"]
    key = (await sandbox.http.post(f"{ROOT}/Keys.json", data={}, auth=AUTH)).json()
    assert made["date_created"].endswith("+0000")
    assert key["date_created"].endswith("+0000")
