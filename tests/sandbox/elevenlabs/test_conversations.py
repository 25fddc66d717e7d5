import asyncio

import pytest
from tests.sandbox.elevenlabs.customers import conversation_in
from tests.waiting import patience

from switchboard.sandbox.phones.residents import Manner

CRITERION = {"id": "told_price", "name": "Price", "conversation_goal_prompt": "The agent told the price of a room"}
WANTED = {"guest_name": {"type": "string", "description": "name of the guest"}}


async def test_a_talk_is_processed_analysed_and_priced(customer):
    """Checklist 11.3: initiated, in-progress, processing, done, on the sandbox's clock."""
    settings = {"evaluation": {"criteria": [CRITERION]}, "data_collection": WANTED}
    agent_id = await customer.agent(settings=settings, first_message="Hello {{guest}}, Casa Verde here.")
    twiml = await customer.registered(agent_id, dynamic_variables={"guest": "Ann"}, user_id="call_1")
    assert await customer.picked_up(twiml) == "platform-closed"
    over = await customer.conversation(twiml)
    assert (over["status"], over["analysis"], over["metadata"]["cost"]) == ("processing", None, None)
    assert over["has_audio"] is False
    done = await customer.becomes(twiml, "done")
    transcript, metadata, analysis = done["transcript"], done["metadata"], done["analysis"]
    assert len(transcript) >= 6
    assert transcript[0]["message"] == "Hello Ann, Casa Verde here."
    assert [turn["role"] for turn in transcript[:4]] == ["agent", "user", "agent", "user"]
    assert transcript[-1]["tool_calls"][0]["tool_name"] == "end_call"
    assert any("95 euros" in turn["message"] for turn in transcript if turn["role"] == "agent")
    assert metadata["termination_reason"] == "end_call tool was called."
    assert metadata["phone_call"]["call_sid"] == "CA" + "2" * 32
    assert 20 < metadata["call_duration_secs"] < 120
    minutes = metadata["call_duration_secs"] / 60
    assert metadata["cost_fiat"] == pytest.approx(0.08 * minutes + 0.0004 * 5, abs=0.002)
    assert metadata["cost"] == round(metadata["cost_fiat"] * 5000)
    assert analysis["call_successful"] == "success"
    assert "+14155550100" in analysis["transcript_summary"]
    assert analysis["evaluation_criteria_results"]["told_price"]["result"] == "success"
    assert analysis["data_collection_results"]["guest_name"]["value"] == "Ann Baker"
    assert done["user_id"] == "call_1"
    assert done["conversation_initiation_client_data"]["dynamic_variables"]["guest"] == "Ann"
    assert done["has_audio"] is True
    assert (await customer.get("/v1/user/subscription"))["character_count"] == metadata["cost"]


async def test_the_transcript_can_be_read_while_it_runs(customer):
    twiml = await customer.registered(await customer.agent(first_message="Good day. " * 100))
    running = asyncio.create_task(customer.picked_up(twiml))
    async with patience():
        while not (shown := await customer.conversation(twiml))["transcript"]:
            await customer.world.clock.sleep(0.05)
    assert shown["status"] == "in-progress"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    done = await customer.becomes(twiml, "done")
    assert done["metadata"]["termination_reason"] == "Call ended by remote party"
    (cut,) = done["transcript"]
    assert cut["interrupted"] is True
    assert cut["original_message"].startswith(cut["message"])


async def test_a_registered_call_that_nobody_joins_fails(customer):
    """Checklist 11.3: failed."""
    twiml = await customer.registered(await customer.agent())
    failed = await customer.becomes(twiml, "failed")
    assert failed["transcript"] == []
    assert failed["analysis"] is None
    assert failed["metadata"]["termination_reason"]


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (Manner.HANGS_UP_AT_ONCE, "Call ended by remote party"),
        (Manner.SILENT, "end_call tool was called."),
        (Manner.TALKS, "end_call tool was called."),
    ],
)
async def test_the_termination_reason_tells_who_ended_it(customer, manner, reason):
    twiml = await customer.registered(await customer.agent())
    await customer.picked_up(twiml, manner)
    assert (await customer.conversation(twiml))["metadata"]["termination_reason"] == reason


