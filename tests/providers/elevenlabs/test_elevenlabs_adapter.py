import json

import httpx
import pytest
import respx
from tests.recordings.reader import recording

from switchboard.providers.elevenlabs import ElevenLabs
from switchboard.providers.errors import (
    ProviderMisconfigured,
    ProviderMissing,
    ProviderUnavailable,
    ProviderUnclear,
)
from switchboard.providers.normalised import AgentSpec, PhoneSessionOrder, SessionState

API = "https://elevenlabs.test/v1"
CONVAI = f"{API}/convai"
VOICES = "https://elevenlabs.test/v2/voices"
REGISTER = f"{CONVAI}/twilio/register-call"
ORDER = PhoneSessionOrder("call_1", "agent_1", "+14155550100", "+15005550006")
SPEC = AgentSpec(name="Reception", prompt="Greet.", voice="voice_1")
NAMELESS = '<?xml version="1.0"?><Response><Connect><Stream url="wss://h/x"/></Connect></Response>'


@pytest.fixture
async def elevenlabs():
    made = ElevenLabs(api_key="sk_1", base_url="https://elevenlabs.test")
    yield made
    await made.aclose()


@pytest.fixture
def vendor():
    with respx.mock as router:
        yield router


async def test_a_new_agent_is_read_in_full_because_creating_tells_its_id_only(elevenlabs, vendor):
    vendor.post(f"{CONVAI}/agents/create").mock(return_value=httpx.Response(200, json={"agent_id": "agent_1"}))
    vendor.get(f"{CONVAI}/agents/agent_1").mock(
        return_value=httpx.Response(200, json=recording("elevenlabs/agent"))
    )
    agent = await elevenlabs.create_agent(SPEC)
    assert (agent.remote_id, agent.spec.max_duration_seconds) == ("agent_1", 300)


@pytest.mark.parametrize("trouble", [httpx.Response(500), httpx.ReadTimeout("t"), httpx.Response(200, json={})])
async def test_an_unclear_creation_is_posted_once(elevenlabs, vendor, trouble):
    route = vendor.post(f"{CONVAI}/agents/create").mock(side_effect=[trouble])
    with pytest.raises(ProviderUnclear):
        await elevenlabs.create_agent(SPEC)
    assert route.call_count == 1


async def test_an_agent_that_exists_but_cannot_be_read_is_not_made_twice(elevenlabs, vendor):
    made = vendor.post(f"{CONVAI}/agents/create").mock(
        return_value=httpx.Response(200, json={"agent_id": "agent_1"})
    )
    vendor.get(f"{CONVAI}/agents/agent_1").mock(return_value=httpx.Response(503))
    agent = await elevenlabs.create_agent(SPEC)
    assert (agent.remote_id, agent.spec, made.call_count) == ("agent_1", SPEC, 1)


async def test_without_a_voice_one_of_the_account_in_the_language_is_taken(elevenlabs, vendor):
    voices = [{"voice_id": "en1", "labels": {"language": "en"}}, {"voice_id": "es1", "labels": {"language": "es"}}]
    vendor.get(VOICES).mock(return_value=httpx.Response(200, json={"voices": voices}))
    made = vendor.post(f"{CONVAI}/agents/create").mock(
        return_value=httpx.Response(200, json={"agent_id": "agent_1"})
    )
    vendor.get(f"{CONVAI}/agents/agent_1").mock(
        return_value=httpx.Response(200, json=recording("elevenlabs/agent"))
    )
    await elevenlabs.create_agent(AgentSpec(name="a", prompt="p", language="es-MX"))
    assert json.loads(made.calls.last.request.content)["conversation_config"]["tts"]["voice_id"] == "es1"


async def test_the_twiml_is_passed_through_as_it_came(elevenlabs, vendor):
    parameter = '<Parameter name="conversation_id" value="conv_1"/>'
    twiml = f'<Response><Connect><Stream url="wss://h/x">{parameter}</Stream></Connect></Response>'
    vendor.post(REGISTER).mock(return_value=httpx.Response(200, html=twiml))
    opened = await elevenlabs.open_phone_session(ORDER)
    assert (opened.session_id, opened.twiml) == ("conv_1", twiml)


