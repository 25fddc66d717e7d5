"""A platform's end of a Media Stream, over a real socket, with a scripted talk behind it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from tests.sandbox.serving import serving
from tests.waiting import patience
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from switchboard.sandbox.conversation.dialogue import Ending, Role, Turn
from switchboard.sandbox.conversation.stream import NoStreamError, StreamStart, hold, start_of
from switchboard.sandbox.conversation.talk_events import AgentAudio, AgentDone, AgentSays, Interrupted, Over
from switchboard.sandbox.conversation.tape import Tape

SID = "MZ" + "3" * 32
CONNECTED = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": SID,
    "start": {
        "accountSid": "AC1",
        "streamSid": SID,
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"conversation_id": "conv_1"},
    },
}
TURN = Turn(Role.AGENT, "Good day.", 0.0, 1.0, "Good day.")
SECOND = b"\x00\x10" * 16_000


class ScriptedTalk:
    """Tells the events it is given; ends when told to, or when the other side left."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.over: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self.script: asyncio.Queue[object] = asyncio.Queue()

    async def run(self) -> Ending:
        ending = await self.over
        await self.script.put(Over(ending))
        return ending

    async def events(self) -> AsyncIterator[object]:
        while not isinstance(event := await self.script.get(), Over):
            yield event
        yield event

    def hear_audio(self, pcm: bytes) -> None:
        self.heard += pcm

    def other_side_left(self) -> None:
        if not self.over.done():
            self.over.set_result(Ending.CALLEE_HUNG_UP)


