"""Every way a call goes, seen through REST and signed callbacks. Checklist 11.3 and 11.8."""

import asyncio
import math
from email.utils import parsedate_to_datetime

import pytest
from tests.waiting import PATIENCE
from twilio.request_validator import RequestValidator

from switchboard.sandbox.line import StreamEnd
from switchboard.sandbox.twilio import leg

EVENTS = ["initiated", "ringing", "answered", "completed"]
TOKEN = "a-token"
HANG_ON = '<Response><Pause length="3600"/></Response>'


async def test_a_call_is_answered_queued_before_anything_happens(sandbox):
    answer = await sandbox.dial()
    call = answer.json()
    assert answer.status_code == 201
    assert answer.headers["twilio-request-id"].startswith("RQ")
    assert call["status"] == "queued"
    assert call["sid"].startswith("CA")
    assert [call[key] for key in ("start_time", "end_time", "duration", "price", "answered_by")] == [None] * 5
    assert call["date_created"].endswith("+0000")
    assert (call["to"], call["to_formatted"]) == ("+14155550100", "(415) 555-0100")


async def test_an_answered_call_tells_every_step_and_ends_completed(sandbox, receiver):
    stream, twiml = sandbox.stream()
    sid = await sandbox.place(Twiml=twiml, StatusCallback=f"{receiver.url}/status", StatusCallbackEvent=EVENTS)
    call = await sandbox.status_is(sid, "completed")
    forms = [one.form for one in await receiver.until(4)]
    assert receiver.statuses() == ["initiated", "ringing", "in-progress", "completed"]
    assert sorted(form["SequenceNumber"] for form in forms) == ["0", "1", "2", "3"]
    assert {form["CallSid"] for form in forms} == {sid}
    last = next(form for form in forms if form["CallStatus"] == "completed")
    assert last["CallDuration"] == call["duration"]
    lasted = parsedate_to_datetime(call["end_time"]) - parsedate_to_datetime(call["start_time"])
    assert abs(int(call["duration"]) - lasted.total_seconds()) <= 1
    assert last["Duration"] == str(math.ceil(int(call["duration"]) / 60))
    assert stream.legs[0].call_sid == sid
    assert dict(stream.legs[0].parameters) == {"who": "us"}


async def test_callbacks_carry_a_signature_that_twilios_validator_accepts(sandbox, receiver):
    await sandbox.place(
        StatusCallback=f"{receiver.url}/status?call=1&x=a%20b#rc=2&rp=5xx", StatusCallbackEvent=EVENTS
    )
    validator = RequestValidator(TOKEN)
    for one in await receiver.until(4):
        assert validator.validate(one.url, one.form, one.headers["x-twilio-signature"])
        assert not RequestValidator("other").validate(one.url, one.form, one.headers["x-twilio-signature"])
        assert one.headers["user-agent"] == "TwilioProxy/1.1"
        assert one.headers["i-twilio-idempotency-token"]


async def test_a_get_callback_is_signed_with_its_fields_in_the_query(sandbox, receiver):
    await sandbox.place(StatusCallback=f"{receiver.url}/status?a=1", StatusCallbackMethod="GET")
    (one,) = await receiver.until(1)
    assert one.method == "GET"
    assert "CallStatus=completed" in one.target
    assert RequestValidator(TOKEN).validate(one.url, {}, one.headers["x-twilio-signature"])


async def test_only_subscribed_events_are_told_and_completed_is_the_default(sandbox, receiver):
    plain = await sandbox.place(StatusCallback=f"{receiver.url}/plain")
    some = await sandbox.place(StatusCallback=f"{receiver.url}/some", StatusCallbackEvent=["answered"])
    joined = await sandbox.place(
        StatusCallback=f"{receiver.url}/joined", StatusCallbackEvent="initiated ringing answered completed"
    )
    for sid in (plain, some, joined):
        await sandbox.status_is(sid, "completed")
    for path in ("/plain", "/some", "/joined"):
        await receiver.until(1, path)
    assert receiver.statuses("/plain") == ["completed"]
    assert receiver.statuses("/some") == ["in-progress"]
    assert receiver.statuses("/joined") == ["completed"]


@pytest.mark.parametrize(
    ("number", "status", "sip", "steps"),
    [
        ("+14155550101", "busy", "486", ["initiated", "ringing", "busy"]),
        ("+14155550102", "no-answer", "487", ["initiated", "ringing", "no-answer"]),
    ],
)
async def test_a_number_that_does_not_answer_ends_as_a_carrier_says(sandbox, receiver, number, status, sip, steps):
    sid = await sandbox.place(
        To=number, Timeout="5", StatusCallback=f"{receiver.url}/status", StatusCallbackEvent=EVENTS
    )
    call = await sandbox.status_is(sid, status)
    last = (await receiver.until(3))[-1].form
    assert receiver.statuses() == steps
    assert (call["duration"], call["price"]) == ("0", None)
    assert call["end_time"] is not None
    final = next(one.form for one in receiver.at("/status") if one.form["CallStatus"] == status)
    assert (final["SequenceNumber"], final["CallDuration"], final["SipResponseCode"]) == ("2", "0", sip), last