async def test_a_conversation_that_the_twiml_does_not_name_is_looked_up_by_our_call_id(elevenlabs, vendor):
    vendor.post(REGISTER).mock(return_value=httpx.Response(200, html=NAMELESS))
    found = vendor.get(f"{CONVAI}/conversations").mock(
        return_value=httpx.Response(200, json={"conversations": [{"conversation_id": "conv_7"}]})
    )
    assert (await elevenlabs.open_phone_session(ORDER)).session_id == "conv_7"
    assert dict(found.calls.last.request.url.params)["user_id"] == "call_1"


async def test_a_conversation_that_has_no_name_yet_waits_and_is_found_later(elevenlabs, vendor):
    vendor.post(REGISTER).mock(return_value=httpx.Response(200, html=NAMELESS))
    page = {"conversations": [{"conversation_id": "conv_1"}]}
    empty = httpx.Response(200, json={"conversations": []})
    vendor.get(f"{CONVAI}/conversations").mock(side_effect=[empty, empty, empty, httpx.Response(200, json=page)])
    vendor.get(f"{CONVAI}/conversations/conv_1").mock(
        return_value=httpx.Response(200, json=recording("elevenlabs/conversation_done"))
    )
    session_id = (await elevenlabs.open_phone_session(ORDER)).session_id
    assert (await elevenlabs.fetch_session(session_id)).state is SessionState.WAITING
    with pytest.raises(ProviderMissing):
        await elevenlabs.recording(session_id)
    report = await elevenlabs.fetch_session(session_id)
    assert (report.session_id, report.state) == ("conv_1", SessionState.FINAL)


async def test_an_answer_without_twiml_is_told(elevenlabs, vendor):
    vendor.post(REGISTER).mock(return_value=httpx.Response(200, json={"ok": True}))
    with pytest.raises(ProviderUnavailable):
        await elevenlabs.open_phone_session(ORDER)


async def test_ending_a_session_is_beyond_it_and_it_says_why(elevenlabs):
    assert await elevenlabs.end_session("conv_1") is False
    (capability,) = (each for each in elevenlabs.capabilities if each.name == "end_session")
    assert not capability.available
    assert "hangs up the phone" in capability.reason


async def test_voices_are_paged_and_told_once(elevenlabs, vendor):
    first = {"voices": [{"voice_id": "1"}, {"voice_id": "2"}], "has_more": True, "next_page_token": "t"}
    last = {"voices": [{"voice_id": "2"}, {"voice_id": "3"}], "has_more": False, "next_page_token": None}
    route = vendor.get(VOICES).mock(side_effect=[httpx.Response(200, json=first), httpx.Response(200, json=last)])
    assert [voice.id async for voice in elevenlabs.list_voices()] == ["1", "2", "3"]
    assert dict(route.calls.last.request.url.params)["next_page_token"] == "t"


async def test_a_sample_is_fetched_from_storage_without_the_key(elevenlabs, vendor):
    vendor.get(f"{API}/voices/voice_1").mock(return_value=httpx.Response(200, json=recording("elevenlabs/voice")))
    stored = vendor.get("https://storage.example.com/rachel.mp3").mock(
        return_value=httpx.Response(200, content=b"ID3", headers={"content-type": "audio/mpeg"})
    )
    sample = await elevenlabs.voice_sample("voice_1")
    assert (sample.content, sample.media_type) == (b"ID3", "audio/mpeg")
    assert "xi-api-key" not in stored.calls.last.request.headers


async def test_a_voice_without_sample_says_so(elevenlabs, vendor):
    voice = recording("elevenlabs/voice") | {"preview_url": None}
    vendor.get(f"{API}/voices/voice_1").mock(return_value=httpx.Response(200, json=voice))
    with pytest.raises(ProviderMissing, match="no free sample"):
        await elevenlabs.voice_sample("voice_1")


async def test_a_key_that_may_not_read_the_plan_has_no_quota(elevenlabs, vendor):
    cases = recording("elevenlabs/errors")
    vendor.get(f"{API}/user/subscription").mock(
        side_effect=[httpx.Response(401, json=cases[1]["body"]), httpx.Response(401, json=cases[0]["body"])]
    )
    assert await elevenlabs.quota() is None
    with pytest.raises(ProviderMisconfigured):
        await elevenlabs.quota()
