"""Tools at work: asked over HTTP, or at the other end of the socket."""

import asyncio
import json

from tests.sandbox.elevenlabs.talkers import at_socket, text_config
from tests.waiting import patience

PROMPT = "You are Rosa of Casa Verde. When the caller asks about an order, call lookup_order."
ANN = {"type": "conversation_initiation_client_data", "dynamic_variables": {"guest": "Ann"}}
ORDER_ID = {"type": "string", "description": "The number of the order"}


def _client_tool(**more):
    parameters = {"type": "object", "properties": {"order_id": ORDER_ID}, "required": ["order_id"]}
    return {
        "type": "client",
        "name": "lookup_order",
        "description": "Looks an order up.",
        "expects_response": True,
        "parameters": parameters,
        **more,
    }


def _webhook_tool(url, **schema):
    return {
        "type": "webhook",
        "name": "lookup_order",
        "description": "Looks an order up.",
        "response_timeout_secs": 5,
        "assignments": [{"dynamic_variable": "carrier", "value_path": "carrier"}],
        "api_schema": {
            "url": f"{url}/orders/{{order_id}}",
            "method": "POST",
            "path_params_schema": {"order_id": ORDER_ID},
            "query_params_schema": {"properties": {"shop": {"type": "string", "constant_value": "lisbon"}}},
            "request_body_schema": {
                "type": "object",
                "properties": {"guest": {"type": "string", "dynamic_variable": "guest"}},
            },
            "request_headers": {"X-Token": "t-{{guest}}"},
            **schema,
        },
    }


def _agent(talking, tool, **more):
    return talking.made(text_config(prompt={"prompt": PROMPT, "tools": [tool], **more}))


async def _asks(talker, text="Where is my order 4711?"):
    await talker.answer()
    await talker.say(text)


async def _settled(talking, talker):
    return await talking.settled(talker.frames[0]["conversation_initiation_metadata_event"]["conversation_id"])


async def test_a_client_tool_is_asked_at_the_client(talking):
    """Checklist 11.5."""
    async with at_socket(talking, await _agent(talking, _client_tool())) as talker:
        await _asks(talker)
        call = (await talker.frame("client_tool_call"))["client_tool_call"]
        assert (call["tool_name"], call["parameters"]) == ("lookup_order", {"order_id": "4711"})
        result = {
            "type": "client_tool_result",
            "tool_call_id": call["tool_call_id"],
            "result": "It left yesterday.",
        }
        await talker.send({**result, "is_error": False})
        told = (await talker.frame("agent_tool_response"))["agent_tool_response"]
        assert "left yesterday" in await talker.answer()
    assert (told["tool_type"], told["is_error"], told["tool_call_id"]) == ("client", False, call["tool_call_id"])
    asked = next(frame for frame in talker.frames if frame["type"] == "agent_tool_request")["agent_tool_request"]
    assert asked["tool_call_id"] == call["tool_call_id"]
    used = next(turn for turn in (await _settled(talking, talker))["transcript"] if turn["tool_calls"])
    assert (used["role"], used["message"]) == ("agent", None)
    assert json.loads(used["tool_calls"][0]["params_as_json"]) == {"order_id": "4711"}
    assert used["tool_results"][0]["result_value"] == "It left yesterday."


async def test_a_client_tool_without_answer_is_not_waited_for(talking):
    async with at_socket(talking, await _agent(talking, _client_tool(expects_response=False))) as talker:
        await _asks(talker)
        await talker.frame("client_tool_call")
        assert await talker.answer()


async def test_a_client_that_does_not_answer_is_given_up(talking):
    async with at_socket(talking, await _agent(talking, _client_tool(response_timeout_secs=1))) as talker:
        await _asks(talker)
        await talker.frame("client_tool_call")
        told = (await talker.frame("agent_tool_response"))["agent_tool_response"]
        assert told["is_error"] is True
        assert await talker.answer()


async def test_a_header_carries_names_in_any_script_and_an_answer_may_be_a_trap(talking, receiver):
    receiver.answers["/orders/4711"] = [(200, "application/json", "[" * 50_000)]
    first = {"type": "conversation_initiation_client_data", "dynamic_variables": {"guest": "José 李"}}
    agent = await _agent(talking, _webhook_tool(receiver.url))
    async with at_socket(talking, agent, first=first) as talker:
        await _asks(talker)
        told = (await talker.frame("agent_tool_response"))["agent_tool_response"]
        assert told["is_error"] is False
        assert await talker.answer()
    (asked,) = receiver.at("/orders/4711")
    assert asked.headers["x-token"].encode("latin-1").decode() == "t-José 李"


