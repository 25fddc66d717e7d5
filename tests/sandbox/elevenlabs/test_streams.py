"""A carrier's media stream on the address that conversations share. Checklist 11.4."""

import base64
import json
import re

from tests.sandbox.elevenlabs.customers import config
from tests.sandbox.elevenlabs.talkers import Talker
from websockets.asyncio.client import connect


def _start(conversation_id: str) -> list[str]:
    start = {
        "streamSid": "MZ" + "1" * 32,
        "callSid": "CA" + "2" * 32,
        "accountSid": "AC" + "3" * 32,
        "customParameters": {"conversation_id": conversation_id},
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    }
    connected = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    return [
        json.dumps(connected),
        json.dumps({"event": "start", "sequenceNumber": "1", "start": start, "streamSid": start["streamSid"]}),
    ]


async def test_a_registered_call_is_held_over_its_stream(talking):
    """Checklist 11.4: TwiML as text/html, and a Twilio-style media socket on the same conversation path."""
    agent_id = await talking.made(config(first_message="Casa Verde, good day."))
    registered = await talking.register(agent_id)
    assert registered.headers["content-type"].startswith("text/html")
    url = re.search('url="([^"]+)"', registered.text)[1]
    conversation_id = re.search(r"conv_\w+", registered.text)[0]
    async with connect(url, proxy=None, max_queue=None) as socket:
        for message in _start(conversation_id):
            await socket.send(message)
        sound = b""
        while len(sound) < 4_000:
            frame = json.loads(await socket.recv())
            if frame["event"] == "media":
                sound += base64.b64decode(frame["media"]["payload"])
                quiet = base64.b64encode(b"\xff" * 480).decode()
                await socket.send(json.dumps({"event": "media", "media": {"payload": quiet, "track": "inbound"}}))
        assert frame["streamSid"] == "MZ" + "1" * 32
        await socket.send(json.dumps({"event": "stop", "stop": {}}))
    shown = await talking.settled(conversation_id)
    assert shown["metadata"]["phone_call"]["call_sid"] == "CA" + "2" * 32
    assert shown["metadata"]["phone_call"]["stream_sid"] == "MZ" + "1" * 32
    assert shown["metadata"]["authorization_method"] == "authorization_header"
    assert shown["transcript"][0]["message"].startswith("Casa")
    sound = await talking.http.get(f"/v1/convai/conversations/{conversation_id}/audio")
    assert sound.headers["content-type"] == "audio/mpeg"


async def test_a_stream_that_names_no_waiting_conversation_is_closed(talking):
    async with connect(f"ws://{talking.host}/v1/convai/conversation", proxy=None) as socket:
        for message in _start("conv_nobody"):
            await socket.send(message)
        assert (await Talker(socket).closed())[0] == 1008


async def test_a_stream_without_a_start_is_closed(talking):
    async with connect(f"ws://{talking.host}/v1/convai/conversation", proxy=None) as socket:
        await socket.send(_start("x")[0])
        await socket.send(json.dumps({"event": "media"}))
        assert (await Talker(socket).closed())[0] == 1008
