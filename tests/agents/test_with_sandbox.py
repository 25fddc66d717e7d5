"""Life cycle over real HTTP, with adapters and emulated vendors: what was not touched has not drifted."""

import psycopg
import pytest
from tests.processes import town
from tests.waiting import wait_until

AGENTS = "/api/v1/agents"
RICH = {
    "name": "Recepción: día & noche",
    "prompt": "Greet {{guest}}. <script>alert(1)</script> Ünïcode 🌮.",
    "first_message": "Hola {{guest}}.",
    "language": "es",
    "temperature": 0.4,
    "max_duration_seconds": 300,
    "variables": {"guest": {"default": "Ann"}, "table": {"type": "number", "default": 4}},
    "voice_settings": {"speed": 1.1},
    "inactivity": {"after_seconds": 12, "message": "Are you there?"},
    "voicemail": {"action": "leave_message", "message": "Call us back, {{guest}}."},
    "recording": False,
    "tools": [
        {
            "type": "http",
            "name": "find_order",
            "description": "Finds an order.",
            "method": "POST",
            "url": "https://api.example.com/orders/{order_id}",
            "parameters": [
                {"name": "order_id", "in": "path", "type": "string", "description": "The order."},
                {"name": "size", "in": "body", "type": "integer", "description": "How many.", "required": False},
            ],
            "headers": [{"name": "Authorization", "value": "Bearer s3cret"}],
        },
        {"type": "keypad"},
    ],
    "evaluation": [{"name": "polite", "goal": "The agent was polite."}],
    "data_collection": [{"name": "party_size", "type": "integer", "description": "How many guests."}],
    "tags": ["night", "lisbon"],
}
ELSEWHERE = {
    "ultravox": ("/api/agents", "X-API-Key", "ULTRAVOX_API_KEY"),
    "elevenlabs": ("/v1/convai/agents/create", "xi-api-key", "ELEVENLABS_API_KEY"),
}
BODIES = {
    "ultravox": {"name": "Shoes", "callTemplate": {"systemPrompt": "Sell shoes to {{guest}}."}},
    "elevenlabs": {
        "name": "Shoes",
        "conversation_config": {"agent": {"prompt": {"prompt": "Sell shoes to {{guest}}."}}},
    },
}


@pytest.fixture(scope="module")
def running(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE with_sandbox TEMPLATE {migrated_template}")
    with town(postgres.url("with_sandbox"), SWITCHBOARD_AGENTS_SYNC_MINUTES="0") as started:
        yield started


@pytest.fixture(scope="module", params=["ultravox", "elevenlabs"])
def platform(request):
    return request.param


@pytest.fixture(scope="module")
def agent(running, platform):
    answer = running.api.post(AGENTS, json=RICH | {"platform": platform})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def imported(running, platform):
    path, header, key = ELSEWHERE[platform]
    headers = {header: running.env[key]}
    running.sandbox.post(path, json=BODIES[platform], headers=headers).raise_for_status()
    with running.worker():
        started = running.api.post(f"{AGENTS}/import", json={"platforms": [platform]}).raise_for_status().json()
        address = f"{AGENTS}/imports/{started['id']}"
        wait_until(lambda: running.api.get(address).json()["status"] == "finished")
    found = running.api.get(AGENTS, params={"platform": platform, "search": "Shoes"}).json()
    assert len(found) == 1, found
    return found[0]


def drift(running, agent):
    return running.api.get(f"{AGENTS}/{agent['id']}/drift").raise_for_status().json()


def test_a_rich_agent_that_nobody_touched_has_not_drifted(running, agent):
    told = drift(running, agent)
    assert (told["state"], told["fields"]) == ("in_sync", [])


def test_it_has_not_drifted_after_a_change_of_ours(running, agent):
    path = f"{AGENTS}/{agent['id']}"
    changed = running.api.patch(path, json={"prompt": "Greet {{guest}} well.", "temperature": None})
    assert changed.status_code == 200, changed.text
    assert drift(running, agent)["state"] == "in_sync"
    restored = running.api.post(f"{path}/versions/1/restore")
    assert restored.status_code == 200, restored.text
    assert restored.json()["prompt"] == RICH["prompt"]
    told = drift(running, agent)
    assert (told["state"], told["fields"]) == ("in_sync", [])


def test_a_duplicate_and_a_copy_have_not_drifted_and_each_other_stands_in(running, agent, platform):
    other = {"ultravox": "elevenlabs", "elevenlabs": "ultravox"}[platform]
    duplicate = running.api.post(f"{AGENTS}/{agent['id']}/duplicate")
    assert duplicate.status_code == 201, duplicate.text
    assert drift(running, duplicate.json())["fields"] == []
    copied = running.api.post(f"{AGENTS}/{agent['id']}/copy", params={"to": other, "twin": True})
    assert copied.status_code == 201, copied.text
    copy = copied.json()["agent"]
    assert (copy["platform"], copy["fallback_agent_id"]) == (other, agent["id"])
    assert drift(running, copy)["fields"] == []
    assert copied.json()["voice"]["id"] == copy["voice"]
    original = running.api.get(f"{AGENTS}/{agent['id']}").json()
    assert original["fallback_agent_id"] == copy["id"]


def test_an_imported_agent_has_not_drifted_and_can_be_saved(running, imported):
    assert "Sell shoes" in imported["prompt"]
    assert "guest" in imported["variables"]
    assert drift(running, imported)["fields"] == []
    path = f"{AGENTS}/{imported['id']}"
    hindered = running.api.get(path).json()["warnings"]
    assert hindered == imported["warnings"]
    assert [w.rpartition(": ")[2] for w in hindered] == (
        ["its audio format is not the telephone's."] if imported["platform"] == "elevenlabs" else []
    )
    saved = running.api.patch(path, json={"prompt": "Sell boots to {{guest}}."})
    assert saved.status_code == 200, saved.text
    assert saved.json()["warnings"] == [], "what was saved from here takes our calls"
    assert drift(running, imported)["fields"] == []


def test_a_change_in_the_vendors_own_dashboard_is_seen_and_pulled(running, imported, platform):
    path, header, key = ELSEWHERE[platform]
    body = {
        "ultravox": {"callTemplate": {"systemPrompt": "Theirs, {{guest}}."}},
        "elevenlabs": {"conversation_config": {"agent": {"prompt": {"prompt": "Theirs, {{guest}}."}}}},
    }[platform]
    address = f"{path.removesuffix('/create')}/{imported['remote_id']}"
    running.sandbox.patch(address, json=body, headers={header: running.env[key]}).raise_for_status()
    told = drift(running, imported)
    assert told["state"] == "changed"
    assert ("prompt", "Theirs, {{guest}}.") in {(one["field"], one["there"]) for one in told["fields"]}
    pulled = running.api.post(f"{AGENTS}/{imported['id']}/drift/pull")
    assert pulled.status_code == 200, pulled.text
    assert pulled.json()["prompt"] == "Theirs, {{guest}}."
    assert drift(running, imported)["state"] == "in_sync"
