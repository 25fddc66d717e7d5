"""The carrier's end of a media stream against real servers: obedient, odd and hostile.

Checklist 11.6 (protocol) and 11.7 (ws:// and private addresses are allowed, the query is dropped all the same).
"""

import asyncio
import base64
import hashlib
import json
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.twilio.line import CLEAR, SID, VOICE, mark, sound, streamed
from tests.waiting import patience, until
from twilio.request_validator import RequestValidator

from switchboard.sandbox.line import StreamEnd
from switchboard.sandbox.twilio import wire as wire_module
from switchboard.sandbox.twilio.media_stream import MediaStream, StreamFailedError, StreamOrder
from switchboard.sandbox.twilio.playout import FRAME
from switchboard.sandbox.twilio.wire import SilentHandset, Wire

TONE = b"\x30" * 1600


def tells(*messages, then=None):
    """A platform that sends these after it got the start."""

    async def act(websocket):
        for message in messages:
            send = websocket.send_bytes if isinstance(message, bytes) else websocket.send_text
            await send(message)
        if then is not None:
            await websocket.close(then)

    return act


async def test_the_upgrade_is_signed_over_the_address_without_its_query():
    async with streamed() as one:
        await one.platform.until(lambda: bool(one.platform.frames))
        headers = one.platform.headers
        url = one.url.partition("?")[0]
        assert one.platform.url == url
        assert RequestValidator("a-token").validate(url, {}, headers["x-twilio-signature"])
        assert headers["user-agent"] == "Twilio.TmeWs/1.0"
        assert headers["sec-websocket-version"] == "13"
        assert not {"origin", "sec-websocket-protocol", "sec-websocket-extensions"} & set(headers)


async def test_messages_come_in_order_with_numbers_as_strings():
    async with streamed() as one:
        await one.platform.until(lambda: len(one.platform.events("media")) >= 3)
        one.phone.hangs_up.set()
        assert await one.ends() is StreamEnd.CALLEE_HUNG_UP
        await one.platform.done.wait()
    connected, start, *media, stop = one.platform.frames
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": SID,
        "start": {
            "accountSid": "AC1",
            "streamSid": SID,
            "callSid": "CA1",
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"who": "us"},
        },
    }
    for index, frame in enumerate(media):
        payload = frame["media"].pop("payload")
        assert base64.b64decode(payload) == VOICE
        assert frame == {
            "event": "media",
            "sequenceNumber": str(index + 2),
            "streamSid": SID,
            "media": {"track": "inbound", "chunk": str(index + 1), "timestamp": str(index * 20)},
        }
    assert stop == {
        "event": "stop",
        "sequenceNumber": str(len(media) + 2),
        "streamSid": SID,
        "stop": {"accountSid": "AC1", "callSid": "CA1"},
    }


async def test_frames_are_told_20_milliseconds_apart():
    async with streamed() as one:
        await one.platform.until(lambda: len(one.platform.events("media")) >= 20)
        times = [int(frame["media"]["timestamp"]) for frame in one.platform.events("media")]
        assert times == [20 * index for index in range(len(times))]


async def test_frames_come_every_20_milliseconds(monkeypatch):
    now, held_up, passed = 100.0, 0.1, []

    async def sleep(seconds):
        nonlocal now
        if len(passed) == 50:
            await asyncio.Event().wait()
        now += seconds + (held_up if len(passed) == 20 else 0.0)

    loop = SimpleNamespace(time=lambda: now)
    patched = vars(asyncio) | {"sleep": sleep, "get_running_loop": lambda: loop}
    monkeypatch.setattr(wire_module, "asyncio", SimpleNamespace(**patched))
    wire = Wire(SilentHandset())
    with wire.tapped(lambda said, played: passed.append(round(now - 100.0, 3))):
        running = asyncio.create_task(wire.run())
        await until(lambda: len(passed) == 50)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    usual = [round(0.02 * number, 3) for number in range(1, 51)]
    assert passed == [*usual[:20], *[0.52] * 6, *usual[26:]]


async def test_sound_is_played_at_its_pace_however_fast_it_comes_and_a_mark_returns_when_it_was_heard():
    async with streamed(tells(*[sound(TONE)] * 4, mark("end"))) as one:
        await one.platform.until(lambda: len(one.platform.events("mark")) == 1)
        (returned,) = one.platform.events("mark")
        assert returned["mark"] == {"name": "end"}
        heard = bytes(one.phone.heard)
        before = (len(heard) - len(heard.lstrip(b"\xff"))) // FRAME
        sent = [frame["event"] for frame in one.platform.frames]
        assert sent[: sent.index("mark")].count("media") - before in (40, 41)
        assert heard.strip(b"\xff") == TONE * 4


