import asyncio
from contextlib import contextmanager

import pytest
from tests.harness import AGENT

from switchboard.providers.errors import ProviderRejected, ProviderUnavailable

AGENTS = "/api/v1/agents"
DOWN = ProviderUnavailable("It is out of reach.", provider="ultravox", retry_after=7.2)
REFUSED = ProviderRejected("No such model.", provider="ultravox", provider_code="bad_model")


@contextmanager
def away(platform, request, error=DOWN):
    """This request of the platform fails."""
    original = getattr(platform, request)

    async def fail(*_, **__):
        raise error

    setattr(platform, request, fail)
    yield
    setattr(platform, request, original)


@pytest.fixture
def api(switchboard):
    return switchboard.api


async def _kept(switchboard, **fields):
    """An agent that could not be published; what the refused request was told."""
    with away(switchboard.ultravox, "create_agent"):
        answer = await switchboard.api.post(AGENTS, json=AGENT | fields)
    assert (answer.status_code, answer.json()["code"]) == (503, "kept-as-draft"), answer.text
    return answer


async def _types(switchboard, agent_id):
    return [event.type for event in await switchboard.parts.events.after(0, agent_id=agent_id)]


async def _push_fails(switchboard, agent, **changes):
    with away(switchboard.ultravox, "update_agent"):
        answer = await switchboard.api.patch(f"{AGENTS}/{agent['id']}", json=changes)
    assert answer.status_code == 503, answer.text
    return answer.json()


async def test_a_new_agent_is_kept_while_its_platform_is_away(switchboard, api):
    answer = await _kept(switchboard)
    problem = answer.json()
    assert (answer.headers["Retry-After"], problem["provider"]) == ("8", "ultravox")
    assert problem["agent_id"] in problem["detail"]
    agent = (await api.get(f"{AGENTS}/{problem['agent_id']}")).json()
    assert (agent["status"], agent["remote_id"], agent["prompt"]) == ("draft", None, AGENT["prompt"])
    assert "out of reach" in agent["warnings"][0]
    assert [one["id"] for one in (await api.get(AGENTS, params={"status": "draft"})).json()] == [agent["id"]]
    assert switchboard.ultravox.agents == {}


async def test_a_draft_is_published_once_its_platform_is_back(switchboard, api):
    path = f"{AGENTS}/{(await _kept(switchboard)).json()['agent_id']}"
    agent = (await api.post(f"{path}/publish")).json()
    assert (agent["status"], agent["warnings"], agent["drift"]) == ("active", [], "in_sync")
    assert list(switchboard.ultravox.agents) == [agent["remote_id"]]
    assert (await api.post(f"{path}/publish")).json()["code"] == "no-draft"
    assert (await _types(switchboard, agent["id"]))[-1] == "agent.created"


async def test_saving_a_draft_again_publishes_it(switchboard, api):
    path = f"{AGENTS}/{(await _kept(switchboard)).json()['agent_id']}"
    agent = (await api.patch(path, json={"prompt": "Better."})).json()
    assert (agent["status"], agent["version"]) == ("active", 2)
    assert switchboard.ultravox.agents[agent["remote_id"]].spec.prompt == "Better."


async def test_a_draft_that_is_refused_when_published_stays_and_says_why(switchboard, api):
    path = f"{AGENTS}/{(await _kept(switchboard)).json()['agent_id']}"
    with away(switchboard.ultravox, "create_agent", REFUSED):
        assert (await api.post(f"{path}/publish")).status_code == 424
    agent = (await api.get(path)).json()
    assert (agent["status"], len(agent["warnings"])) == ("draft", 1)
    assert "No such model" in agent["warnings"][0]
    assert (await api.post(f"{path}/publish")).json()["status"] == "active"


async def test_a_draft_makes_no_calls_and_can_be_deleted(switchboard, api):
    agent_id = (await _kept(switchboard)).json()["agent_id"]
    placed = await api.post("/api/v1/calls", json={"agent_id": agent_id, "to": "+14155550100"})
    assert placed.status_code == 409
    assert (await api.delete(f"{AGENTS}/{agent_id}")).status_code == 204
    assert (await api.get(f"{AGENTS}/{agent_id}")).status_code == 404


async def test_a_change_that_cannot_be_pushed_is_kept_beside_the_agent(switchboard, api):
    agent = await switchboard.agent()
    problem = await _push_fails(switchboard, agent, prompt="Better.")
    assert problem["kept"]["draft"]["values"] == {"prompt": "Better."}
    shown = (await api.get(f"{AGENTS}/{agent['id']}")).json()
    assert (shown["prompt"], shown["version"]) == (agent["prompt"], 1)
    assert (shown["draft"]["values"], shown["draft"]["base_version"]) == ({"prompt": "Better."}, 1)
    assert "out of reach" in shown["draft"]["reason"]
    assert (await api.get(AGENTS)).json()[0]["draft"]["values"] == {"prompt": "Better."}


async def test_changes_kept_one_after_another_are_published_together(switchboard, api):
    agent = await switchboard.agent()
    await _push_fails(switchboard, agent, prompt="One.", language="es")
    await _push_fails(switchboard, agent, prompt="Two.")
    published = (await api.post(f"{AGENTS}/{agent['id']}/publish")).json()
    assert (published["prompt"], published["language"], published["draft"]) == ("Two.", "es", None)
    assert published["version"] == 2
    assert switchboard.ultravox.agents[agent["remote_id"]].spec.prompt == "Two."