async def test_a_slow_number_is_not_reached_within_a_short_timeout_but_within_a_long_one(sandbox):
    short = await sandbox.place(To="+14155550109", Timeout="10")
    long = await sandbox.place(To="+14155550109", Timeout="30")
    assert (await sandbox.status_is(short, "no-answer", "in-progress"))["status"] == "no-answer"
    assert int((await sandbox.status_is(long, "completed"))["duration"]) >= 1


async def test_an_unreachable_number_is_refused_and_no_call_is_made(sandbox):
    answer = await sandbox.dial(To="+14155550103")
    assert (answer.status_code, answer.json()["code"]) == (400, 21217)
    assert await sandbox.control("calls") == []


async def test_a_person_who_hangs_up_at_once_makes_a_completed_call_of_a_second(sandbox):
    stream, twiml = sandbox.stream(end=None)
    sid = await sandbox.place(To="+14155550105", Twiml=twiml)
    call = await sandbox.status_is(sid, "completed")
    assert int(call["duration"]) >= 1
    assert stream.cancelled.wait(PATIENCE)
    assert [said["who"] for said in (await sandbox.told(sid))["transcript"]] == ["caller", "callee"]


async def test_the_price_comes_a_little_after_the_end(sandbox, monkeypatch):
    monkeypatch.setattr(leg, "_UNTIL_BILLED", 100)  # two seconds of this fast clock
    sid = await sandbox.place(Twiml='<Response><Pause length="61"/></Response>')
    assert (await sandbox.status_is(sid, "completed"))["price"] is None
    async with asyncio.timeout(PATIENCE):
        while (call := await sandbox.fetch(sid))["price"] is None:  # noqa: ASYNC110 -- told by HTTP only
            await asyncio.sleep(0.01)
    seconds = int(call["duration"])
    assert seconds >= 60
    assert (call["price"], call["price_unit"]) == (f"-{math.ceil(seconds / 60) * 0.014:.4f}", "USD")


async def test_a_call_cancelled_in_the_queue_fires_no_callback(sandbox, receiver):
    await sandbox.http.put("/_sandbox/clock", json={"speed": 1})
    await sandbox.http.put("/_sandbox/carrier", json={"calls_per_second": 0.02})
    await sandbox.place()
    sid = await sandbox.place(StatusCallback=f"{receiver.url}/status", StatusCallbackEvent=EVENTS)
    answer = await sandbox.update(sid, Status="canceled")
    assert (answer.status_code, answer.json()["status"]) == (200, "canceled")
    await sandbox.http.put("/_sandbox/carrier", json={"calls_per_second": 1000})
    await sandbox.http.put("/_sandbox/clock", json={"speed": 100})
    other = await sandbox.place(StatusCallback=f"{receiver.url}/other")
    await sandbox.status_is(other, "completed")
    await receiver.until(1, "/other")
    assert receiver.at("/status") == []
    assert (await sandbox.fetch(sid))["status"] == "canceled"


@pytest.mark.parametrize("status", ["completed", "canceled"])
async def test_hanging_up_while_it_rings_ends_canceled(sandbox, receiver, status):
    sid = await sandbox.place(
        To="+14155550102", Timeout="600", StatusCallback=f"{receiver.url}/status", StatusCallbackEvent=EVENTS
    )
    await sandbox.status_is(sid, "ringing")
    assert (await sandbox.update(sid, Status=status)).json()["status"] == "canceled"
    await receiver.until(3)
    assert receiver.statuses() == ["initiated", "ringing", "canceled"]


async def test_hanging_up_a_talk_ends_it_completed_and_cancels_the_stream(sandbox, receiver):
    stream, twiml = sandbox.stream(end=None)
    sid = await sandbox.place(Twiml=twiml, StatusCallback=f"{receiver.url}/status")
    await sandbox.status_is(sid, "in-progress")
    ignored = await sandbox.update(sid, Status="canceled")
    assert (ignored.status_code, ignored.json()["status"]) == (200, "in-progress")
    assert (await sandbox.update(sid, Status="completed")).json()["status"] == "completed"
    assert stream.cancelled.wait(PATIENCE)
    await receiver.until(1)
    assert receiver.statuses() == ["completed"]
    again = await sandbox.update(sid, Status="completed")
    assert (again.status_code, again.json()["status"]) == (200, "completed")


