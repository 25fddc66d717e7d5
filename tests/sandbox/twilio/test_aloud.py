"""TwiML on spoken calls: what the carrier lets the callee hear, hears of them, and passes on.

Checklist 11.5 and 11.6, aloud.
"""

import asyncio
import base64
import io
import wave
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from tests.clocks import UnhurriedClock
from tests.sandbox.conftest import SID, TOKEN, Mind, Sandbox
from tests.sandbox.serving import serving
from tests.sandbox.twilio.levels import LevelStudio
from tests.sandbox.twilio.line import Platform
from tests.waiting import PATIENCE, patience, until

from switchboard.core.g711 import from_mu_law
from switchboard.sandbox.assembly import assemble
from switchboard.sandbox.twilio import routes
from switchboard.sandbox.twilio.twiml import Playback
from switchboard.sandbox.world import World

ROOT = f"/2010-04-01/Accounts/{SID}"
AUTH = (SID, TOKEN)
ANN, SILENT = "+14155550100", "+14155550106"
HANG_ON = '<Pause length="3600"/>'


@pytest.fixture(scope="module")
async def world() -> World:
    return World(seed=1, clock=UnhurriedClock(20), people=lambda resident, _: Mind(resident), studio=LevelStudio())


@pytest.fixture(scope="module")
async def server(world) -> AsyncIterator[str]:
    async with serving(assemble(world, [routes.router]), lifespan="on") as host:
        yield f"http://{host}"


@pytest.fixture
async def aloud(server, world) -> AsyncIterator[Sandbox]:
    """Everything but the lines themselves at twenty times real time."""
    async with httpx.AsyncClient(base_url=server, trust_env=False, timeout=PATIENCE) as http:
        (await http.post("/_sandbox/reset", json={"seed": 1})).raise_for_status()
        (await http.put("/_sandbox/media", json={"mode": "audio"})).raise_for_status()
        yield Sandbox(server, world, asyncio.get_running_loop(), http)


@pytest.fixture
async def platform() -> AsyncIterator[tuple[Platform, str]]:
    there = Platform(None)
    async with serving(Starlette(routes=[WebSocketRoute("/stream", there.serve)])) as host:
        yield there, f"ws://{host}/stream"


def texts(aloud, frames, track="inbound"):
    """What is heard on a track of a stream."""
    media = [frame["media"] for frame in frames if frame["event"] == "media"]
    sound = b"".join(base64.b64decode(one["payload"]) for one in media if one["track"] == track)
    return aloud.world.studio.texts_in(from_mu_law(sound))


async def transcript(aloud, sid, *wanted):
    """Wait until these were said, as (who, text)."""
    async with patience():
        while True:
            told = await aloud.told(sid)
            said = [(one["who"], one["text"]) for one in told["transcript"]]
            if set(wanted) <= set(said):
                return told
            await asyncio.sleep(0.05)


async def test_what_the_carrier_says_is_heard_by_ear_and_answered_aloud(aloud, platform):
    there, url = platform
    sid = await aloud.place(
        Twiml=f'<Response><Start><Stream url="{url}" track="both_tracks"/></Start>'
        f"<Say>Good evening</Say>{HANG_ON}</Response>"
    )
    told = await transcript(aloud, sid, ("callee", "Hello?"), ("caller", "Good evening"), ("callee", "Yes."))
    assert (told["media"], told["media_note"]) == ("sound", None)
    await there.until(lambda: "Yes." in texts(aloud, there.frames))
    assert texts(aloud, there.frames) == ["Hello?", "Yes."]
    assert texts(aloud, there.frames, "outbound") == ["Good evening"]
    assert there.events("start")[0]["start"]["tracks"] == ["inbound", "outbound"]
    await aloud.update(sid, Status="completed")
    await there.done.wait()
    assert there.frames[-1]["event"] == "stop"


async def test_somebody_who_calls_waits_to_be_greeted_aloud(aloud, receiver):
    receiver.answers["/voice"] = [(200, "text/xml", f"<Response><Say>Good evening</Say>{HANG_ON}</Response>")]
    numbers = (await aloud.http.get(f"{ROOT}/IncomingPhoneNumbers.json", auth=AUTH)).json()
    wired = {"VoiceUrl": f"{receiver.url}/voice"}
    await aloud.http.post(numbers["incoming_phone_numbers"][0]["uri"], data=wired, auth=AUTH)
    made = await aloud.http.post("/_sandbox/calls", json={"from": ANN, "to": "+15005550006"})
    told = await transcript(aloud, made.json()["sid"], ("callee", "Yes."))
    assert [one["text"] for one in told["transcript"]] == ["Good evening", "Yes."]
    await aloud.update(made.json()["sid"], Status="completed")


