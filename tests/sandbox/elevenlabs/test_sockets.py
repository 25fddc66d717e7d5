"""The conversation socket in writing: who may talk, what is said, how it ends. Checklist 11.5 and 11.6."""

import pytest
from tests.sandbox.elevenlabs.talkers import INIT, at_socket, spoken_config, text_config
from tests.waiting import patience


async def test_the_metadata_comes_first_and_convai_is_echoed(talking):
    """Checklist 11.5."""
    agent_id = await talking.made(text_config())
    async with at_socket(talking, agent_id, subprotocols=["convai"]) as talker:
        assert talker.socket.subprotocol == "convai"
        first = await talker.frame()
        assert first["type"] == "conversation_initiation_metadata"
        event = first["conversation_initiation_metadata_event"]
        assert event["conversation_id"].startswith("conv_")
        assert (event["agent_output_audio_format"], event["user_input_audio_format"]) == ("pcm_16000", "pcm_16000")
        assert await talker.answer() == "Casa Verde, good day."


async def test_nothing_is_echoed_to_who_offers_nothing(talking):
    async with at_socket(talking, await talking.made(text_config())) as talker:
        assert talker.socket.subprotocol is None


async def test_a_text_only_talk_runs_from_the_first_message_to_end_call(talking):
    """Checklist 11.5; the order of the fact sheet's example 6.6."""
    agent_id = await talking.made(text_config())
    async with at_socket(talking, agent_id, {**INIT, "user_id": "u1"}) as talker:
        opening = await talker.frame("agent_response")
        await talker.say("When is breakfast served?")
        answer = await talker.frame("agent_response")
        assert "7 to 10" in answer["agent_response_event"]["agent_response"]
        await talker.say("Thank you, goodbye!")
        assert (await talker.closed())[0] == 1000
    parts = [frame["text_response_part"] for frame in talker.frames if "text_response_part" in frame]
    first = [part for part in parts if part["event_id"] == answer["agent_response_event"]["event_id"]]
    assert [first[0]["type"], first[-1]["type"]] == ["start", "stop"]
    assert "".join(part["text"] for part in first) == answer["agent_response_event"]["agent_response"]
    assert all(part["event_id"] > opening["agent_response_event"]["event_id"] for part in parts)
    assert talker.frames[-1]["agent_tool_response"]["tool_name"] == "end_call"
    assert "audio" not in talker.kinds()
    conversation_id = talker.frames[0]["conversation_initiation_metadata_event"]["conversation_id"]
    shown = await talking.settled(conversation_id)
    assert [turn["role"] for turn in shown["transcript"]] == ["agent", "user", "agent", "user", "agent"]
    assert shown["transcript"][1]["source_medium"] == "text"
    metadata = shown["metadata"]
    assert metadata["text_only"] is True
    assert metadata["authorization_method"] == "public"
    assert metadata["phone_call"] is None
    assert metadata["termination_reason"] == "end_call tool was called."
    assert metadata["cost_fiat"] == pytest.approx(5 * 0.003 + 3 * 0.0004)
    assert shown["user_id"] == "u1"
    assert shown["has_audio"] is False
    assert shown["analysis"]["transcript_summary"]


async def test_a_client_that_leaves_ends_the_talk(talking):
    async with at_socket(talking, await talking.made(text_config())) as talker:
        metadata = (await talker.frame())["conversation_initiation_metadata_event"]
        await talker.answer()
    shown = await talking.settled(metadata["conversation_id"])
    assert shown["metadata"]["termination_reason"] == "Client disconnected: 1000"
    assert shown["metadata"]["error"] is None


async def test_only_the_events_asked_for_are_sent(talking):
    """Checklist 11.5: `client_events` is a filter, of the agent or of the first frame."""
    agent_id = await talking.made(text_config())
    override = {"conversation_config_override": {"conversation": {"client_events": ["agent_response"]}}}
    async with at_socket(talking, agent_id, INIT | override) as talker:
        await talker.answer()
        await talker.say("Goodbye!")
        await talker.closed()
    assert set(talker.kinds()) == {"conversation_initiation_metadata", "agent_response"}


