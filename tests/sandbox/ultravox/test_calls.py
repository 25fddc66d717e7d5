import io
import wave

import pytest
from tests.sandbox.speech.words import plain

from switchboard.sandbox.phones.residents import Manner
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.timbre import RATE


async def test_a_new_call_waits_at_its_join_url(customer):
    agent_id = await customer.agent(systemPrompt="The guest is {{guest}}.")
    call = await customer.call(agent_id, templateContext={"guest": "Ann"}, metadata={"order": "12"})
    assert call["joinUrl"] == f"ws://sandbox.test/calls/{call['callId']}/telephony"
    assert call["systemPrompt"] == "The guest is Ann."
    assert call["billingStatus"] == "BILLING_STATUS_PENDING"
    assert call["agent"] == {"agentId": agent_id, "name": "rosa"}
    assert call["metadata"] == {"order": "12"}
    assert [call[key] for key in ("joined", "ended", "endReason", "summary", "billedDuration")] == [None] * 5
    assert (await customer.get(f"/api/agents/{agent_id}"))["statistics"]["calls"] == 1


@pytest.mark.parametrize(
    "order",
    [
        {"systemPrompt": "cannot be overridden"},
        {"templateContext": {}},
        {"templateContext": []},
        {"metadata": {"n": 5}},
        {"metadata": {"ultravox.x": "y"}},
        {"medium": {"twilio": {}, "webRtc": {}}},
        {"medium": {"pigeon": {}}},
        {"medium": {"twilio": {"outgoing": {"to": "+14155550100"}}}},
        {"toolOverrides": []},
        {"toolOverrides": {"remove": ["x"], "removeAll": True}},
        {"callbacks": {"started": {"url": "http://a.test"}}},
        {"callbacks": {"ended": {"url": "ftp://a.test"}}},
        {"joinTimeout": "soon"},
        {"voice": "Nobody"},
    ],
)
async def test_a_bad_order_is_refused_and_makes_no_call(customer, order):
    """Checklist 8.1.3: 400 on unknown fields of calls."""
    agent_id = await customer.agent(systemPrompt="The guest is {{guest}}.")
    body = {"templateContext": {"guest": "Ann"}, **order}
    answer = await customer.http.post(f"/api/agents/{agent_id}/calls", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]
    assert (await customer.get("/api/calls"))["total"] == 0


async def test_a_context_schema_decides_what_is_required(customer):
    schema = {"type": "object", "properties": {"guest": {}}, "required": []}
    agent_id = await customer.agent(systemPrompt="The guest is {{guest}}.", contextSchema=schema)
    assert (await customer.call(agent_id))["systemPrompt"] == "The guest is ."


@pytest.mark.parametrize(
    ("schema", "context", "broken"),
    [
        ({"type": "string"}, 5, "5 is not of type 'string'"),
        ({"type": ["integer", "null"]}, True, "True is not of type"),
        ({"enum": ["a", "b"]}, "c", "'c' is not one of"),
        ({"const": 1}, 2, "1 was expected"),
        ({"type": "object", "required": ["name"]}, {}, "'name' is a required property"),
        ({"additionalProperties": False, "properties": {"a": {}}}, {"b": 1}, "'b' was unexpected"),
        ({"type": "array", "items": {"type": "number"}}, [1, "2"], "'2' is not of type 'number'"),
    ],
)
async def test_a_context_that_breaks_its_schema_is_refused(customer, schema, context, broken):
    agent_id = await customer.agent(contextSchema={"type": "object", "properties": {"guest": schema}})
    answer = await customer.http.post(
        f"/api/agents/{agent_id}/calls", json={"templateContext": {"guest": context}}
    )
    assert answer.status_code == 400
    assert broken in answer.json()["detail"]
    await customer.call(agent_id)


