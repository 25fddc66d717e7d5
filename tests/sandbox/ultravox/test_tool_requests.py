"""HTTP tools, really called; durable tools; what a tool's answer does to the call."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import respx
from tests.sandbox.ultravox.clients import joined

from switchboard.sandbox.ultravox import template, tool_request, tools
from switchboard.sandbox.ultravox.built_in_tools import BUILT_IN
from switchboard.sandbox.ultravox.errors import UltravoxError

URL = "https://shop.test/orders/{orderId}"


def parameter(name: str, location: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "location": f"PARAMETER_LOCATION_{location}", **more}


def definition(**changes: Any) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "modelToolName": "lookUpOrder",
        "description": "Look up an order of {{guest}}.",
        "dynamicParameters": [
            parameter("orderId", "PATH", schema=text, required=True),
            parameter("verbose", "QUERY", schema={"type": "boolean"}),
            parameter("X-Trace", "HEADER", schema=text),
            parameter("note", "BODY", schema=text),
        ],
        "staticParameters": [parameter("shop", "BODY", value="{{guest}}'s")],
        "automaticParameters": [
            parameter("callId", "BODY", knownValue="KNOWN_PARAM_CALL_ID"),
            parameter("state", "BODY", knownValue="KNOWN_PARAM_CALL_STATE"),
        ],
        "http": {"baseUrlPattern": URL, "httpMethod": "POST"},
        **changes,
    }


def chosen(selection: dict[str, Any]) -> tools.ChosenTool:
    selected = template.read({"selectedTools": [selection]}, BUILT_IN)["selectedTools"]
    (tool,) = tools.chosen(selected, BUILT_IN, {"guest": "Ann"})
    return tool


async def sent(tool: tools.ChosenTool, **arguments: Any) -> tool_request.ToolAnswer:
    async with httpx.AsyncClient() as http:
        return await tool_request.send(
            http, tool, arguments, {"KNOWN_PARAM_CALL_ID": "c1", "KNOWN_PARAM_CALL_STATE": {"n": 1}}
        )


@respx.mock
async def test_parameters_go_where_they_belong():
    route = respx.post("https://shop.test/orders/a%2Fb").mock(httpx.Response(200, text="Shipped."))
    tool = chosen({"temporaryTool": definition()})
    assert tool.for_model().description == "Look up an order of Ann."
    assert tool.for_model().parameters["required"] == ["orderId"]
    answer = await sent(tool, orderId="a/b", verbose=True, note="Hi", **{"X-Trace": "t-1"})
    assert (answer.text, answer.response_type, answer.error) == ("Shipped.", "tool-response", None)
    request = route.calls.last.request
    assert parse_qs(urlsplit(str(request.url)).query) == {"verbose": ["true"]}
    assert request.headers["X-Trace"] == "t-1"
    assert json.loads(request.content) == {"note": "Hi", "shop": "Ann's", "callId": "c1", "state": {"n": 1}}


@respx.mock
async def test_an_overridden_parameter_is_fixed_and_hidden_from_the_agent():
    route = respx.post("https://shop.test/orders/7").mock(httpx.Response(200))
    tool = chosen({"temporaryTool": definition(), "parameterOverrides": {"orderId": "7"}, "nameOverride": "mine"})
    assert tool.name == "mine"
    assert "orderId" not in tool.for_model().parameters["properties"]
    await sent(tool, orderId="8")
    assert route.called


@pytest.mark.parametrize(
    ("requirement", "header", "query"),
    [
        ({"headerApiKey": {"name": "X-Key"}}, ("X-Key", "s3cret"), {}),
        ({"queryApiKey": {"name": "key"}}, None, {"key": ["s3cret"]}),
        ({"httpAuth": {"scheme": "Bearer"}}, ("Authorization", "Bearer s3cret"), {}),
    ],
)
@respx.mock
async def test_tokens_satisfy_a_tools_security(requirement, header, query):
    route = respx.post("https://shop.test/orders/7").mock(httpx.Response(200))
    options = {"options": [{"requirements": {"key": requirement}}]}
    secured = {"temporaryTool": definition(requirements={"httpSecurityOptions": options})}
    with pytest.raises(UltravoxError, match="security"):
        chosen(secured)
    await sent(chosen({**secured, "authTokens": {"key": "s3cret"}}), orderId="7")
    request = route.calls.last.request
    assert parse_qs(urlsplit(str(request.url)).query) == query
    assert header is None or request.headers[header[0]] == header[1]


def test_a_parameter_that_must_be_overridden_must():
    demanding = definition(requirements={"requiredParameterOverrides": ["orderId"]})
    with pytest.raises(UltravoxError, match="orderId"):
        chosen({"temporaryTool": demanding})
    chosen({"temporaryTool": demanding, "parameterOverrides": {"orderId": "7"}})


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (TimeoutError(), "timed out after 2.5s"),
        (httpx.ConnectError("gone"), "could not be reached"),
        (httpx.Response(500, text="boom"), "status 500: boom"),
    ],
)
@respx.mock
async def test_a_tool_that_fails_says_why(outcome, said):
    respx.post("https://shop.test/orders/7").mock(side_effect=[outcome])
    answer = await sent(chosen({"temporaryTool": definition()}), orderId="7")
    assert said in (answer.error or "")


@respx.mock
async def test_headers_of_the_answer_say_what_happens_next():
    headers = {
        "X-Ultravox-Response-Type": "new-stage",
        "X-Ultravox-Agent-Reaction": "listens",
        "X-Ultravox-Update-Call-State": '{"step": 2}',
    }
    respx.post("https://shop.test/orders/7").mock(httpx.Response(200, headers=headers))
    answer = await sent(chosen({"temporaryTool": definition()}), orderId="7")
    assert (answer.response_type, answer.reaction, answer.new_state) == ("new-stage", "listens", {"step": 2})


@asynccontextmanager
async def call_with(customer, receiver, answer: dict[str, Any], **more: Any) -> AsyncIterator[tuple[dict, Any]]:
    """A chat whose agent has one tool at the receiver; the tool is asked for by a forced message."""
    receiver.answers["/tool"] = [(200, answer.get("headers", "text/plain"), answer["text"])]
    http = {"baseUrlPattern": f"{receiver.url}/tool", "httpMethod": "POST"}
    tool = definition(http=http, dynamicParameters=[parameter("n", "BODY", schema={"type": "integer"})], **more)
    call = await customer.chat(selectedTools=[{"temporaryTool": tool}], initialState={"step": 1})
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", role="agent", final=True)
        wanted = [{"id": "i1", "name": "lookUpOrder", "arguments": {"n": 1}}]
        await client.send("forced_agent_message", toolCalls=wanted)
        await receiver.until(1, "/tool")
        yield call, client


async def test_a_running_call_calls_its_tool(live_customer, receiver):
    async with call_with(live_customer, receiver, {"text": "Shipped."}) as (call, _):
        (result,) = await live_customer.until_messages(call, 1, "TOOL_RESULT")
        assert result["text"] == "Shipped."
        body = json.loads(receiver.at("/tool")[0].body)
        assert body == {"n": 1, "shop": "'s", "callId": call["callId"], "state": {"step": 1}}
        (shown,) = await live_customer.get(f"/api/calls/{call['callId']}/tools")
        assert (shown["name"], shown["toolId"]) == ("lookUpOrder", None)


async def test_automatic_parameters_tell_what_the_call_knows(live_customer, receiver):
    names = ("CONVERSATION_HISTORY", "OUTPUT_SAMPLE_RATE", "CALL_STAGE_ID", "THREAD_ID", "CALL_METADATA")
    automatic = [parameter(name, "BODY", knownValue=f"KNOWN_PARAM_{name}") for name in names]
    async with call_with(live_customer, receiver, {"text": "ok"}, automaticParameters=automatic) as (call, _):
        body = json.loads(receiver.at("/tool")[0].body)
        shown = await live_customer.messages(call)
        history = body["CONVERSATION_HISTORY"]
        assert [one["text"] for one in history] == ["Casa Verde, good day.", '{"n": 1}']
        assert history[0] == shown[0]
        assert body["CALL_STAGE_ID"] == shown[0]["callStageId"]
        assert [body[name] for name in ("OUTPUT_SAMPLE_RATE", "THREAD_ID", "CALL_METADATA")] == [16_000, "UI", {}]


async def test_a_static_response_does_not_wait_for_the_tool(live_customer, receiver):
    static = {"staticResponse": {"responseText": "I sent it."}}
    async with call_with(live_customer, receiver, {"text": "unheard"}, **static) as (call, _):
        (result,) = await live_customer.until_messages(call, 1, "TOOL_RESULT")
        assert result["text"] == "I sent it."


async def test_durable_tools_are_kept_selected_and_removed(customer):
    made = (await customer.http.post("/api/tools", json={"name": "orders", "definition": definition()})).json()
    assert (made["name"], made["ownership"]) == ("orders", "private")
    path = f"/api/tools/{made['toolId']}"
    names = [tool["name"] for tool in (await customer.get("/api/tools?pageSize=50"))["results"]]
    assert {"orders", "hangUp", "queryCorpus"} <= set(names)
    assert [t["name"] for t in (await customer.get("/api/tools?ownership=private"))["results"]] == ["orders"]
    agent = await customer.agent(selectedTools=[{"toolId": made["toolId"]}, {"toolName": "hangUp"}])
    unfilled = await customer.http.post(f"/api/agents/{agent}/calls", json={})
    assert (unfilled.status_code, "'guest' is a required" in unfilled.json()["detail"]) == (400, True)
    call = await customer.call(agent, templateContext={"guest": "Ann"})
    shown = await customer.get(f"/api/calls/{call['callId']}/tools")
    assert {tool["name"]: tool["toolId"] for tool in shown}["lookUpOrder"] == made["toolId"]
    await customer.agent(selectedTools=[{"toolName": "orders", "nameOverride": "find"}])
    changed = {"name": "orders", "definition": definition(description="New.")}
    assert (await customer.http.put(path, json=changed)).json()["definition"]["description"] == "New."
    assert (await customer.get(f"{path}/history"))["total"] == 1
    assert (await customer.http.delete(path)).status_code == 204
    assert (await customer.http.get(path)).status_code == 404
    refused = await customer.http.post(f"/api/agents/{agent}/calls", json={})
    assert (refused.status_code, "not found" in refused.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x" * 41, "definition": definition()},
        {"name": "hangUp", "definition": definition()},
        {"name": "a", "definition": definition(http={"baseUrlPattern": "http://a.test", "httpMethod": "GET"})},
    ],
)
async def test_a_bad_tool_is_refused(customer, body):
    assert (await customer.http.post("/api/tools", json=body)).status_code == 400


async def test_public_tools_are_nobodys_to_change(customer):
    tool_id = next(iter(BUILT_IN))
    assert (await customer.get(f"/api/tools/{tool_id}"))["ownership"] == "public"
    assert (await customer.http.delete(f"/api/tools/{tool_id}")).status_code == 404


async def test_a_tool_is_tried_out(customer, receiver):
    receiver.answers["/tool"] = [(200, "text/plain", "pong")]
    http = {"baseUrlPattern": f"{receiver.url}/tool", "httpMethod": "POST"}
    made = await customer.http.post("/api/tools", json={"name": "t", "definition": definition(http=http)})
    answer = await customer.http.post(f"/api/tools/{made.json()['toolId']}/test", json={"note": "hi"})
    assert answer.text == "pong"
    assert json.loads(receiver.at("/tool")[0].body)["note"] == "hi"
