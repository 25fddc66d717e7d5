"""The whole product over real HTTP: every person of the town, on both platforms."""

import psycopg
import pytest
from tests.processes import town
from tests.waiting import wait_until

NUMBERS = {f"{last:04d}": f"+1415555{last:04d}" for last in range(100, 110)} | {"unknown": "+442079460018"}
PLATFORMS = ("ultravox", "elevenlabs")
EITHER = {"callee_hangup", "agent_hangup"}


@pytest.fixture(scope="module")
def served(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE town TEMPLATE {migrated_template}")
    with town(postgres.url("town")) as running, running.worker():
        running.speed(20)
        yield running


@pytest.fixture(scope="module")
def calls(served):
    """Everybody is called; every call ends and settles."""
    agents = {platform: served.agent(platform) for platform in PLATFORMS}
    placed = {}
    for who, to in NUMBERS.items():
        now = {(platform, who): served.place(agents[platform], to) for platform in PLATFORMS}
        # ElevenLabs waits a minute for the phone, and a minute is short at this speed.
        wait_until(lambda now=now: "queued" not in {served.call(call_id)["status"] for call_id in now.values()})
        placed |= now
    served.settled(list(placed.values()))
    return {key: served.call(call_id) for key, call_id in placed.items()}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    ("who", "status", "reasons"),
    [
        ("0100", "completed", EITHER),
        ("0101", "busy", {"callee_busy"}),
        ("0102", "no-answer", {"no_answer"}),
        ("0103", "failed", {"invalid_number"}),
        ("0104", "completed", EITHER),
        ("0105", "completed", {"callee_hangup"}),
        ("0106", "completed", EITHER),
        ("0107", "completed", EITHER),
        ("0108", "completed", EITHER),
        ("0109", "completed", EITHER),
        ("unknown", "completed", EITHER),
    ],
)
def test_every_person_leaves_the_call_as_a_carrier_would_tell(calls, platform, who, status, reasons):
    call = calls[platform, who]
    assert (call["status"], call["reason"] in reasons) == (status, True), call
    assert (call["answered_at"] is not None) == (status == "completed")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("who", ["0100", "unknown"])
def test_a_conversation_leaves_everything_that_one_wants_to_know(served, calls, platform, who):
    call = calls[platform, who]
    turns = served.transcript(call["id"])
    assert len(turns) >= 6
    assert {turn["role"] for turn in turns} >= {"agent", "callee"}
    assert call["summary"]
    assert call["session_id"]
    assert call["carrier_id"].startswith("CA")
    assert call["duration_seconds"] > 0
    assert call["cost"]["final"] is True
    assert float(call["cost"]["amount"]) > 0


def test_an_interrupted_turn_says_so_where_the_platform_tells(served, calls):
    turns = served.transcript(calls["elevenlabs", "0108"]["id"])
    assert any(turn["interrupted"] for turn in turns)


def test_every_phone_rang_once(served, calls):
    dials = served.dials()
    assert sorted(dials) == sorted({call["id"] for call in calls.values()})


def test_every_call_tells_its_end_and_its_settlement_once(served, calls):
    for call in calls.values():
        told = served.told(call["id"])
        assert told.count(f"call.{call['status']}") == told.count("call.settled") == 1
        assert told[0] == "call.queued"
