import pytest
from tests.harness import AGENT

from switchboard.providers.errors import ProviderUnavailable

AGENTS = "/api/v1/agents"
DOWN = ProviderUnavailable("It is out of reach.", provider="ultravox")


@pytest.fixture
def api(switchboard):
    return switchboard.api


async def _bulk(api, **order):
    answer = await api.post(f"{AGENTS}/bulk", json=order)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_duplicate_is_an_agent_of_its_own(switchboard, api):
    twin = await switchboard.agent(platform="elevenlabs")
    agent = await switchboard.agent(temperature=0.3, tags=["night"], fallback_agent_id=twin["id"])
    copy = (await api.post(f"{AGENTS}/{agent['id']}/duplicate")).json()
    named = (await api.post(f"{AGENTS}/{agent['id']}/duplicate", json={"name": "Second"})).json()
    assert (copy["name"], named["name"]) == ("Reception (copy)", "Second")
    assert (copy["temperature"], copy["tags"], copy["version"]) == (0.3, ["night"], 1)
    assert copy["fallback_agent_id"] is None
    assert len({agent["remote_id"], copy["remote_id"], named["remote_id"]}) == 3


async def test_a_duplicate_has_the_secrets_of_its_tools(switchboard, api):
    tool = {
        "type": "http",
        "name": "find_order",
        "description": "Finds an order.",
        "url": "https://api.example.com/orders",
        "headers": [{"name": "Authorization", "value": "s3cret"}],
    }
    agent = await switchboard.agent(tools=[tool])
    copy = await api.post(f"{AGENTS}/{agent['id']}/duplicate")
    assert copy.status_code == 201
    assert "s3cret" not in copy.text
    assert switchboard.ultravox.pushed[-1].secrets == {"find_order@api.example.com/authorization": "s3cret"}


async def test_an_agent_is_switched_off_and_on(switchboard, api):
    agent = await switchboard.agent()
    path = f"{AGENTS}/{agent['id']}"
    assert (await api.post(f"{path}/deactivate")).json()["status"] == "inactive"
    call = await api.post("/api/v1/calls", json={"agent_id": agent["id"], "to": "+14155550100"})
    assert (call.status_code, call.json()["code"]) == (409, "agent-not-ready")
    assert (await api.post(f"{path}/activate")).json()["status"] == "active"


async def test_an_agent_with_running_calls_is_deleted_by_force_only(switchboard, api):
    agent = await switchboard.agent()
    await switchboard.place(agent=agent)
    refused = await api.delete(f"{AGENTS}/{agent['id']}")
    assert (refused.status_code, refused.json()["running_calls"]) == (409, 1)
    assert "force=true" in refused.json()["detail"]
    assert switchboard.ultravox.agents
    assert (await api.delete(f"{AGENTS}/{agent['id']}", params={"force": True})).status_code == 204
    assert switchboard.ultravox.agents == {}


async def test_losses_are_told_with_the_agent_and_before_a_change_of_platform(switchboard, api):
    fields = {"evaluation": [{"name": "polite", "goal": "The agent was polite."}]}
    agent = await switchboard.agent(**fields)
    there = (await api.get(f"{AGENTS}/{agent['id']}/losses", params={"platform": "elevenlabs"})).json()
    here = (await api.get(f"{AGENTS}/{agent['id']}/losses")).json()
    assert here == agent["losses"] == (await api.get(f"{AGENTS}/{agent['id']}")).json()["losses"]
    expected = switchboard.parts.providers.platform("elevenlabs").losses(
        switchboard.ultravox.agents[agent["remote_id"]].spec
    )
    assert [loss["field"] for loss in there] == [loss.field for loss in expected]


async def test_many_agents_are_tagged_and_untagged(switchboard, api):
    ids = [(await switchboard.agent(tags=["old"]))["id"] for _ in range(3)]
    told = await _bulk(api, ids=ids, action="tag", tags=["night", "old"])
    assert (told["done"], told["failed"]) == (3, 0)
    assert [agent["tags"] for agent in (await api.get(AGENTS)).json()] == [["old", "night"]] * 3
    await switchboard.agent(name="Untagged")
    assert len((await api.get(AGENTS, params={"tag": "night"})).json()) == 3
    await _bulk(api, filter={"tag": "night"}, action="untag", tags=["old"])
    assert [agent["tags"] for agent in (await api.get(AGENTS)).json()] == [[], *[["night"]] * 3]


