"""Conversations in the browser through the whole product: servers, worker and sandbox as processes."""

import asyncio

import psycopg
import pytest
from tests.calls.talking import page, speak
from tests.hearing import word_errors
from tests.processes import AGENT, town
from tests.waiting import wait_until

from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.voices import PALETTE

PLATFORMS = ("ultravox", "elevenlabs")


@pytest.fixture(scope="module")
def served(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE talks TEMPLATE {migrated_template}")
    with town(postgres.url("talks")) as running, running.worker():
        yield running


@pytest.fixture(scope="module")
def agents(served):
    return {platform: served.agent(platform) for platform in PLATFORMS}


def port_of(client):
    return client.base_url.port


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_chat_is_answered_from_the_prompt_and_settles_with_its_transcript(served, agents, platform):
    async with page(port_of(served.api), agents[platform]) as line:
        started = await line.start("text")
        assert (await line.until("caption", final_of("agent")))["text"] == AGENT["first_message"]
        await line.send({"type": "text", "text": "How much is the tasting menu?"})
        answer = await line.until("caption", final_of("agent"))
        assert "forty" in answer["text"]
        await line.send({"type": "hangup"})
        assert (await line.until("ended"))["reason"] == "callee_hangup"
    await asyncio.to_thread(served.settled, [started["call_id"]])
    call = served.call(started["call_id"])
    assert (call["direction"], call["status"], call["reason"]) == ("browser", "completed", "callee_hangup")
    said = [(turn["role"], turn["text"]) for turn in served.transcript(call["id"])]
    assert ("callee", "How much is the tasting menu?") in said
    assert ("agent", answer["text"]) in said
    assert call["summary"]
    assert call["cost"]["final"]


async def test_talks_survive_as_settled_calls_though_their_server_is_killed(served, agents):
    with served.server() as (process, client):

        async def held(platform):
            async with page(port_of(client), agents[platform]) as line:
                started = await line.start("text")
                await line.until("caption", final_of("agent"))
                ready.release()
                assert (await line.closed())[0] == 1006
            return started["call_id"]

        ready = asyncio.Semaphore(0)
        holding = asyncio.gather(*(held(platform) for platform in PLATFORMS))
        for _ in PLATFORMS:
            await ready.acquire()
        process.kill()
        call_ids = await holding
    await asyncio.to_thread(served.settled, call_ids)
    for call_id in call_ids:
        assert served.call(call_id)["status"] == "completed"
        assert served.told(call_id).count("call.completed") == 1


async def asked_aloud(port, agent_id, sound):
    """What the agent heard, what it answered in writing, and the sound of the answer."""
    async with page(port, agent_id) as line:
        await line.start("voice")
        await line.until("caption", final_of("agent"))
        await line.until("state", lambda frame: frame["state"] == "listening")
        said = len(line.seen)
        await speak(line, sound)
        heard = await line.until("caption", final_of("callee"))
        caption = await line.until("caption", final_of("agent"))
        await line.until("state", lambda frame: frame["state"] == "listening")
        aloud = b"".join(frame for frame in line.seen[said:] if isinstance(frame, bytes))
        await line.send({"type": "hangup"})
        await line.closed()
    return heard["text"], caption["text"], aloud


async def test_what_is_said_aloud_is_heard_and_the_answer_sounds_like_its_caption(served, agents):
    asked = {
        "ultravox": "What is the price of the tasting menu?",
        "elevenlabs": "At what time do you close in the evening?",
    }
    studio = Studio()
    timbre = next(iter(PALETTE.values()))
    sounds = {platform: await studio.say(question, timbre) for platform, question in asked.items()}
    port = port_of(served.api)
    told = await asyncio.gather(*(asked_aloud(port, agents[platform], sounds[platform]) for platform in asked))
    for platform, expected, (heard, caption, aloud) in zip(asked, ("forty", "midnight"), told, strict=True):
        assert word_errors(asked[platform], heard) <= 0.3
        assert expected in caption
        assert word_errors(caption, await studio.hear(aloud)) <= 0.3
    await studio.close()


def final_of(role):
    return lambda frame: frame["role"] == role and frame["final"]


def test_nothing_is_left_unsettled(served):
    def open_calls():
        return [call for call in served.api.get("/api/v1/calls").json() if not call["settled_at"]]

    wait_until(lambda: not open_calls(), open_calls)