async def test_an_agent_without_end_call_leaves_the_hanging_up_to_the_callee(customer):
    agent_id = await customer.agent()
    patch = {"conversation_config": {"agent": {"prompt": {"built_in_tools": {"end_call": None}}}}}
    await customer.http.patch(f"/v1/convai/agents/{agent_id}", json=patch)
    twiml = await customer.registered(agent_id)
    assert await customer.picked_up(twiml) == "callee-hung-up"
    done = await customer.becomes(twiml, "done")
    assert done["transcript"][-1]["role"] == "user"
    assert done["metadata"]["termination_reason"] == "Call ended by remote party"


async def test_the_longest_duration_ends_the_talk(customer):
    agent_id = await customer.agent(max_conversation_duration_message="Time is up.")
    patch = {"conversation_config": {"conversation": {"max_duration_seconds": 5}}}
    await customer.http.patch(f"/v1/convai/agents/{agent_id}", json=patch)
    twiml = await customer.registered(agent_id)
    await customer.picked_up(twiml)
    done = await customer.becomes(twiml, "done")
    assert "maximum duration" in done["metadata"]["termination_reason"]
    assert done["transcript"][-1]["message"] == "Time is up."


async def test_the_recording_is_an_mp3_of_the_calls_length(customer):
    twiml = await customer.registered(await customer.agent())
    path = f"/v1/convai/conversations/{conversation_in(twiml)}/audio"
    assert (await customer.http.get(path)).status_code == 404
    await customer.picked_up(twiml)
    seconds = (await customer.becomes(twiml, "done"))["metadata"]["call_duration_secs"]
    sound = await customer.http.get(path)
    assert sound.headers["content-type"] == "audio/mpeg"
    assert sound.content[:2] == b"\xff\xf3"
    assert len(sound.content) * 8 / 64_000 == pytest.approx(seconds, abs=1)


async def test_an_unrecorded_conversation_has_no_audio(customer):
    twiml = await customer.registered(await customer.agent(settings={"privacy": {"record_voice": False}}))
    await customer.picked_up(twiml, Manner.INTERRUPTS)
    assert (await customer.becomes(twiml, "done"))["has_audio"] is False
    assert (await customer.http.get(f"/v1/convai/conversations/{conversation_in(twiml)}/audio")).status_code == 404


async def test_a_list_has_no_transcript_and_filters(customer):
    first, second = await customer.agent(), await customer.agent()
    mine = await customer.registered(first, user_id="call_1")
    await customer.registered(second)
    await customer.picked_up(mine)
    done = await customer.becomes(mine, "done")
    rating = {"rating": 5, "comment": "Good."}
    await customer.http.post(f"/v1/convai/conversations/{conversation_in(mine)}/feedback", json=rating)
    for query in (
        f"agent_id={first}",
        "user_id=call_1",
        "call_successful=success",
        "exclude_statuses=initiated",
        "rating_min=4",
        f"version_id={done['version_id']}",
    ):
        found = (await customer.get(f"/v1/convai/conversations?{query}"))["conversations"]
        assert [one["conversation_id"] for one in found] == [conversation_in(mine)], query
    (item,) = (await customer.get(f"/v1/convai/conversations?agent_id={first}&summary_mode=include"))[
        "conversations"
    ]
    assert item["message_count"] == len(done["transcript"])
    assert item["transcript_summary"] == done["analysis"]["transcript_summary"]
    assert "transcript" not in item
    assert (await customer.get("/v1/convai/analytics/live-count"))["count"] == 1
    assert (await customer.http.get("/v1/convai/conversations?page_size=101")).status_code == 422