@pytest.mark.parametrize("nonsense", [5, "x", {"a": 1}, [[], {}, None, 5]])
async def test_a_context_schema_that_makes_no_sense_forbids_nothing(customer, nonsense):
    words = ("type", "required", "properties", "additionalProperties", "items")
    schema = {**dict.fromkeys(words, nonsense), "enum": 5}
    agent_id = await customer.agent(contextSchema={"properties": {"guest": schema, "guests": schema}, **schema})
    await customer.call(agent_id, templateContext={"guest": {"a": 1}, "guests": [1]})
    agent_id = await customer.agent(contextSchema={"properties": {"guest": schema, "guests": schema}})
    await customer.call(agent_id, templateContext={"guest": {"a": 1}, "guests": [1]})


async def test_an_unknown_agent_takes_no_calls(customer):
    assert (await customer.http.post("/api/agents/nobody/calls", json={})).status_code == 404


async def test_a_talk_is_recorded_summed_up_and_billed(customer):
    """Checklist 8.1.4: billing status, and 8: a recording with 200."""
    call = await customer.call(
        await customer.agent(voice="Mark"),
        firstSpeakerSettings={"user": {"fallback": {"delay": "2s", "text": "Casa Verde, good day."}}},
    )
    assert await customer.picked_up(call) == "platform-closed"
    ended = await customer.get(f"/api/calls/{call['callId']}")
    assert ended["endReason"] == "agent_hangup"
    assert ended["billingStatus"] == "BILLING_STATUS_PENDING"
    assert ended["billedDuration"] is None
    assert "+14155550100" in ended["summary"]
    assert ended["summary"].startswith("The agent ")
    assert ended["metadata"]["ultravox.twilio.call_sid"] == "CA" + "2" * 32
    messages = await customer.messages(call)
    assert len(messages) >= 6
    assert [message["text"] for message in messages[:2]] == ["Hello?", "Casa Verde, good day."]
    assert [message["callStageMessageIndex"] for message in messages] == list(range(len(messages)))
    assert any("95 euros" in message["text"] for message in messages if message["role"] == "MESSAGE_ROLE_AGENT")
    billed = await customer.becomes(call, "billingStatus", "BILLING_STATUS_FREE_MINUTES")
    seconds = int(billed["billedDuration"].removesuffix("s"))
    assert seconds % 6 == 0
    sound = await customer.http.get(f"/api/calls/{call['callId']}/recording")
    assert sound.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(sound.content)) as file:
        assert seconds - 6 <= file.getnframes() / file.getframerate() <= seconds
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        both = memoryview(file.readframes(file.getnframes())).cast("h")
    agent = Resampler(8000, RATE).feed(both[1::2].tobytes(), last=True)
    greets_at = 2 * int(float(messages[1]["timespan"]["start"].removesuffix("s")) * RATE)
    assert "good day" in plain(await customer.world.studio.hear(agent[greets_at : greets_at + 4 * 2 * RATE]))
    account = await customer.get("/api/accounts/me")
    assert account["freeTimeUsed"] == f"{seconds}s"
    assert account["freeTimeRemaining"] == f"{1800 - seconds}s"


async def test_messages_can_be_read_and_added_while_the_call_runs(customer):
    patient = [{"duration": "900s", "message": "Hello?"}]
    first = {"agent": {"text": "Casa Verde, good day."}}
    call = await customer.call(await customer.agent(inactivityMessages=patient), firstSpeakerSettings=first)
    running = customer.world.spawn(_until_over(customer, call, Manner.SILENT))
    path = f"/api/calls/{call['callId']}/send_data_message"
    await customer.until_said(call, "Casa Verde, good day.")
    said = {"type": "forced_agent_message", "content": "Hold the line, please."}
    assert (await customer.http.post(path, json=said)).status_code == 204
    await customer.until_said(call, "Hold the line, please.")
    typed = {"type": "user_text_message", "text": "When is breakfast?"}
    assert (await customer.http.post(path, json=typed)).status_code == 204
    await customer.until_said(call, "Breakfast is served from 7 to 10 on the terrace.")
    assert (await customer.http.post(path, json={"type": "hang_up", "message": "Bye."})).status_code == 204
    await running
    messages = await customer.messages(call)
    assert (messages[2]["text"], messages[2]["medium"]) == ("When is breakfast?", "MESSAGE_MEDIUM_TEXT")
    assert messages[-1]["text"] == "Bye."
    assert (await customer.get(f"/api/calls/{call['callId']}"))["endReason"] == "agent_hangup"


