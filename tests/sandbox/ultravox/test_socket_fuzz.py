"""Clients that break the socket's rules: it closes or ignores as documented, nothing is left, the server lives."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sandbox.ultravox.clients import joined
from websockets.exceptions import ConnectionClosed

VOICE = "MESSAGE_MEDIUM_VOICE"
_SPENT = {"hangup", "agent_hangup", "connection_error"}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no JSON", 1007),
        ("[1, 2]", 1007),
        ("null", 1007),
        ("[" * 100_000, 1007),
        ('"' + "x" * 2_000_000 + '"', 1009),
        (bytes(10_000_000), 1009),
    ],
)
async def test_a_broken_frame_closes_the_socket_and_ends_the_call(live_customer, frame, code):
    call = await live_customer.chat(initialOutputMedium=VOICE)
    async with joined(call["joinUrl"]) as client:
        await client.until("call_started")
        await client.socket.send(frame)
        assert (await client.closed())[0] == code
    shown = await live_customer.becomes(call, "endReason", "connection_error")
    assert shown["ended"]
    (event,) = (await live_customer.get(f"/api/calls/{call['callId']}/events?minimum_severity=error"))["results"]
    assert event["type"] == "connection_error"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "dance"},
        {"type": None},
        {},
        {"type": "user_text_message"},
        {"type": "user_text_message", "text": 5},
        {"type": "user_text_message", "text": "x", "urgency": "yesterday"},
        {"type": "client_tool_result", "invocationId": "nobody", "result": "x"},
        {"type": "client_tool_result"},
        {"type": "set_output_medium", "medium": "smoke"},
        {"type": "forced_agent_message", "toolCalls": "x"},
        {"type": "forced_agent_message", "content": "Later.", "urgency": "later"},
        {"type": "forced_agent_message", "toolCalls": [{"arguments": "x"}]},
        {"type": "ping", "timestamp": "now"},
    ],
)
async def test_what_cannot_be_understood_is_ignored(live_customer, message):
    call = await live_customer.chat()
    async with joined(call["joinUrl"]) as client:
        await client.socket.send(json.dumps(message))
        await client.speak(b"\1")
        await client.speak(b"")
        await client.send("ping", timestamp=7)
        await client.until("pong", timestamp=7)
        await client.send("user_text_message", text="When is breakfast?")
        await client.until("transcript", role="user", final=True, text="When is breakfast?")


_kinds = st.sampled_from(
    [
        *("ping", "user_text_message", "input_text_message", "client_tool_result", "set_output_medium"),
        *("forced_agent_message", "hang_up", "spawn_thread", "transcript", ""),
    ]
)
_fields = st.sampled_from(
    [
        *("text", "urgency", "medium", "content", "toolCalls", "knownToolResults", "invocationId", "result"),
        *("responseType", "agentReaction", "updateCallState", "timestamp", "message", "deferResponse"),
    ]
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_message = st.builds(
    lambda kind, rest: {**rest, "type": kind}, _kinds, st.dictionaries(_fields, _json, max_size=5)
)
_frame = _message.map(json.dumps) | st.text(max_size=20) | st.binary(max_size=999)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attacks=st.lists(st.lists(_frame, max_size=6), min_size=2, max_size=2), aloud=st.booleans())
async def test_no_client_breaks_the_service(live_customer, attacks, aloud):
    before = len(asyncio.all_tasks())
    medium = VOICE if aloud else "MESSAGE_MEDIUM_TEXT"
    for frames in attacks:
        call = await live_customer.chat(initialOutputMedium=medium)
        async with joined(call["joinUrl"]) as client:
            try:
                for frame in frames:
                    await client.socket.send(frame)
                await client.send("ping")
            except ConnectionClosed:
                pass
        shown = await live_customer.becomes(call, "endReason", *_SPENT)
        assert shown["summary"]
    assert (await live_customer.get("/api/accounts/me"))["activeCalls"] == 0
    live_customer.world.clock.set_speed(20)
    # What waits for joinTimeout, the bill and the server's own connections; no talk, reader or writer.
    names = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}
    assert not [name for name in names if name.startswith(("ClientLine.", "Talk.", "Floor", "Ears"))], names
    assert len(asyncio.all_tasks()) - before <= 3 * len(attacks)
