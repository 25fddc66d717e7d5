"""Conversations in the browser, over a real socket, with platforms in memory."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.calls.talking import LOUD, page
from tests.waiting import patience, until

from switchboard.providers.errors import ProviderOutOfQuota, ProviderUnavailable
from switchboard.providers.talk import AgentAudio, Caption, Interrupted, StateChanged, ToolUsed

STORY = ["call.queued", "call.prepared", "call.answered", "call.completed", "call.settled"]


@pytest.fixture
async def agent(switchboard):
    return await switchboard.agent()


@pytest.fixture
async def line(product_port, agent):
    async with page(product_port, agent["id"]) as opened:
        yield opened


async def the_call(switchboard):
    (call,) = (await switchboard.api.get("/api/v1/calls", params={"direction": "browser"})).json()
    return call


async def test_a_chat_is_a_call_without_a_phone_and_settles_with_the_truth(switchboard, agent, line):
    started = await line.start("text")
    assert started["audio"] is None
    opening = await line.until("caption")
    assert opening == {"type": "caption", "role": "agent", "text": "Casa Verde.", "final": True, "turn": "a0"}
    await line.send({"type": "text", "text": " When do you open? "})
    assert (await line.until("caption"))["text"] == "When do you open?"
    assert (await line.until("state"))["state"] == "thinking"
    assert (await line.until("caption"))["text"] == "We open at nine."
    running = await the_call(switchboard)
    assert (running["status"], running["to"], running["from"]) == ("in-progress", None, None)
    await line.send({"type": "hangup"})
    ended = await line.until("ended")
    assert ended == {"type": "ended", "reason": "callee_hangup", "call_id": started["call_id"]}
    assert await line.closed() == (1000, "")
    await switchboard.work()
    call = await the_call(switchboard)
    assert (call["id"], call["session_id"]) == (started["call_id"], started["session_id"])
    assert (call["status"], call["reason"], call["carrier_id"]) == ("completed", "callee_hangup", None)
    assert call["summary"]
    assert call["cost"] == {"amount": "0.01", "currency": "USD", "final": True}
    assert call["settled_at"]
    assert await switchboard.told(call["id"]) == STORY
    transcript = (await switchboard.api.get(f"/api/v1/calls/{call['id']}/transcript")).json()
    assert [turn["role"] for turn in transcript][:2] == ["callee", "agent"]
    assert (await switchboard.api.get(f"/api/v1/calls/{call['id']}/recording")).content
    talk = switchboard.ultravox.talks[0]
    assert (talk.order.mode, talk.order.call_id, talk.typed) == ("text", call["id"], ["When do you open?"])


async def test_audio_passes_both_ways_at_the_speed_of_life_with_levels(switchboard, line):
    started = await line.start("voice")
    assert started["audio"] == {"encoding": "pcm_s16le", "sample_rate": 16_000}
    (talk,) = switchboard.ultravox.talks
    await line.send(LOUD)
    assert await talk.heard(len(LOUD)) == LOUD
    assert (await line.until("level", lambda frame: frame["callee"] > 0.5))["agent"] == 0
    talk.say(StateChanged("speaking"), AgentAudio(LOUD * 50))  # two seconds at once
    began = asyncio.get_running_loop().time()
    while len(line.audio()) < len(LOUD) * 20:
        await line.next()
    assert asyncio.get_running_loop().time() - began > 0.3, "audio runs ahead of its time by 0.3 s only"
    assert any(isinstance(frame, dict) and frame.get("agent", 0) > 0.5 for frame in line.seen)
    assert await line.until("level", lambda frame: frame["agent"] == 0) == {
        "type": "level",
        "agent": 0.0,
        "callee": 0.0,
    }


async def test_an_interruption_drops_what_was_not_played(switchboard, line):
    await line.start("voice")
    (talk,) = switchboard.ultravox.talks
    talk.say(AgentAudio(LOUD * 500), Interrupted(), AgentAudio(b"\x01\x00" * 640))
    await line.until("interrupted")
    while not line.audio().endswith(b"\x01\x00" * 640):
        await line.next()
    assert len(line.audio()) < len(LOUD) * 12


async def test_a_caption_is_corrected_and_a_tool_is_told(switchboard, line):
    await line.start("voice")
    (talk,) = switchboard.ultravox.talks
    talk.say(Caption("agent", "We", final=False, turn="a7"), ToolUsed("book"), Caption("agent", "W", True, "a7"))
    assert (await line.until("caption", lambda frame: frame["turn"] == "a7"))["final"] is False
    assert await line.until("tool") == {"type": "tool", "name": "book", "failed": False}
    assert (await line.until("caption"))["text"] == "W"


async def test_the_agent_ends_the_talk_after_its_last_words_were_sent(switchboard, line):
    await line.start("voice")
    (talk,) = switchboard.ultravox.talks
    talk.say(AgentAudio(LOUD * 20))
    talk.end("agent_hangup")
    assert (await line.until("ended"))["reason"] == "agent_hangup"
    assert len(line.audio()) == len(LOUD) * 20
    assert talk.hung_up.is_set()


async def test_hanging_up_by_the_api_ends_a_talk(switchboard, line):
    started = await line.start()
    assert (await switchboard.api.post(f"/api/v1/calls/{started['call_id']}/hangup")).status_code == 202
    assert (await line.until("ended"))["reason"] == "hangup_requested"
    await switchboard.work()
    assert (await the_call(switchboard))["reason"] == "hangup_requested"


async def test_a_page_that_goes_away_ends_the_talk(switchboard, product_port, agent):
    async with page(product_port, agent["id"]) as line:
        await line.start()
        line.socket.transport.abort()
        async with patience():
            await switchboard.ultravox.talks[0].hung_up.wait()
    await switchboard.work()
    assert (await the_call(switchboard))["reason"] == "callee_hangup"


async def test_a_talk_whose_process_died_is_noticed_and_settled(switchboard, line):
    started = await line.start()
    # What a killed process leaves behind: a platform that saw its socket break, and a row that nobody ends.
    await switchboard.sql(f"UPDATE calls SET stage = 'over' WHERE id = '{started['call_id']}'")
    await line.send({"type": "hangup"})
    await line.closed()
    await switchboard.sql(f"UPDATE calls SET stage = 'talking' WHERE id = '{started['call_id']}'")
    assert (await the_call(switchboard))["status"] == "in-progress"
    await switchboard.work()
    call = await the_call(switchboard)
    assert (call["status"], call["reason"], call["settled_at"] is not None) == ("completed", "callee_hangup", True)


async def test_a_talk_that_never_ends_is_ended(switchboard, line):
    started = await line.start()
    await switchboard.age(started["call_id"], 700)
    await switchboard.work()
    assert switchboard.ultravox.ended == [started["session_id"]]
    assert (await the_call(switchboard))["reason"] == "max_duration"
    await line.closed()


async def test_a_call_that_never_began_is_given_up_in_words(switchboard, line):
    started = await line.start()
    await line.send({"type": "hangup"})
    await line.closed()
    reset = "status = 'queued', stage = 'queued', answered_at = NULL, ended_at = NULL, reason = NULL"
    await switchboard.sql(f"UPDATE calls SET {reset} WHERE id = '{started['call_id']}'")
    await switchboard.age(started["call_id"], 1_000)
    await switchboard.parts.call_jobs.following.watch()
    call = await the_call(switchboard)
    assert (call["status"], call["reason"]) == ("failed", "stuck")
    assert "never began" in call["reason_detail"]


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (ProviderUnavailable("Down.", provider="ultravox"), 503, "platform_unavailable"),
        (ProviderOutOfQuota("Spent.", provider="ultravox"), 424, "provider_out_of_quota"),
    ],
)
async def test_a_platform_that_cannot_is_told_and_no_twin_steps_in(
    switchboard, product_port, error, status, reason
):
    twin = await switchboard.agent(platform="elevenlabs")
    agent = await switchboard.agent(fallback_agent_id=twin["id"])
    switchboard.ultravox.fail_next(error)
    async with page(product_port, agent["id"]) as line:
        await line.send({"type": "start"})
        problem = (await line.until("error"))["problem"]
        assert (problem["status"], problem["detail"], problem["provider"]) == (status, error.detail, "ultravox")
        assert await line.closed() == (4000 + status, error.slug)
    call = await the_call(switchboard)
    assert (call["status"], call["reason"]) == ("failed", reason)
    assert not switchboard.elevenlabs.talks


async def test_an_agent_that_does_not_exist_or_lacks_a_value_is_a_problem(switchboard, product_port):
    async with page(product_port, "agt_nobody") as line:
        await line.send({"type": "start"})
        assert (await line.until("error"))["problem"]["code"] == "unknown-agent"
        assert await line.closed() == (4404, "unknown-agent")
    agent = await switchboard.agent(prompt="Greet {{guest}}.", variables={"guest": {"type": "string"}})
    async with page(product_port, agent["id"]) as line:
        await line.send({"type": "start"})
        assert (await line.until("error"))["problem"]["errors"][0]["field"] == "variables.guest"
    async with page(product_port, agent["id"]) as line:
        await line.start(variables={"guest": "Ann"})
    assert switchboard.ultravox.talks[0].order.variables == {"guest": "Ann"}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x00\x00", 1003),
        ("{", 1007),
        ("[]", 1007),
        ('"start"', 1007),
        ('{"type":"start","mode":"dance"}', 1007),
        ('{"type":"start","variables":{"a":"\\u0000"}}', 1007),
        ('{"type":"start","variables":{"a":1e999}}', 1007),
        ('{"type":"text","text":"too early"}', 1008),
        ('{"type":"nonsense"}', 1008),
        ("{}", 1008),
        ("x" * 20_000, 1009),
        (b"\x00" * 10_000_000, 1009),
    ],
    ids=lambda value: str(value)[:24],
)
async def test_a_wrong_first_frame_closes_the_socket_with_its_code(switchboard, line, frame, code):
    await line.send(frame)
    closed, said = await line.closed()
    assert closed == code
    assert said
    assert not switchboard.ultravox.talks


@pytest.mark.parametrize(
    ("mode", "frame", "code"),
    [
        ("text", b"\x00\x00", 1003),
        ("voice", b"\x00", 1007),
        ("voice", b"\x00" * 70_000, 1009),
        ("text", '{"type":"text","text":" "}', 1007),
        ("text", '{"type":"text","text":"' + "x" * 4_001 + '"}', 1007),
        ("text", '{"type":"start"}', 1008),
    ],
    ids=lambda value: str(value)[:32],
)
async def test_a_wrong_frame_later_on_ends_the_talk_and_its_call(switchboard, line, mode, frame, code):
    await line.start(mode)
    await line.send(frame)
    assert (await line.until("ended"))["reason"] == "page_error"
    assert (await line.closed())[0] == code
    assert switchboard.ultravox.talks[0].hung_up.is_set()


@given(frames=st.lists(st.binary(max_size=200) | st.text(max_size=200), min_size=1, max_size=4))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
async def test_whatever_a_page_sends_it_is_closed_in_order(switchboard, product_port, agent, frames):
    async with page(product_port, agent["id"]) as line:
        await line.send({"type": "start", "mode": "voice"})
        for frame in frames:
            await line.send(frame)
        await line.send({"type": "hangup"})
        code, _ = await line.closed()
    assert code in {1000, 1003, 1007, 1008, 1009}
    assert all(talk.hung_up.is_set() for talk in switchboard.ultravox.talks)
    assert switchboard.parts.talks._running == 0  # noqa: SLF001 -- what a leak would leave


async def test_many_talks_leave_nothing_behind(switchboard, product_port, agent):
    async def one(number):
        async with page(product_port, agent["id"]) as line:
            await line.start("voice" if number % 2 else "text")
            await line.send({"type": "hangup"})
            return await line.closed()

    before = len(asyncio.all_tasks())
    assert {code for code, _ in await asyncio.gather(*(one(n) for n in range(20)))} == {1000}
    assert len(asyncio.all_tasks()) <= before
    await switchboard.work()
    calls = (await switchboard.api.get("/api/v1/calls", params={"direction": "browser"})).json()
    assert len({call["session_id"] for call in calls}) == 20
    assert all(call["settled_at"] for call in calls)


async def test_audio_that_a_platform_does_not_take_is_dropped_and_not_kept(switchboard, line):
    await line.start("voice")
    (talk,) = switchboard.ultravox.talks
    talk.takes_audio = False
    for number in range(400):  # 16 seconds
        await line.send(number.to_bytes(2, "little") * 640)
    await line.send({"type": "text", "text": "Did you hear?"})  # read after all sound
    await line.until("caption", lambda frame: frame["text"] == "Did you hear?")
    talk.takes_audio = True
    newest = (399).to_bytes(2, "little") * 640
    await until(lambda: talk.audio.endswith(newest))
    assert len(talk.audio) <= 32_000 * 5 + 2 * len(newest)


async def test_a_conversation_that_cannot_be_written_down_is_hung_up(
    switchboard, product_port, agent, monkeypatch
):
    async def lost(*_):
        raise OSError("The database has gone.")

    monkeypatch.setattr(switchboard.parts.talks._record, "talking", lost)  # noqa: SLF001 -- fails nowhere else
    async with page(product_port, agent["id"]) as line:
        await line.send({"type": "start"})
        await line.closed()
    (talk,) = switchboard.ultravox.talks
    assert talk.hung_up.is_set()


async def test_an_idle_page_and_a_full_house_are_told(switchboard, product_port, agent):
    settings_ = switchboard.parts.talks.settings
    switchboard.parts.talks.settings = settings_.model_copy(update={"talk_idle_seconds": 0.05, "max_talks": 1})
    try:
        async with page(product_port, agent["id"]) as line:
            await line.start()
            assert (await line.until("ended"))["reason"] == "idle"
        switchboard.parts.talks.settings = settings_.model_copy(update={"max_talks": 0})
        async with page(product_port, agent["id"]) as line:
            await line.send({"type": "start"})
            assert (await line.closed())[0] == 4503
    finally:
        switchboard.parts.talks.settings = settings_


async def test_a_server_that_stops_ends_its_talks_in_order(switchboard, line):
    await line.start()
    switchboard.parts.talks.stop()
    try:
        assert (await line.until("ended"))["reason"] == "switchboard_stopped"
        assert (await line.closed())[0] == 1001
    finally:
        switchboard.parts.talks.stopping.clear()


async def test_calls_are_listed_by_direction(switchboard, line):
    await switchboard.place()
    await line.start()
    for direction, count in (("browser", 1), ("outbound", 1), ("inbound", 0)):
        found = (await switchboard.api.get("/api/v1/calls", params={"direction": direction})).json()
        assert [call["direction"] for call in found] == [direction] * count
    assert (await switchboard.api.get("/api/v1/calls", params={"direction": "sideways"})).status_code == 422
