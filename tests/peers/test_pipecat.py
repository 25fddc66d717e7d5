"""pipecat's Ultravox service joins a call of a real sandbox process: the certification of the call's socket."""

import json
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.hearing import word_errors
from tests.peers.shops import MISHEARD
from tests.processes import lone_sandbox
from tests.waiting import wait_until

from switchboard.sandbox.speech.studio import RATE, Studio
from switchboard.sandbox.speech.voices import PALETTE

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
KEY = "pipecat0." + "K" * 32
PROMPT = """You are the receptionist of Casa Verde, a small hotel in Lisbon.
Breakfast is served from 7 to 10 on the terrace.
When the caller asks about an order call lookUpOrder."""
TOOL = {
    "modelToolName": "lookUpOrder",
    "description": "Look up an order. Use it when the caller asks about an order.",
    "dynamicParameters": [
        {
            "name": "orderId",
            "location": "PARAMETER_LOCATION_BODY",
            "schema": {"type": "string", "description": "The number of the order"},
            "required": True,
        }
    ],
    "client": {},
}


@pytest.fixture(scope="module")
def ultravox() -> Iterator[httpx.Client]:
    with lone_sandbox() as client:
        client.headers["X-API-Key"] = KEY
        yield client


def ordered(ultravox: httpx.Client, medium: str) -> dict[str, Any]:
    body = {
        "systemPrompt": PROMPT,
        "medium": {"serverWebSocket": {"inputSampleRate": 48_000}},
        "initialOutputMedium": medium,
        "firstSpeakerSettings": {"agent": {"text": "Casa Verde, good day."}},
        "selectedTools": [{"toolName": "hangUp"}, {"temporaryTool": TOOL}],
    }
    return dict(ultravox.post("/api/calls", json=body).raise_for_status().json())


def joined(call: dict[str, Any], **plan: Any) -> dict[str, Any]:
    """What pipecat saw."""
    ran = subprocess.run(
        [PYTHON, ROOT / "tests" / "peers" / "pipecat_ultravox.py"],
        input=json.dumps({"join_url": call["joinUrl"], **plan}),
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    seen = json.loads(ran.stdout.splitlines()[-1])
    assert "ErrorFrame" not in seen["kinds"], ran.stderr[-3000:]
    return dict(seen)


def ended(ultravox: httpx.Client, call: dict[str, Any]) -> list[str]:
    """Its messages, once it is over as a client's leaving ends it."""
    path = f"/api/calls/{call['callId']}"
    wait_until(lambda: ultravox.get(path).json()["ended"] is not None)
    assert ultravox.get(path).json()["endReason"] == "hangup"
    return [message["text"] for message in ultravox.get(f"{path}/messages?pageSize=50").json()["results"]]


def test_it_chats_and_has_its_tool_called(ultravox):
    call = ordered(ultravox, "MESSAGE_MEDIUM_TEXT")
    seen = joined(call, say=["When is breakfast?", "Where is my order 4711?"])
    assert seen["answers"][0] == "Casa Verde, good day."
    assert "7 to 10" in seen["answers"][1]
    assert "4711 left yesterday" in seen["answers"][2]
    assert seen["sound_bytes"] == 0
    messages = ended(ultravox, call)
    assert "When is breakfast?" in messages
    assert json.dumps({"orderId": "4711"}) in messages


async def test_it_speaks_and_hears(ultravox, tmp_path):
    studio = Studio()
    asked = "Can you tell me when breakfast is served?"
    spoken = await studio.say(asked, PALETTE["joe"])
    await studio.close()
    with wave.open(str(tmp_path / "question.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(spoken)
    call = ordered(ultravox, "MESSAGE_MEDIUM_VOICE")
    seen = joined(call, hear=str(tmp_path / "question.wav"))
    assert word_errors(asked, " ".join(seen["heard"])) <= MISHEARD
    assert "7 to 10" in seen["answers"][1]
    assert seen["sound_bytes"] > 3 * 2 * 48_000
    assert any("7 to 10" in text for text in ended(ultravox, call))
