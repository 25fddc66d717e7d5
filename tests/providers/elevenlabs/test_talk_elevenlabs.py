import asyncio
import math
from array import array
from base64 import b64decode, b64encode

import httpx
import pytest
import respx
from tests.fakes.vendor_socket import told, vendor_end
from tests.waiting import patience

from switchboard.providers.elevenlabs import ElevenLabs
from switchboard.providers.errors import ProviderMissing, ProviderRejected, ProviderUnavailable
from switchboard.providers.talk import (
    AgentAudio,
    Caption,
    Ended,
    Interrupted,
    StateChanged,
    TalkOrder,
    ToolUsed,
)

API = "http://elevenlabs.test/v1/convai"
ORDER = TalkOrder("call_1", "agent_1", first_message="Hello Ann.", variables={"guest": "Ann", "none": None})
TEXT_ALLOWED = {
    "platform_settings": {"overrides": {"conversation_config_override": {"conversation": {"text_only": True}}}}
}
QUIET = b"\xff" * 800
TONE = array("h", [round(8000 * math.sin(i / 5)) for i in range(1600)]).tobytes()


def metadata(audio="ulaw_8000"):
    event = {"conversation_id": "conv_1", "agent_output_audio_format": audio, "user_input_audio_format": audio}
    kind = "conversation_initiation_metadata"
    return {"type": kind, f"{kind}_event": event}


def audio(event_id, data=QUIET):
    return {"type": "audio", "audio_event": {"audio_base_64": b64encode(data).decode(), "event_id": event_id}}


@pytest.fixture
async def elevenlabs():
    made = ElevenLabs(api_key="sk_1", base_url="http://elevenlabs.test", timeout_seconds=1)
    yield made
    await made.aclose()


@pytest.fixture
async def end():
    async with vendor_end(greeting=[metadata()], waits=True) as made:
        yield made


@pytest.fixture
def vendor(end):
    with respx.mock as router:
        router.get(f"{API}/agents/agent_1").mock(return_value=httpx.Response(200, json=TEXT_ALLOWED))
        signed = httpx.Response(200, json={"signed_url": end.url})
        router.get(f"{API}/conversation/get-signed-url").mock(return_value=signed)
        yield router


@pytest.fixture
async def talk(elevenlabs, vendor):
    opened = await elevenlabs.open_talk(ORDER)
    yield opened
    await opened.hang_up()


async def test_a_talk_begins_with_variables_and_our_call_id_and_overrides_nothing(talk, end, vendor):
    assert talk.session_id == "conv_1"
    first = end.received[0]
    assert first["type"] == "conversation_initiation_client_data"
    assert (first["dynamic_variables"], first["user_id"]) == ({"guest": "Ann"}, "call_1")
    assert "conversation_config_override" not in first
    assert vendor.calls[1].request.url.params["agent_id"] == "agent_1"


@pytest.mark.parametrize(("agent", "asked"), [(TEXT_ALLOWED, True), ({}, False)])
async def test_text_only_is_asked_for_where_the_agent_allows_it(elevenlabs, vendor, end, agent, asked):
    vendor.get(f"{API}/agents/agent_1").mock(return_value=httpx.Response(200, json=agent))
    talk = await elevenlabs.open_talk(TalkOrder("call_1", "agent_1", mode="text"))
    first = end.received[0]
    assert ("conversation_config_override" in first) is asked
    await talk.hang_up()


async def test_what_both_sides_say_comes_as_captions_and_states(talk, end):
    await end.send(
        {
            "type": "tentative_user_transcript",
            "tentative_user_transcription_event": {"user_transcript": "when do", "event_id": 3},
        },
        {
            "type": "user_transcript",
            "user_transcription_event": {"user_transcript": "When do you open?", "event_id": 3},
        },
        {"type": "agent_chat_response_part", "text_response_part": {"type": "start", "text": "", "event_id": 4}},
        {"type": "agent_chat_response_part", "text_response_part": {"type": "delta", "text": "At", "event_id": 4}},
        {
            "type": "agent_chat_response_part",
            "text_response_part": {"type": "delta", "text": " nine.", "event_id": 4},
        },
        {"type": "agent_chat_response_part", "text_response_part": {"type": "stop", "text": "", "event_id": 4}},
        {"type": "agent_response", "agent_response_event": {"agent_response": "At nine.", "event_id": 4}},
    )
    assert await told(talk, 6) == [
        Caption("callee", "when do", final=False, turn="c1"),
        Caption("callee", "When do you open?", final=True, turn="c1"),
        StateChanged("thinking"),
        Caption("agent", "At", final=False, turn="a4"),
        Caption("agent", "At nine.", final=False, turn="a4"),
        Caption("agent", "At nine.", final=True, turn="a4"),
    ]


async def test_phone_audio_becomes_ours_and_the_agent_listens_again_when_it_was_played(talk, end):
    await end.send(audio(1), audio(1))
    events = await told(talk, 4)
    assert [type(event) for event in events] == [StateChanged, AgentAudio, AgentAudio, StateChanged]
    assert len(events[1].pcm) == len(QUIET) * 4, "8-bit at 8 kHz becomes 16-bit at 16 kHz"
    assert (events[0].state, events[3].state) == ("speaking", "listening")


async def test_the_microphone_is_sent_as_the_agents_format_and_silence_where_it_is_quiet(talk, end):
    await talk.send_audio(TONE)
    chunk = await end.heard(lambda frame: "user_audio_chunk" in frame)
    assert len(b64decode(chunk["user_audio_chunk"])) == pytest.approx(len(TONE) / 4, abs=16)
    await end.heard(lambda frame: b64decode(frame.get("user_audio_chunk", "")).endswith(b"\xff" * 700))


