"""The vendor's Python library at a real sandbox process: Twilio's certification.

Its client, plain and asynchronous; its TwiML builder, executed; its validator on everything that we are sent.
"""

import asyncio
import base64
import io
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from tests.processes import lone_sandbox
from tests.sandbox.serving import serving
from tests.waiting import patience
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse

SID, TOKEN = "AC" + "5" * 32, "a-token"
ANN, OURS = "+14155550100", "+15005550006"
HANG_ON = '<Response><Pause length="600"/></Response>'


@pytest.fixture(scope="module")
def sandbox() -> Iterator[httpx.Client]:
    with lone_sandbox("--speed", "20") as client:
        yield client


@pytest.fixture(autouse=True)
def no_region(monkeypatch) -> None:
    """These would send every request elsewhere."""
    for name in ("TWILIO_REGION", "TWILIO_EDGE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def client(sandbox) -> Iterator[Client]:
    client = Client(SID, TOKEN)
    client.api.base_url = str(sandbox.base_url).rstrip("/")
    yield client
    client.http_client.session.close()


@dataclass
class Customer:
    """A customer's web server. Everything it is sent is checked with the vendor's validator on arrival."""

    host: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    forms: list[tuple[str, FormData]] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def hook(self, request: Request) -> Response:
        form = await request.form()
        signature = request.headers["x-twilio-signature"]
        assert RequestValidator(TOKEN).validate(str(request.url), form, signature), request.url
        self.forms.append((request.url.path, form))
        self.arrived.set()
        document = self.documents.get(request.url.path)
        return Response(document, 200, media_type="text/xml") if document else Response(status_code=204)

    async def stream(self, websocket: WebSocket) -> None:
        url = f"ws://{self.host}/stream"
        assert RequestValidator(TOKEN).validate(url, {}, websocket.headers["x-twilio-signature"])
        await websocket.accept()
        sent = False
        while (frame := await websocket.receive_json())["event"] != "mark":
            self.frames.append(frame)
            if frame["event"] == "media" and not sent:
                sent = True
                sid = frame["streamSid"]
                payload = base64.b64encode(b"\x20" * 800).decode()
                await websocket.send_json({"event": "media", "streamSid": sid, "media": {"payload": payload}})
                await websocket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": "heard"}})
        self.frames.append(frame)
        await websocket.close()

    def at(self, path: str) -> list[FormData]:
        return [form for where, form in self.forms if where == path]

    async def until(self, path: str, count: int = 1) -> list[FormData]:
        async with patience():
            while len(self.at(path)) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.at(path)


@asynccontextmanager
async def at_work() -> AsyncIterator[Customer]:
    there = Customer()
    routes = [
        WebSocketRoute("/stream", there.stream),
        Route("/{path:path}", there.hook, methods=["GET", "POST"]),
    ]
    async with serving(Starlette(routes=routes)) as host:
        there.host = host
        yield there


async def ended(client: Client, sid: str) -> Any:
    async with patience():
        while True:
            call = await asyncio.to_thread(client.calls(sid).fetch)
            if call.status not in ("queued", "ringing", "in-progress"):
                return call
            await asyncio.sleep(0.05)


async def test_calls_are_created_fetched_updated_listed_and_deleted(client):
    def life() -> None:
        call = client.calls.create(
            to=ANN, from_=OURS, twiml=HANG_ON, status_callback_event=["initiated", "completed"]
        )
        assert (call.status, call.direction, call.duration) == ("queued", "outbound-api", None)
        assert call.update(status="completed").status in ("completed", "canceled")
        others = [client.calls.create(to=ANN, from_=OURS, twiml=HANG_ON) for _ in range(3)]
        listed = client.calls.list(to=ANN, page_size=2)
        assert [one.sid for one in listed] == [one.sid for one in [*others[::-1], call]]
        assert [one.sid for one in client.calls.stream(to=ANN, limit=1)] == [others[-1].sid]
        assert call.delete()
        with pytest.raises(TwilioRestException) as gone:
            client.calls(call.sid).fetch()
        assert (gone.value.status, gone.value.code) == (404, 20404)

    await asyncio.to_thread(life)


async def test_refusals_are_read(client):
    def refused() -> list[int | None]:
        codes = []
        for order in ({"to": "+15005550002"}, {"from_": "+14155550000"}, {"twiml": "x" * 4001}):
            with pytest.raises(TwilioRestException) as refusal:
                client.calls.create(**{"to": ANN, "from_": OURS, "twiml": "<Response/>"} | order)
            codes.append(refusal.value.code)
        stranger = Client(SID, "an-invalid-token")
        stranger.api.base_url = client.api.base_url
        with pytest.raises(TwilioException):
            stranger.calls.list(limit=1)
        stranger.http_client.session.close()
        return codes

    assert await asyncio.to_thread(refused) == [21214, 21210, 32018]


async def test_numbers_applications_and_keys_are_managed(client):
    def manage() -> None:
        (number,) = client.incoming_phone_numbers.list(phone_number=OURS)
        assert number.capabilities["voice"] is True
        changed = number.update(voice_url="https://example.com/voice", friendly_name="Desk")
        assert (changed.voice_url, changed.friendly_name) == ("https://example.com/voice", "Desk")
        application = client.applications.create(friendly_name="App", voice_url="https://example.com/app")
        assert number.update(voice_application_sid=application.sid).voice_application_sid == application.sid
        assert [one.sid for one in client.applications.list()] == [application.sid]
        assert application.delete()
        key = client.new_keys.create(friendly_name="ours")
        by_key = Client(key.sid, key.secret, account_sid=SID)
        by_key.api.base_url = client.api.base_url
        assert by_key.incoming_phone_numbers.list(limit=1)
        by_key.http_client.session.close()
        assert client.keys(key.sid).delete()

    await asyncio.to_thread(manage)


async def test_a_document_of_the_builder_is_executed_verb_by_verb(client):
    async with at_work() as customer:
        menu = VoiceResponse()
        gather = menu.gather(input="speech", action="/answer", timeout=5)
        gather.say("What may I do for you?", voice="alice")
        answer = VoiceResponse()
        answer.say("Thank you.")
        answer.pause(length=1)
        answer.dial(action="/dialled", timeout=10).number("+14155550101")
        dialled = VoiceResponse()
        dialled.record(action="/recorded", timeout=2, max_length=5)
        recorded = VoiceResponse()
        recorded.redirect("/last")
        last = VoiceResponse()
        last.hangup()
        for path, response in (
            ("/menu", menu),
            ("/answer", answer),
            ("/dialled", dialled),
            ("/recorded", recorded),
            ("/last", last),
        ):
            customer.documents[path] = str(response)
        call = await asyncio.to_thread(
            client.calls.create, to=ANN, from_=OURS, url=f"http://{customer.host}/menu?a=b%20c"
        )
        (said,) = await customer.until("/answer")
        assert said["SpeechResult"]
        (busy,) = await customer.until("/dialled")
        assert busy["DialCallStatus"] == "busy"
        await customer.until("/last")
        assert (await ended(client, call.sid)).status == "completed"


async def test_callbacks_and_the_streams_upgrade_carry_signatures_that_validate(client):
    async with at_work() as customer:
        response = VoiceResponse()
        stream = response.connect().stream(url=f"ws://{customer.host}/stream?lost=1", name="ours")
        stream.parameter(name="token", value="secret & <odd>")
        response.redirect(f"http://{customer.host}/after")
        call = await asyncio.to_thread(
            client.calls.create,
            to="+14155550106",
            from_=OURS,
            twiml=str(response),
            status_callback=f"http://{customer.host}/status?call=1#rc=2",
            status_callback_event=["initiated", "ringing", "answered", "completed"],
        )
        await customer.until("/after")
        await customer.until("/status", 4)
        assert (await ended(client, call.sid)).status == "completed"
    connected, start, *media, mark = customer.frames
    assert (connected["event"], start["event"]) == ("connected", "start")
    assert start["start"]["customParameters"] == {"token": "secret & <odd>"}
    assert {frame["event"] for frame in media} == {"media"}
    assert mark["mark"] == {"name": "heard"}


async def test_recordings_are_started_listed_fetched_and_deleted(client, sandbox):
    call = await asyncio.to_thread(client.calls.create, to=ANN, from_=OURS, twiml=HANG_ON)
    async with patience():
        while (await asyncio.to_thread(call.fetch)).status != "in-progress":  # noqa: ASYNC110 -- told by HTTP only
            await asyncio.sleep(0.02)

    def record() -> Any:
        recording = client.calls(call.sid).recordings.create(recording_channels="dual")
        assert (recording.status, recording.channels) == ("in-progress", 2)
        paused = client.calls(call.sid).recordings(recording.sid).update(status="paused", pause_behavior="skip")
        assert paused.status == "paused"
        client.calls(call.sid).recordings(recording.sid).update(status="in-progress")
        client.calls(call.sid).update(status="completed")
        return recording

    recording = await asyncio.to_thread(record)
    async with patience():
        while (await asyncio.to_thread(client.recordings(recording.sid).fetch)).status != "completed":  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def look() -> None:
        (listed,) = client.recordings.list(call_sid=call.sid)
        assert listed.sid == recording.sid
        file = sandbox.get(listed.media_url + ".wav", auth=(SID, TOKEN))
        with wave.open(io.BytesIO(file.content)) as sound:
            assert sound.getnchannels() == 2
        assert listed.delete()
        assert client.recordings.list(call_sid=call.sid) == []

    await asyncio.to_thread(look)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:aiohttp", "ignore::DeprecationWarning:twilio")
async def test_the_asynchronous_client_does_the_same(sandbox):
    http = AsyncTwilioHttpClient()
    client = Client(SID, TOKEN, http_client=http)
    client.api.base_url = str(sandbox.base_url).rstrip("/")
    try:
        call = await client.calls.create_async(
            to=ANN, from_=OURS, twiml=HANG_ON, status_callback_event=["completed"]
        )
        assert (await client.calls(call.sid).fetch_async()).sid == call.sid
        assert (await call.update_async(status="completed")).status in ("canceled", "completed")
        assert call.sid in [one.sid for one in await client.calls.list_async(to=ANN, page_size=2)]
        assert len(await client.incoming_phone_numbers.list_async()) == 2
        assert await client.recordings.list_async(call_sid=call.sid) == []
        assert await client.calls(call.sid).delete_async()
        with pytest.raises(TwilioRestException) as gone:
            await client.calls(call.sid).fetch_async()
        assert gone.value.code == 20404
    finally:
        await http.close()