async def test_a_webhook_tool_is_really_asked(talking, receiver):
    receiver.answers["/orders/4711"] = [(200, "application/json", '{"status": "shipped", "carrier": "CTT"}')]
    async with at_socket(talking, await _agent(talking, _webhook_tool(receiver.url)), ANN) as talker:
        await _asks(talker)
        assert "shipped" in await talker.answer()
    (asked,) = receiver.at("/orders/4711")
    assert (asked.method, asked.target) == ("POST", "/orders/4711?shop=lisbon")
    assert json.loads(asked.body) == {"guest": "Ann"}
    assert asked.headers["x-token"] == "t-Ann"
    shown = await _settled(talking, talker)
    assert shown["conversation_initiation_client_data"]["dynamic_variables"]["carrier"] == "CTT"
    listed = (await talking.get("/v1/convai/conversations"))["conversations"][0]
    assert listed["tool_names"] == ["lookup_order"]


async def test_a_tool_of_the_workspace_counts_its_uses(talking, receiver):
    receiver.answers["/orders/4711"] = [(500, "text/plain", "broken")]
    made = await talking.http.post("/v1/convai/tools", json={"tool_config": _webhook_tool(receiver.url)})
    tool_id = made.json()["id"]
    agent_id = await talking.made(text_config(prompt={"prompt": PROMPT, "tool_ids": [tool_id]}))
    async with at_socket(talking, agent_id, ANN) as talker:
        await _asks(talker)
        assert await talker.answer()
    used = next(turn for turn in (await _settled(talking, talker))["transcript"] if turn["tool_calls"])
    assert (used["tool_results"][0]["is_error"], used["tool_results"][0]["result_value"]) == (True, "broken")
    assert (await talking.get(f"/v1/convai/tools/{tool_id}"))["usage_stats"]["total_calls"] == 1


async def test_a_host_that_cannot_be_reached_is_an_error_of_the_tool(talking):
    async with at_socket(talking, await _agent(talking, _webhook_tool("http://127.0.0.1:9")), ANN) as talker:
        await _asks(talker)
        assert await talker.answer()
    used = next(turn for turn in (await _settled(talking, talker))["transcript"] if turn["tool_calls"])
    assert used["tool_results"][0]["is_error"] is True


async def test_leaving_while_a_tool_runs_leaves_nothing_behind(talking):
    before = len(asyncio.all_tasks())
    async with at_socket(talking, await _agent(talking, _client_tool())) as talker:
        await _asks(talker)
        await talker.frame("client_tool_call")
    await _settled(talking, talker)
    async with patience():
        while len(asyncio.all_tasks()) > before:
            await talking.world.clock.sleep(0.2)


async def test_a_tool_at_an_impossible_address_fails_without_ending_the_talk(talking):
    agent_id = await _agent(
        talking, _webhook_tool("http://127.0.0.1:99999", request_headers={}, request_body_schema={})
    )
    async with at_socket(talking, agent_id) as talker:
        await _asks(talker)
        assert (await talker.frame("agent_tool_response"))["agent_tool_response"]["is_error"] is True
        await talker.answer()


async def test_what_a_tool_refers_to_must_have_a_value_before_the_talk(talking):
    """Its address, its headers and its values; what another tool's answer brings need not be there yet."""
    header = _webhook_tool("http://shop.example", request_body_schema={})
    value = _webhook_tool("http://shop.example", request_headers={})
    address = _webhook_tool("http://{{guest}}.example", request_headers={}, request_body_schema={})
    later = _webhook_tool("http://shop.example/{{carrier}}", request_headers={}, request_body_schema={})
    for tool, refused in ((header, True), (value, True), (address, True), (later, False)):
        async with at_socket(talking, await _agent(talking, tool)) as talker:
            if refused:
                assert (await talker.closed())[0] == 1008
                assert talker.error()["error_type"] == "missing_dynamic_variable"
                assert "guest" in talker.error()["message"]
            else:
                await talker.answer()
