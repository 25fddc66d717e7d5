import asyncio
import json
import logging
from contextlib import asynccontextmanager

import pytest

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.language_model import LanguageModel, LanguageModelSettings, from_settings
from switchboard.sandbox.conversation.minds import mind_for
from switchboard.sandbox.conversation.persona import Persona, Tool
from switchboard.sandbox.line import Speech, ToolCall, ToolResult

PERSONA = Persona(
    "You are {{who}}. A room costs 95 euros.",
    "Hello.",
    variables={"who": "Rosa"},
    tools=(Tool("look_up", "Looks up an order", {"properties": {"order": {"type": "string"}}}),),
)
WISH = {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": '{"order": "A1"}'}}
FAREWELL = {"id": "c2", "type": "function", "function": {"name": "end_this_call", "arguments": "{}"}}


def says(content: str | None, *wishes: dict) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps({"choices": [{"message": message | ({"tool_calls": wishes} if wishes else {})}]}).encode()


class Endpoint:
    """A chat completion server that gives prepared answers, then hangs."""

    def __init__(self, *answers: bytes, status: int = 200) -> None:
        self._answers = list(answers)
        self._status = status
        self.open: list[asyncio.Task] = []
        self.requests: list[tuple[str, dict]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.append(asyncio.current_task())
        try:
            await self.converse(reader, writer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()
            await writer.wait_closed()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            self.requests.append((head.decode(), json.loads(await reader.readexactly(length))))
            if not self._answers:
                return
            body = self._answers.pop(0)
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (self._status, len(body), body))
            await writer.drain()


@asynccontextmanager
async def modelled(endpoint: Endpoint, persona: Persona = PERSONA):
    async with await asyncio.start_server(endpoint.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        model = LanguageModel(f"http://127.0.0.1:{port}/v1", "small", "secret")
        yield mind_for(persona, model)
        await model.close()
        await asyncio.gather(*endpoint.open)


async def test_the_model_is_told_the_prompt_and_the_talk_and_its_words_are_said():
    endpoint = Endpoint(says("A **room**\nis 95."), says("Yes."))
    async with modelled(endpoint) as mind:
        assert await mind.opens() == Speech("Hello.")
        assert await mind.answers("How much?") == Speech("A room is 95.")
        mind.notes("The caller is in Rome.")
        assert await mind.answers("Really?") == Speech("Yes.")
    (head, first), (_, second) = endpoint.requests
    assert head.startswith("POST /v1/chat/completions ")
    assert "authorization: bearer secret" in head.lower()
    assert first["model"] == "small"
    assert first["messages"][0]["content"].startswith("You are Rosa. A room costs 95 euros.")
    assert [message["content"] for message in first["messages"][1:]] == ["Hello.", "How much?"]
    assert [message["content"] for message in second["messages"][-2:]] == ["The caller is in Rome.", "Really?"]
    assert {tool["function"]["name"] for tool in first["tools"]} == {"look_up", "end_this_call"}


async def test_the_model_uses_tools_and_can_hang_up():
    endpoint = Endpoint(says(None, WISH), says("It is on its way."), says("Goodbye.", FAREWELL))
    async with modelled(endpoint) as mind:
        call = await mind.answers("Where is A1?")
        assert call == ToolCall("c1", "look_up", {"order": "A1"})
        assert await mind.learns(call, ToolResult("shipped")) == Speech("It is on its way.")
        assert await mind.answers("Bye.") == Speech("Goodbye.", hangs_up=True)
    asked, answered = endpoint.requests[1][1]["messages"][-2:]
    assert asked["tool_calls"] == [WISH]
    assert answered == {"role": "tool", "tool_call_id": "c1", "content": "shipped"}


async def test_a_call_that_was_never_answered_is_not_told():
    endpoint = Endpoint(says(None, WISH), says("Fine."))
    async with modelled(endpoint) as mind:
        await mind.answers("Where is A1?")
        assert await mind.answers("Never mind.") == Speech("Fine.")
    assert not any("tool_calls" in message for message in endpoint.requests[1][1]["messages"])


@pytest.mark.parametrize(
    "endpoint",
    [
        Endpoint(status=500),
        Endpoint(b"no", status=401),
        Endpoint(b"no json"),
        Endpoint(b"{}"),
        Endpoint(b'{"choices":[{"message":"x"}]}'),
        Endpoint(says(None, {"id": "1", "function": {"name": "f", "arguments": "["}})),
        Endpoint(b" " * 300_000),
    ],
    ids=["gone", "refused", "no json", "empty", "text", "arguments", "long"],
)
async def test_a_model_that_fails_leaves_the_talk_to_the_scripted_mind_and_warns_once(endpoint, caplog):
    with caplog.at_level(logging.WARNING):
        async with modelled(endpoint) as mind:
            await mind.opens()
            assert await mind.answers("How much is a room?") == Speech("A room costs 95 euros.")
            assert await mind.answers("Thank you, goodbye!")
    assert len(endpoint.requests) == 1
    assert len([one for one in caplog.records if "does not answer" in one.message]) == 1


async def test_an_answer_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("switchboard.sandbox.conversation.language_model._TIMEOUT", 0.5)

    class Mute(Endpoint):
        async def converse(self, reader, writer):
            await reader.read()

    async with modelled(Mute()) as mind:
        assert await mind.answers("How much is a room?") == Speech("A room costs 95 euros.")


async def test_silences_and_machines_need_no_model():
    endpoint = Endpoint()
    async with modelled(endpoint) as mind:
        assert (await mind.answers("Please leave a message after the tone.")).hangs_up
        assert await mind.answers("") == Speech("Are you still there?")
        assert mind.waits() > 0
    assert not endpoint.requests


async def test_endless_words_are_cut_at_a_sentence():
    async with modelled(Endpoint(says("This is a sentence. " * 100))) as mind:
        text = (await mind.answers("Talk.")).text
    assert 500 < len(text) <= 600
    assert text.endswith("sentence.")


def test_agents_think_by_themselves_unless_an_endpoint_is_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert from_settings(LanguageModelSettings()) is None
    assert isinstance(mind_for(PERSONA, None), AgentMind)
    monkeypatch.setenv("SWITCHBOARD_SANDBOX_LLM_URL", "http://localhost:11434/v1")
    assert from_settings(LanguageModelSettings()) is None
    monkeypatch.setenv("SWITCHBOARD_SANDBOX_LLM_MODEL", "small")
    assert from_settings(LanguageModelSettings()) is not None
