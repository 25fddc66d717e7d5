import asyncio
import json

import httpx
import pytest
import respx
from tests.fakes.vendor_socket import told, vendor_end

from switchboard.providers.errors import ProviderRejected, ProviderUnavailable
from switchboard.providers.talk import (
    AgentAudio,
    Caption,
    Ended,
    Interrupted,
    StateChanged,
    TalkOrder,
    ToolUsed,
)
from switchboard.providers.ultravox import Ultravox

CALLS = "http://ultravox.test/api/agents/agent_1/calls"
ORDER = TalkOrder("call_1", "agent_1", first_message="Hello Ann.", variables={"guest": "Ann"})
PIECE = bytes(range(256)) * 10


@pytest.fixture
async def ultravox():
    made = Ultravox(api_key="k", base_url="http://ultravox.test", webhook_secret="w" * 20, timeout_seconds=1)
    yield made
    await made.aclose()


@pytest.fixture
async def end():
    async with vendor_end() as made:
        yield made


@pytest.fixture
def vendor(end):
    with respx.mock as router:
        made = httpx.Response(201, json={"callId": "uv_1", "joinUrl": end.url})
        router.post(CALLS).mock(return_value=made)
        yield router


@pytest.fixture
async def talk(ultravox, vendor, end):
    opened = await ultravox.open_talk(ORDER)
    await end.heard(bool)  # silence: the line is up
    yield opened
    await opened.hang_up()


def transcript(ordinal, text=None, delta=None, *, role="agent", final=False, medium="voice"):
    said = {"text": text, "delta": delta, "final": final, "ordinal": ordinal}
    return {"type": "transcript", "role": role, "medium": medium, **said}


@pytest.mark.parametrize(("mode", "medium"), [("voice", "MESSAGE_MEDIUM_VOICE"), ("text", "MESSAGE_MEDIUM_TEXT")])
async def test_a_talk_is_a_call_over_a_socket_at_16_khz(ultravox, vendor, mode, medium):
    order = TalkOrder(
        "call_1", "agent_1", mode, "Hello Ann.", variables={"guest": "Ann"}, callback_url="https://us.test/inbox"
    )
    talk = await ultravox.open_talk(order)
    await talk.hang_up()
    assert talk.session_id == "uv_1"
    body = json.loads(vendor.calls[0].request.content)
    assert body["medium"]["serverWebSocket"] | {"clientBufferSizeMs": 0} == {
        "inputSampleRate": 16000,
        "outputSampleRate": 16000,
        "clientBufferSizeMs": 0,
    }
    assert body["initialOutputMedium"] == medium
    assert body["firstSpeakerSettings"] == {"agent": {"text": "Hello Ann."}}
    assert (body["templateContext"], body["metadata"]) == ({"guest": "Ann"}, {"switchboard_call_id": "call_1"})
    assert body["maxDuration"] == "600s"
    assert body["callbacks"]["ended"]["url"] == "https://us.test/inbox"


async def test_a_text_replaces_and_a_delta_appends_by_ordinal(talk, end):
    await end.send(
        transcript(0, "We"),
        transcript(0, "", " open"),
        transcript(0, None, " at nine."),
        transcript(0, "We open at nine.", final=True),
        transcript(3, "Thank you.", role="user", final=True),
    )
    assert await told(talk, 5) == [
        Caption("agent", "We", final=False, turn="a0"),
        Caption("agent", "We open", final=False, turn="a0"),
        Caption("agent", "We open at nine.", final=False, turn="a0"),
        Caption("agent", "We open at nine.", final=True, turn="a0"),
        Caption("callee", "Thank you.", final=True, turn="c3"),
    ]


async def test_audio_states_and_interruptions_are_told(talk, end):
    states = [{"type": "state", "state": name} for name in ("idle", "thinking", "speaking", "odd")]
    await end.send(*states, PIECE, {"type": "playback_clear_buffer"})
    assert await told(talk, 5) == [
        StateChanged("listening"),
        StateChanged("thinking"),
        StateChanged("speaking"),
        AgentAudio(PIECE),
        Interrupted(),
    ]


async def test_the_microphone_passes_and_silence_fills_its_gaps(talk, end):
    await talk.send_audio(PIECE)
    await end.heard(lambda frame: frame == PIECE)
    await end.heard(lambda frame: isinstance(frame, bytes) and not any(frame))


async def test_a_typed_turn_is_told_once_though_the_platform_echoes_it(talk, end):
    await talk.send_text("When do you open?")
    typed = {"type": "user_text_message", "text": "When do you open?", "urgency": "immediate"}
    await end.heard(lambda frame: frame == typed)
    await end.send(
        transcript(1, "When do you open?", role="user", final=True, medium="text"),
        transcript(2, "At nine.", final=True, medium="text"),
    )
    assert await told(talk, 2) == [
        Caption("callee", "When do you open?", final=True, turn="t1"),
        Caption("agent", "At nine.", final=True, turn="a2"),
    ]


async def test_client_tools_are_refused(talk, end):
    call = {"toolName": "map", "invocationId": "i1", "parameters": {}}
    await end.send({"type": "client_tool_invocation", **call})
    assert await told(talk, 1) == [ToolUsed("map", failed=True)]
    refused = await end.heard(lambda frame: isinstance(frame, dict) and frame["type"] == "client_tool_result")
    assert (refused["invocationId"], refused["errorType"]) == ("i1", "undefined")


@pytest.mark.parametrize(("code", "reason"), [(1000, None), (1011, "platform_error")])
async def test_the_end_of_a_talk_says_why(talk, end, code, reason):
    await end.close(code)
    (ended,) = await told(talk, 1)
    assert isinstance(ended, Ended)
    assert ended.reason == reason


async def test_a_line_that_breaks_ends_the_talk(talk, end):
    end.connection.transport.abort()
    (ended,) = await told(talk, 1)
    assert (ended.reason, "broke" in ended.detail) == ("platform_error", True)


async def test_frames_that_nobody_understands_are_passed_over(talk, end):
    await end.send("no json", "[1]", {"type": "debug"}, {"type": "transcript"}, {"type": "playback_clear_buffer"})
    assert await told(talk, 1) == [Interrupted()]


async def test_a_reader_that_is_slow_holds_the_platform_back(talk, end):
    sending = asyncio.create_task(end.send(*[bytes(60_000)] * 1_000))
    await asyncio.sleep(0.2)
    assert not sending.done(), "a minute of audio is not kept in our memory"
    assert len(await told(talk, 1_000)) == 1_000
    await sending


async def test_a_call_without_an_address_is_not_joined(ultravox, vendor):
    vendor.post(CALLS).mock(return_value=httpx.Response(201, json={"callId": "uv_1", "joinUrl": None}))
    with pytest.raises(ProviderUnavailable, match="without an address"):
        await ultravox.open_talk(ORDER)


async def test_a_socket_out_of_reach_is_told_without_its_address(ultravox, vendor):
    away = "ws://127.0.0.1:1/secret-address"
    vendor.post(CALLS).mock(return_value=httpx.Response(201, json={"callId": "uv_1", "joinUrl": away}))
    with pytest.raises(ProviderUnavailable) as told_:
        await ultravox.open_talk(ORDER)
    assert "secret" not in f"{told_.value!r} {told_.value.detail} {told_.value.raw}"


async def test_a_refused_call_is_not_dialled(ultravox, vendor):
    vendor.post(CALLS).mock(return_value=httpx.Response(400, json={"detail": "no"}))
    with pytest.raises(ProviderRejected):
        await ultravox.open_talk(ORDER)
