"""Agents as files, against the running product: written, unchanged, planned, applied."""

import json

import psycopg
import pytest
from tests.processes import ADMIN, town
from typer.testing import CliRunner

from switchboard.agents.schemas import AgentIn
from switchboard.cli.agent_yaml import DEFAULTS, REQUIRED
from switchboard.cli.main import app

AGENTS = "/api/v1/agents"
TOOL = {
    "type": "http",
    "name": "find_order",
    "description": "Finds an order.",
    "method": "POST",
    "url": "https://api.example.com/orders",
    "parameters": [{"name": "size", "in": "body", "type": "integer", "description": "How many."}],
    "headers": [{"name": "Authorization", "value": "Bearer s3cret"}],
}
RICH = {
    "name": "Recepción nocturna",
    "prompt": "Greet {{guest}}.\nBe kind: ünïcode 🌮, # no comment, 'quotes'.\n\n  Indented.",
    "first_message": "Hola {{guest}}.",
    "language": "es",
    "temperature": 0.4,
    "variables": {"guest": {"default": "Ann"}, "table": {}},
    "inactivity": {"after_seconds": 12},
    "voicemail": {"action": "leave_message", "message": "Call back."},
    "tools": [TOOL, {"type": "keypad"}],
    "evaluation": [{"name": "polite", "goal": "The agent was polite."}],
    "data_collection": [{"name": "party_size", "description": "How many guests."}],
    "tags": ["night"],
}