class Platform:
    """What a test sees of the platform's side."""

    def __init__(self) -> None:
        self.talk = ScriptedTalk()
        self.tape = Tape()
        self.started: StreamStart | None = None
        self.refusal: NoStreamError | None = None
        self.told: list[object] = []
        self.digits: list[str] = []
        self.ending: Ending | None = None
        self.done = asyncio.Event()

    async def serve(self, websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            self.started = await start_of(websocket)
            self.ending = await hold(
                websocket, self.started, self.talk, self.told.append, on_digit=self.digits.append, tape=self.tape
            )
        except NoStreamError as error:
            self.refusal = error
        finally:
            self.done.set()


@asynccontextmanager
async def platform() -> AsyncIterator[tuple[Platform, ClientConnection]]:
    there = Platform()
    async with (
        serving(Starlette(routes=[WebSocketRoute("/stream", there.serve)])) as host,
        connect(f"ws://{host}/stream", max_size=None, proxy=None) as socket,
    ):
        yield there, socket
        if not there.done.is_set():
            await socket.close()
        async with patience():
            await there.done.wait()


async def begin(socket: ClientConnection) -> None:
    await socket.send(json.dumps(CONNECTED))
    await socket.send(json.dumps(START))


async def next_frame(socket: ClientConnection) -> dict:
    async with patience():
        return json.loads(await socket.recv())


def media(mu_law: bytes) -> str:
    return json.dumps(
        {"event": "media", "streamSid": SID, "media": {"payload": base64.b64encode(mu_law).decode()}}
    )


async def test_a_stream_begins_with_connected_and_start():
    async with platform() as (there, socket):
        await begin(socket)
        await there.talk.script.put(AgentDone(TURN))
        await next_frame(socket)
        assert there.started == StreamStart(SID, "CA1", "AC1", {"conversation_id": "conv_1"})


async def test_audio_passes_both_ways_and_a_turn_ends_with_a_mark():
    async with platform() as (there, socket):
        await begin(socket)
        await socket.send(media(b"\x10" * 4000))
        await there.talk.script.put(AgentSays(TURN))
        for start in range(0, len(SECOND), 3200):
            await there.talk.script.put(AgentAudio(TURN, SECOND[start : start + 3200]))
        await there.talk.script.put(AgentDone(TURN))
        sound = b""
        while (frame := await next_frame(socket))["event"] == "media":
            assert set(frame) == {"event", "streamSid", "media"}
            assert (frame["streamSid"], set(frame["media"])) == (SID, {"payload"})
            sound += base64.b64decode(frame["media"]["payload"])
        assert frame == {"event": "mark", "streamSid": SID, "mark": {"name": "turn-1"}}
        assert abs(len(sound) - 8000) < 200
        assert len(there.talk.heard) > 13_000  # the rest is still in the resampler
        assert isinstance(there.told[0], AgentSays)
    assert there.ending is Ending.CALLEE_HUNG_UP
    callee, agent = there.tape.channels()
    assert len(callee) == len(agent) >= 2 * len(sound)


async def test_an_interruption_clears_what_the_carrier_has_not_played():
    async with platform() as (there, socket):
        await begin(socket)
        await there.talk.script.put(AgentAudio(TURN, SECOND))
        await there.talk.script.put(Interrupted(TURN))
        assert (await next_frame(socket))["event"] == "media"
        assert await next_frame(socket) == {"event": "clear", "streamSid": SID}
        assert there.tape.channels() == (b"", b"")


async def test_the_platform_closes_after_its_last_words_were_played():
    async with platform() as (there, socket):
        await begin(socket)
        await there.talk.script.put(AgentAudio(TURN, SECOND))
        await there.talk.script.put(AgentDone(TURN))
        there.talk.over.set_result(Ending.AGENT_ENDED)
        while (mark := await next_frame(socket))["event"] == "media":
            pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await socket.recv()
        await socket.send(json.dumps(mark))
        with pytest.raises(ConnectionClosed) as closed:
            await next_frame(socket)
        assert closed.value.rcvd.code == 1000
    assert there.ending is Ending.AGENT_ENDED


async def test_a_carrier_that_never_returns_the_mark_does_not_hold_the_platform():
    async with platform() as (there, socket):
        await begin(socket)
        await there.talk.script.put(AgentDone(TURN))
        there.talk.over.set_result(Ending.TIME_UP)
        async with patience():
            await there.done.wait()


async def test_stop_and_a_lost_socket_both_mean_that_the_callee_is_gone():
    async with platform() as (there, socket):
        await begin(socket)
        await socket.send(json.dumps({"event": "stop", "streamSid": SID, "stop": {}}))
        await there.done.wait()
    assert there.ending is Ending.CALLEE_HUNG_UP
    async with platform() as (there, socket):
        await begin(socket)
        socket.transport.abort()
        await there.done.wait()
    assert there.ending is Ending.CALLEE_HUNG_UP


async def test_keys_pressed_are_told():
    async with platform() as (there, socket):
        await begin(socket)
        for digit in "4#":
            frame = {"event": "dtmf", "streamSid": SID, "dtmf": {"track": "inbound_track", "digit": digit}}
            await socket.send(json.dumps(frame))
        await socket.send(json.dumps({"event": "news"}))
        await socket.close()
        await there.done.wait()
    assert there.digits == ["4", "#"]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([b"\x00"], 1003),
        (["{"], 1007),
        (["[" * 100_000], 1007),
        (["[1]"], 1007),
        (['{"event": "media"}'], 1008),
        ([json.dumps(CONNECTED), json.dumps(CONNECTED)], 1008),
        ([json.dumps(CONNECTED), '{"event": "start", "start": 5}'], 1008),
        (["x" * 300_000], 1009),
    ],
)
async def test_a_wrong_beginning_is_refused_with_a_close_code(frames, code):
    async with platform() as (there, socket):
        for frame in frames:
            await socket.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            await next_frame(socket)
        assert closed.value.rcvd.code == code
        await there.done.wait()
    assert there.refusal.code == code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x00\xff", 1003),
        ("no json", 1007),
        ('{"event": "media"}', 1007),
        ('{"event": "media", "media": {"payload": 7}}', 1007),
        ('{"event": "media", "media": {"payload": "?!"}}', 1007),
        ('{"event": "media", "media": {"payload": "ä"}}', 1007),
        ("y" * 10_000_000, 1009),
    ],
)
async def test_a_broken_frame_ends_the_line_with_a_close_code(frame, code):
    async with platform() as (there, socket):
        await begin(socket)
        await socket.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            await next_frame(socket)
        assert closed.value.rcvd.code == code
        await there.done.wait()
    assert there.ending is Ending.CALLEE_HUNG_UP


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_event = st.sampled_from(["connected", "start", "media", "mark", "dtmf", "stop", "?"])
_frame = st.fixed_dictionaries(
    {"event": _event | _json},
    optional={"streamSid": _json, "media": _json, "mark": _json, "dtmf": _json, "start": _json},
).map(json.dumps)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=st.lists(_frame | st.text(max_size=20) | st.binary(max_size=20), max_size=6), proper=st.booleans())
def test_no_client_breaks_the_platform(frames, proper):
    async def attack() -> None:
        async with platform() as (there, socket):
            try:
                if proper:
                    await begin(socket)
                for frame in frames:
                    await socket.send(frame)
                await socket.close()
            except ConnectionClosed:
                pass
            await there.done.wait()
            assert there.ending is Ending.CALLEE_HUNG_UP or there.refusal is not None
            assert not there.talk.over.cancelled()

    asyncio.run(attack())
