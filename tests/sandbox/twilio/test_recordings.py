"""Recordings of calls, by every way that starts one. Facts 6.2."""

import asyncio
import io
import wave

import pytest
from tests.waiting import patience

SID = "AC" + "1" * 32
AUTH = (SID, "a-token")
HANG_ON = '<Response><Say>One moment please</Say><Pause length="3600"/></Response>'
ROOT = f"/2010-04-01/Accounts/{SID}"


async def completed(sandbox, call_sid):
    """The call's recordings as soon as all are complete."""
    async with patience():
        while True:
            body = (await sandbox.http.get(f"{ROOT}/Calls/{call_sid}/Recordings.json", auth=AUTH)).json()
            if body["recordings"] and all(one["status"] == "completed" for one in body["recordings"]):
                return body["recordings"]
            await asyncio.sleep(0.01)


async def test_record_true_records_the_call_and_the_last_callback_tells_of_it(sandbox, receiver):
    sid = await sandbox.place(
        Twiml='<Response><Say>Good evening to you</Say><Pause length="5"/></Response>',
        Record="true",
        RecordingChannels="dual",
        StatusCallback=f"{receiver.url}/status",
        RecordingStatusCallback=f"{receiver.url}/recording",
        RecordingStatusCallbackEvent="in-progress completed",
    )
    call = await sandbox.status_is(sid, "completed")
    (last,) = await receiver.until(1)
    told = await receiver.until(2, "/recording")
    assert {one.form["RecordingStatus"] for one in told} == {"in-progress", "completed"}
    done = next(one.form for one in told if one.form["RecordingStatus"] == "completed")
    assert done["RecordingSid"] == last.form["RecordingSid"]
    assert (done["RecordingChannels"], done["RecordingSource"], done["CallSid"]) == ("2", "OutboundAPI", sid)
    assert 5 <= int(last.form["RecordingDuration"]) <= int(call["duration"]) + 1
    (recording,) = await completed(sandbox, sid)
    assert (recording["channels"], recording["duration"]) == (2, last.form["RecordingDuration"])
    assert last.form["RecordingUrl"] == f"{sandbox.url}{ROOT}/Recordings/{recording['sid']}"


async def test_the_sound_comes_as_wav_or_mp3_with_the_channels_asked_for(sandbox):
    sid = await sandbox.place(
        Twiml="<Response><Say>Good evening</Say></Response>", Record="true", RecordingChannels="dual"
    )
    (recording,) = await completed(sandbox, sid)
    url = f"{ROOT}/Recordings/{recording['sid']}"
    for path, channels in ((url, 2), (f"{url}.wav", 2), (f"{url}.wav?RequestedChannels=1", 1)):
        answer = await sandbox.http.get(path, auth=AUTH)
        assert answer.headers["content-type"] == "audio/x-wav"
        with wave.open(io.BytesIO(answer.content)) as sound:
            assert (sound.getnchannels(), sound.getframerate()) == (channels, 8000)
    mp3 = await sandbox.http.get(f"{url}.mp3")
    assert mp3.headers["content-type"] == "audio/mpeg"
    assert mp3.content[:1] == b"\xff"
    refused = await sandbox.http.get(f"{url}.mp3", auth=(SID, "an-invalid-token"))
    assert refused.status_code == 401


async def test_two_channels_of_a_mono_recording_are_refused(sandbox):
    sid = await sandbox.place(Record="true")
    (recording,) = await completed(sandbox, sid)
    answer = await sandbox.http.get(f"{ROOT}/Recordings/{recording['sid']}.wav?RequestedChannels=2", auth=AUTH)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