async def test_publishing_while_the_platform_is_still_away_keeps_the_draft(switchboard, api):
    agent = await switchboard.agent()
    await _push_fails(switchboard, agent, prompt="Better.")
    with away(switchboard.ultravox, "update_agent"):
        assert (await api.post(f"{AGENTS}/{agent['id']}/publish")).status_code == 503
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json()["draft"]["values"] == {"prompt": "Better."}


async def test_a_draft_is_discarded_by_choice(switchboard, api):
    agent = await switchboard.agent()
    await _push_fails(switchboard, agent, prompt="Better.")
    shown = (await api.delete(f"{AGENTS}/{agent['id']}/draft")).json()
    assert (shown["draft"], shown["prompt"]) == (None, agent["prompt"])
    assert (await api.delete(f"{AGENTS}/{agent['id']}/draft")).json()["code"] == "no-draft"


async def test_a_save_that_works_takes_what_it_saved_out_of_the_draft(switchboard, api):
    agent = await switchboard.agent()
    await _push_fails(switchboard, agent, prompt="Better.", language="es")
    saved = (await api.patch(f"{AGENTS}/{agent['id']}", json={"prompt": "Better."})).json()
    assert (saved["prompt"], saved["draft"]["values"]) == ("Better.", {"language": "es"})


async def test_a_refused_change_keeps_nothing(switchboard, api):
    agent = await switchboard.agent()
    with away(switchboard.ultravox, "update_agent", REFUSED):
        assert (await api.patch(f"{AGENTS}/{agent['id']}", json={"model": "nonsense"})).status_code == 424
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json()["draft"] is None


async def test_a_draft_on_an_older_version_is_published_knowingly_only(switchboard, api):
    agent = await switchboard.agent()
    path = f"{AGENTS}/{agent['id']}"
    await _push_fails(switchboard, agent, prompt="Better.")
    await api.patch(path, json={"language": "es"})
    outdated = await api.post(f"{path}/publish")
    assert (outdated.status_code, outdated.json()["code"]) == (409, "draft-outdated")
    assert outdated.json()["current"]["version"] == 2
    published = await api.post(f"{path}/publish", headers={"If-Match": '"2"'})
    assert (published.json()["prompt"], published.json()["language"]) == ("Better.", "es")


async def test_somebody_elses_draft_of_the_same_field_is_not_overwritten(switchboard, api):
    agent = await switchboard.agent()
    await _push_fails(switchboard, agent, prompt="Mine.")
    made = await api.post("/api/v1/keys", json={"name": "Bob", "scopes": ["agents:write", "agents:read"]})
    bob = {"X-API-Key": made.json()["secret"]}
    refused = await api.patch(f"{AGENTS}/{agent['id']}", json={"prompt": "Bob's."}, headers=bob)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (412, "agent-changed")
    assert problem["current"]["draft"]["values"]["prompt"] == "Mine."
    assert problem["yours"] == {"prompt": "Bob's."}
    assert (await api.patch(f"{AGENTS}/{agent['id']}", json={"name": "Bob's"}, headers=bob)).status_code == 200


async def test_a_secret_in_a_draft_is_published_and_never_shown(switchboard, api):
    tool = {
        "type": "http",
        "name": "find_order",
        "description": "Finds an order.",
        "url": "https://api.example.com/orders",
        "headers": [{"name": "Authorization", "value": "Bearer s3cret"}],
    }
    agent = await switchboard.agent()
    problem = await _push_fails(switchboard, agent, tools=[tool])
    shown = await api.get(f"{AGENTS}/{agent['id']}")
    listed = await api.get(AGENTS)
    assert "s3cret" not in str(problem) + shown.text + listed.text
    published = await api.post(f"{AGENTS}/{agent['id']}/publish")
    versions = await api.get(f"{AGENTS}/{agent['id']}/versions/2")
    assert "s3cret" not in published.text + versions.text
    assert switchboard.ultravox.pushed[-1].secrets == {"find_order@api.example.com/authorization": "Bearer s3cret"}


async def test_a_new_secret_alone_is_a_change(switchboard, api):
    tool = {
        "type": "http",
        "name": "find_order",
        "description": "Finds an order.",
        "url": "https://api.example.com/orders",
        "headers": [{"name": "Authorization", "value": "one"}],
    }
    agent = await switchboard.agent(tools=[tool])
    path = f"{AGENTS}/{agent['id']}"
    tool["headers"][0]["value"] = "********"
    assert (await api.patch(path, json={"tools": [tool]})).json()["version"] == 1
    tool["headers"][0]["value"] = "two"
    changed = (await api.patch(path, json={"tools": [tool]})).json()
    assert changed["version"] == 2
    assert switchboard.ultravox.pushed[-1].secrets == {"find_order@api.example.com/authorization": "two"}


async def test_publishing_twice_at_once_makes_one_agent(switchboard, api):
    path = f"{AGENTS}/{(await _kept(switchboard)).json()['agent_id']}"
    answers = await asyncio.gather(*(api.post(f"{path}/publish") for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert [answer.status_code for answer in answers].count(200) == 1
    assert len(switchboard.ultravox.agents) == 1
