import pytest


@pytest.mark.parametrize("path", ["/api/agents", "/api/calls", "/api/voices", "/api/accounts/me", "/api/webhooks"])
async def test_a_missing_key_is_401(customer, path):
    """Checklist 8.1.1: a missing key."""
    del customer.http.headers["X-API-Key"]
    answer = await customer.http.get(path)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}


@pytest.mark.parametrize("key", ["short", "abcdefgh" + "K" * 33, "invalid8." + "K" * 32, "abcdefg-." + "K" * 31])
async def test_a_wrong_key_is_403(customer, key):
    """Checklist 8.1.1: 41 characters, and the body of a refusal."""
    answer = await customer.http.get("/api/agents", headers={"X-API-Key": key})
    assert answer.status_code == 403
    assert answer.json() == {"detail": "Invalid API key"}


async def test_each_key_is_an_account_of_its_own(customer):
    agent_id = await customer.agent()
    other = {"X-API-Key": "zyxwvuts." + "Z" * 32}
    assert (await customer.http.get("/api/agents", headers=other)).json()["results"] == []
    answer = await customer.http.get(f"/api/agents/{agent_id}", headers=other)
    assert answer.status_code == 404
    assert "detail" in answer.json()
    mine = await customer.get("/api/accounts/me")
    theirs = (await customer.http.get("/api/accounts/me", headers=other)).json()
    assert mine["accountId"] != theirs["accountId"]


async def test_the_browser_header_works_too(customer):
    key = customer.http.headers.pop("X-API-Key")
    assert (await customer.http.get("/api/models", headers={"X-Unsafe-API-Key": key})).status_code == 200


async def test_a_reset_forgets_everything(customer):
    await customer.agent()
    await customer.world.reset(seed=7)
    assert (await customer.get("/api/agents"))["total"] == 0


async def test_the_same_seed_gives_the_same_ids(customer):
    first = await customer.agent()
    await customer.world.reset(seed=7)
    await customer.agent()
    await customer.world.reset(seed=7)
    assert await customer.agent() == (await customer.get("/api/agents"))["results"][0]["agentId"]
    await customer.world.reset(seed=8)
    assert await customer.agent() != first