async def test_a_live_call_takes_new_twiml_and_the_old_stream_is_cancelled(sandbox):
    stream, twiml = sandbox.stream(end=None)
    sid = await sandbox.place(Twiml=twiml)
    await sandbox.status_is(sid, "in-progress")
    answer = await sandbox.update(sid, Twiml="<Response><Say>Good bye now</Say></Response>")
    assert answer.status_code == 200
    assert stream.cancelled.wait(PATIENCE)
    await sandbox.status_is(sid, "completed")
    assert (await sandbox.told(sid))["transcript"][-1]["text"] == "Good bye now"


async def test_redirecting_a_call_that_is_not_in_progress_is_21220(sandbox):
    ringing = await sandbox.place(To="+14155550102", Timeout="600")
    await sandbox.status_is(ringing, "ringing")
    over = await sandbox.place()
    await sandbox.status_is(over, "completed")
    for sid in (ringing, over):
        answer = await sandbox.update(sid, Twiml="<Response/>")
        assert (answer.status_code, answer.json()["code"]) == (400, 21220)


async def test_an_update_refuses_url_with_twiml_and_unknown_states(sandbox):
    sid = await sandbox.place(Twiml=HANG_ON)
    both = await sandbox.update(sid, Twiml="<Response/>", Url="http://example.com/")
    strange = await sandbox.update(sid, Status="paused")
    assert [(answer.status_code, answer.json()["code"]) for answer in (both, strange)] == [(400, 20001)] * 2


async def test_the_time_limit_ends_a_call(sandbox):
    sid = await sandbox.place(Twiml=HANG_ON, TimeLimit="5")
    assert 5 <= int((await sandbox.status_is(sid, "completed"))["duration"]) < 3000


async def test_a_callee_who_hangs_up_ends_the_document(sandbox):
    _, twiml = sandbox.stream(end=StreamEnd.CALLEE_HUNG_UP)
    sid = await sandbox.place(Twiml=twiml.replace("</Response>", "<Say>never said</Say></Response>"))
    await sandbox.status_is(sid, "completed")
    assert "never said" not in str((await sandbox.told(sid))["transcript"])


async def test_a_deleted_call_is_gone_but_a_live_one_stays(sandbox):
    sid = await sandbox.place()
    path, auth = sandbox.call_path(sid), ("AC" + "1" * 32, TOKEN)
    assert (await sandbox.http.delete(path, auth=auth)).status_code == 409
    await sandbox.status_is(sid, "completed")
    assert (await sandbox.http.delete(path, auth=auth)).status_code == 204
    assert (await sandbox.http.get(path, auth=auth)).json()["code"] == 20404


async def test_a_failed_callback_is_repeated_as_its_fragment_asks(sandbox, receiver):
    receiver.answers["/status"] = [(500, "", ""), (503, "", ""), (204, "", "")]
    await sandbox.place(StatusCallback=f"{receiver.url}/status#rc=3&rp=5xx,ct,rt")
    received = await receiver.until(3)
    assert len({one.headers["i-twilio-idempotency-token"] for one in received}) == 1
    receiver.answers["/plain"] = [(500, "", "")]
    await sandbox.place(StatusCallback=f"{receiver.url}/plain")
    await receiver.until(1, "/plain")
    log = await sandbox.callbacks_done(2)
    assert [one["attempts"] for one in log] == [[500, 503, 204], [500]]


async def test_a_time_limit_may_be_set_while_the_call_runs(sandbox):
    sid = await sandbox.place(To="+14155550106", Twiml=HANG_ON)
    await sandbox.status_is(sid, "in-progress")
    assert (await sandbox.update(sid, TimeLimit="5")).status_code == 200
    assert 5 <= int((await sandbox.status_is(sid, "completed"))["duration"]) < 3000
    assert (await sandbox.update(sid, TimeLimit="soon")).json()["code"] == 20001


async def test_a_call_whose_person_comes_to_grief_fails_and_is_told(sandbox, receiver, caplog, monkeypatch):
    def nobody(resident, seed):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(sandbox.world, "people", nobody)
    sid = await sandbox.place(StatusCallback=f"{receiver.url}/status")
    await sandbox.status_is(sid, "failed")
    assert (await receiver.until(1))[0].form["CallStatus"] == "failed"
    assert "broken on purpose" in caplog.text


@pytest.mark.parametrize(("to", "country"), [("+4930123456", "DE"), ("sip:desk@example.com", "")])
async def test_the_country_is_the_numbers_own(sandbox, receiver, to, country):
    await sandbox.place(To=to, StatusCallback=f"{receiver.url}/status", StatusCallbackEvent="initiated")
    (one,) = await receiver.until(1)
    assert (one.form["ToCountry"], one.form["CalledCountry"], one.form["FromCountry"]) == (country, country, "US")


async def test_whoever_calls_an_address_may_call_themselves_anything(sandbox):
    answer = await sandbox.dial(To="sip:desk@example.com", From="reception")
    assert (answer.status_code, answer.json()["from"]) == (201, "reception")