async def test_wide_audio_passes_unchanged(elevenlabs, vendor, end):
    end.greeting = [metadata("pcm_16000")]
    talk = await elevenlabs.open_talk(ORDER)
    await end.send(audio(1, TONE))
    assert (await told(talk, 2))[1] == AgentAudio(TONE)
    await talk.hang_up()


async def test_an_interruption_silences_what_was_meant_before_it_and_corrects_the_caption(talk, end):
    correction = {
        "original_agent_response": "We open at nine.",
        "corrected_agent_response": "We open",
        "event_id": 7,
    }
    await end.send(
        {"type": "interruption", "interruption_event": {"event_id": 7}},
        {"type": "agent_response_correction", "agent_response_correction_event": correction},
        audio(7),
        audio(8),
    )
    events = await told(talk, 5)
    assert events[:3] == [
        Interrupted(),
        StateChanged("listening"),
        Caption("agent", "We open", final=True, turn="a7"),
    ]
    assert isinstance(events[4], AgentAudio)


async def test_a_typed_turn_is_sent_and_told_back(talk, end):
    await talk.send_text("When do you open?")
    assert await told(talk, 2) == [
        Caption("callee", "When do you open?", final=True, turn="c1"),
        StateChanged("thinking"),
    ]
    await end.heard(lambda frame: frame == {"type": "user_message", "text": "When do you open?"})


async def test_pings_are_answered_and_client_tools_refused(talk, end):
    await end.send(
        {"type": "ping", "ping_event": {"event_id": 9, "ping_ms": None}},
        {
            "type": "client_tool_call",
            "client_tool_call": {"tool_name": "map", "tool_call_id": "t1", "parameters": {}},
        },
    )
    assert await told(talk, 1) == [ToolUsed("map", failed=True)]
    await end.heard(lambda frame: frame == {"type": "pong", "event_id": 9})
    refused = await end.heard(lambda frame: frame.get("type") == "client_tool_result")
    assert (refused["tool_call_id"], refused["is_error"]) == ("t1", True)


@pytest.mark.parametrize(
    ("frames", "code", "reason"),
    [
        (
            [{"type": "agent_tool_response", "agent_tool_response": {"tool_name": "end_call"}}],
            1000,
            "agent_hangup",
        ),
        ([{"type": "error", "error_event": {"error_type": "max_duration_exceeded"}}], 1000, "max_duration"),
        ([], 1000, None),
        ([], 1002, "platform_error"),
    ],
)
async def test_the_end_of_a_talk_says_why(talk, end, frames, code, reason):
    await end.send(*frames)
    await end.close(code)
    async with patience():
        events = [event async for event in talk.events()]
    assert isinstance(events[-1], Ended)
    assert events[-1].reason == reason


async def test_a_talk_that_we_leave_ends_as_the_callees_hang_up(talk, end):
    await talk.hang_up()
    await talk.hang_up()
    assert await told(talk, 1) == [Ended("callee_hangup")]
    async with patience():
        await end.closed.wait()
    await talk.send_audio(TONE)


async def test_frames_that_nobody_understands_are_passed_over(talk, end):
    await end.send(
        "no json",
        "[]",
        b"\x00\x01",
        {"type": "new_thing", "x": 1},
        {"type": "audio"},
        {"type": "audio", "audio_event": {"audio_base_64": "%%", "event_id": "x"}},
        {"type": "agent_response", "agent_response_event": "odd"},
        {"type": "interruption", "interruption_event": {"event_id": 1}},
    )
    async with patience():
        async for event in talk.events():
            if event == Interrupted():
                break


@pytest.mark.parametrize(("code", "kind"), [(1008, ProviderRejected), (1011, ProviderUnavailable)])
async def test_a_conversation_that_is_refused_says_the_vendors_words(elevenlabs, vendor, end, code, kind):
    end.greeting = [{"type": "error", "error_event": {"message": "Missing required dynamic variables"}}]

    async def refuse():
        await end.heard(lambda frame: True)
        await end.close(code)

    refusing = asyncio.create_task(refuse())
    with pytest.raises(kind, match="Missing required dynamic variables"):
        await elevenlabs.open_talk(ORDER)
    await refusing


async def test_a_vendor_that_never_begins_is_given_up(elevenlabs, vendor, end):
    end.greeting = []
    with pytest.raises(ProviderUnavailable, match="in time"):
        await elevenlabs.open_talk(ORDER)
    async with patience():
        await end.closed.wait()


async def test_an_audio_format_that_we_cannot_convert_is_refused_in_words(elevenlabs, vendor, end):
    end.greeting = [metadata("mp3_44100")]
    with pytest.raises(ProviderRejected, match="mp3_44100"):
        await elevenlabs.open_talk(ORDER)


async def test_an_unknown_agent_is_missing(elevenlabs, vendor):
    vendor.get(f"{API}/agents/agent_1").mock(return_value=httpx.Response(404, json={"detail": "gone"}))
    with pytest.raises(ProviderMissing):
        await elevenlabs.open_talk(ORDER)


async def test_an_address_without_tls_is_not_dialled_by_a_secure_client(vendor):
    secure = ElevenLabs(api_key="sk_1", base_url="https://elevenlabs.test")
    base = "https://elevenlabs.test/v1/convai"
    vendor.get(f"{base}/agents/agent_1").mock(return_value=httpx.Response(200, json={}))
    signed = httpx.Response(200, json={"signed_url": "ws://127.0.0.1:1/"})
    vendor.get(f"{base}/conversation/get-signed-url").mock(return_value=signed)
    with pytest.raises(ProviderUnavailable, match="secure"):
        await secure.open_talk(ORDER)
    await secure.aclose()
