"""A creation whose answer was lost: whatever happened at the platform, there is one agent in the end."""

import pytest
from tests.harness import AGENT

from switchboard.providers.errors import ProviderUnavailable, ProviderUnclear

AGENTS = "/api/v1/agents"
DOWN = ProviderUnavailable("It is out of reach.", provider="ultravox")
LOST = ProviderUnclear("The answer did not arrive.", provider="ultravox")


@pytest.fixture
def api(switchboard):
    return switchboard.api


@pytest.fixture
async def lost(switchboard, monkeypatch, request):
    """The path of an agent whose creation had no answer; the parameter says whether it was carried out."""
    made = switchboard.ultravox.create_agent

    async def create(spec, *, marker=None):
        if request.param:
            await made(spec, marker=marker)
        raise LOST

    monkeypatch.setattr(switchboard.ultravox, "create_agent", create)
    answer = await switchboard.api.post(AGENTS, json=AGENT)
    assert (answer.status_code, answer.json()["code"]) == (503, "kept-as-draft")
    monkeypatch.setattr(switchboard.ultravox, "create_agent", made)
    return f"{AGENTS}/{answer.json()['agent_id']}"


async def _recover(switchboard):
    await switchboard.sql("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE queue_name = 'agents'")
    await switchboard.work_once("agents")


carried_out = pytest.mark.parametrize("lost", [True], indirect=True)
not_carried_out = pytest.mark.parametrize("lost", [False], indirect=True)


@carried_out
async def test_an_agent_that_was_made_after_all_is_taken_over(switchboard, api, lost):
    await _recover(switchboard)
    agent = (await api.get(lost)).json()
    assert (agent["status"], [agent["remote_id"]]) == ("active", list(switchboard.ultravox.agents))


@not_carried_out
async def test_an_agent_that_was_not_made_stays_a_draft_with_a_warning(switchboard, api, lost):
    await _recover(switchboard)
    agent = (await api.get(lost)).json()
    assert (agent["status"], len(agent["warnings"])) == ("draft", 1)
    assert (await api.post(f"{lost}/publish")).json()["status"] == "active"
    assert len(switchboard.ultravox.agents) == 1


@carried_out
async def test_while_the_outcome_is_open_nothing_else_is_begun(switchboard, api, lost):
    for answer in (await api.post(f"{lost}/publish"), await api.patch(lost, json={"name": "Other"})):
        assert (answer.status_code, answer.json()["code"]) == (409, "agent-busy")
    assert len(switchboard.ultravox.agents) == 1


@carried_out
async def test_a_look_that_fails_is_repeated_later(switchboard, api, lost):
    switchboard.ultravox.fail_next(DOWN)
    await _recover(switchboard)
    assert (await api.get(lost)).json()["status"] == "draft"
    await _recover(switchboard)
    assert (await api.get(lost)).json()["status"] == "active"


@carried_out
async def test_deleting_it_while_the_outcome_is_open_leaves_nothing_at_the_platform(switchboard, api, lost):
    assert (await api.delete(lost)).status_code == 204
    assert switchboard.ultravox.agents == {}


@carried_out
async def test_a_creation_whose_job_was_lost_is_found_by_the_watch(switchboard, api, lost):
    await switchboard.sql("DELETE FROM procrastinate_jobs WHERE queue_name = 'agents'")
    await switchboard.sql("UPDATE agents SET creating_since = creating_since - interval '1 hour'")
    await switchboard.parts.agent_parts.jobs.watch()
    await _recover(switchboard)
    assert (await api.get(lost)).json()["status"] == "active"


@carried_out
async def test_an_import_recognises_what_is_ours(switchboard, api, lost):
    started = (await api.post(f"{AGENTS}/import", json={"platforms": ["ultravox"]})).json()
    await switchboard.work_once("agents")
    assert (await api.get(f"{AGENTS}/imports/{started['id']}")).json()["progress"]["ultravox"]["imported"] == 0
    assert [agent["status"] for agent in (await api.get(AGENTS)).json()] == ["active"]
    assert (await api.get(lost)).json()["remote_id"] in switchboard.ultravox.agents


async def test_an_agent_deleted_while_it_is_made_leaves_nothing_at_the_platform(switchboard, api, monkeypatch):
    made = switchboard.ultravox.create_agent

    async def create(spec, *, marker=None):
        await switchboard.parts.agent_parts.service.record.removed(marker, _NOBODY)
        return await made(spec, marker=marker)

    monkeypatch.setattr(switchboard.ultravox, "create_agent", create)
    assert (await api.post(AGENTS, json=AGENT)).status_code == 409
    assert switchboard.ultravox.agents == {}


_NOBODY = type("Author", (), {"key_id": None, "name": "nobody"})()
