"""Servers and workers are killed while agents are made and brought in: no orphan, no double, nothing lost."""

import signal
import threading
from contextlib import suppress

import httpx
import psycopg
import pytest
from tests.processes import AGENT, town
from tests.waiting import wait_until

AGENTS = "/api/v1/agents"
CREATE = {"ultravox": "/api/agents", "elevenlabs": "/v1/convai/agents/create"}
HELD = 40.0
"""Seconds that a vendor keeps somebody waiting: longer than they have left to live."""


@pytest.fixture(scope="module")
def running(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE crash_agents TEMPLATE {migrated_template}")
    settings = {"SWITCHBOARD_AGENTS_RECOVER_AFTER_SECONDS": "1", "SWITCHBOARD_AGENTS_SYNC_MINUTES": "0"}
    with town(postgres.url("crash_agents"), **settings) as started:
        yield started


def at_vendor(running, platform):
    """Ids of all agents of our account there."""
    header, key, path, name, field = {
        "ultravox": ("X-API-Key", "ULTRAVOX_API_KEY", "/api/agents?pageSize=100", "results", "agentId"),
        "elevenlabs": (
            "xi-api-key",
            "ELEVENLABS_API_KEY",
            "/v1/convai/agents?page_size=100",
            "agents",
            "agent_id",
        ),
    }[platform]
    answer = running.sandbox.get(path, headers={header: running.env[key]}).raise_for_status()
    return [agent[field] for agent in answer.json()[name]]


def asked(running, platform):
    query = {"provider": platform, "method": "POST", "path": CREATE[platform]}
    return len(running.sandbox.get("/_sandbox/requests", params=query).json())


def kill_while_creating(running, platform, *, arrives):
    """Create an agent over a server of its own, which dies before it has the vendor's answer; our id of it."""
    fault = {"delay_seconds": 1.0} if arrives else {"delay_seconds": HELD, "drop": "before"}
    running.fault(provider=platform, method="POST", path=CREATE[platform], count=1, **fault)
    there, before = at_vendor(running, platform), asked(running, platform)
    with running.server() as (process, client):

        def create():
            with suppress(httpx.TransportError):
                client.post(AGENTS, json=AGENT | {"platform": platform})

        request = threading.Thread(target=create)
        request.start()
        wait_until(lambda: asked(running, platform) > before)
        process.send_signal(signal.SIGSTOP)
        if arrives:
            wait_until(lambda: len(at_vendor(running, platform)) > len(there))
        process.kill()
        process.wait()
        request.join()
    (left,) = running.api.get(AGENTS, params={"status": "draft", "platform": platform}).json()
    return left["id"]


def agent(running, agent_id):
    return running.api.get(f"{AGENTS}/{agent_id}").raise_for_status().json()


@pytest.mark.parametrize("platform", ["ultravox", "elevenlabs"])
def test_an_agent_that_was_made_while_its_server_died_is_taken_over(running, platform):
    others = at_vendor(running, platform)
    agent_id = kill_while_creating(running, platform, arrives=True)
    with running.worker():
        wait_until(lambda: agent(running, agent_id)["status"] == "active", lambda: agent(running, agent_id))
    shown = agent(running, agent_id)
    assert sorted(at_vendor(running, platform)) == sorted([*others, shown["remote_id"]])
    assert (shown["name"], shown["prompt"], shown["warnings"]) == (AGENT["name"], AGENT["prompt"], [])


@pytest.mark.parametrize("platform", ["ultravox", "elevenlabs"])
def test_an_agent_that_was_not_made_when_its_server_died_can_be_published(running, platform):
    others = at_vendor(running, platform)
    agent_id = kill_while_creating(running, platform, arrives=False)
    with running.worker():
        wait_until(lambda: agent(running, agent_id)["warnings"], lambda: agent(running, agent_id))
    assert at_vendor(running, platform) == others
    published = running.api.post(f"{AGENTS}/{agent_id}/publish").raise_for_status().json()
    assert sorted(at_vendor(running, platform)) == sorted([*others, published["remote_id"]])


def test_an_import_goes_on_after_its_worker_died(running):
    ours = running.api.get(AGENTS, params={"platform": "elevenlabs", "limit": 200}).json()
    headers = {"xi-api-key": running.env["ELEVENLABS_API_KEY"]}
    body = {"conversation_config": {"agent": {"prompt": {"prompt": "Sell shoes."}}}}
    for number in range(150):
        wanted = body | {"name": f"Theirs {number}"}
        running.sandbox.post(CREATE["elevenlabs"], json=wanted, headers=headers).raise_for_status()
    page = {"provider": "elevenlabs", "method": "GET", "path": "/v1/convai/agents"}
    running.fault(**page, delay_seconds=0.1, count=1)  # the first page comes, the second is waited for
    running.fault(**page, delay_seconds=HELD, count=1)
    started = running.api.post(f"{AGENTS}/import", json={"platforms": ["elevenlabs"]}).raise_for_status().json()
    address = f"{AGENTS}/imports/{started['id']}"

    def progress():
        return running.api.get(address).raise_for_status().json()["progress"]["elevenlabs"]

    with running.worker() as first:
        wait_until(lambda: progress()["imported"] > 0, progress)
        first.kill()
        first.wait()
    assert progress()["state"] == "running"
    running.sandbox.delete("/_sandbox/faults")
    with running.worker():
        wait_until(lambda: progress()["state"] == "finished", progress)
    listed = running.api.get(AGENTS, params={"platform": "elevenlabs", "limit": 200}).json()
    assert len(listed) == len({one["remote_id"] for one in listed}) == len(ours) + 150
    assert progress()["imported"] == 150