async def test_pings_carry_ping_ms_once_it_is_known(talking):
    """Checklist 11.5."""
    async with at_socket(talking, await talking.made(text_config())) as talker:
        first, second = [await talker.frame("ping") for _ in range(2)]
    assert first["ping_event"] == {"event_id": 1, "ping_ms": None}
    assert isinstance(second["ping_event"]["ping_ms"], int)


@pytest.mark.parametrize("is_active", [True, False])
async def test_who_does_not_answer_pings_for_a_minute_is_cut_off_with_1002(talking, is_active):
    """Checklist 11.5: whether something else comes or nothing at all."""
    agent_id = await talking.made(text_config(prompt={"built_in_tools": {"end_call": None}}))
    talking.world.clock.set_speed(100)
    async with at_socket(talking, agent_id) as talker:
        talker.pongs = False
        while is_active and "error" not in talker.kinds():
            await talker.frame()
            await talker.send({"type": "user_activity"})
        assert (await talker.closed())[0] == 1002
    assert talker.error()["error_type"] == "transport_receive_timeout"


async def test_an_override_that_is_not_enabled_is_1008(talking):
    """Checklist 11.5."""
    override = {"conversation_config_override": {"agent": {"first_message": "Hi."}}}
    agent_id = await talking.made(text_config())
    async with at_socket(talking, agent_id, INIT | override) as talker:
        code, reason = await talker.closed()
    assert (code, talker.error()["error_type"]) == (1008, "override_error")
    assert "agent.first_message" in reason
    assert (await talking.get("/v1/convai/conversations"))["conversations"] == []


async def test_enabled_overrides_are_used_and_unknown_ones_tolerated(talking):
    """Checklist 11.8: the Python client puts `text_only` at the top of the override."""
    allowed = {"overrides": {"conversation_config_override": {"agent": {"first_message": True}}}}
    agent_id = await talking.made(text_config(), allowed)
    override = {"conversation_config_override": {"agent": {"first_message": "Hi."}, "text_only": True}}
    async with at_socket(talking, agent_id, {**INIT, **override, "brand_new": {"x": 1}}) as talker:
        assert await talker.answer() == "Hi."


async def test_a_missing_variable_is_1008_and_a_given_one_is_said(talking):
    """Checklist 11.5."""
    agent_id = await talking.made(text_config(first_message="Hello {{guest}}."))
    async with at_socket(talking, agent_id) as talker:
        assert (await talker.closed())[0] == 1008
    assert talker.error()["error_type"] == "missing_dynamic_variable"
    async with at_socket(talking, agent_id, INIT | {"dynamic_variables": {"guest": "Ann"}}) as talker:
        assert await talker.answer() == "Hello Ann."


async def test_an_unknown_message_is_1008(talking):
    """Checklist 11.5."""
    async with at_socket(talking, await talking.made(text_config())) as talker:
        metadata = (await talker.frame())["conversation_initiation_metadata_event"]
        await talker.send({"type": "sing"})
        assert (await talker.closed())[0] == 1008
    assert talker.error() | {"message": "", "reason": ""} == {
        "code": 1008,
        "error_type": "invalid_message",
        "message": "",
        "reason": "",
        "debug_message": None,
        "details": None,
    }
    assert (await talking.settled(metadata["conversation_id"]))["metadata"]["error"]["code"] == 1008


async def test_the_longest_duration_closes_with_1000(talking):
    """Checklist 11.5."""
    config = text_config(max_conversation_duration_message="Time is up.")
    config["conversation"]["max_duration_seconds"] = 3
    async with at_socket(talking, await talking.made(config)) as talker:
        assert (await talker.closed())[0] == 1000
    last_words, reason = [frame for frame in talker.frames if frame["type"] != "ping"][-2:]
    assert last_words["agent_response_event"]["agent_response"] == "Time is up."
    assert (reason["error_event"]["code"], reason["error_event"]["error_type"]) == (1000, "max_duration_exceeded")