@pytest.fixture(scope="module")
def running(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE agent_files TEMPLATE {migrated_template}")
    with town(postgres.url("agent_files"), SWITCHBOARD_AGENTS_SYNC_MINUTES="0") as started:
        yield started


@pytest.fixture
def server(running):
    """An API without agents."""
    for agent in running.api.get(AGENTS, params={"limit": 200}).json():
        running.api.delete(f"{AGENTS}/{agent['id']}").raise_for_status()
    return running.api


@pytest.fixture
def run(server, monkeypatch):
    monkeypatch.setenv("SWITCHBOARD_URL", str(server.base_url))
    monkeypatch.setenv("SWITCHBOARD_API_KEY", ADMIN)
    return lambda *arguments: CliRunner().invoke(app, ["agents", *map(str, arguments)], catch_exceptions=False)


def make(server, **fields):
    answer = server.post(AGENTS, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def planned(run, folder, *options):
    result = run("plan", folder, "--json", *options)
    return result.exit_code, json.loads(result.stdout)


def test_the_defaults_of_files_are_those_of_the_api():
    fields = {name: field.get_default(call_default_factory=True) for name, field in AgentIn.model_fields.items()}
    fields = {n: v.model_dump() if hasattr(v, "model_dump") else v for n, v in fields.items()}
    assert {n: fields["fallback_agent_id" if n == "twin" else n] for n in DEFAULTS} == dict(DEFAULTS)
    assert {*DEFAULTS, *REQUIRED} == {*fields, "twin"} - {"fallback_agent_id"}


def test_what_was_exported_is_what_is_there(run, server, tmp_path):
    first = make(server, **RICH | {"platform": "elevenlabs"})
    second = make(server, platform="ultravox", name="Day", prompt="Hi.", fallback_agent_id=first["id"])
    assert run("export", tmp_path).exit_code == 0
    files = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert sorted(files) == ["day.ultravox.yaml", "recepcion-nocturna.elevenlabs.yaml"]
    rich = files["recepcion-nocturna.elevenlabs.yaml"]
    assert "s3cret" not in rich
    assert "${FIND_ORDER_AUTHORIZATION}" in rich
    assert "prompt: |" in rich
    assert first["id"] not in "".join(files.values())
    assert second["id"] not in "".join(files.values())
    assert "twin: elevenlabs/Recepción nocturna" in files["day.ultravox.yaml"]
    assert planned(run, tmp_path) == (0, {"changes": [], "drifted": []})
    run("export", tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == files


def test_files_make_the_same_agents_on_an_empty_server(run, server, tmp_path, monkeypatch):
    first = make(server, **RICH | {"platform": "elevenlabs"})
    second = make(server, platform="ultravox", name="Day", prompt="Hi.", fallback_agent_id=first["id"])
    server.patch(f"{AGENTS}/{first['id']}", json={"fallback_agent_id": second["id"]}).raise_for_status()
    run("export", tmp_path)
    for agent in (first, second):
        server.delete(f"{AGENTS}/{agent['id']}").raise_for_status()
    code, plan = planned(run, tmp_path)
    assert (code, [change["action"] for change in plan["changes"]]) == (8, ["create", "create"])
    refused = run("apply", tmp_path, "--yes")
    assert refused.exit_code == 1
    assert "FIND_ORDER_AUTHORIZATION" in refused.output
    monkeypatch.setenv("FIND_ORDER_AUTHORIZATION", "Bearer s3cret")
    applied = run("apply", tmp_path, "--yes")
    assert applied.exit_code == 0, applied.output
    assert planned(run, tmp_path) == (0, {"changes": [], "drifted": []})
    agents = {agent["name"]: agent for agent in server.get(AGENTS).json()}
    again, day = agents["Recepción nocturna"], agents["Day"]
    same = set(RICH) - {"tools"}
    assert {name: again[name] for name in same} == {name: first[name] for name in same}
    assert (again["fallback_agent_id"], day["fallback_agent_id"]) == (day["id"], again["id"])


def test_a_change_is_planned_field_by_field_and_applied(run, server, tmp_path):
    agent = make(server, platform="ultravox", name="Day", prompt="One.\nTwo.\n", temperature=0.2)
    run("export", tmp_path)
    path = tmp_path / "day.ultravox.yaml"
    path.write_text(path.read_text().replace("Two.", "Three.").replace("0.2", "0.7"))
    code, plan = planned(run, tmp_path)
    (change,) = plan["changes"]
    assert (code, change["action"], change["platform"], change["file"]) == (8, "update", "ultravox", path.name)
    assert {one["field"] for one in change["fields"]} == {"prompt", "temperature"}
    shown = run("plan", tmp_path)
    assert shown.exit_code == 8
    assert "-Two." in shown.stdout
    assert "+Three." in shown.stdout
    assert "temperature: 0.2 → 0.7" in shown.stdout
    assert run("apply", tmp_path).exit_code == 2  # nobody can be asked
    assert run("apply", tmp_path, "--yes").exit_code == 0
    now = server.get(f"{AGENTS}/{agent['id']}").json()
    assert (now["prompt"], now["temperature"], now["version"]) == ("One.\nThree.\n", 0.7, 2)
    assert planned(run, tmp_path)[0] == 0


def test_agents_without_a_file_are_deleted_by_choice_only(run, server, tmp_path):
    make(server, platform="ultravox", name="Day", prompt="Hi.")
    tmp_path.joinpath("night.yaml").write_text("platform: ultravox\nname: Night\nprompt: Hi.\n")
    assert [change["action"] for change in planned(run, tmp_path)[1]["changes"]] == ["create"]
    assert run("apply", tmp_path, "--yes", "--prune").exit_code == 0
    assert [agent["name"] for agent in server.get(AGENTS).json()] == ["Night"]
    assert planned(run, tmp_path, "--prune")[0] == 0


def test_drift_at_the_platform_is_pending_too(run, running, server, tmp_path):
    agent = make(server, platform="ultravox", name="Day", prompt="Hi.")
    run("export", tmp_path)
    running.sandbox.delete(
        f"/api/agents/{agent['remote_id']}", headers={"X-API-Key": running.env["ULTRAVOX_API_KEY"]}
    ).raise_for_status()
    assert run("drift", "Day").exit_code == 8
    assert planned(run, tmp_path) == (
        8,
        {"changes": [], "drifted": [{"platform": "ultravox", "name": "Day", "state": "missing"}]},
    )
    assert run("drift", "Day", "--push").exit_code == 0
    assert planned(run, tmp_path)[0] == 0


def test_what_fails_is_told_and_the_rest_is_applied(run, server, tmp_path):
    tmp_path.joinpath("a.yaml").write_text("platform: ultravox\nname: A\nprompt: Hi.\nvoice: no-such-voice\n")
    tmp_path.joinpath("b.yaml").write_text("platform: ultravox\nname: B\nprompt: Hi.\n")
    result = run("apply", tmp_path, "--yes")
    assert result.exit_code == 1
    assert "x ultravox/A" in result.output
    assert [agent["name"] for agent in server.get(AGENTS).json()] == ["B"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a list", "mapping"),
        ("platform: ultravox\nname: A\n", "lacks prompt"),
        ("platform: ultravox\nname: A\nprompt: Hi.\ncolour: blue\n", "colour"),
        ("platform: [", "cannot be read"),
        ("platform: ultravox\nname: A\nprompt: Hi.\ntools: {a: 1}\n", "form"),
        ("platform: !!python/object/apply:os.system [echo]\n", "cannot be read"),
    ],
)
def test_a_wrong_file_is_named(run, tmp_path, text, said):
    tmp_path.joinpath("wrong.yaml").write_text(text)
    result = run("plan", tmp_path)
    assert result.exit_code == 2
    assert "wrong.yaml" in result.stderr
    assert said in result.stderr


def test_the_commands_of_an_agents_life(run, server):
    make(server, platform="ultravox", name="Day", prompt="One.")
    assert run("update", "Day", "--prompt", "Two.").exit_code == 0
    assert "prompt" in run("versions", "Day").stdout
    assert "One." in run("diff", "Day", "1").stdout
    assert run("restore", "Day", "1").exit_code == 0
    assert server.get(AGENTS).json()[0]["prompt"] == "One."
    assert run("duplicate", "Day", "--name", "Day 2").exit_code == 0
    told = json.loads(run("copy", "Day 2", "--to", "elevenlabs", "--twin", "--json").stdout)
    assert told["agent"]["platform"] == "elevenlabs"
    assert run("publish", "Day").exit_code == 6  # there is no draft
