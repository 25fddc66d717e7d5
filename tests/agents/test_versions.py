import pytest
from tests.harness import AGENT

AGENTS = "/api/v1/agents"


@pytest.fixture
def api(switchboard):
    return switchboard.api


@pytest.fixture
async def path(switchboard):
    """An agent with three versions."""
    agent = await switchboard.agent()
    path = f"{AGENTS}/{agent['id']}"
    await switchboard.api.patch(path, json={"prompt": "Two {{guest}}.", "temperature": 0.5})
    await switchboard.api.patch(path, json={"variables": {"guest": "Ann"}})
    return path


async def test_every_version_is_kept_with_its_author(api, path):
    versions = (await api.get(f"{path}/versions")).json()
    assert [one["version"] for one in versions] == [3, 2, 1]
    assert versions[0]["fields"] == ["variables"]
    assert versions[1]["fields"] == ["prompt", "temperature", "variables"]
    assert "prompt" in versions[2]["fields"]
    assert {one["author"] for one in versions} == {"SWITCHBOARD_API_KEY"}
    assert all(one["key_id"].startswith("key_") for one in versions)


async def test_history_is_paged(api, path):
    first = await api.get(f"{path}/versions", params={"limit": 2})
    second = await api.get(first.links["next"]["url"])
    assert [one["version"] for one in first.json() + second.json()] == [3, 2, 1]
    assert "next" not in second.links


async def test_a_version_is_shown_whole(api, path):
    shown = (await api.get(f"{path}/versions/2")).json()
    assert (shown["snapshot"]["prompt"], shown["snapshot"]["temperature"]) == ("Two {{guest}}.", 0.5)
    missing = await api.get(f"{path}/versions/9")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown-version")


async def test_two_versions_are_compared_field_by_field(api, path):
    diff = (await api.get(f"{path}/versions/1/diff", params={"to": 2})).json()
    assert {one["field"]: (one["before"], one["after"]) for one in diff} == {
        "prompt": (AGENT["prompt"], "Two {{guest}}."),
        "temperature": (None, 0.5),
        "variables.guest": (None, {"type": "string", "default": None}),
    }
    to_now = (await api.get(f"{path}/versions/2/diff")).json()
    assert to_now == [{"field": "variables.guest.default", "before": None, "after": "Ann"}]
    assert (await api.get(f"{path}/versions/3/diff")).json() == []


async def test_an_old_version_is_restored_as_a_new_one(switchboard, api, path):
    restored = (await api.post(f"{path}/versions/1/restore", headers={"If-Match": '"3"'})).json()
    assert (restored["version"], restored["prompt"], restored["variables"]) == (4, AGENT["prompt"], {})
    assert switchboard.ultravox.agents[restored["remote_id"]].spec.prompt == AGENT["prompt"]
    assert (await api.get(f"{path}/versions/4/diff", params={"to": 1})).json() == []
    event = (await switchboard.parts.events.after(0, agent_id=restored["id"]))[-1]
    assert (event.type, event.data["action"]) == ("agent.updated", "restored 1")


async def test_of_two_editors_the_second_is_shown_both_versions(api, path):
    mine = {"prompt": "Mine.", "temperature": 0.9}
    stale = {"If-Match": '"2"'}
    for answer in (
        await api.patch(path, json=mine, headers=stale),
        await api.put(path, json=AGENT | mine, headers=stale),
    ):
        problem = answer.json()
        assert (answer.status_code, problem["current"]["version"]) == (412, 3)
        assert problem["current"]["prompt"] == "Two {{guest}}."
        assert mine.items() <= problem["yours"].items()


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("DELETE", ""),
        ("POST", "/versions/1/restore"),
        ("POST", "/duplicate"),
        ("POST", "/copy?to=elevenlabs"),
        ("POST", "/deactivate"),
        ("POST", "/publish"),
        ("POST", "/drift/pull"),
        ("POST", "/drift/push"),
    ],
)
async def test_whatever_is_done_is_done_to_the_version_that_was_read(api, path, method, address):
    answer = await api.request(method, path + address, headers={"If-Match": '"2"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "agent-changed")
    assert len((await api.get(AGENTS)).json()) == 1


async def test_many_editors_at_once_leave_a_history_without_holes(switchboard, api, path):
    import asyncio

    answers = await asyncio.gather(*(api.patch(path, json={"name": f"Editor {n}"}) for n in range(5)))
    assert {answer.status_code for answer in answers} <= {200, 412}
    agent = (await api.get(path)).json()
    versions = (await api.get(f"{path}/versions")).json()
    assert [one["version"] for one in versions] == list(range(agent["version"], 0, -1))
    newest = (await api.get(f"{path}/versions/{agent['version']}")).json()
    assert newest["snapshot"]["name"] == agent["name"] == switchboard.ultravox.agents[agent["remote_id"]].spec.name
