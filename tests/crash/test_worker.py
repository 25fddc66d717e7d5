"""A worker is killed while calls stand at every step; the next worker brings each to the same end."""

import signal
from dataclasses import dataclass

import psycopg
import pytest
from tests.processes import Town, town
from tests.waiting import wait_until

TALKS, GONE_AT_ONCE, TALKS_AT_LENGTH = "+14155550100", "+14155550105", "+14155550107"
DIAL = {"provider": "twilio", "method": "POST", "path": "*/Calls.json"}
HELD = 40.0
"""Seconds that a vendor keeps the worker waiting: longer than it has left to live."""


@dataclass
class Steps:
    """Brings one call to each step and leaves it there."""

    town: Town

    def in_conversation(self, agent):
        call_id = self.town.place(agent, TALKS_AT_LENGTH)
        wait_until(lambda: len(self.town.transcript(call_id)) >= 2)
        return call_id

    def settling(self, agent):
        call_id = self.town.place(agent, GONE_AT_ONCE)
        wait_until(lambda: self.town.call(call_id)["carrier_id"])
        path = f"*/Calls/{self.town.call(call_id)['carrier_id']}.json"
        self.town.fault(provider="twilio", method="GET", path=path, delay_seconds=HELD, count=4)
        wait_until(lambda: self.town.call(call_id)["status"] == "completed")
        assert self.town.call(call_id)["settled_at"] is None
        return call_id

    def preparing(self, agent):
        path = "/api/agents/*/calls"
        self.town.fault(provider="ultravox", method="POST", path=path, delay_seconds=HELD, count=1)
        asked = self._requests(path)
        call_id = self.town.place(agent, TALKS)
        wait_until(lambda: self._requests(path) > asked)
        return call_id

    def looked_for(self, agent):
        """The carrier has dialled, but its answer was lost, and it does not say what it has."""
        self.town.fault(**DIAL, drop="after", count=1)
        self.town.fault(provider="twilio", method="GET", path="*/Calls.json", delay_seconds=HELD, count=1)
        call_id = self.town.place(agent, TALKS)
        wait_until(lambda: self._requests("*/Calls.json", "GET") > 0)
        return call_id

    def never_dialled(self, agent):
        """The request is on its way when the worker dies, and never arrives."""
        self.town.fault(**DIAL, delay_seconds=HELD, drop="before", count=1)
        return self._dialling(self.town.place(agent, TALKS))

    def dialled_unrecorded(self, agent, worker):
        """The carrier dials, but the worker is gone before it can write that down."""
        self.town.fault(**DIAL, delay_seconds=1.0, count=1)
        call_id = self._dialling(self.town.place(agent, TALKS))
        worker.send_signal(signal.SIGSTOP)
        rung = len(self._rung())
        wait_until(lambda: len(self._rung()) > rung)
        return call_id

    def _dialling(self, call_id):
        wait_until(lambda: call_id in self.town.dials())
        return call_id

    def _rung(self):
        return self.town.sandbox.get("/_sandbox/calls").json()

    def _requests(self, path, method="POST"):
        asked = {"method": method, "path": path}
        return len(self.town.sandbox.get("/_sandbox/requests", params=asked).json())


@pytest.fixture(scope="module")
def running(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE crash TEMPLATE {migrated_template}")
    with town(postgres.url("crash"), SWITCHBOARD_CALLS_LOCATE_SECONDS="15") as started:
        yield started


@pytest.fixture(scope="module")
def calls(running):
    """Every call by the step at which its worker was killed, after another worker has finished it."""
    steps, agent = Steps(running), running.agent("ultravox")
    running.speed(5)
    with running.worker() as first:
        placed = {"in_conversation": steps.in_conversation(agent)}
        for step in ("settling", "looked_for", "never_dialled", "preparing"):
            placed[step] = getattr(steps, step)(agent)
        placed["dialled_unrecorded"] = steps.dialled_unrecorded(agent, first)
        first.kill()
        first.wait()
    placed["waiting"] = running.place(agent, TALKS)
    running.sandbox.delete("/_sandbox/faults")
    running.speed(20)
    with running.worker():
        running.settled(list(placed.values()))
    return {step: running.call(call_id) for step, call_id in placed.items()}


SURVIVING = ["in_conversation", "settling", "preparing", "looked_for", "dialled_unrecorded", "waiting"]


@pytest.mark.parametrize("step", SURVIVING)
def test_a_call_survives_the_death_of_its_worker(running, calls, step):
    call = calls[step]
    assert call["status"] == "completed", call
    assert call["reason"] in {"callee_hangup", "agent_hangup"}
    assert call["carrier_id"]
    assert call["cost"]["final"]
    turns = running.transcript(call["id"])
    assert step == "settling" or (len(turns) >= 4 and call["summary"])
    told = running.told(call["id"])
    assert told.count("call.completed") == told.count("call.settled") == 1


def test_a_call_that_was_never_placed_is_not_placed_by_guesswork(running, calls):
    call = calls["never_dialled"]
    assert (call["status"], call["reason"], call["carrier_id"]) == ("failed", "dial_unconfirmed", None)


def test_no_phone_rang_twice(running, calls):
    dials = running.dials()
    assert sorted(dials) == sorted(call["id"] for call in calls.values())
    assert len(dials) == len(set(dials))


def test_no_two_calls_share_a_line(calls):
    lines = [call["carrier_id"] for call in calls.values() if call["carrier_id"]]
    assert len(lines) == len(set(lines))
