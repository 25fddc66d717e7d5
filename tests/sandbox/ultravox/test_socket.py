"""serverWebSocket calls, as a customer's program sees them (checklist 8.1.4 and 8.1.6)."""

import json

import pytest
from tests.sandbox.ultravox.clients import joined
from websockets.exceptions import InvalidStatus

LOOK_UP = {
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
ORDER = {"systemPrompt": "You work for a shop. When the caller asks about an order call lookUpOrder."}
VOICE = {"initialOutputMedium": "MESSAGE_MEDIUM_VOICE"}
SILENCE = bytes(640)


async def ends(customer, call, reason: str) -> dict:
    return await customer.becomes(call, "endReason", reason)


async def test_a_chat_by_text_from_the_first_word_to_the_last(live_customer):
    call = await live_customer.chat()
    assert call["joinUrl"].endswith(f"/calls/{call['callId']}/server_web_socket")
    async with joined(f"{call['joinUrl']}?clientVersion=test:1") as client:
        await client.until("transcript", final=True)
        assert client.messages[0] == {"type": "call_started", "callId": call["callId"]}
        await client.send("user_text_message", text="When is breakfast?")
        await client.until("transcript", 3, final=True)
        assert client.finals("agent") == [
            "Casa Verde, good day.",
            "Breakfast is served from 7 to 10 on the terrace.",
        ]
        assert client.finals("user") == ["When is breakfast?"]
        assert {one["medium"] for one in client.of("transcript")} == {"text"}
        assert client.sound == 0
        await client.send("user_text_message", text="Thank you, goodbye.")
        assert await client.closed() == (1000, "")
    shown = await ends(live_customer, call, "agent_hangup")
    assert shown["clientVersion"] == "test:1"
    assert shown["summary"]
    texts = [message["text"] for message in await live_customer.messages(call)]
    assert texts[:3] == ["Casa Verde, good day.", "When is breakfast?", texts[2]]
    assert (await live_customer.messages(call))[0]["medium"] == "MESSAGE_MEDIUM_TEXT"


async def test_the_agents_words_come_in_deltas_with_the_sound(live_customer):
    """Checklist 8.1.6: text replaces, delta appends, one ordinal for each turn, PCM paced."""
    text = "Welcome to Casa Verde, a small hotel in Lisbon near the river."
    call = await live_customer.chat(firstSpeakerSettings={"agent": {"text": text}}, **VOICE)
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        partial = client.of("transcript", final=False)
        assert len(partial) > 4
        assert partial[0]["text"] == "Welcome"
        assert all(one["text"] == "" and one["delta"] for one in partial[1:])
        assert partial[0]["text"] + "".join(one["delta"] for one in partial[1:]) == text
        assert {one["ordinal"] for one in client.of("transcript")} == {0}
        assert {one["medium"] for one in client.of("transcript")} == {"voice"}
        assert client.of("state")[0]["state"] == "speaking"
        assert client.sound == pytest.approx(12 * 0.3 * 32_000, rel=0.05)


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
async def test_sound_goes_both_ways_at_the_rates_that_were_ordered(live_customer, rate):
    call = await live_customer.chat(way={"inputSampleRate": 8_000, "outputSampleRate": rate}, **VOICE)
    async with joined(call["joinUrl"]) as client:
        await client.speak(bytes(321))
        await client.until("transcript", final=True)
        assert client.sound == pytest.approx(4 * 0.3 * 2 * rate, rel=0.1)


async def test_who_speaks_is_heard_and_interrupts(live_customer):
    studio = live_customer.world.studio
    long = "We have " + "very " * 60 + "fine rooms."
    call = await live_customer.chat(firstSpeakerSettings={"agent": {"text": long}}, recordingEnabled=True, **VOICE)
    live_customer.world.clock.set_speed(5)
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", 10, role="agent")
        await client.speak(studio.voice(1.5))
        await client.until("playback_clear_buffer")
        (cut,) = await client.until("transcript", final=True)
        assert long.startswith(cut["text"])
        assert len(cut["text"]) < len(long)
        await client.speak(studio.words("When is breakfast?"))
        await client.until("transcript", role="user", final=True)
        assert client.of("transcript", role="user")[0]["medium"] == "voice"
        await client.until("transcript", 2, role="agent", final=True)
        assert "Breakfast" in client.finals("agent")[1]
        await client.leave()
    await ends(live_customer, call, "hangup")
    stored = (await live_customer.messages(call))[0]["text"]
    assert stored == cut["text"]
    sound = await live_customer.http.get(f"/api/calls/{call['callId']}/recording")
    assert sound.content[:4] == b"RIFF"
    assert sound.content[22] == 2


async def test_a_client_tool_goes_round(live_customer):
    call = await live_customer.chat(selectedTools=[{"temporaryTool": LOOK_UP}], **ORDER)
    async with joined(call["joinUrl"]) as client:
        await client.send("user_text_message", text="Where is my order 4711?")
        (asked,) = await client.until("client_tool_invocation")
        assert (asked["toolName"], asked["parameters"]) == ("lookUpOrder", {"orderId": "4711"})
        await client.send("client_tool_result", invocationId="another", result="wrong")
        result = {"invocationId": asked["invocationId"], "result": "It left yesterday."}
        await client.send("client_tool_result", **result)
        await client.send("client_tool_result", **result | {"result": "A second answer."})
        await client.until("transcript", 2, role="agent", final=True)
        assert "It left yesterday." in client.finals("agent")[-1]
    messages = await live_customer.messages(call)
    tools = [message for message in messages if message["toolName"]]
    assert [message["role"] for message in tools] == ["MESSAGE_ROLE_TOOL_CALL", "MESSAGE_ROLE_TOOL_RESULT"]
    assert json.loads(tools[0]["text"]) == {"orderId": "4711"}
    assert (tools[1]["text"], tools[1]["invocationId"]) == ("It left yesterday.", asked["invocationId"])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"result": "Done.", "agentReaction": "listens"}, False),
        ({"result": "Done.", "agentReaction": "speaks-once"}, True),
        ({"errorType": "implementation-error", "errorMessage": "boom"}, True),
    ],
)
async def test_a_tool_decides_how_the_agent_reacts(live_customer, answer, said):
    call = await live_customer.chat(selectedTools=[{"temporaryTool": LOOK_UP}], **ORDER)
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", role="agent", final=True)
        await client.send("user_text_message", text="Where is my order 4711?")
        (asked,) = await client.until("client_tool_invocation")
        await client.send("client_tool_result", invocationId=asked["invocationId"], **answer)
        await client.until("transcript", 1 + said, role="agent", final=True)
        await client.send("user_text_message", text="Hello?")
        await client.until("transcript", 2 + said, role="agent", final=True)
        told = [message["role"].removeprefix("MESSAGE_ROLE_") for message in await live_customer.messages(call)]
    after_tool = told[told.index("TOOL_RESULT") + 1]
    assert after_tool == ("AGENT" if said else "USER")