async def test_words_are_gathered_by_ear(aloud, receiver):
    receiver.answers["/words"] = [(200, "text/xml", "<Response/>")]
    await aloud.place(
        Twiml=f'<Response><Gather input="speech" action="{receiver.url}/words" timeout="2000">'
        "<Say>What may I do?</Say></Gather></Response>"
    )
    (one,) = await receiver.until(1, "/words")
    assert one.form["SpeechResult"] in ("Hello?", "Yes.")


async def test_silence_gathers_nothing(aloud, receiver):
    receiver.answers["/next"] = [(200, "text/xml", "<Response/>")]
    await aloud.place(
        To=SILENT,
        Twiml='<Response><Gather input="speech dtmf" timeout="5"/>'
        f"<Redirect>{receiver.url}/next</Redirect></Response>",
    )
    await receiver.until(1, "/next")


async def test_two_telephones_are_put_through(aloud):
    sid = await aloud.place(To=SILENT, Twiml=f"<Response><Dial>{ANN}</Dial></Response>")
    await transcript(aloud, sid, ("caller", "Hello?"))
    await aloud.update(sid, Status="completed")


async def test_a_message_is_recorded_after_the_beep(aloud, receiver):
    receiver.answers["/message"] = [(200, "text/xml", "<Response/>")]
    await aloud.place(
        Twiml=f'<Response><Say>Speak</Say><Record playBeep="false" action="{receiver.url}/message" timeout="1000" '
        f'recordingStatusCallback="{receiver.url}/recorded"/></Response>'
    )
    (one,) = await receiver.until(1, "/message")
    await receiver.until(1, "/recorded")
    file = (await aloud.http.get(one.form["RecordingUrl"])).content
    with wave.open(io.BytesIO(file)) as sound:
        assert aloud.world.studio.texts_in(sound.readframes(sound.getnframes()))


async def test_a_recording_holds_both_sides_as_they_passed(aloud, receiver):
    sid = await aloud.place(
        Record="true",
        RecordingChannels="dual",
        RecordingStatusCallback=f"{receiver.url}/recorded",
        Twiml=f"<Response><Say>Good evening</Say>{HANG_ON}</Response>",
    )
    await transcript(aloud, sid, ("callee", "Yes."))
    await asyncio.sleep(0.6)
    await aloud.update(sid, Status="completed")
    (one,) = await receiver.until(1, "/recorded")
    file = (await aloud.http.get(one.form["RecordingUrl"])).content
    with wave.open(io.BytesIO(file)) as sound:
        both = memoryview(sound.readframes(sound.getnframes())).cast("h")
    callee, agent = (aloud.world.studio.texts_in(both[side::2].tobytes()) for side in (0, 1))
    assert (callee, agent) == (["Hello?", "Yes."], ["Good evening"])


async def test_new_twiml_stops_the_stream_and_takes_over(aloud, platform):
    there, url = platform
    sid = await aloud.place(Twiml=f'<Response><Connect><Stream url="{url}"/></Connect></Response>')
    await there.until(lambda: len(there.events("media")) > 3)
    await aloud.update(sid, Twiml=f"<Response><Say>Good bye</Say>{HANG_ON}</Response>")
    await there.done.wait()
    assert there.frames[-1]["event"] == "stop"
    await transcript(aloud, sid, ("caller", "Good bye"))
    await aloud.update(sid, Status="completed")


async def test_somebody_who_hangs_up_ends_stream_and_call(aloud, platform):
    _, url = platform
    twiml = f'<Response><Connect><Stream url="{url}"/></Connect></Response>'
    sid = await aloud.place(To="+14155550105", Twiml=twiml)
    call = await aloud.status_is(sid, "completed")
    assert int(call["duration"]) >= 1


