"""A carrier's media stream on the joinUrl of a telephone call, and tools on calls that pass text."""

import base64
import json

import pytest
from tests.sandbox.ultravox.clients import Client, joined

from switchboard.sandbox.phones.residents import Manner

SID = "MZ" + "3" * 32
CALL_SID = "CA" + "2" * 32
STREAM = {
    "streamSid": SID,
    "callSid": CALL_SID,
    "accountSid": "AC" + "1" * 32,
    "tracks": ["inbound"],
    "customParameters": {},
    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
}
SILENCE = base64.b64encode(b"\xff" * 160).decode()


class Carrier:
    """Sends Twilio's messages; what comes back is among the client's messages."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, event: str, **content) -> None:
        await self._client.socket.send(json.dumps({"event": event, "streamSid": SID, **content}))

    async def start(self) -> None:
        await self.send("connected", protocol="Call", version="1.0.0")
        await self.send("start", sequenceNumber="1", start=STREAM)


async def dialled(customer, **order):
    usual = {"medium": {"twilio": {}}, "initialOutputMedium": "MESSAGE_MEDIUM_VOICE", "recordingEnabled": True}
    return await customer.chat(**usual | order)


async def test_a_carriers_stream_is_answered_aloud(live_customer):
    call = await dialled(live_customer)
    async with joined(call["joinUrl"]) as client:
        carrier = Carrier(client)
        await carrier.start()
        (mark,) = await client.until("mark", streamSid=SID)
        sound = b"".join(base64.b64decode(one["media"]["payload"]) for one in client.of("media"))
        assert len(sound) == pytest.approx(4 * 0.3 * 8000, rel=0.1)
        await carrier.send("media", media={"payload": SILENCE, "track": "inbound", "timestamp": "0", "chunk": "1"})
        await carrier.send("mark", mark=mark["mark"])
        await carrier.send("stop", stop={})
        assert (await client.closed())[0] == 1000
    shown = await live_customer.becomes(call, "endReason", "hangup")
    assert shown["metadata"]["ultravox.twilio.call_sid"] == CALL_SID
    assert shown["metadata"]["ultravox.twilio.stream_sid"] == SID
    assert [message["text"] for message in await live_customer.messages(call)] == ["Casa Verde, good day."]
    assert (await live_customer.http.get(f"/api/calls/{call['callId']}/recording")).content[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("handling", "written"),
    [
        ({}, "The user pressed 42 on the keypad."),
        ({"userTextMessage": {"text": "Keys: {digits}", "urgency": "URGENCY_LATER"}}, "Keys: 42"),
        ({"ignore": True}, None),
    ],
)
async def test_keys_are_written_to_the_agent(live_customer, handling, written):
    call = await dialled(live_customer, medium={"twilio": {"dtmfHandling": handling}})
    async with joined(call["joinUrl"]) as client:
        carrier = Carrier(client)
        await carrier.start()
        await client.until("mark")
        for digit in "42":
            await carrier.send("dtmf", dtmf={"track": "inbound_track", "digit": digit})
        if written:
            (message,) = await live_customer.until_messages(call, 1, "USER")
            assert (message["text"], message["medium"]) == (written, "MESSAGE_MEDIUM_TEXT")
        else:
            await live_customer.world.clock.sleep(3)
            assert len(await live_customer.messages(call)) == 1


async def test_a_stream_that_does_not_begin_as_one_leaves_the_call_waiting(live_customer):
    call = await dialled(live_customer)
    async with joined(call["joinUrl"]) as client:
        await client.socket.send("nonsense")
        assert (await client.closed())[0] == 1007
    shown = await live_customer.get(f"/api/calls/{call['callId']}")
    assert (shown["joined"], shown["ended"]) == (None, None)
    async with joined(call["joinUrl"]) as client:
        await Carrier(client).start()
        await client.until("media")


async def test_on_the_telephone_the_agent_calls_its_tools_by_itself(customer, receiver):
    receiver.answers["/price"] = [(200, "text/plain", "A suite costs 210 euros per night.")]
    tool = {
        "modelToolName": "findPrice",
        "description": "Find a price. Use it when the caller asks what something costs.",
        "http": {"baseUrlPattern": f"{receiver.url}/price", "httpMethod": "GET"},
    }
    prompt = "You are the receptionist of a hotel. When the caller asks for a price call findPrice."
    call = await customer.call(
        await customer.agent(systemPrompt=prompt, selectedTools=[{"temporaryTool": tool}, {"toolName": "hangUp"}])
    )
    await customer.picked_up(call, Manner.TALKS)
    messages = await customer.messages(call)
    roles = [message["role"].removeprefix("MESSAGE_ROLE_") for message in messages]
    asked = roles.index("TOOL_CALL")
    assert roles[asked - 1 : asked + 3] == ["USER", "TOOL_CALL", "TOOL_RESULT", "AGENT"]
    assert "210 euros" in messages[asked + 2]["text"]
    assert len(receiver.at("/price")) >= 1
