"""The vendor's Python client, plain and asynchronous, at a real sandbox process: ElevenLabs' certification."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from elevenlabs.client import AsyncElevenLabs, ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.types import CreateTwilioPhoneNumberRequest, OutboundCallRecipient
from tests.hearing import word_errors
from tests.peers.shops import KEY, LOOKUP, MISHEARD, QUESTION, config
from tests.peers.vendors_talk import (
    AsyncAudioInterface,
    AsyncConversation,
    AudioInterface,
    ClientTools,
    Conversation,
    ConversationInitiationData,
)
from tests.processes import lone_sandbox
from tests.waiting import PATIENCE, patience, wait_until

_SPEED = 20
_CHUNK = 8_000
_QUIET = 1.0
"""Seconds."""
ANN, BUSY = "+14155550100", "+14155550101"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[httpx.Client]:
    with lone_sandbox("--speed", str(_SPEED)) as client:
        yield client


@pytest.fixture(scope="module")
def client(sandbox) -> Iterator[ElevenLabs]:
    with httpx.Client(trust_env=False, timeout=PATIENCE) as http:
        yield ElevenLabs(api_key=KEY, base_url=str(sandbox.base_url), httpx_client=http)


@pytest.fixture
async def later(sandbox):
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
        yield AsyncElevenLabs(api_key=KEY, base_url=str(sandbox.base_url), httpx_client=http)


def made(client: ElevenLabs, **wanted: Any) -> str:
    return client.conversational_ai.agents.create(name="Reception", conversation_config=config(**wanted)).agent_id


def imported(client: ElevenLabs) -> str:
    number = CreateTwilioPhoneNumberRequest(
        phone_number="+15005550006", label="Desk", sid="AC" + "1" * 32, token="a-token"
    )
    return client.conversational_ai.phone_numbers.create(request=number).phone_number_id


def test_it_manages_agents(client):
    agents = client.conversational_ai.agents
    agent_id = made(client, text_only=True)
    agent = agents.get(agent_id)
    assert agent.conversation_config.agent.prompt.prompt.startswith("You are the receptionist")
    assert agent.platform_settings.auth.enable_auth is False
    before = agent.version_id
    changed = agents.update(agent_id, name="Desk", tags=["night"])
    assert (changed.name, changed.tags) == ("Desk", ["night"])
    assert agents.get(agent_id, version_id=before).name == "Reception"
    copy = agents.duplicate(agent_id, name="Copy").agent_id
    assert {agent_id, copy} <= {one.agent_id for one in agents.list(page_size=100).agents}
    assert agents.summaries.get(agent_ids=[copy])[copy].data.name == "Copy"
    assert agents.link.get(copy).token is None
    assert agents.widget.get(copy).widget_config.language == "en"
    agents.delete(copy)
    with pytest.raises(ApiError) as refused:
        agents.get(copy)
    assert refused.value.status_code == 404
    assert refused.value.body["detail"]["code"] == "agent_not_found"


def test_it_hears_voices_and_has_texts_spoken(client):
    found = client.voices.search(page_size=5)
    assert (len(found.voices), found.has_more) == (5, True)
    rest = client.voices.search(page_size=100, next_page_token=found.next_page_token)
    assert len(rest.voices) == found.total_count - 5
    voice = client.voices.get(found.voices[0].voice_id)
    sound = b"".join(
        client.text_to_speech.convert(voice.voice_id, text="Good morning.", output_format="pcm_16000")
    )
    assert len(sound) > 16_000
    with client.text_to_speech.with_raw_response.convert(voice.voice_id, text="Good morning.") as raw:
        assert raw.headers["character-cost"] == "13"
        assert b"".join(raw.data)[:1] == b"\xff"
    assert "eleven_flash_v2_5" in [model.model_id for model in client.models.list()]
    plan = client.user.subscription.get()
    assert plan.character_count >= 26


def test_it_keeps_tools_documents_and_numbers(client):
    tools, knowledge = client.conversational_ai.tools, client.conversational_ai.knowledge_base
    tool = tools.create(request={"tool_config": LOOKUP})
    assert tools.get(tool.id).tool_config.name == "lookup_order"
    assert tool.id in [one.id for one in tools.list().tools]
    tools.delete(tool.id)
    document = knowledge.documents.create_from_text(text="The pool is open in summer.", name="Pool")
    assert knowledge.documents.get(document.id).name == "Pool"
    knowledge.documents.delete(document.id)
    number = imported(client)
    assert client.conversational_ai.phone_numbers.get(number).label == "Desk"
    assert number in [one.phone_number_id for one in client.conversational_ai.phone_numbers.list()]
    client.conversational_ai.phone_numbers.update(number, label="Night desk")
    client.conversational_ai.phone_numbers.delete(number)


def test_it_places_calls_and_reads_conversations(client):
    calls = client.conversational_ai.twilio
    agent_id = made(client, text_only=False, telephone=True)
    number = imported(client)
    placed = calls.outbound_call(
        agent_id=agent_id,
        agent_phone_number_id=number,
        to_number=ANN,
        request_options={"max_retries": 0},
    )
    assert (placed.success, placed.call_sid[:2]) == (True, "CA")
    twiml = calls.register_call(agent_id=agent_id, from_number=ANN, to_number="+15005550006", direction="inbound")
    assert "<Stream" in twiml
    conversation = _done(client, placed.conversation_id)
    assert conversation.metadata.phone_call.call_sid == placed.call_sid
    assert len(conversation.transcript) > 4
    assert conversation.analysis.transcript_summary
    assert conversation.metadata.cost > 0
    sound = b"".join(client.conversational_ai.conversations.audio.get(placed.conversation_id))
    assert len(sound) > 10_000
    client.conversational_ai.conversations.feedback.create(placed.conversation_id, feedback="like")
    listed = client.conversational_ai.conversations.list(agent_id=agent_id, page_size=10)
    assert placed.conversation_id in [one.conversation_id for one in listed.conversations]
    client.conversational_ai.conversations.delete(placed.conversation_id)


def test_it_calls_in_batches(client):
    batches = client.conversational_ai.batch_calls
    batch = batches.create(
        call_name="Reminders",
        agent_id=made(client, text_only=False, telephone=True),
        agent_phone_number_id=imported(client),
        recipients=[OutboundCallRecipient(phone_number=number) for number in (ANN, BUSY)],
    )
    wait_until(lambda: batches.get(batch.id).status == "completed", lambda: batches.get(batch.id))
    assert [one.status for one in batches.get(batch.id).recipients] == ["completed", "failed"]
    assert batch.id in [one.id for one in batches.list().batch_calls]
    batches.retry(batch.id)
    batches.cancel(batch.id)
    batches.delete(batch.id)


def test_it_chats_by_text_with_a_client_tool(client):
    """Over a signed URL, through `Conversation`."""
    agent_id = made(client, text_only=True, tools=[LOOKUP])
    client.conversational_ai.agents.update(agent_id, platform_settings={"auth": {"enable_auth": True}})
    tools = ClientTools()
    asked: list[dict[str, Any]] = []
    tools.register(
        "lookup_order", lambda given: asked.append(given) or f"Order {given['order_id']} left yesterday."
    )
    said: list[str] = []
    parts: list[str] = []
    ends: list[Any] = []
    talk = Conversation(
        client,
        agent_id,
        user_id="peer",
        requires_auth=True,
        client_tools=tools,
        config=ConversationInitiationData(dynamic_variables={"guest": "Ann"}),
        callback_agent_response=said.append,
        callback_agent_chat_response_part=lambda text, _: parts.append(text),
        callback_disconnect=ends.append,
    )
    talk.start_session()
    _answers(said, 1)
    talk.send_contextual_update("The garage costs 12 euros.")
    talk.register_user_activity()
    talk.send_user_message("What does the garage cost?")
    _answers(said, 2)
    talk.send_user_message("Where is my order 4711?")
    _answers(said, 3)
    talk.send_user_message("Thank you, goodbye!")
    conversation_id = talk.wait_for_session_end()
    assert said[0] == "Casa Verde, good day."
    assert "12 euros" in said[1]
    assert asked[0]["order_id"] == "4711"
    assert "left yesterday" in said[2]
    assert "".join(parts).startswith(said[1])
    assert (ends[0].reason, ends[0].close_code) == ("agent", 1000)
    shown = _done(client, conversation_id)
    assert shown.user_id == "peer"
    assert shown.metadata.conversation_initiation_source == "python_sdk"
    assert shown.metadata.authorization_method == "signed_url"
    used = [call.tool_name for turn in shown.transcript for call in turn.tool_calls]
    assert used == ["lookup_order", "end_call"]


class Headset(AudioInterface):
    """Says one thing once the agent has finished its first words, then keeps quiet; counts what it hears."""

    def __init__(self, sound: bytes) -> None:
        self.heard = bytearray()
        self._sound = sound
        self._off = threading.Event()
        self._speaking = threading.Event()
        self._last_at = 0.0

    def speak(self) -> None:
        self._speaking.set()

    def start(self, input_callback: Callable[[bytes], None]) -> None:
        self._thread = threading.Thread(target=self._send, args=(input_callback,))
        self._thread.start()

    def stop(self) -> None:
        self._off.set()

    def output(self, audio: bytes) -> None:
        self.heard += audio
        self._last_at = time.monotonic()

    @property
    def has_heard_all(self) -> bool:
        """Whether the agent has said something and been quiet since for longer than between two sentences."""
        return bool(self.heard) and time.monotonic() - self._last_at > _QUIET

    def interrupt(self) -> None:
        pass

    def _send(self, callback: Callable[[bytes], None]) -> None:
        left = self._sound
        while not self._off.wait(0.25):
            piece = bytes(_CHUNK)
            if self._speaking.is_set():
                piece, left = left[:_CHUNK].ljust(_CHUNK, b"\0"), left[_CHUNK:]
            callback(piece)


async def test_it_talks_aloud(client, sandbox, question):
    """`Conversation` with a fake audio interface: what it says is heard, what it hears is sound."""
    sandbox.put("/_sandbox/clock", json={"speed": 1}).raise_for_status()
    agent_id = made(client, text_only=False)
    headset, said, heard = Headset(question), [], []
    talk = Conversation(
        client,
        agent_id,
        requires_auth=False,
        audio_interface=headset,
        callback_agent_response=said.append,
        callback_user_transcript=heard.append,
    )
    await asyncio.to_thread(talk.start_session)
    await asyncio.to_thread(_answers, said, 1)
    await asyncio.to_thread(wait_until, lambda: headset.has_heard_all)
    headset.speak()
    await asyncio.to_thread(_answers, said, 2)
    await asyncio.to_thread(talk.end_session)
    sandbox.put("/_sandbox/clock", json={"speed": _SPEED}).raise_for_status()
    assert word_errors(QUESTION, " ".join(heard)) <= MISHEARD
    assert "95 euros" in said[1]
    conversation_id = await asyncio.to_thread(talk.wait_for_session_end)
    shown = await asyncio.to_thread(_done, client, conversation_id)
    assert shown.has_user_audio
    assert shown.metadata.authorization_method == "public"


async def test_its_asynchronous_side_does_the_same(later):
    agents = later.conversational_ai.agents
    agent_id = (await agents.create(conversation_config=config(text_only=True))).agent_id
    assert (await agents.get(agent_id)).agent_id == agent_id
    assert agent_id in [one.agent_id for one in (await agents.list(page_size=100)).agents]
    voices = (await later.voices.search()).voices
    sound = [piece async for piece in later.text_to_speech.convert(voices[0].voice_id, text="Hello.")]
    assert sound
    number = CreateTwilioPhoneNumberRequest(phone_number="+15005550006", label="x", sid="AC" + "1" * 32, token="t")
    number_id = (await later.conversational_ai.phone_numbers.create(request=number)).phone_number_id
    phoning = (await agents.create(conversation_config=config(text_only=False, telephone=True))).agent_id
    placed = await later.conversational_ai.twilio.outbound_call(
        agent_id=phoning,
        agent_phone_number_id=number_id,
        to_number=BUSY,
        request_options={"max_retries": 0},
    )
    assert placed.success
    twiml = await later.conversational_ai.twilio.register_call(
        agent_id=phoning, from_number=ANN, to_number="+15005550006"
    )
    assert "<Stream" in twiml
    batch = await later.conversational_ai.batch_calls.create(
        call_name="x",
        agent_id=phoning,
        agent_phone_number_id=number_id,
        recipients=[OutboundCallRecipient(phone_number=BUSY)],
    )
    assert (await later.conversational_ai.batch_calls.cancel(batch.id)).status == "cancelled"
    assert (await later.conversational_ai.conversations.list(agent_id=phoning)).conversations
    url = await later.conversational_ai.conversations.get_signed_url(agent_id=agent_id)
    assert url.signed_url.startswith("ws://127.0.0.1:")
    with pytest.raises(ApiError) as refused:
        await agents.get("agent_nobody")
    assert refused.value.status_code == 404


class QuietHeadset(AsyncAudioInterface):
    def __init__(self) -> None:
        self.hears = asyncio.Event()

    async def start(self, input_callback: Callable[[bytes], Awaitable[None]]) -> None:
        await input_callback(bytes(_CHUNK))

    async def stop(self) -> None:
        pass

    async def output(self, audio: bytes) -> None:
        self.hears.set()

    async def interrupt(self) -> None:
        pass


async def test_its_asynchronous_conversation_chats_and_hears(later):
    created = await later.conversational_ai.agents.create(conversation_config=config(text_only=False))
    headset, said = QuietHeadset(), asyncio.Queue[str]()
    talk = AsyncConversation(
        later,
        created.agent_id,
        requires_auth=False,
        audio_interface=headset,
        callback_agent_response=said.put,
    )
    await talk.start_session()
    async with patience():
        assert await said.get() == "Casa Verde, good day."
        await talk.send_user_message("What does a double room cost?")
        assert "95 euros" in await said.get()
        await headset.hears.wait()
        await talk.end_session()
        assert (await talk.wait_for_session_end() or "").startswith("conv_")


def _answers(said: list[str], count: int) -> None:
    wait_until(lambda: len(said) >= count, lambda: said)


def _done(client: ElevenLabs, conversation_id: str) -> Any:
    shown = client.conversational_ai.conversations.get
    wait_until(lambda: shown(conversation_id).status == "done", lambda: shown(conversation_id))
    return shown(conversation_id)
