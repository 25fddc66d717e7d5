"""Gather, Dial, Record and what they tell the customer, in calls that pass words. Checklist 11.5."""

import asyncio

import pytest
from tests.waiting import patience, until

TWIML = "text/xml"
HANG_ON = '<Response><Pause length="3600"/></Response>'


def at(receiver, path, *documents):
    receiver.answers[path] = [(200, TWIML, f"<Response>{document}</Response>") for document in documents]
    return f"{receiver.url}{path}"


async def digits(sandbox, sid, keys):
    """Press keys, once a verb listens."""
    (driver,) = [driver for call, driver in sandbox.world.carrier._drivers.items() if call == sid]  # noqa: SLF001 -- inside, as nothing tells
    await until(lambda: driver.playback.stage.keypad._listeners)  # noqa: SLF001
    answer = await sandbox.http.post(f"/_sandbox/calls/{sid}/digits", json={"digits": keys})
    assert answer.status_code == 204, answer.text


async def slow(sandbox):
    await sandbox.http.put("/_sandbox/clock", json={"speed": 10})


async def test_gathered_keys_are_sent_to_the_action(sandbox, receiver):
    await slow(sandbox)
    action = at(receiver, "/keys", "<Say>thanks</Say>")
    sid = await sandbox.place(
        Twiml=f'<Response><Gather action="{action}" timeout="60" numDigits="3">'
        "<Say>Which?</Say></Gather></Response>"
    )
    await sandbox.status_is(sid, "in-progress")
    await digits(sandbox, sid, "4")
    await digits(sandbox, sid, "27")
    (one,) = await receiver.until(1, "/keys")
    assert (one.form["Digits"], one.form["CallSid"]) == ("427", sid)


async def test_the_finishing_key_ends_the_keys_and_is_not_among_them(sandbox, receiver):
    await slow(sandbox)
    action = at(receiver, "/keys", "<Hangup/>")
    sid = await sandbox.place(
        Twiml=f'<Response><Gather action="{action}" timeout="60" finishOnKey="*"/></Response>'
    )
    await sandbox.status_is(sid, "in-progress")
    await digits(sandbox, sid, "12*9")
    assert (await receiver.until(1, "/keys"))[0].form["Digits"] == "12"


async def test_words_are_gathered_from_whoever_answers(sandbox, receiver):
    action = at(receiver, "/words", "<Hangup/>")
    await sandbox.place(
        Twiml=f'<Response><Gather input="speech" action="{action}"><Say>What may I do?</Say></Gather></Response>'
    )
    (one,) = await receiver.until(1, "/words")
    assert (one.form["SpeechResult"], float(one.form["Confidence"]) > 0) == ("Yes.", True)


async def test_without_an_answer_the_next_verb_runs_or_the_action_if_it_wants_to(sandbox, receiver):
    at(receiver, "/next", "<Hangup/>")
    action = at(receiver, "/empty", "<Hangup/>")
    await sandbox.place(Twiml=f"<Response><Gather/><Redirect>{receiver.url}/next</Redirect></Response>")
    await sandbox.place(Twiml=f'<Response><Gather action="{action}" actionOnEmptyResult="true"/></Response>')
    await receiver.until(1, "/next")
    assert (await receiver.until(1, "/empty"))[0].form["Digits"] == ""


async def test_a_gather_without_action_asks_its_own_address_again(sandbox, receiver):
    url = at(receiver, "/menu", '<Gather input="speech"/>', "<Hangup/>")
    await sandbox.place(Url=url)
    second = (await receiver.until(2, "/menu"))[1]
    assert second.form["SpeechResult"] == "Yes."


@pytest.mark.parametrize(
    ("number", "status", "bridged"),
    [
        ("+14155550109", "completed", "true"),
        ("+14155550101", "busy", "false"),
        ("+14155550102", "no-answer", "false"),
    ],
)
async def test_dial_rings_another_number_and_tells_how_it_went(sandbox, receiver, number, status, bridged):
    action = at(receiver, "/dialled", "<Hangup/>")
    sid = await sandbox.place(
        To="+14155550106",
        Twiml=f'<Response><Dial action="{action}" timeout="25" timeLimit="5">'
        f'<Number statusCallback="{receiver.url}/child" '
        'statusCallbackEvent="initiated ringing answered completed">'
        f"{number}</Number></Dial></Response>",
    )
    (one,) = await receiver.until(1, "/dialled")
    assert (one.form["DialCallStatus"], one.form["DialBridged"]) == (status, bridged)
    child = await sandbox.fetch(one.form["DialCallSid"])
    assert (child["parent_call_sid"], child["direction"], child["status"]) == (sid, "outbound-dial", status)
    expected = {"initiated", "ringing", "in-progress", status} - ({"in-progress"} if bridged == "false" else set())
    told = await receiver.until(len(expected), "/child")
    assert {callback.form["CallStatus"] for callback in told} == expected
    assert {callback.form["ParentCallSid"] for callback in told} == {sid}


async def test_dial_reaches_the_first_to_answer_and_cancels_the_others(sandbox, receiver):
    action = at(receiver, "/dialled", "<Hangup/>")
    sid = await sandbox.place(
        Twiml=f'<Response><Dial action="{action}" timeout="60" timeLimit="2"><Number>+14155550102</Number>'
        "<Number>+14155550106</Number><Number>415-555-0101</Number></Dial></Response>",
    )
    (one,) = await receiver.until(1, "/dialled")
    path = sandbox.calls_path
    children = (
        await sandbox.http.get(path, params={"ParentCallSid": sid}, auth=("AC" + "1" * 32, "a-token"))
    ).json()
    statuses = {call["to"][-4:]: call["status"] for call in children["calls"]}
    assert statuses == {"0102": "canceled", "0106": "completed", "0101": "busy"}
    assert one.form["DialCallStatus"] == "completed"