async def _until_over(customer, call, manner) -> None:
    await customer.picked_up(call, manner)


@pytest.mark.parametrize("message", [{"type": "hang_up"}, {"type": "user_text_message", "text": "x"}])
async def test_a_message_to_a_call_that_is_not_joined_is_422(customer, message):
    """Checklist 8.1.4: 422 on data messages to calls that are not active."""
    call = await customer.call(await customer.agent())
    path = f"/api/calls/{call['callId']}/send_data_message"
    assert (await customer.http.post(path, json=message)).status_code == 422
    await customer.picked_up(call, Manner.HANGS_UP_AT_ONCE)
    assert (await customer.http.post(path, json=message)).status_code == 422


@pytest.mark.parametrize("message", [{}, {"type": "dance"}])
async def test_an_unknown_data_message_is_refused(customer, message):
    call = await customer.call(await customer.agent())
    answer = await customer.http.post(f"/api/calls/{call['callId']}/send_data_message", json=message)
    assert answer.status_code == 400


async def test_a_call_that_nobody_joins_ends_unjoined_and_free(customer):
    """Checklist 8.1.4: join timeout, billed as free."""
    call = await customer.call(await customer.agent(), joinTimeout="5s")
    ended = await customer.becomes(call, "endReason", "unjoined")
    assert ended["joined"] is None
    await customer.becomes(call, "billingStatus", "BILLING_STATUS_FREE_ZERO_EFFECTIVE_DURATION")
    assert await customer.picked_up(call) == "platform-closed"
    assert await customer.messages(call) == []


async def test_a_join_url_serves_once(customer):
    call = await customer.call(await customer.agent())
    await customer.picked_up(call)
    said = await customer.messages(call)
    assert await customer.picked_up(call) == "platform-closed"
    assert await customer.messages(call) == said


@pytest.mark.parametrize(
    ("template", "manner", "reason"),
    [
        ({}, Manner.HANGS_UP_AT_ONCE, "hangup"),
        ({"selectedTools": []}, Manner.TALKS, "hangup"),
        ({"maxDuration": "5s"}, Manner.TALKS, "timeout"),
        ({}, Manner.SILENT, "agent_hangup"),
    ],
)
async def test_the_end_reason_tells_who_ended_it(customer, template, manner, reason):
    call = await customer.call(await customer.agent(**template))
    await customer.picked_up(call, manner)
    assert (await customer.get(f"/api/calls/{call['callId']}"))["endReason"] == reason


async def test_inactivity_messages_are_said_into_silence_and_can_end_the_call(customer):
    lines = [
        {"duration": "3s", "message": "Hello, {{guest}}?"},
        {"duration": "2s", "message": "I am closing.", "endBehavior": "END_BEHAVIOR_HANG_UP_SOFT"},
    ]
    agent_id = await customer.agent(inactivityMessages=lines, selectedTools=[])
    call = await customer.call(agent_id, templateContext={"guest": "Ann"})
    await customer.picked_up(call, Manner.SILENT)
    texts = [message["text"] for message in await customer.messages(call)]
    assert texts[1:] == ["Hello, Ann?", "I am closing."]
    assert (await customer.get(f"/api/calls/{call['callId']}"))["endReason"] == "agent_hangup"


async def test_a_dead_line_ends_the_call_as_hangup(customer):
    first = {"agent": {"text": "Good day. " * 100}}
    call = await customer.call(await customer.agent(), firstSpeakerSettings=first)
    running = customer.world.spawn(_until_over(customer, call, Manner.TALKS))
    while not await customer.messages(call):
        await customer.world.clock.sleep(0.2)
    running.cancel()
    await customer.becomes(call, "endReason", "hangup")