async def test_a_bulk_tells_what_failed_and_does_the_rest(switchboard, api):
    good, busy = await switchboard.agent(), await switchboard.agent()
    await switchboard.place(agent=busy)
    told = await _bulk(api, ids=[good["id"], "agt_unknown", busy["id"], good["id"]], action="delete")
    assert [(one["id"], one["ok"], one["code"]) for one in told["results"]] == [
        (good["id"], True, None),
        ("agt_unknown", False, "unknown-agent"),
        (busy["id"], False, "agent-busy"),
    ]
    assert (told["done"], told["failed"]) == (1, 2)
    assert [agent["id"] for agent in (await api.get(AGENTS)).json()] == [busy["id"]]


async def test_a_bulk_works_by_filter(switchboard, api):
    for name, platform in (("Alpha", "ultravox"), ("Beta", "elevenlabs"), ("Gamma", "elevenlabs")):
        await switchboard.agent(name=name, platform=platform)
    await _bulk(api, filter={"platform": "elevenlabs"}, action="deactivate")
    found = await api.get(AGENTS, params={"status": "inactive", "sort": "name"})
    assert [agent["name"] for agent in found.json()] == ["Beta", "Gamma"]
    await _bulk(api, filter={"platform": "elevenlabs", "search": "Gamma"}, action="activate")
    assert len((await api.get(AGENTS, params={"status": "inactive"})).json()) == 1


@pytest.mark.parametrize(
    "order",
    [
        {"action": "delete"},
        {"action": "delete", "filter": {}},
        {"action": "delete", "ids": ["a"], "filter": {"tag": "x"}},
        {"action": "delete", "ids": []},
        {"action": "delete", "ids": ["a"] * 501},
        {"action": "tag", "ids": ["a"]},
        {"action": "delete", "ids": ["a"], "tags": ["x"]},
        {"action": "explode", "ids": ["a"]},
    ],
)
async def test_a_senseless_bulk_is_refused_whole(switchboard, api, order):
    agent = await switchboard.agent()
    assert (await api.post(f"{AGENTS}/bulk", json=order)).status_code == 422
    assert (await api.get(f"{AGENTS}/{agent['id']}")).status_code == 200


async def test_a_bulk_while_the_platform_is_away_keeps_what_was_meant(switchboard, api):
    agent = await switchboard.agent()
    switchboard.ultravox.fail_next(DOWN)
    told = await _bulk(api, ids=[agent["id"]], action="tag", tags=["night"])
    assert told["results"][0]["code"] == "kept-as-draft"
    assert (await api.get(f"{AGENTS}/{agent['id']}")).json()["draft"]["values"] == {"tags": ["night"]}


async def test_reading_is_no_permission_to_write(switchboard, api):
    agent = await switchboard.agent()
    made = await api.post("/api/v1/keys", json={"name": "Reader", "scopes": ["agents:read"]})
    reader = {"X-API-Key": made.json()["secret"]}
    path = f"{AGENTS}/{agent['id']}"
    for method, address in (
        ("POST", f"{AGENTS}/bulk"),
        ("POST", f"{AGENTS}/import"),
        ("POST", f"{path}/publish"),
        ("DELETE", f"{path}/draft"),
        ("POST", f"{path}/duplicate"),
        ("POST", f"{path}/deactivate"),
        ("POST", f"{path}/versions/1/restore"),
        ("POST", f"{path}/drift/pull"),
        ("POST", f"{path}/drift/push"),
        ("POST", f"{path}/copy?to=elevenlabs"),
    ):
        answer = await api.request(method, address, headers=reader, json={} if method == "POST" else None)
        assert answer.status_code == 403, address
    for address in ("/versions", "/versions/1", "/versions/1/diff", "/drift", "/losses"):
        assert (await api.get(path + address, headers=reader)).status_code == 200, address
    assert AGENT["name"] == (await api.get(path)).json()["name"]