@pytest.mark.parametrize(("error_type", "code"), [("llm_timeout", 1002), ("unknown_websocket_crash", 1011)])
async def test_an_ordered_breakage_ends_the_talk_with_its_code(talking, error_type, code):
    """Checklist 11.5: LLM timeout 1002."""
    order = {"error_type": error_type}
    assert (await talking.http.post("/_sandbox/elevenlabs/breakages", json=order)).status_code == 201
    agent_id = await talking.made(text_config())
    talking.world.clock.set_speed(100)
    async with at_socket(talking, agent_id) as talker:
        await talker.answer()
        await talker.say("When is breakfast?")
        assert (await talker.closed())[0] == code
    assert (talker.error()["code"], talker.error()["error_type"]) == (code, error_type)
    async with at_socket(talking, agent_id) as talker:
        await talker.answer()
        await talker.say("When is breakfast?")
        assert "7 to 10" in await talker.answer()


class BrokenModel:
    """A fault of the sandbox itself, where no answer of a model would be one."""

    async def answer(self, messages: object, tools: object) -> None:
        raise ZeroDivisionError


async def test_a_fault_of_the_sandbox_closes_with_1011_and_ends_the_conversation(talking, monkeypatch):
    monkeypatch.setattr(talking.world, "llm", BrokenModel())
    async with at_socket(talking, await talking.made(text_config())) as talker:
        metadata = (await talker.frame())["conversation_initiation_metadata_event"]
        await talker.answer()
        await talker.say("When is breakfast?")
        assert (await talker.closed())[0] == 1011
    assert (await talking.settled(metadata["conversation_id"]))["status"] == "done"


async def test_what_is_noted_in_silence_is_known_later(talking):
    async with at_socket(talking, await talking.made(text_config())) as talker:
        await talker.answer()
        update = {"type": "contextual_update", "text": "The garage costs 12 euros.", "context_id": "page"}
        await talker.send(update)
        await talker.send({"type": "user_activity"})
        await talker.send({"type": "feedback", "event_id": 1, "score": "like"})
        await talker.send({"type": "multimodal_message", "text": {"type": "user_message", "text": "The garage?"}})
        assert "12 euros" in await talker.answer()
    conversation_id = talker.frames[0]["conversation_initiation_metadata_event"]["conversation_id"]
    assert (await talking.settled(conversation_id))["metadata"]["feedback"]["likes"] == 1


async def test_an_agent_with_auth_wants_a_signed_url_or_a_key(talking):
    agent_id = await talking.made(text_config(), {"auth": {"enable_auth": True}})
    async with at_socket(talking, agent_id) as talker:
        assert (await talker.closed())[0] == 1008
    async with at_socket(talking, agent_id, additional_headers={"xi-api-key": "a-key"}) as talker:
        assert (await talker.frame())["type"] == "conversation_initiation_metadata"
    async with at_socket(talking, agent_id, additional_headers={"xi-api-key": "invalid"}) as talker:
        assert (await talker.closed())[0] == 1008


async def test_a_public_agent_may_be_for_some_hosts_only(talking):
    agent_id = await talking.made(text_config(), {"auth": {"allowlist": [{"hostname": "shop.example"}]}})
    async with at_socket(talking, agent_id, origin="https://shop.example") as talker:
        assert (await talker.frame())["type"] == "conversation_initiation_metadata"
    async with at_socket(talking, agent_id, origin="https://elsewhere.example") as talker:
        assert (await talker.closed())[0] == 1008


async def test_an_unknown_agent_or_none_is_1008(talking):
    for query in ("agent_id=agent_nobody", "source=x"):
        async with at_socket(talking, "", query=query) as talker:
            assert (await talker.closed())[0] == 1008


async def _signed(talking, agent_id, **more):
    params = {"agent_id": agent_id, **more}
    answer = await talking.http.get("/v1/convai/conversation/get-signed-url", params=params)
    url = answer.json()["signed_url"]
    assert url.startswith(f"ws://{talking.host}/v1/convai/conversation?")
    return url.partition("?")[2]


async def test_a_signed_url_is_good_for_fifteen_minutes(talking):
    """Checklist 11.6."""
    agent_id = await talking.made(text_config(), {"auth": {"enable_auth": True}})
    query = await _signed(talking, agent_id)
    for code in (None, None, 1008):
        async with at_socket(talking, agent_id, query=query) as talker:
            if code:
                assert (await talker.closed())[0] == code
            else:
                metadata = (await talker.frame())["conversation_initiation_metadata_event"]
        talking.world.clock.set_speed(5000)
        await talking.world.clock.sleep(455)
        talking.world.clock.set_speed(10)
    shown = await talking.settled(metadata["conversation_id"])
    assert shown["metadata"]["authorization_method"] == "signed_url"