async def test_a_mark_comes_back_at_once_when_nothing_is_played():
    async with streamed(tells(mark("now")), beats=False) as one:
        await one.platform.until(lambda: len(one.platform.events("mark")) == 1)
        assert one.platform.events("media") == []


async def test_clear_drops_what_waits_and_returns_every_pending_mark():
    async with streamed(
        tells(sound(TONE * 50), mark("one"), mark("two"), CLEAR, sound(TONE), mark("three"))
    ) as one:
        await one.platform.until(lambda: len(one.platform.events("mark")) == 3)
        assert [frame["mark"]["name"] for frame in one.platform.events("mark")] == ["one", "two", "three"]
        assert bytes(one.phone.heard).strip(b"\xff").count(b"\x30") < len(TONE) * 25


async def test_both_sides_are_on_tape():
    async with streamed(tells(sound(TONE), mark("end"))) as one:
        await one.platform.until(lambda: len(one.platform.events("mark")) == 1)
        callee, agent = one.wire.tape.channels()
        assert len(callee) == len(agent) >= 2 * len(TONE)
        assert any(agent)
        assert callee[:100] == callee[-100:]


async def test_keys_are_told_on_streams_in_both_directions_only():
    async with streamed() as one:
        await one.platform.until(lambda: bool(one.platform.frames))
        one.stream.press("5")
        await one.platform.until(lambda: bool(one.platform.events("dtmf")))
        assert one.platform.events("dtmf")[0]["dtmf"] == {"track": "inbound_track", "digit": "5"}
    async with streamed(both_ways=False) as one:
        await one.platform.until(lambda: bool(one.platform.events("media")))
        one.stream.press("5")
        await one.platform.until(lambda: len(one.platform.events("media")) > 5)
        assert one.platform.events("dtmf") == []


async def test_a_stream_in_one_direction_has_the_tracks_it_asks_for_and_hears_nothing():
    async with streamed(tells(sound(TONE)), both_ways=False, tracks=("inbound", "outbound")) as one:
        await one.platform.until(lambda: len(one.platform.events("media")) >= 6)
        tracks = [frame["media"]["track"] for frame in one.platform.events("media")]
        chunks = [frame["media"]["chunk"] for frame in one.platform.events("media")]
        assert tracks[:4] == ["inbound", "outbound", "inbound", "outbound"]
        assert chunks[:4] == ["1", "1", "2", "2"]
        assert one.platform.events("start")[0]["start"]["tracks"] == ["inbound", "outbound"]
        assert not bytes(one.phone.heard).strip(b"\xff")
        assert one.warnings == [31951]


@pytest.mark.parametrize(
    ("message", "warning"),
    [
        (b"\x00\x01", 31950),
        ("no json", 31951),
        ("[]", 31951),
        ("[" * 50_000, 31951),
        ('{"event": "dance"}', 31951),
        (json.dumps({"event": "media", "media": {"payload": "AA=="}}), 31951),
        (sound(TONE).replace(SID, "MZ0"), 31951),
        (sound(TONE, extra=1), 31951),
        (json.dumps({"event": "media", "streamSid": SID, "media": {"payload": "AA==", "track": "x"}}), 31951),
        (json.dumps({"event": "media", "streamSid": SID, "media": {"payload": "?"}}), 31951),
        (json.dumps({"event": "media", "streamSid": SID, "media": {"payload": "\u00e4"}}), 31951),
        (json.dumps({"event": "mark", "streamSid": SID, "mark": {"name": 4}}), 31951),
        (json.dumps({"event": "mark", "streamSid": SID}), 31951),
        (json.dumps({"event": "clear", "streamSid": SID, "clear": {}}), 31951),
    ],
)
async def test_a_message_out_of_shape_is_warned_of_once_and_ignored(message, warning):
    async with streamed(tells(message, message, sound(TONE), mark("end"))) as one:
        await one.platform.until(lambda: len(one.platform.events("mark")) == 1)
        assert one.warnings == [warning]
        assert bytes(one.phone.heard).strip(b"\xff") == TONE