async def test_streams_in_one_direction_are_begun_and_ended_through_rest(aloud, platform, receiver):
    there, url = platform
    sid = await aloud.place(Twiml=f"<Response>{HANG_ON}</Response>")
    await aloud.status_is(sid, "in-progress")
    path = f"{ROOT}/Calls/{sid}/Streams"
    fields = {
        "Url": url,
        "Name": "mine",
        "Track": "outbound_track",
        "StatusCallback": f"{receiver.url}/stream",
        "Parameter1.Name": "who",
        "Parameter1.Value": "us",
    }
    begun = await aloud.http.post(f"{path}.json", data=fields, auth=AUTH)
    assert (begun.status_code, begun.json()["name"], begun.json()["status"]) == (201, "mine", "in-progress")
    await there.until(lambda: len(there.events("media")) > 3)
    assert there.events("start")[0]["start"]["customParameters"] == {"who": "us"}
    one = f"{path}/{begun.json()['sid']}.json"
    ended = await aloud.http.post(one, data={"Status": "stopped"}, auth=AUTH)
    assert ended.json()["status"] == "stopped"
    await there.done.wait()
    told = {one.form["StreamEvent"] for one in await receiver.until(2, "/stream")}
    assert told == {"stream-started", "stream-stopped"}
    again = await aloud.http.post(one, data={"Status": "stopped"}, auth=AUTH)
    assert again.json()["code"] == 20404
    wrong = await aloud.http.post(f"{path}.json", data=fields | {"Track": "third_track"}, auth=AUTH)
    assert wrong.json()["code"] == 31941
    await aloud.update(sid, Status="completed")
    late = await aloud.http.post(f"{path}.json", data=fields, auth=AUTH)
    assert late.json()["code"] == 21220


async def test_four_tracks_are_streamed_at_once_and_one_is_stopped_by_its_name(aloud, platform):
    there, url = platform
    streams = "".join(f'<Stream url="{url}" name="{name}" track="both_tracks"/>' for name in "abc")
    sid = await aloud.place(
        Twiml=f'<Response><Start>{streams}</Start><Stop><Stream name="a"/></Stop>{HANG_ON}</Response>'
    )
    await there.until(lambda: len(there.events("start")) == 1)
    assert (await aloud.told(sid))["notes"] == ["31941: four tracks are streamed already"]
    await aloud.update(sid, Status="completed")


async def test_a_connected_stream_takes_the_inbound_track_only(aloud):
    sid = await aloud.place(
        Twiml='<Response><Connect><Stream url="ws://127.0.0.1:9/" track="both_tracks"/></Connect></Response>'
    )
    await aloud.status_is(sid, "completed")
    assert (await aloud.told(sid))["notes"] == ["31941: <Connect> streams the inbound track only, not both_tracks"]


async def test_keys_pressed_reach_the_platform(aloud, platform):
    there, url = platform
    sid = await aloud.place(Twiml=f'<Response><Connect><Stream url="{url}"/></Connect></Response>')
    await there.until(lambda: bool(there.frames))
    await aloud.http.post(f"/_sandbox/calls/{sid}/digits", json={"digits": "1#"})
    await there.until(lambda: len(there.events("dtmf")) == 2)
    assert [frame["dtmf"]["digit"] for frame in there.events("dtmf")] == ["1", "#"]
    await aloud.update(sid, Status="completed")


async def test_the_carrier_itself_lifts_a_call_for_a_platform_of_somebody_elses(aloud, platform):
    await aloud.http.put("/_sandbox/media", json={"mode": "auto"})
    there, url = platform
    sid = await aloud.place(Twiml=f'<Response><Connect><Stream url="{url}"/></Connect></Response>')
    await there.until(lambda: len(there.events("media")) > 3)
    told = await aloud.told(sid)
    assert (told["media"], told["media_note"]) == ("sound", None)
    await aloud.update(sid, Status="completed")
    await there.done.wait()
    async with patience():  # what the line still does at its end may take a while on a busy machine
        while (await aloud.control("media"))["spoken_calls"]:  # noqa: ASYNC110 -- told by HTTP only
            await asyncio.sleep(0.01)


async def test_a_call_that_a_reset_finds_tidying_up_gives_its_line_back(aloud, monkeypatch):
    tidying = asyncio.Event()

    async def never_ends(_playback):
        tidying.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Playback, "close", never_ends)
    sid = await aloud.place(Twiml=f"<Response>{HANG_ON}</Response>")
    await until(lambda: aloud.world.media.spoken == 1)
    await aloud.update(sid, Status="completed")
    async with patience():
        await tidying.wait()
        await aloud.world.reset(1)
    assert aloud.world.media.spoken == 0
