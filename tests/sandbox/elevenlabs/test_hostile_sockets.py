"""Bad input on the conversation socket: the vendor's close code, nothing left behind, the service lives on."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sandbox.elevenlabs.talkers import INIT, Talker, at_socket, spoken_config, text_config
from tests.waiting import patience
from websockets.exceptions import ConnectionClosed

_CLOSES = {1000, 1002, 1003, 1007, 1008, 1009}
_TYPES = (
    *("user_message", "contextual_update", "client_tool_result", "feedback", "pong", "multimodal_message"),
    *("user_activity", "mcp_tool_approval_result", "conversation_initiation_client_data", "sing"),
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
_frames = st.one_of(
    st.fixed_dictionaries(
        {"type": st.sampled_from(_TYPES)},
        optional=dict.fromkeys(("text", "event_id", "score", "tool_call_id", "result", "is_error", "file"), _json),
    ).map(json.dumps),
    st.fixed_dictionaries({"user_audio_chunk": _json | st.binary(max_size=30).map(lambda raw: raw.hex())}).map(
        json.dumps
    ),
    _json.map(json.dumps),
    st.text(max_size=40),
    st.binary(max_size=40),
)
_firsts = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("conversation_initiation_client_data")},
        optional={
            "conversation_config_override": _json,
            "dynamic_variables": _json,
            "user_id": _json,
            "source_info": _json,
        },
    ).map(json.dumps),
    st.fixed_dictionaries({"event": st.sampled_from(["connected", "start", "media"]), "start": _json}).map(
        json.dumps
    ),
    _frames,
)


async def _nothing_is_left(talking, tasks: int) -> None:
    """All sessions end, and so do their tasks."""
    async with patience():
        while (await talking.get("/v1/convai/analytics/live-count"))["count"] or _tasks() > tasks:
            await talking.world.clock.sleep(0.2)


def _tasks() -> int:
    return len(asyncio.all_tasks())


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\0\1\2", 1008),
        ("no json", 1008),
        ("[1]", 1008),
        ("{}", 1008),
        ('{"type": "sing"}', 1008),
        ('{"type": "user_message"}', 1008),
        ('{"type": "pong", "event_id": "1"}', 1008),
        ('{"type": "feedback", "score": "meh"}', 1008),
        ('{"user_audio_chunk": "not base64!"}', 1008),
        ('{"user_audio_chunk": 5}', 1008),
        ('{"type": "client_tool_result", "result": "x"}', 1008),
        ("[" * 100_000, 1008),
        ('{"type": "user_message", "text": "\\ud800"}', 1008),
        ("x" * 10_000_000, 1009),
        (b"x" * 20_000_000, 1009),
    ],
)
async def test_a_frame_that_breaks_the_protocol_ends_the_talk(talking, frame, code):
    agent_id = await talking.made(spoken_config())
    before = _tasks()
    async with at_socket(talking, agent_id) as talker:
        await talker.frame()
        await talker.socket.send(frame)
        assert (await talker.closed())[0] == code
    await _nothing_is_left(talking, before)


@pytest.mark.parametrize("first", [b"\0", "{", "[]", '{"type": "user_message", "text": "x"}', '{"type": "pong"}'])
async def test_a_wrong_first_frame_is_1008_and_begins_nothing(talking, first):
    agent_id = await talking.made(text_config())
    before = _tasks()
    async with at_socket(talking, agent_id, None) as talker:
        await talker.socket.send(first)
        assert (await talker.closed())[0] == 1008
    assert (await talking.get("/v1/convai/conversations"))["conversations"] == []
    await _nothing_is_left(talking, before)


async def test_who_says_nothing_at_first_is_cut_off_with_1002(talking):
    talking.world.clock.set_speed(100)
    async with at_socket(talking, await talking.made(text_config()), None) as talker:
        assert (await talker.closed())[0] == 1002


async def test_a_result_of_a_tool_that_nobody_called_is_read_over(talking):
    async with at_socket(talking, await talking.made(text_config())) as talker:
        await talker.answer()
        await talker.send({"type": "client_tool_result", "tool_call_id": "x", "result": "y", "is_error": False})
        await talker.say("When is breakfast?")
        assert "7 to 10" in await talker.answer()


async def test_a_client_that_vanishes_leaves_nothing_behind(talking):
    agent_id = await talking.made(spoken_config())
    before = _tasks()
    for _ in range(3):
        async with at_socket(talking, agent_id) as talker:
            await talker.frame("audio")
            talker.socket.transport.abort()
    await _nothing_is_left(talking, before)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_firsts, frames=st.lists(_frames, max_size=4))
def test_whatever_a_client_sends_is_answered_or_closed(hostile, first, frames):
    hostile(first, frames)


@pytest.fixture
async def hostile(service):
    """Runs one hostile client in the service's own loop, from hypothesis' plain function."""
    loop = asyncio.get_running_loop()

    def attack(first: Any, frames: list[Any]) -> None:
        loop.run_until_complete(_attack(service, first, frames))

    return attack


async def _attack(service, first: Any, frames: list[Any]) -> None:
    agents = (await service.get("/v1/convai/agents"))["agents"]
    agent_id = agents[0]["agent_id"] if agents else await service.made(text_config())
    before = _tasks()
    async with at_socket(service, agent_id, None) as talker:
        closed = await _send(talker, [first, *frames])
        if closed is None:
            await talker.send({"type": "sing"})
            closed = (await talker.closed())[0]
    assert closed in _CLOSES
    await _nothing_is_left(service, before)


async def _send(talker: Talker, frames: list[Any]) -> int | None:
    try:
        for frame in frames:
            await talker.socket.send(frame)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006
    return None


async def test_it_still_serves_after_all_that(talking):
    async with at_socket(talking, await talking.made(text_config()), INIT) as talker:
        await talker.answer()
        await talker.say("When is breakfast?")
        assert "7 to 10" in await talker.answer()