async def test_conversations_are_found_by_what_came_of_them(customer):
    settings = {
        "evaluation": {"criteria": [CRITERION]},
        "data_collection": {"party_size": {"type": "integer", "description": "x"}, **WANTED},
    }
    agent_id = await customer.agent(settings=settings, first_message="Hello {{guest}}, Casa Verde here.")
    mine = await customer.registered(agent_id, dynamic_variables={"guest": "Ann", "age": 40, "vip": True})
    await customer.registered(agent_id, dynamic_variables={"guest": "Bob"})
    await customer.picked_up(mine)
    done = await customer.becomes(mine, "done")
    path = f"/v1/convai/conversations/{conversation_in(mine)}/feedback"
    await customer.http.post(path, json={"comment": "Good."})
    hits = (
        *("evaluation_params=told_price:success", "data_collection_params=guest_name:eq:Ann Baker"),
        *("data_collection_params=guest_name:neq:", "data_collection_params=guest_name:in:x|Ann Baker"),
        *("dynamic_variable_params=guest:eq:Ann", "dynamic_variable_params=age:gte:40"),
        *("dynamic_variable_params=vip:eq:true", "has_feedback_comment=true", "tool_names=end_call"),
        *("search=CASA VERDE here", "exclude_statuses=initiated&main_languages=en&main_languages=de"),
        f"termination_reasons={done['metadata']['termination_reason']}",
    )
    for query in hits:
        found = (await customer.get(f"/v1/convai/conversations?{query}"))["conversations"]
        assert [one["conversation_id"] for one in found] == [conversation_in(mine)], query
    misses = (
        *("evaluation_params=told_price:failure", "dynamic_variable_params=age:gt:40", "topic_ids=x"),
        *("dynamic_variable_params=guest:gt:5", "phone_number_ids=phnum_x", "search=nobody said this"),
    )
    for query in misses:
        assert (await customer.get(f"/v1/convai/conversations?{query}"))["conversations"] == [], query
    asked = "evaluation_criteria_ids=told_price&data_collection_ids=guest_name&exclude_statuses=initiated"
    (item,) = (await customer.get(f"/v1/convai/conversations?{asked}"))["conversations"]
    assert item["evaluation_criteria_results"]["told_price"]["result"] == "success"
    assert set(item["data_collection_results"]) == {"guest_name"}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("call_successful=maybe", 422),
        ("exclude_statuses=over", 422),
        ("call_duration_min_secs=x", 422),
        ("rating_min=6", 422),
        ("evaluation_params=x:y", 422),
        ("data_collection_params=x:like:y", 422),
        ("dynamic_variable_params=x:gt:y", 400),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused_even_when_there_is_nothing_to_find(customer, query, status):
    assert (await customer.http.get(f"/v1/convai/conversations?{query}")).status_code == status


async def test_a_deleted_conversation_is_gone(customer):
    twiml = await customer.registered(await customer.agent())
    path = f"/v1/convai/conversations/{conversation_in(twiml)}"
    assert (await customer.http.delete(path)).status_code == 200
    assert (await customer.http.get(path)).json()["detail"]["code"] == "conversation_not_found"


async def test_feedback_is_shown_with_the_conversation(customer):
    twiml = await customer.registered(await customer.agent())
    path = f"/v1/convai/conversations/{conversation_in(twiml)}"
    for given, status in (
        ({"feedback": "like"}, 200),
        ({"rating": 2, "comment": "Slow."}, 200),
        ({"feedback": 1}, 422),
        ({"rating": "bad"}, 422),
        ({"comment": 5}, 422),
    ):
        assert (await customer.http.post(f"{path}/feedback", json=given)).status_code == status
    feedback = (await customer.get(path))["metadata"]["feedback"]
    assert (feedback["overall_score"], feedback["rating"], feedback["comment"]) == ("like", 2, "Slow.")
    for query in ("text_only=true", "conversation_initiation_source=js_sdk", "tool_names=x", "rating_min=3"):
        assert (await customer.get(f"/v1/convai/conversations?{query}"))["conversations"] == [], query
