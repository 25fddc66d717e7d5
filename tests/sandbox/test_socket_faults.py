"""Sockets that pass the front door: on record, and made to go wrong."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import dataclass
from random import Random

import pytest
import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from tests.waiting import patience
from websockets.asyncio.client import ClientConnection

from switchboard.sandbox.fault_orders import FaultOrder
from switchboard.sandbox.faults import Faults
from switchboard.sandbox.gate import Gate
from switchboard.sandbox.recorder import FRAMES_KEPT, Recorder

PATH = "/calls/one/server_web_socket"
SOUND = base64.b64encode(b"\x01\x02" * 40).decode()


async def vendor(websocket: WebSocket) -> None:
    """Sends a greeting in every form that sound takes, then echoes until told to end."""
    await websocket.accept()
    await websocket.send_json({"type": "hello", "token": "a secret"})
    await websocket.send_json({"type": "audio", "audio_event": {"audio_base_64": SOUND, "event_id": 1}})
    await websocket.send_json({"event": "media", "media": {"payload": SOUND}})
    await websocket.send_bytes(b"\x01\x02" * 40)
    async for text in websocket.iter_text():
        if text == "end":
            await websocket.close(1000)
            return
        await websocket.send_text(text)


@dataclass
class Door:
    address: str
    faults: Faults
    recorder: Recorder

    def order(self, **order) -> None:
        self.faults.add(FaultOrder.model_validate(order))

    def open(self, **options):
        return websockets.connect(self.address + PATH, **options)

    @property
    def seen(self) -> dict:
        return self.recorder.told(None, "WEBSOCKET", None)[-1]


class _Server(uvicorn.Server):
    def capture_signals(self):
        return nullcontext()  # they are pytest's


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    faults, recorder = Faults(Random(1)), Recorder()
    app = Starlette(routes=[WebSocketRoute("/calls/{id}/{medium}", vendor)])
    options = {
        "log_level": "critical",
        "ws": "websockets-sansio",
        "lifespan": "off",
        "timeout_graceful_shutdown": 1,
    }
    server = _Server(uvicorn.Config(Gate(app, faults, recorder), port=0, **options))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Door(f"ws://127.0.0.1:{port}", faults, recorder)
    server.should_exit = True
    await serving


async def greeting(socket: ClientConnection) -> list:
    return [await socket.recv() for _ in range(4)]


async def ended(socket: ClientConnection) -> int:
    """The code with which the connection ends; 1006 without a close frame."""
    async with patience():
        await socket.wait_closed()
    return socket.close_code or 1006


async def test_a_socket_is_on_record_with_its_frames_and_its_end(door):
    async with door.open() as socket:
        await greeting(socket)
        await socket.send("hi")
        await socket.recv()
        await socket.send("end")
        assert await ended(socket) == 1000
    seen = door.seen
    assert (seen["provider"], seen["path"], seen["status"]) == ("ultravox", PATH, 101)
    told = seen["socket"]
    assert (told["from_client"], told["from_server"]) == (2, 5)
    assert (told["closed_by"], told["close_code"]) == ("server", 1000)
    assert told["frames"][4:6] == [{"from": "client", "text": "hi"}, {"from": "server", "text": "hi"}]


async def test_secrets_and_sound_are_not_kept(door):
    async with door.open() as socket:
        await greeting(socket)
    frames = door.seen["socket"]["frames"]
    assert frames[0]["text"] == {"type": "hello", "token": "***"}
    assert "a secret" not in json.dumps(frames)
    assert frames[3] == {"from": "server", "bytes": 80}


async def test_only_the_first_frames_are_kept(door):
    async with door.open() as socket:
        await greeting(socket)
        for _ in range(60):
            await socket.send("hi")
            await socket.recv()
    told = door.seen["socket"]
    assert len(told["frames"]) == FRAMES_KEPT
    assert told["from_server"] == 64


async def test_a_socket_can_be_refused(door):
    door.order(provider="ultravox", socket={"refuse": 503}, count=1)
    with pytest.raises(websockets.InvalidStatus) as refused:
        await door.open()
    assert refused.value.response.status_code == 503
    assert (door.seen["status"], door.seen["fault"]) == (503, "fault_1")
    async with door.open() as socket:
        assert len(await greeting(socket)) == 4


async def test_a_socket_can_break_with_a_code_after_some_frames(door):
    door.order(socket={"after_frames": 2, "close_code": 1011, "close_reason": "internal"})
    async with door.open() as socket:
        await socket.recv()
        await socket.recv()
        assert await ended(socket) == 1011
        assert socket.close_reason == "internal"
    assert door.seen["socket"]["closed_by"] == "fault"


async def test_a_socket_can_break_without_a_word(door):
    door.order(path="*/server_web_socket", socket={"after_seconds": 0.05})
    async with door.open() as socket:
        assert await ended(socket) == 1006


async def test_sound_can_be_replaced_by_silence_of_the_same_length(door):
    door.order(socket={"silent": True})
    async with door.open() as socket:
        hello, event, media, sound = await greeting(socket)
    assert json.loads(hello)["type"] == "hello"
    assert base64.b64decode(json.loads(event)["audio_event"]["audio_base_64"]) == bytes(80)
    assert base64.b64decode(json.loads(media)["media"]["payload"]) == b"\xff" * 80
    assert sound == bytes(80)


async def test_frames_can_be_cut_in_their_middle(door):
    door.order(socket={"malformed": True})
    async with door.open() as socket:
        with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
            json.loads(await socket.recv())


async def test_frames_can_be_late(door):
    door.order(socket={"slow_seconds": 0.05})
    loop = asyncio.get_running_loop()
    async with door.open() as socket:
        began = loop.time()
        await greeting(socket)
        assert loop.time() - began >= 0.2


async def test_an_outage_takes_the_sockets_too(door):
    door.order(provider="ultravox", outage=True)
    with pytest.raises(websockets.InvalidStatus):
        await door.open()


async def test_faults_of_requests_leave_sockets_alone(door):
    door.order(provider="ultravox", status=500)
    async with door.open() as socket:
        assert len(await greeting(socket)) == 4


@pytest.mark.parametrize(
    "order",
    [
        {"socket": {}},
        {"socket": {"refuse": 503, "silent": True}},
        {"socket": {"close_code": 1011}},
        {"socket": {"silent": True}, "status": 500},
        {"socket": {"silent": True}, "callbacks": {"lose": True}},
        {"outage": True, "quota": "spent"},
        {"quota": "spent", "provider": "twilio"},
        {"quota": "some"},
        {},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(order):
    with pytest.raises(ValueError, match="validation error"):
        FaultOrder.model_validate(order)
