from dataclasses import replace

import pytest

from switchboard.agents.settings import AgentSettings
from switchboard.agents.versions import SWITCHBOARD
from switchboard.providers.errors import ProviderUnavailable

AGENTS = "/api/v1/agents"
DOWN = ProviderUnavailable("It is out of reach.", provider="ultravox")


@pytest.fixture
def api(switchboard):
    return switchboard.api


@pytest.fixture
async def agent(switchboard):
    return await switchboard.agent(evaluation=[{"name": "polite", "goal": "The agent was polite."}])


@pytest.fixture
def path(agent):
    return f"{AGENTS}/{agent['id']}"


async def _changed_there(switchboard, agent, **fields):
    there = switchboard.ultravox.agents[agent["remote_id"]].spec
    await switchboard.ultravox.update_agent(agent["remote_id"], replace(there, **fields))


async def _sync(switchboard):
    await switchboard.sql("DELETE FROM agent_imports")
    await switchboard.parts.agent_parts.imports.start(None, SWITCHBOARD, kind="sync")
    await switchboard.work_once("agents")


async def _told(switchboard, agent):
    events = await switchboard.parts.events.after(0, agent_id=agent["id"])
    return [(event.type, event.data.get("state")) for event in events]


async def test_an_untouched_agent_is_in_sync_even_where_its_platform_cannot_express_it(api, path):
    drift = (await api.get(f"{path}/drift")).json()
    assert (drift["state"], drift["fields"], drift["detail"]) == ("in_sync", [], None)
    assert drift["age_seconds"] < 60


async def test_a_change_at_the_vendor_is_shown_field_by_field(switchboard, api, agent, path):
    await _changed_there(switchboard, agent, prompt="Theirs.", temperature=0.9)
    drift = (await api.get(f"{path}/drift")).json()
    assert drift["state"] == "changed"
    assert {one["field"]: (one["here"], one["there"]) for one in drift["fields"]} == {
        "prompt": (agent["prompt"], "Theirs."),
        "temperature": (None, 0.9),
    }
    shown = (await api.get(path)).json()
    assert (shown["drift"], shown["version"], len(shown["warnings"])) == ("changed", 1, 1)
    assert "prompt" in shown["warnings"][0]
    assert await _told(switchboard, agent) == [("agent.created", None), ("agent.drifted", "changed")]
    await api.get(f"{path}/drift")
    assert len(await _told(switchboard, agent)) == 2


async def test_the_vendors_change_is_pulled(switchboard, api, agent, path):
    await _changed_there(switchboard, agent, prompt="Theirs, {{guest}}.", variables={"guest": "Ann"})
    pulled = (await api.post(f"{path}/drift/pull", headers={"If-Match": '"1"'})).json()
    assert (pulled["prompt"], pulled["version"], pulled["drift"]) == ("Theirs, {{guest}}.", 2, "in_sync")
    assert pulled["variables"] == {"guest": {"type": "string", "default": "Ann"}}
    assert pulled["evaluation"] == agent["evaluation"]
    assert (await api.get(f"{path}/drift")).json()["state"] == "in_sync"
    assert (await api.get(f"{path}/versions/2")).json()["fields"] == ["prompt", "variables"]


async def test_what_stands_here_is_pushed(switchboard, api, agent, path):
    await _changed_there(switchboard, agent, prompt="Theirs.")
    await api.get(f"{path}/drift")
    pushed = (await api.post(f"{path}/drift/push")).json()
    assert (pushed["drift"], pushed["warnings"], pushed["version"]) == ("in_sync", [], 1)
    assert switchboard.ultravox.agents[agent["remote_id"]].spec.prompt == agent["prompt"]
    assert (await _told(switchboard, agent))[-1] == ("agent.drift_resolved", None)


