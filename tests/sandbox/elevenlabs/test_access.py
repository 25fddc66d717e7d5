import pytest

PATHS = ["/v1/convai/agents", "/v1/convai/conversations", "/v2/voices", "/v1/user", "/v1/workspace/webhooks"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_missing_key_is_401_missing_api_key(customer, path):
    """Checklist 11.1."""
    del customer.http.headers["xi-api-key"]
    answer = await customer.http.get(path)
    assert answer.status_code == 401
    detail = answer.json()["detail"]
    assert (detail["type"], detail["code"]) == ("authentication_error", "missing_api_key")


async def test_a_wrong_key_is_401_invalid_api_key(customer):
    answer = await customer.http.get("/v1/user", headers={"xi-api-key": "an-invalid-key"})
    assert answer.status_code == 401
    assert answer.json()["detail"]["code"] == answer.json()["detail"]["status"] == "invalid_api_key"


async def test_each_key_is_a_workspace_of_its_own(customer):
    agent_id = await customer.agent()
    answer = await customer.http.get(f"/v1/convai/agents/{agent_id}", headers={"xi-api-key": "another"})
    assert answer.status_code == 404
    assert answer.json()["detail"]["code"] == "agent_not_found"
    assert answer.json()["detail"]["type"] == "not_found"


async def test_a_subscription_counts_credits(customer):
    plan = await customer.get("/v1/user/subscription")
    assert (plan["tier"], plan["character_count"], plan["status"]) == ("creator", 0, "active")
    assert (await customer.get("/v1/user"))["subscription"]["character_limit"] == plan["character_limit"]
    answer = await customer.http.get("/v1/user/subscription", headers={"xi-api-key": "free-plan"})
    assert answer.json()["tier"] == "free"


async def test_a_reset_forgets_everything_and_the_same_seed_gives_the_same_ids(customer):
    await customer.world.reset(seed=7)
    first = await customer.agent()
    await customer.world.reset(seed=7)
    assert (await customer.get("/v1/convai/agents"))["agents"] == []
    assert await customer.agent() == first