async def test_a_tool_can_hang_up(live_customer):
    call = await live_customer.chat(selectedTools=[{"temporaryTool": LOOK_UP}], **ORDER)
    async with joined(call["joinUrl"]) as client:
        await client.send("user_text_message", text="Where is my order 4711?")
        (asked,) = await client.until("client_tool_invocation")
        await client.send(
            "client_tool_result", invocationId=asked["invocationId"], result="{}", responseType="hang-up"
        )
        assert (await client.closed())[0] == 1000
    await ends(live_customer, call, "agent_hangup")


async def test_a_tool_that_never_answers_fails_in_time(live_customer):
    slow = LOOK_UP | {"timeout": "0.1s"}
    call = await live_customer.chat(selectedTools=[{"temporaryTool": slow}], **ORDER)
    async with joined(call["joinUrl"]) as client:
        await client.send("user_text_message", text="Where is my order 4711?")
        await client.until("client_tool_invocation")
        await client.until("transcript", 2, role="agent", final=True)
    events = (await live_customer.get(f"/api/calls/{call['callId']}/events?minimum_severity=warning"))["results"]
    assert [(event["type"], event["severity"]) for event in events] == [("tool_failed", "warning")]


async def test_pings_pass_and_toggles_are_kept(live_customer):
    toggles = {"state": False, "transcript": False, "debug": True, "callStarted": False}
    call = await live_customer.chat(way={"dataMessages": toggles})
    async with joined(call["joinUrl"]) as client:
        await client.send("ping", timestamp=12.5)
        assert await client.until("pong") == [{"type": "pong", "timestamp": 12.5}]
        await client.send("dance")
        (debug,) = await client.until("debug")
        assert "dance" in debug["message"]
        await client.send("spawn_thread", newThreadId="t1")
        assert (await client.until("thread_rejected"))[0]["threadId"] == "t1"
        assert {one["type"] for one in client.messages} == {"pong", "debug", "thread_rejected"}


async def test_messages_of_older_clients_are_understood(live_customer):
    call = await live_customer.chat()
    async with joined(call["joinUrl"]) as client:
        await client.send("input_text_message", text="We are vegetarians.", deferResponse=True)
        await client.send("input_text_message", text="When is breakfast?")
        await client.until("transcript", 2, role="user", final=True)
        await client.until("transcript", 2, role="agent", final=True)
        assert "Breakfast" in client.finals("agent")[-1]


