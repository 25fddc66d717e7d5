"""Telephone calls whose sound really passed: carrier, stream, platform; what is recorded is what was said."""

import asyncio
import io
import re
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from tests.hearing import word_errors
from tests.sandbox.elevenlabs.customers import config
from tests.sandbox.serving import serving
from tests.waiting import PATIENCE, patience

from switchboard.sandbox.app import create_app
from switchboard.sandbox.speech.listener import SpeechEnded
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.world import World

SID = "AC" + "1" * 32
AUTH = (SID, "a-token")
ROOT = f"/2010-04-01/Accounts/{SID}"
ULTRAVOX = {"X-API-Key": "Telepho1.abcdefghijklmnopqrstuvwxyz012345"}
ELEVENLABS = {"xi-api-key": "sk_" + "0123456789abcdef" * 3}
GREETING = "Welcome to the flower shop."
PROMPT = "You are the receptionist of a flower shop. We open at nine in the morning."
BOUND = 0.3
WORDS_OF_AN_ANSWER = 14

Turn = tuple[str, str]
"""`agent` or `user`, and the words."""


@dataclass
class Town:
    url: str
    world: World
    http: httpx.AsyncClient

    async def asked(self, method: str, path: str, **order: Any) -> httpx.Response:
        answer = await self.http.request(method, path, **order)
        assert answer.is_success, answer.text
        return answer

    async def spoken(self, twiml: str, turns: Callable[[], Awaitable[list[Turn]]]) -> str:
        """Call Ann, and hang up when the platform has heard her answer to the greeting."""
        order = {"To": "+14155550100", "From": "+15005550006", "Twiml": twiml}
        order |= {"Record": "true", "RecordingChannels": "dual"}
        sid = (await self.asked("POST", f"{ROOT}/Calls.json", data=order, auth=AUTH)).json()["sid"]
        async with patience():
            while len(text_of(await turns(), "user").split()) < WORDS_OF_AN_ANSWER:  # noqa: ASYNC110 -- told by HTTP
                await asyncio.sleep(0.2)
        await self.asked("POST", f"{ROOT}/Calls/{sid}.json", data={"Status": "completed"}, auth=AUTH)
        return sid

    async def told(self, sid: str) -> dict[str, Any]:
        return next(call for call in (await self.asked("GET", "/_sandbox/calls")).json() if call["sid"] == sid)

    async def recorded(self, sid: str) -> tuple[str, str]:
        """The words on the carrier's recording: callee and agent."""
        path = f"{ROOT}/Calls/{sid}/Recordings.json"
        async with patience():
            while True:
                found = (await self.asked("GET", path, auth=AUTH)).json()["recordings"]
                if found[0]["status"] == "completed":
                    break
                await asyncio.sleep(0.1)
        file = (await self.asked("GET", f"{ROOT}/Recordings/{found[0]['sid']}.wav", auth=AUTH)).content
        return await self.words(file)

    async def words(self, file: bytes) -> tuple[str, str]:
        with wave.open(io.BytesIO(file)) as sound:
            assert sound.getnchannels() == 2
            both, rate = sound.readframes(sound.getnframes()), sound.getframerate()
        sides = (memoryview(both).cast("h")[side::2].tobytes() for side in (0, 1))
        callee, agent = [await self._transcribed(side, rate) for side in sides]
        return callee, agent

    async def _transcribed(self, pcm: bytes, rate: int) -> str:
        wide = await asyncio.to_thread(Resampler(rate, 16_000).feed, pcm, last=True)
        wide += bytes(64_000)
        listener, heard = self.world.studio.listener(partials=False), []
        for start in range(0, len(wide), 32_000):
            heard += await listener.feed(wide[start : start + 32_000])
        return " ".join(one.text for one in heard if isinstance(one, SpeechEnded))


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """At the speed of life."""
    world = World(seed=1)
    async with serving(create_app(world), lifespan="on") as host:
        url = f"http://{host}"
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE) as http:
            yield Town(url, world, http)


async def test_an_ultravox_call_sounds_on_both_recordings_as_its_transcript_reads(town):
    template = {
        "systemPrompt": PROMPT,
        "firstSpeakerSettings": {"agent": {"text": GREETING}},
        "medium": {"twilio": {}},
        "recordingEnabled": True,
    }
    order = {"json": {"name": "Shop", "callTemplate": template}, "headers": ULTRAVOX}
    agent = (await town.asked("POST", "/api/agents", **order)).json()["agentId"]
    call = (await town.asked("POST", f"/api/agents/{agent}/calls", json={}, headers=ULTRAVOX)).json()
    path = f"/api/calls/{call['callId']}"

    async def turns() -> list[Turn]:
        messages = (await town.asked("GET", f"{path}/messages", headers=ULTRAVOX)).json()["results"]
        return [(one["role"].removeprefix("MESSAGE_ROLE_").lower(), one["text"]) for one in messages]

    sid = await town.spoken(f'<Response><Connect><Stream url="{call["joinUrl"]}"/></Connect></Response>', turns)
    await check(town, sid, turns)
    recording = await town.asked("GET", f"{path}/recording", headers=ULTRAVOX, follow_redirects=True)
    _, agent_said = await town.words(recording.content)
    assert word_errors(text_of(await turns(), "agent"), agent_said) <= BOUND


async def test_an_elevenlabs_call_sounds_on_the_recording_as_its_transcript_reads(town):
    body = {"name": "Shop", "conversation_config": config(first_message=GREETING)}
    created = await town.asked("POST", "/v1/convai/agents/create", json=body, headers=ELEVENLABS)
    register = {
        "agent_id": created.json()["agent_id"],
        "from_number": "+15005550006",
        "to_number": "+14155550100",
        "direction": "outbound",
    }
    path = "/v1/convai/twilio/register-call"
    twiml = (await town.asked("POST", path, json=register, headers=ELEVENLABS)).text
    conversation = re.search(r'value="(conv_\w+)"', twiml)
    assert conversation

    async def turns() -> list[Turn]:
        path = f"/v1/convai/conversations/{conversation[1]}"
        shown = (await town.asked("GET", path, headers=ELEVENLABS)).json()
        return [(one["role"], one["message"]) for one in shown["transcript"] if one["message"]]

    sid = await town.spoken(twiml, turns)
    await check(town, sid, turns)


async def check(town: Town, sid: str, turns: Callable[[], Awaitable[list[Turn]]]) -> None:
    """What is on the carrier's recording is what the platform says was said; and it was sound that passed."""
    callee, agent = await town.recorded(sid)
    said = text_of(await turns(), "agent")
    assert said.startswith(GREETING)
    assert word_errors(said, agent) <= BOUND
    told = await town.told(sid)
    said = " ".join(one["text"] for one in told["transcript"] if one["who"] == "callee")
    assert word_errors(said, callee) <= BOUND
    assert (told["media"], told["notes"]) == ("sound", [])


def text_of(turns: list[Turn], role: str) -> str:
    return " ".join(text for who, text in turns if who == role)
