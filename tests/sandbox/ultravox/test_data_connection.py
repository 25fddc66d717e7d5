"""Data connections: the service dials our socket."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.sandbox.ultravox.clients import joined
from tests.waiting import patience
from websockets.asyncio.server import ServerConnection, serve

from switchboard.sandbox.phones.residents import Manner

SECRET = "a-shared-secret-of-ours"
LOOK_UP = {"modelToolName": "lookUp", "description": "Look something up.", "dataConnection": {}}


class Listener:
    """Our server; answers tools with `Found.`."""

    def __init__(self) -> None:
        self.url = ""
        self.headers: dict[str, str] = {}
        self.messages: list[dict[str, Any]] = []
        self.socket: ServerConnection | None = None
        self.gone, self.greeted = asyncio.Event(), asyncio.Event()

    async def take(self, socket: ServerConnection) -> None:
        assert socket.request
        self.headers, self.socket = dict(socket.request.headers.raw_items()), socket
        async for frame in socket:
            message = json.loads(frame)
            self.messages.append(message)
            if self.finals("agent"):
                self.greeted.set()
            if message["type"] == "data_connection_tool_invocation":
                result = {"invocationId": message["invocationId"], "result": "Found."}
                await socket.send(json.dumps({"type": "data_connection_tool_result", **result}))
        self.gone.set()

    def finals(self, role: str) -> list[str]:
        return [one["text"] for one in self.messages if one.get("role") == role and one["final"]]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listening = Listener()
    async with serve(listening.take, "127.0.0.1", 0) as server:
        listening.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/data"
        yield listening


async def test_it_tells_of_a_chat_and_answers_its_tools(live_customer, listener):
    order = {"websocketUrl": listener.url, "headers": {"X-Mine": "1"}, "dataMessages": {"state": False}}
    call = await live_customer.chat(
        dataConnection=order, sharedSecrets=[SECRET], selectedTools=[{"temporaryTool": LOOK_UP}]
    )
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        await client.send("forced_agent_message", toolCalls=[{"id": "i1", "name": "lookUp"}])
        (result,) = await live_customer.until_messages(call, 1, "TOOL_RESULT")
        assert result["text"] == "Found."
        await listener.socket.send(json.dumps({"type": "hang_up", "message": "Bye."}))
        await listener.socket.send("nonsense")
        assert (await client.closed())[0] == 1000
    async with patience():
        await listener.gone.wait()
    assert listener.messages[0] == {"type": "call_started", "callId": call["callId"]}
    assert listener.finals("agent") == ["Casa Verde, good day.", "Bye."]
    assert {one["type"] for one in listener.messages} == {
        *("call_started", "transcript", "data_connection_tool_invocation"),
    }
    assert (listener.headers["X-Mine"], listener.headers["X-Ultravox-Call-ID"]) == ("1", call["callId"])
    signed = (call["callId"] + listener.headers["X-Ultravox-Signature-Timestamp"]).encode()
    assert (
        listener.headers["X-Ultravox-Signature"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    )


async def test_it_tells_of_a_telephone_call(customer, listener):
    call = await customer.call(await customer.agent(), dataConnection={"websocketUrl": listener.url})
    await customer.picked_up(call)
    async with patience():
        await listener.gone.wait()
    said = [message["text"] for message in await customer.messages(call)]
    assert sorted(listener.finals("agent") + listener.finals("user")) == sorted(said)


async def test_an_interrupted_turn_is_told_as_far_as_it_was_spoken(customer, listener):
    call = await customer.call(await customer.agent(), dataConnection={"websocketUrl": listener.url})
    await customer.picked_up(call, Manner.INTERRUPTS)
    async with patience():
        await listener.gone.wait()
    said = [one for one in await customer.messages(call) if one["role"] == "MESSAGE_ROLE_AGENT"]
    assert listener.finals("agent") == [one["text"] for one in said]
    assert len({one["ordinal"] for one in listener.messages if one.get("role") == "agent"}) == len(said)
    states = [one["state"] for one in listener.messages if one["type"] == "state"]
    assert states[:3] == ["speaking", "listening", "thinking"]


async def test_it_takes_what_a_client_may_say(live_customer, listener):
    call = await live_customer.chat(dataConnection={"websocketUrl": listener.url})
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        async with patience():
            await listener.greeted.wait()
        await listener.socket.send(json.dumps({"type": "set_output_medium", "medium": "voice"}))
        await listener.socket.send(json.dumps({"type": "input_text_message", "text": "When is breakfast?"}))
        await client.until("transcript", 2, role="agent", final=True)
        assert client.finals("user") == ["When is breakfast?"]
        assert client.of("transcript", role="agent")[-1]["medium"] == "voice"


async def test_a_socket_that_cannot_be_reached_is_told_in_the_log(live_customer):
    call = await live_customer.chat(dataConnection={"websocketUrl": "ws://127.0.0.1:1/data"})
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        async with patience():
            path = f"/api/calls/{call['callId']}/events?minimum_severity=error"
            while not (found := (await live_customer.get(path))["results"]):
                await live_customer.world.clock.sleep(1)
    assert found[0]["type"] == "data_connection_failed"


@pytest.mark.parametrize(
    "order", ["x", {}, {"websocketUrl": "http://a.test"}, {"websocketUrl": "ws://a", "speed": 1}]
)
async def test_a_bad_data_connection_is_refused(customer, order):
    assert (await customer.http.post("/api/calls", json={"dataConnection": order})).status_code == 400