async def test_a_call_is_deleted_only_after_billing_and_leaves_a_tombstone(customer):
    """Checklist 8.1.4: 425 on an early DELETE."""
    call = await customer.call(await customer.agent())
    path = f"/api/calls/{call['callId']}"
    assert (await customer.http.delete(path)).status_code == 425
    await customer.picked_up(call, Manner.HANGS_UP_AT_ONCE)
    assert (await customer.http.delete(path)).status_code == 425
    await customer.billed(call)
    assert (await customer.http.delete(path)).status_code == 204
    assert (await customer.http.get(path)).status_code == 404
    (tombstone,) = (await customer.get("/api/deleted_calls"))["results"]
    assert tombstone["callId"] == call["callId"]
    assert tombstone["hadSummary"]


async def test_a_recording_is_there_only_when_asked_for_and_over(customer):
    asked = await customer.call(await customer.agent())
    unasked = await customer.call(await customer.agent(recordingEnabled=False))
    assert (await customer.http.get(f"/api/calls/{asked['callId']}/recording")).status_code == 404
    await customer.picked_up(unasked)
    assert (await customer.http.get(f"/api/calls/{unasked['callId']}/recording")).status_code == 404


async def test_direct_calls_have_no_agent(customer):
    body = {"systemPrompt": "We sell tea.", "medium": {"twilio": {}}, "firstSpeaker": "FIRST_SPEAKER_USER"}
    answer = await customer.http.post("/api/calls", json=body)
    assert answer.status_code == 201
    call = answer.json()
    assert (call["agent"], call["firstSpeaker"]) == (None, "FIRST_SPEAKER_USER")
    await customer.picked_up(call)
    assert any("We sell tea." in message["text"] for message in await customer.messages(call))
    assert (await customer.http.post("/api/calls", json={"templateContext": {}})).status_code == 400


async def test_calls_are_filtered(customer):
    first, second = await customer.agent(), await customer.agent()
    mine = await customer.call(first, metadata={"campaign": "autumn"})
    await customer.call(second)
    for query in (f"agentIds={first}", "metadata.campaign=autumn"):
        found = await customer.get(f"/api/calls?{query}")
        assert [call["callId"] for call in found["results"]] == [mine["callId"]]
    assert (await customer.get(f"/api/agents/{first}/calls"))["total"] == 1
    assert (await customer.get("/api/calls?toDate=2020-01-01"))["total"] == 0
    assert (await customer.get("/api/calls?fromDate=2020-01-01"))["total"] == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("voiceId=Mark", 1),
        ("voiceId=nobody", 0),
        ("fromDate=2020-01-01T00:00:00%2B02:00", 1),
        ("toDate=9999-12-31", 1),
        ("timeOfDayStart=00:00:00%2B02:00", 1),
        ("timeOfDayEnd=23:59:59.999999", 1),
        ("durationMin=1s", 0),
    ],
)
async def test_filters_say_which_calls(customer, query, found):
    await customer.call(await customer.agent(voice="Mark"))
    assert (await customer.get(f"/api/calls?{query}"))["total"] == found


@pytest.mark.parametrize(
    "query",
    ["fromDate=x", "fromDate=0001-01-01T00:00:00%2B05:00", "timeOfDayStart=x", "durationMin=x", "pageSize=0"],
)
async def test_a_filter_that_cannot_be_read_is_refused(customer, query):
    await customer.call(await customer.agent())
    assert (await customer.http.get(f"/api/calls?{query}")).status_code == 400


async def test_limits_are_kept_and_say_when_to_come_back(customer):
    """Checklist 8.1.5: 429 with Retry-After."""
    agent_id = await customer.agent()
    await customer.http.put("/_sandbox/ultravox/limits", json={"concurrent_calls": 1})
    await customer.call(agent_id)
    answer = await customer.http.post(f"/api/agents/{agent_id}/calls", json={})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    await customer.http.put("/_sandbox/ultravox/limits", json={"calls_per_minute": 1})
    assert (await customer.http.post(f"/api/agents/{agent_id}/calls", json={})).status_code == 429
    assert (await customer.get("/api/accounts/me"))["activeCalls"] == 1
