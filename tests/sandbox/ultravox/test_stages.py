"""Stages, messages of before the call, calls that go on where others ended."""

import json
from collections.abc import Iterator

import httpx
import pytest
import respx
from tests.sandbox.ultravox.clients import joined

from switchboard.sandbox.ultravox import voices

HAND_OVER = {
    "modelToolName": "handOver",
    "http": {"baseUrlPattern": "https://shop.test/stage", "httpMethod": "POST"},
}
NEXT = {
    "systemPrompt": "You are the kitchen. The soup of the day is tomato soup.",
    "toolResultText": "You are in the kitchen now.",
    "selectedTools": [],
}


@pytest.fixture
def shop() -> Iterator[respx.Route]:
    """The customer's tool; everything on this machine is really called."""
    with respx.mock(assert_all_called=False) as mocked:
        mocked.route(host="127.0.0.1").pass_through()
        yield mocked.post("https://shop.test/stage")


async def hand_over(customer, client, call) -> dict:
    await client.until("transcript", role="agent", final=True)
    await client.send("forced_agent_message", toolCalls=[{"id": "i1", "name": "handOver"}])
    (result,) = await customer.until_messages(call, 1, "TOOL_RESULT")
    return result


async def test_a_tool_begins_a_new_stage(live_customer, shop):
    headers = {"X-Ultravox-Response-Type": "new-stage"}
    shop.mock(httpx.Response(200, headers=headers, json=NEXT))
    call = await live_customer.chat(selectedTools=[{"temporaryTool": HAND_OVER}])
    path = f"/api/calls/{call['callId']}"
    async with joined(call["joinUrl"]) as client:
        assert (await hand_over(live_customer, client, call))["text"] == "You are in the kitchen now."
        await client.send("user_text_message", text="What is the soup of the day?")
        await client.until("transcript", 2, role="agent", final=True)
        assert "tomato" in client.finals("agent")[-1]
    first, second = (await live_customer.get(f"{path}/stages"))["results"]
    assert (first["systemPrompt"], second["systemPrompt"]) == (call["systemPrompt"], NEXT["systemPrompt"])
    assert await live_customer.get(f"{path}/stages/{second['callStageId']}/tools") == []
    assert (await live_customer.get(f"{path}/stages/{first['callStageId']}"))["errorCount"] == 0
    both = (await live_customer.get(f"{path}/messages?mode=in_call&pageSize=50"))["results"]
    assert {message["callStageId"] for message in both} == {first["callStageId"], second["callStageId"]}
    last = (await live_customer.get(f"{path}/messages?mode=last_stage&pageSize=50"))["results"]
    assert [message["text"] for message in last] == [message["text"] for message in both]
    assert (await live_customer.http.get(f"{path}/stages/nobody")).status_code == 404


async def test_a_stage_has_a_voice_and_a_state_of_its_own(live_customer, shop):
    state = {"X-Ultravox-Update-Call-State": '{"room": "kitchen"}'}
    headers = {"X-Ultravox-Response-Type": "new-stage", **state}
    shop.mock(httpx.Response(200, headers=headers, json={**NEXT, "voice": "Jessica"}))
    aloud = {"voice": "Mark", "initialOutputMedium": "MESSAGE_MEDIUM_VOICE", "initialState": {"room": "hall"}}
    call = await live_customer.chat(selectedTools=[{"temporaryTool": HAND_OVER}], **aloud)
    async with joined(call["joinUrl"]) as client:
        await hand_over(live_customer, client, call)
        await client.send("user_text_message", text="What is the soup of the day?")
        await client.until("transcript", 2, role="agent", final=True)
    spoken = live_customer.world.studio.timbres
    assert (spoken[0], spoken[-1]) == (voices.voice_of("Mark").timbre, voices.voice_of("Jessica").timbre)
    assert spoken[0] != spoken[-1]
    stages = (await live_customer.get(f"/api/calls/{call['callId']}/stages"))["results"]
    assert [stage["initialState"] for stage in stages] == [{"room": "hall"}, {"room": "kitchen"}]
    assert [stage["voice"] for stage in stages] == ["Mark", "Jessica"]


@pytest.mark.parametrize(
    "body", ["no JSON", "[]", json.dumps({"maxDuration": "9s"}), json.dumps({"voice": "Nobody"})]
)
async def test_a_bad_stage_is_an_error_in_the_calls_log(live_customer, shop, body):
    shop.mock(httpx.Response(200, headers={"X-Ultravox-Response-Type": "new-stage"}, text=body))
    call = await live_customer.chat(selectedTools=[{"temporaryTool": HAND_OVER}])
    async with joined(call["joinUrl"]) as client:
        await hand_over(live_customer, client, call)
    path = f"/api/calls/{call['callId']}"
    assert (await live_customer.get(f"{path}/stages"))["total"] == 1
    (event,) = (await live_customer.get(f"{path}/events?minimum_severity=error"))["results"]
    assert (event["type"], event["callId"], event["severity"]) == ("new_stage_failed", call["callId"], "error")


async def test_events_tell_a_calls_life(live_customer):
    call = await live_customer.chat()
    async with joined(call["joinUrl"]) as client:
        await client.until("call_started")
    await live_customer.becomes(call, "endReason", "hangup")
    path = f"/api/calls/{call['callId']}/events"
    events = (await live_customer.get(path))["results"]
    assert [event["type"] for event in events] == ["call_joined", "call_ended"]
    assert (await live_customer.get(f"{path}?type=call_ended"))["total"] == 1
    assert (await live_customer.http.get(f"{path}?minimum_severity=fatal")).status_code == 400


async def test_messages_of_before_the_call_are_known_and_shown(live_customer):
    said = [
        {"role": "MESSAGE_ROLE_USER", "text": "My dog is called Bello."},
        {"role": "MESSAGE_ROLE_TOOL_RESULT", "text": "ok", "toolName": "t", "invocationId": "i"},
    ]
    call = await live_customer.chat(initialMessages=said)
    path = f"/api/calls/{call['callId']}/messages"
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", role="agent", final=True)
    stored = (await live_customer.get(path))["results"]
    assert [message["text"] for message in stored] == ["My dog is called Bello.", "ok", "Casa Verde, good day."]
    assert [message["callStageMessageIndex"] for message in stored] == [0, 1, 2]
    (only,) = (await live_customer.get(f"{path}?mode=in_call"))["results"]
    assert only["callStageMessageIndex"] == 2
    going_on = await live_customer.http.post(f"/api/calls?priorCallId={call['callId']}", json={})
    assert going_on.json()["systemPrompt"] == call["systemPrompt"]
    again = (await live_customer.get(f"/api/calls/{going_on.json()['callId']}/messages"))["results"]
    assert [message["text"] for message in again] == [message["text"] for message in stored]


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", {"initialMessages": [{"text": "no role"}]}, 400),
        ("", {"initialMessages": "x"}, 400),
        ("", {"initialState": ["x"]}, 400),
        ("?priorCallId=nobody", {}, 404),
        ("?priorCallId={call}", {"initialMessages": []}, 400),
    ],
)
async def test_bad_beginnings_are_refused(customer, query, body, status):
    prior = await customer.chat()
    answer = await customer.http.post(f"/api/calls{query.format(call=prior['callId'])}", json=body)
    assert answer.status_code == status