async def test_a_signed_url_that_names_its_conversation_is_used_once(talking):
    """Checklist 11.6."""
    agent_id = await talking.made(text_config(), {"auth": {"enable_auth": True}})
    query = await _signed(talking, agent_id, include_conversation_id="true")
    for code in (None, 1008):
        async with at_socket(talking, agent_id, query=query) as talker:
            if code:
                assert (await talker.closed())[0] == code
            else:
                assert (await talker.frame())["type"] == "conversation_initiation_metadata"


async def test_a_signature_of_another_agent_opens_nothing(talking):
    one, other = await talking.made(text_config()), await talking.made(text_config())
    signature = (await _signed(talking, one)).rpartition("&")[2]
    async with at_socket(talking, other, query=f"agent_id={other}&{signature}") as talker:
        assert (await talker.closed())[0] == 1008


async def test_where_there_is_no_room_a_conversation_waits_if_the_agent_queues(talking):
    config = spoken_config()
    settings = {"queueing_config": {"enabled": True, "wait_timeout_seconds": 20}}
    agent_id = await talking.made(config, settings)
    await talking.http.put("/_sandbox/elevenlabs/limits", json={"concurrent_conversations": 1, "burst": 1})
    async with at_socket(talking, agent_id) as first:
        await first.frame()
        async with at_socket(talking, agent_id) as second:
            status = [(await second.frame("queue_status"))["queue_status_event"]["status"]]
            await first.socket.close()
            status.append((await second.frame("queue_status"))["queue_status_event"]["status"])
            async with at_socket(talking, agent_id) as third:
                assert (await third.closed())[0] == 4300
    assert status == ["waiting", "admitted"]
    assert third.kinds()[:2] == ["conversation_initiation_metadata", "queue_status"]


async def test_who_leaves_the_queue_is_never_admitted(talking):
    agent_id = await talking.made(spoken_config(), {"queueing_config": {"enabled": True}})
    await talking.http.put("/_sandbox/elevenlabs/limits", json={"concurrent_conversations": 1, "burst": 1})
    async with at_socket(talking, agent_id) as first:
        await first.frame()
        async with at_socket(talking, agent_id) as second:
            waiting = (await second.frame())["conversation_initiation_metadata_event"]["conversation_id"]
            await second.frame("queue_status")
            await second.frame("ping")
        async with patience():
            while (shown := await talking.get(f"/v1/convai/conversations/{waiting}"))["status"] != "failed":
                await talking.world.clock.sleep(0.1)
    assert shown["metadata"]["accepted_time_unix_secs"] is None
    assert shown["metadata"]["termination_reason"].startswith("Client disconnected")


async def test_time_in_the_queue_is_no_time_of_the_talk(talking):
    config = spoken_config()
    config["conversation"]["max_duration_seconds"] = 20
    agent_id = await talking.made(config, {"queueing_config": {"enabled": True}})
    await talking.http.put("/_sandbox/elevenlabs/limits", json={"concurrent_conversations": 1, "burst": 1})
    talking.world.clock.set_speed(100)
    async with at_socket(talking, agent_id) as first:
        await first.frame()
        async with at_socket(talking, agent_id) as second:
            await second.frame("queue_status")
            assert (await first.closed())[0] == 1000
            assert (await second.frame("queue_status"))["queue_status_event"]["status"] == "admitted"
            assert await second.answer() == "Casa Verde, good day."


async def test_without_a_queue_the_limit_closes_with_1008(talking):
    agent_id = await talking.made(spoken_config())
    await talking.http.put("/_sandbox/elevenlabs/limits", json={"concurrent_conversations": 0, "burst": 1})
    async with at_socket(talking, agent_id) as talker:
        assert (await talker.closed())[0] == 1008


async def test_a_reset_closes_the_socket(talking):
    async with at_socket(talking, await talking.made(text_config())) as talker:
        await talker.frame()
        await talking.world.reset(seed=7)
        assert (await talker.closed())[0] == 1001