async def test_a_live_call_is_recorded_paused_resumed_and_stopped_through_rest(sandbox, receiver):
    await sandbox.http.put("/_sandbox/clock", json={"speed": 100})
    sid = await sandbox.place(Twiml=HANG_ON)
    await sandbox.status_is(sid, "in-progress")
    fields = {"RecordingStatusCallback": f"{receiver.url}/recording", "RecordingChannels": "dual"}
    began = sandbox.world.clock.elapsed()
    begun = await sandbox.http.post(f"{ROOT}/Calls/{sid}/Recordings.json", data=fields, auth=AUTH)
    assert (begun.status_code, begun.json()["status"]) == (201, "in-progress")
    one = f"{ROOT}/Calls/{sid}/Recordings/{begun.json()['sid']}.json"
    statuses = []
    for change in (
        {"Status": "paused", "PauseBehavior": "skip"},
        {"Status": "in-progress"},
        {"Status": "stopped"},
    ):
        await asyncio.sleep(0.05)
        statuses.append((await sandbox.http.post(one, data=change, auth=AUTH)).json()["status"])
    assert statuses == ["paused", "in-progress", "processing"]
    (told,) = await receiver.until(1, "/recording")
    seconds = int(told.form["RecordingDuration"])
    assert 5 <= seconds <= sandbox.world.clock.elapsed() - began - 5 + 1  # without the pause of five seconds
    late = await sandbox.http.post(one, data={"Status": "stopped"}, auth=AUTH)
    assert (late.status_code, late.json()["code"]) == (400, 21220)


async def test_the_current_recording_has_a_name_of_its_own(sandbox):
    sid = await sandbox.place(Twiml=HANG_ON, Record="true")
    await sandbox.status_is(sid, "in-progress")
    path = f"{ROOT}/Calls/{sid}/Recordings/Twilio.CURRENT.json"
    assert (await sandbox.http.post(path, data={"Status": "stopped"}, auth=AUTH)).status_code == 200
    strange = await sandbox.http.post(path, data={"Status": "rewound"}, auth=AUTH)
    assert strange.status_code in (400, 404)


async def test_start_recording_in_twiml_records_what_follows(sandbox, receiver):
    sid = await sandbox.place(
        Twiml='<Response><Start><Recording channels="dual" '
        f'recordingStatusCallback="{receiver.url}/recording"/></Start><Say>Hello there</Say></Response>'
    )
    (told,) = await receiver.until(1, "/recording")
    (recording,) = await completed(sandbox, sid)
    assert told.form["RecordingSource"] == recording["source"] == "StartCallRecordingTwiML"


async def test_recordings_are_listed_fetched_and_deleted(sandbox):
    sids = [await sandbox.place(Record="true") for _ in range(2)]
    found = [(await completed(sandbox, sid))[0] for sid in sids]
    listed = (await sandbox.http.get(f"{ROOT}/Recordings.json", auth=AUTH)).json()["recordings"]
    assert {one["sid"] for one in listed} == {one["sid"] for one in found}
    only = await sandbox.http.get(f"{ROOT}/Recordings.json", params={"CallSid": sids[0]}, auth=AUTH)
    assert [one["call_sid"] for one in only.json()["recordings"]] == [sids[0]]
    path = f"{ROOT}/Recordings/{found[0]['sid']}.json"
    assert (await sandbox.http.get(path, auth=AUTH)).json()["sid"] == found[0]["sid"]
    foreign = await sandbox.http.get(path.replace(SID, "AC" + "2" * 32), auth=("AC" + "2" * 32, "t"))
    assert foreign.status_code == 404
    assert (await sandbox.http.delete(path, auth=AUTH)).status_code == 204
    assert (await sandbox.http.get(path, auth=AUTH)).json()["code"] == 20404
    assert (await sandbox.http.get(path.replace(".json", ".wav"))).status_code == 404


@pytest.mark.parametrize("to", ["+14155550102", "+14155550105"])
async def test_only_a_call_in_progress_can_be_recorded(sandbox, to):
    sid = await sandbox.place(To=to)
    await sandbox.status_is(sid, "ringing", "completed")
    answer = await sandbox.http.post(f"{ROOT}/Calls/{sid}/Recordings.json", auth=AUTH)
    assert (answer.status_code, answer.json()["code"]) == (400, 21220)