async def test_dialling_nobody_is_told(sandbox, receiver):
    action = at(receiver, "/dialled", "<Hangup/>")
    sid = await sandbox.place(Twiml=f'<Response><Dial action="{action}">nobody</Dial></Response>')
    assert (await receiver.until(1, "/dialled"))[0].form["DialCallStatus"] == "failed"
    assert (await sandbox.told(sid))["notes"] == [
        "13223: <Dial> cannot dial 'nobody'",
        "13223: <Dial> has nobody to dial",
    ]


async def test_two_people_put_through_talk_until_one_hangs_up(sandbox, receiver):
    action = at(receiver, "/dialled", "<Hangup/>")
    await sandbox.place(Twiml=f'<Response><Dial action="{action}">+14155550105</Dial></Response>')
    assert (await receiver.until(1, "/dialled"))[0].form["DialCallStatus"] == "completed"


async def test_hanging_up_the_parent_ends_the_child(sandbox):
    sid = await sandbox.place(Twiml="<Response><Dial>+14155550106</Dial></Response>")

    async def children():
        auth = ("AC" + "1" * 32, "a-token")
        found = await sandbox.http.get(sandbox.calls_path, params={"ParentCallSid": sid}, auth=auth)
        return [call["status"] for call in found.json()["calls"]]

    async with patience():
        while await children() != ["in-progress"]:  # noqa: ASYNC110 -- told by HTTP only
            await asyncio.sleep(0.01)
        await sandbox.update(sid, Status="completed")
        while await children() != ["completed"]:  # noqa: ASYNC110 -- told by HTTP only
            await asyncio.sleep(0.01)


async def test_record_keeps_a_message_and_hands_it_to_the_action(sandbox, receiver):
    action = at(receiver, "/message", "<Hangup/>")
    await sandbox.place(
        Twiml=f'<Response><Record action="{action}" timeout="2" '
        f'recordingStatusCallback="{receiver.url}/recorded"/></Response>'
    )
    (one,) = await receiver.until(1, "/message")
    (told,) = await receiver.until(1, "/recorded")
    assert one.form["RecordingSid"] == told.form["RecordingSid"]
    assert int(one.form["RecordingDuration"]) >= 2
    assert (told.form["RecordingStatus"], told.form["RecordingSource"]) == ("completed", "RecordVerb")
    sound = await sandbox.http.get(one.form["RecordingUrl"])
    assert sound.content.startswith(b"RIFF")


async def test_what_is_said_by_somebody_who_says_nothing_is_absent(sandbox, receiver):
    at(receiver, "/next", "<Hangup/>")
    await sandbox.place(
        To="+14155550106",
        Twiml='<Response><Record timeout="1" maxLength="2" recordingStatusCallbackEvent="absent completed" '
        f'recordingStatusCallback="{receiver.url}/recorded"/><Redirect>{receiver.url}/next</Redirect></Response>',
    )
    await receiver.until(1, "/next")


async def test_sip_and_client_addresses_are_answered(sandbox):
    for to in ("sip:desk@example.com", "client:anna"):
        sid = await sandbox.place(To=to, Twiml="<Response><Say>Hello</Say></Response>")
        assert (await sandbox.status_is(sid, "completed"))["to"] == to


async def test_keys_sent_by_the_carrier_take_their_time(sandbox):
    sid = await sandbox.place(SendDigits="ww1234W")
    assert int((await sandbox.status_is(sid, "completed"))["duration"]) >= 3


async def test_pressing_keys_needs_a_call_in_progress(sandbox):
    for sid in ("CA0", await sandbox.place(To="+14155550102")):
        answer = await sandbox.http.post(f"/_sandbox/calls/{sid}/digits", json={"digits": "1"})
        assert answer.status_code == 404


async def test_dial_may_not_call_from_a_strangers_number(sandbox, receiver):
    action = at(receiver, "/dialled", "<Hangup/>")
    sid = await sandbox.place(
        Twiml=f'<Response><Dial callerId="+14155550177" action="{action}">+14155550105</Dial></Response>'
    )
    assert (await receiver.until(1, "/dialled"))[0].form["DialCallStatus"] == "failed"
    assert (await sandbox.told(sid))["notes"] == ["13214: <Dial> may not call from '+14155550177'"]


@pytest.mark.parametrize(
    ("caller", "target"),
    [("+14155550199", "+14155550105"), ("+14155550100", "+14155550105"), ("anyone", "<Sip>a@example.com</Sip>")],
)
async def test_dial_may_call_from_ones_own_number_the_callers_and_to_addresses_from_any(
    sandbox, receiver, caller, target
):
    action = at(receiver, "/dialled", "<Hangup/>")
    sid = await sandbox.place(
        Twiml=f'<Response><Dial callerId="{caller}" timeLimit="2" action="{action}">{target}</Dial></Response>'
    )
    assert (await receiver.until(1, "/dialled"))[0].form["DialCallStatus"] == "completed"
    assert (await sandbox.told(sid))["notes"] == []


async def test_dialling_a_number_that_nobody_has_is_noted(sandbox, receiver):
    action = at(receiver, "/dialled", "<Hangup/>")
    sid = await sandbox.place(Twiml=f'<Response><Dial action="{action}">+14155550103</Dial></Response>')
    assert (await receiver.until(1, "/dialled"))[0].form["DialCallStatus"] == "failed"
    assert (await sandbox.told(sid))["notes"] == ["13224: <Dial> cannot reach '+14155550103'"]