async def test_an_agent_deleted_at_the_vendor_is_made_again_by_a_push(switchboard, api, agent, path):
    await switchboard.ultravox.delete_agent(agent["remote_id"])
    assert (await api.get(f"{path}/drift")).json()["state"] == "missing"
    assert "deleted" in (await api.get(path)).json()["warnings"][0]
    pushed = (await api.post(f"{path}/drift/push")).json()
    assert (pushed["drift"], [pushed["remote_id"]]) == ("in_sync", list(switchboard.ultravox.agents))


async def test_an_agent_deleted_at_the_vendor_is_deleted_here_by_a_pull(switchboard, api, agent, path):
    await switchboard.ultravox.delete_agent(agent["remote_id"])
    assert (await api.post(f"{path}/drift/pull")).status_code == 204
    assert (await api.get(path)).status_code == 404


async def test_saving_an_agent_that_is_gone_there_says_what_to_do(switchboard, api, agent, path):
    await switchboard.ultravox.delete_agent(agent["remote_id"])
    answer = await api.patch(path, json={"prompt": "Better."})
    assert (answer.status_code, answer.json()["code"]) == (424, "provider-missing")
    assert "drift/push" in answer.json()["detail"]


async def test_while_the_platform_is_away_drift_is_unknown_and_has_an_age(switchboard, api, agent, path):
    await switchboard.sql("UPDATE agents SET drift_checked_at = now() - interval '1 hour'")
    switchboard.ultravox.fail_next(DOWN)
    drift = (await api.get(f"{path}/drift")).json()
    assert (drift["state"], drift["detail"]) == ("unknown", "It is out of reach.")
    assert 3500 < drift["age_seconds"] < 3700
    assert (await api.get(path)).json()["id"] == agent["id"]


async def test_the_periodic_comparison_finds_what_was_changed_and_deleted(switchboard, api, agent):
    gone, same = await switchboard.agent(name="Gone"), await switchboard.agent(name="Same")
    await _changed_there(switchboard, agent, prompt="Theirs.")
    await switchboard.ultravox.delete_agent(gone["remote_id"])
    await _sync(switchboard)
    checked = (await api.get(f"{AGENTS}/{same['id']}")).json()["drift_checked_at"]
    assert checked > same["drift_checked_at"]
    states = {one["id"]: one["drift"] for one in (await api.get(AGENTS)).json()}
    assert states == {agent["id"]: "changed", gone["id"]: "missing", same["id"]: "in_sync"}
    await switchboard.ultravox.update_agent(
        agent["remote_id"], switchboard.parts.providers.platform("ultravox").agents[agent["remote_id"]].spec
    )
    await _sync(switchboard)
    assert (await _told(switchboard, agent)).count(("agent.drifted", "changed")) == 1


async def test_the_periodic_comparison_brings_in_agents_made_elsewhere(switchboard, api, agent):
    foreign = switchboard.ultravox.agents[agent["remote_id"]].spec
    await switchboard.ultravox.create_agent(replace(foreign, name="Theirs"))
    await _sync(switchboard)
    assert {one["name"] for one in (await api.get(AGENTS)).json()} == {"Reception", "Theirs"}


async def test_the_periodic_comparison_waits_for_its_time(switchboard, agent, monkeypatch):
    monkeypatch.setattr(switchboard.parts.agent_parts.jobs.record, "settings", AgentSettings(sync_minutes=15))
    await _sync(switchboard)
    await switchboard.parts.agent_parts.jobs.watch()
    assert len(await switchboard.sql("SELECT id FROM agent_imports")) == 1
    await switchboard.sql("UPDATE agent_imports SET started_at = now() - interval '16 minutes'")
    await switchboard.parts.agent_parts.jobs.watch()
    assert len(await switchboard.sql("SELECT id FROM agent_imports")) == 2


async def test_a_platform_that_is_away_makes_no_agent_missing(switchboard, api, agent):
    switchboard.ultravox.fail_next(*[DOWN] * 10)
    await _sync(switchboard)
    assert (await api.get(AGENTS)).json()[0]["drift"] == "in_sync"
