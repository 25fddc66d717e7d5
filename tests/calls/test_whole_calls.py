import pytest
from tests.fakes import carrier as outcomes
from tests.fakes.carrier import Outcome
from tests.harness import BUSY, INVALID, NO_ANSWER, TALKS

from switchboard.providers.normalised import CallStatus

STORY = [
    "call.queued",
    "call.prepared",
    "call.initiated",
    "call.ringing",
    "call.answered",
    "call.completed",
    "call.settled",
]


@pytest.mark.parametrize("platform", ["ultravox", "elevenlabs"])
async def test_a_whole_call_tells_its_story_in_order(switchboard, platform):
    call_id = await switchboard.place(TALKS, await switchboard.agent(platform=platform))
    await switchboard.work()
    assert await switchboard.told(call_id) == STORY


async def test_a_whole_call_ends_with_the_truth(switchboard):
    call_id = await switchboard.place(TALKS)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"], shown["duration_seconds"]) == ("completed", "callee_hangup", 12)
    assert shown["summary"]
    assert shown["successful"] == "success"
    assert shown["cost"] == {"amount": "0.024", "currency": "USD", "final": True}
    assert shown["session_id"] in switchboard.ultravox.sessions
    assert shown["carrier_id"] in switchboard.carrier.calls
    assert shown["created_at"] <= shown["initiated_at"] <= shown["answered_at"] <= shown["ended_at"]
    assert shown["ended_at"] <= shown["settled_at"]


async def test_every_turn_is_told_once_and_kept(switchboard):
    call_id = await switchboard.place(TALKS)
    await switchboard.work()
    transcript = (await switchboard.api.get(f"/api/v1/calls/{call_id}/transcript")).json()
    events = await switchboard.parts.events.of_call(call_id)
    told = [event.data["index"] for event in events if event.type == "call.turn"]
    assert [turn["index"] for turn in transcript] == told == list(range(6))
    assert transcript[1] == {
        "index": 1,
        "role": "agent",
        "text": "Casa Verde.",
        "at_seconds": 2.0,
        "interrupted": False,
    }


async def test_the_cost_adds_up_line_by_line(switchboard):
    call_id = await switchboard.place(TALKS)
    await switchboard.work()
    cost = (await switchboard.api.get(f"/api/v1/calls/{call_id}/cost")).json()
    assert {(line["provider"], line["amount"]) for line in cost["lines"]} == {
        ("ultravox", "0.01"),
        ("twilio", "0.014"),
    }
    assert cost["amount"] == "0.024"


@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [
        (BUSY, "busy", "callee_busy"),
        (NO_ANSWER, "no-answer", "no_answer"),
        (INVALID, "failed", "invalid_number"),
    ],
)
async def test_a_call_nobody_answers_settles_without_a_transcript(switchboard, number, status, reason):
    call_id = await switchboard.place(number)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"], shown["duration_seconds"]) == (status, reason, 0)
    assert shown["answered_at"] is None
    assert shown["settled_at"]
    assert (await switchboard.told(call_id))[-2:] == [f"call.{status}", "call.settled"]
    assert (await switchboard.api.get(f"/api/v1/calls/{call_id}/transcript")).json() == []


async def test_a_call_that_fails_on_the_line_ends_failed(switchboard):
    switchboard.carrier.outcomes["+14155550142"] = outcomes.FAILS
    call_id = await switchboard.place("+14155550142")
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("failed", "carrier_failed")


async def test_a_call_that_was_over_before_anybody_looked_still_has_its_transcript(switchboard):
    answered_and_gone = Outcome((CallStatus.QUEUED, CallStatus.COMPLETED))
    switchboard.carrier.outcomes["+14155550142"] = answered_and_gone
    call_id = await switchboard.place("+14155550142")
    await switchboard.work_once("calls")
    session_id = (await switchboard.shown(call_id))["session_id"]
    switchboard.ultravox.join(session_id)
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert (shown["status"], shown["reason"]) == ("completed", "callee_hangup")
    assert shown["answered_at"]
    assert len((await switchboard.api.get(f"/api/v1/calls/{call_id}/transcript")).json()) == 6
    assert shown["summary"]


async def test_the_recording_is_the_platforms_own(switchboard):
    call_id = await switchboard.place(TALKS)
    early = await switchboard.api.get(f"/api/v1/calls/{call_id}/recording")
    await switchboard.work()
    late = await switchboard.api.get(f"/api/v1/calls/{call_id}/recording")
    assert (early.status_code, early.json()["code"]) == (404, "no-recording")
    assert (late.status_code, late.content, late.headers["content-type"]) == (200, b"RIFF-recording", "audio/wav")


async def test_the_agents_variables_reach_the_platform(switchboard):
    agent = await switchboard.agent(
        first_message="Hello {{guest}}.", variables={"guest": {}, "day": {"default": "Monday"}}
    )
    call_id = await switchboard.place(TALKS, agent, variables={"guest": "Ann"})
    await switchboard.work_once("calls")
    (order,) = switchboard.ultravox.opened
    assert order.call_id == call_id
    assert order.first_message == "Hello Ann."
    assert order.variables == {"guest": "Ann", "day": "Monday"}