async def test_the_agent_speaks_or_writes_as_the_client_wishes(live_customer):
    call = await live_customer.chat()
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        await client.send("set_output_medium", medium="voice")
        await client.send("forced_agent_message", content="Now you hear me.")
        await client.until("transcript", 2, role="agent", final=True)
        assert client.of("transcript", final=True)[-1]["medium"] == "voice"
        assert client.sound > 0


@pytest.mark.parametrize("uninterruptible", [True, False])
async def test_a_forced_message_may_be_protected_from_interruption(live_customer, uninterruptible):
    call = await live_customer.chat(**VOICE)
    long = "We are closed " + "and closed " * 12 + "today."
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        await client.send("forced_agent_message", content=long, uninterruptible=uninterruptible)
        await client.until("transcript", role="agent", text="We")
        await client.send("user_text_message", text="When is breakfast?", urgency="immediate")
        await client.until("transcript", 3, role="agent", final=True)
        assert (client.finals("agent")[1] == long) is uninterruptible
        assert bool(client.of("playback_clear_buffer")) is not uninterruptible


async def test_messages_by_rest_reach_the_socket(live_customer):
    call = await live_customer.chat()
    path = f"/api/calls/{call['callId']}/send_data_message"
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        said = {"type": "forced_agent_message", "content": "One moment, please."}
        assert (await live_customer.http.post(path, json=said)).status_code == 204
        await client.until("transcript", 2, role="agent", final=True)
        bye = {"type": "hang_up", "message": "Goodbye."}
        assert (await live_customer.http.post(path, json=bye)).status_code == 204
        assert (await client.closed())[0] == 1000
        assert client.finals("agent")[1:] == ["One moment, please.", "Goodbye."]
    await ends(live_customer, call, "agent_hangup")


async def test_a_forced_message_can_call_tools(live_customer):
    call = await live_customer.chat(selectedTools=[{"temporaryTool": LOOK_UP}], **ORDER)
    async with joined(call["joinUrl"]) as client:
        wanted = [{"id": "i1", "name": "lookUpOrder", "arguments": {"orderId": "1"}}, {"id": "i2", "name": "x"}]
        known = [{"invocationId": "i2", "text": "Known."}]
        await client.send("forced_agent_message", content="Let me see.", toolCalls=wanted, knownToolResults=known)
        (asked,) = await client.until("client_tool_invocation")
        assert (asked["invocationId"], asked["parameters"]) == ("i1", {"orderId": "1"})
        await client.send("client_tool_result", invocationId="i1", result="Found.")
        results = await live_customer.until_messages(call, 2, "TOOL_RESULT")
        assert {one["invocationId"]: one["text"] for one in results} == {"i1": "Found.", "i2": "Known."}


async def test_a_join_url_serves_one_client_once(live_customer):
    """Checklist 8.1.4: single use of joinUrl."""
    call = await live_customer.chat()
    async with joined(call["joinUrl"]) as client:
        await client.until("call_started")
        with pytest.raises(InvalidStatus) as refused:
            async with joined(call["joinUrl"]):
                pass
        assert refused.value.response.status_code == 409
    await ends(live_customer, call, "hangup")
    for url in (call["joinUrl"], call["joinUrl"].replace(call["callId"], "nobody")):
        with pytest.raises(InvalidStatus) as refused:
            async with joined(url):
                pass
        assert refused.value.response.status_code == 404


async def test_web_rtc_is_told_to_be_missing(live_customer):
    call = await live_customer.chat(medium={"webRtc": {}})
    assert call["joinUrl"].endswith(f"/calls/{call['callId']}")
    async with joined(call["joinUrl"]) as client:
        code, reason = await client.closed()
    assert code == 1011
    assert "serverWebSocket" in reason


async def test_a_call_that_nobody_joins_is_unjoined(live_customer):
    """Checklist 8.1.4: join timeout."""
    call = await live_customer.chat(joinTimeout="1s")
    await ends(live_customer, call, "unjoined")
    with pytest.raises(InvalidStatus):
        async with joined(call["joinUrl"]):
            pass


async def test_the_longest_duration_ends_with_the_last_words(live_customer):
    call = await live_customer.chat(maxDuration="3s", timeExceededMessage="Our time is up.")
    async with joined(call["joinUrl"]) as client:
        assert (await client.closed())[0] == 1000
        assert client.finals("agent")[-1] == "Our time is up."
    await ends(live_customer, call, "timeout")


async def test_a_client_that_owes_media_and_sends_none_is_cut_off(live_customer):
    call = await live_customer.chat(way={"mediaIdleTimeout": "1s"})
    begun = live_customer.world.clock.elapsed()
    async with joined(call["joinUrl"]) as client:
        await client.speak(SILENCE)
        code, _ = await client.closed()
        assert code == 1001
    assert live_customer.world.clock.elapsed() - begun >= 10
    await ends(live_customer, call, "connection_error")