async def test_more_than_ten_minutes_of_waiting_sound_is_dropped_with_a_warning():
    hour = sound(b"\x30" * 2_400_000)
    async with streamed(tells(hour, hour, hour, CLEAR, mark("end"))) as one:
        await one.platform.until(lambda: len(one.platform.events("mark")) == 1)
        assert one.warnings == [31931]


@pytest.mark.parametrize(("code", "warnings"), [(1000, []), (1001, []), (1011, [31921]), (4001, [31921])])
async def test_the_platform_may_close_and_an_error_code_is_warned_of(code, warnings):
    async with streamed(tells(then=code)) as one:
        assert await one.ends() is StreamEnd.PLATFORM_CLOSED
        assert one.warnings == warnings


async def test_a_message_beyond_all_measure_ends_the_stream():
    async with streamed(tells(sound(b"\x30" * 7_000_000))) as one:
        assert await one.ends() is StreamEnd.PLATFORM_CLOSED
        assert one.warnings == [31924]


async def test_a_platform_that_does_not_read_loses_sound_and_cannot_hold_up_the_end():
    async with silent_server() as (port, _):
        order = StreamOrder(f"ws://127.0.0.1:{port}/", SID, "AC1", "CA1", "a-token")
        warnings = []
        stream = MediaStream(order, lambda code, _: warnings.append(code))
        wire = Wire(SilentHandset())
        running = asyncio.create_task(stream.run(wire))
        async with patience():
            while 31930 not in warnings:
                for _ in range(400):  # the frames of eight seconds at once
                    wire.pass_frame()
                await asyncio.sleep(0.001)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_a_connection_that_breaks_is_warned_of():
    async with silent_server() as (port, writers):
        order = StreamOrder(f"ws://127.0.0.1:{port}/", SID, "AC1", "CA1", "a-token")
        warnings = []
        stream = MediaStream(order, lambda code, _: warnings.append(code))
        running = asyncio.create_task(stream.run(Wire(SilentHandset())))
        while not writers:  # noqa: ASYNC110 -- a server's own list
            await asyncio.sleep(0.01)
        writers[0].transport.abort()
        async with patience():
            assert await running is StreamEnd.PLATFORM_CLOSED
        assert warnings == [31903]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", 31920),
        (b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n", 31920),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 31920),
        (b"nonsense\r\n\r\n", 31920),
        (b"", 31920),
    ],
)
async def test_a_handshake_that_is_not_answered_with_101_is_31920(answer, code):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await failure(f"ws://127.0.0.1:{port}/x") == code


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ws://127.0.0.1:9/", 31902),
        ("ws://no-such-host.invalid/", 31904),
        ("https://127.0.0.1:9/", 31922),
        ("wss://", 31922),
        ("", 31922),
        ("ws://127.0.0.1:99999/", 31922),
        ("wss://127.0.0.1:99999/", 31922),
        ("ws://[", 31922),
    ],
)
async def test_an_address_that_cannot_be_reached_has_its_own_code(url, code):
    assert await failure(url) == code


async def failure(url: str) -> int:
    stream = MediaStream(StreamOrder(url, SID, "AC1", "CA1", "a-token"), lambda *_: None)
    with pytest.raises(StreamFailedError) as failed:
        await stream.run(Wire(SilentHandset()))
    return failed.value.code


@asynccontextmanager
async def silent_server():
    """Shakes hands and never reads again. Yields its port and the connections it has."""
    writers = []

    async def serve(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        key = head.split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0]
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        writer.transport.pause_reading()
        writers.append(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], writers
        for writer in writers:
            writer.transport.abort()


_json = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.dictionaries(st.text(max_size=3), st.none())
)
_message = st.fixed_dictionaries(
    {"event": st.sampled_from(["media", "mark", "clear", "start", "stop"]) | _json},
    optional={"streamSid": st.just(SID) | _json, "media": _json, "mark": _json},
).map(json.dumps)


@settings(max_examples=10, deadline=None)
@given(
    messages=st.lists(_message | st.text(max_size=9) | st.binary(max_size=9), max_size=8),
    code=st.sampled_from([1000, 1011, None]),
)
def test_no_platform_breaks_the_carrier(messages, code):
    async def attack():
        async with streamed(tells(*messages, then=code)) as one:
            if code is None:
                await one.platform.until(lambda: len(one.platform.events("media")) > 2)
                one.phone.hangs_up.set()
                assert await one.ends() is StreamEnd.CALLEE_HUNG_UP
            else:
                assert await one.ends() is StreamEnd.PLATFORM_CLOSED
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert left == []

    asyncio.run(attack())
