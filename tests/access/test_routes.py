import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.edge_app import ADMIN


async def create(api, *scopes, secret=ADMIN, **more):
    body = {"name": "a key", "scopes": list(scopes), **more}
    return await api.post("/api/v1/keys", json=body, headers={"X-API-Key": secret})


async def me(api, secret):
    return await api.get("/api/v1/me", headers={"X-API-Key": secret})


async def test_a_new_key_shows_its_secret_once_and_works(api):
    created = (await create(api, "agents:read")).json()
    assert created["secret"].startswith("sb_")
    assert len(created["secret"]) == 43
    assert created["prefix"] == created["secret"][:8]
    listed = (await api.get("/api/v1/keys")).json()
    assert created["secret"] not in str(listed)
    mine = (await me(api, created["secret"])).json()
    assert mine == {
        "kind": "key",
        "key_id": created["id"],
        "user": None,
        "name": "a key",
        "scopes": ["agents:read"],
        "csrf_token": None,
    }


async def test_a_bearer_token_is_a_key_too(api):
    del api.headers["X-API-Key"]
    answer = await api.get("/api/v1/me", headers={"Authorization": f"bearer {ADMIN}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": "sb_wrong"},
        {"Authorization": "Basic abc"},
        {"X-API-Key": "ключ".encode()},
    ],
)
async def test_no_key_or_a_wrong_one_is_401_and_says_how(api, headers):
    del api.headers["X-API-Key"]
    answer = await api.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not-authenticated"
    assert "WWW-Authenticate" in answer.headers


async def test_a_revoked_key_is_refused_at_once(api):
    created = (await create(api, "agents:read")).json()
    assert (await api.delete(f"/api/v1/keys/{created['id']}")).status_code == 204
    answer = await me(api, created["secret"])
    assert answer.status_code == 401
    assert "revoked" in answer.json()["detail"]


async def test_revoking_twice_is_quiet_and_tells_once(api):
    created = (await create(api, "agents:read")).json()
    for _ in range(2):
        assert (await api.delete(f"/api/v1/keys/{created['id']}")).status_code == 204
    told = await api.get("/api/v1/events?types=key.revoked", headers={"Accept": "application/json"})
    assert [event["data"]["key_id"] for event in told.json()] == [created["id"]]


async def test_revoking_an_unknown_key_is_404(api):
    answer = await api.delete("/api/v1/keys/key_none")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-key")


async def test_an_expired_key_is_refused(api, database_url):
    soon = datetime.now(UTC) + timedelta(hours=1)
    created = (await create(api, "agents:read", expires_at=soon.isoformat())).json()
    assert (await me(api, created["secret"])).status_code == 200
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", [created["id"]])
    answer = await me(api, created["secret"])
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


async def test_a_missing_scope_is_403_and_named(api):
    created = (await create(api, "calls:read")).json()
    answer = await api.get("/api/v1/agents-only", headers={"X-API-Key": created["secret"]})
    assert answer.status_code == 403
    assert answer.json()["missing_scopes"] == ["agents:read"]
    assert "agents:read" in answer.json()["detail"]


async def test_admin_implies_every_scope(api):
    assert (await api.get("/api/v1/agents-only")).status_code == 200


async def test_a_key_cannot_grant_more_than_it_holds(api):
    clerk = (await create(api, "keys:write", "calls:read")).json()["secret"]
    assert (await create(api, "calls:read", secret=clerk)).status_code == 201
    refused = await create(api, "admin", secret=clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-not-held")


async def test_a_key_cannot_revoke_one_that_may_do_more(api):
    clerk = (await create(api, "keys:write")).json()["secret"]
    admin = (await api.get("/api/v1/me")).json()["key_id"]
    refused = await api.delete(f"/api/v1/keys/{admin}", headers={"X-API-Key": clerk})
    assert refused.status_code == 403
    assert (await api.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": ["admin"]}, "name"),
        ({"name": "  ", "scopes": ["admin"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["agents:fly"]}, "scopes.0"),
        ({"name": "x", "scopes": ["admin"], "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "x", "scopes": ["admin"], "expires_at": "2090-01-01T00:00:00"}, "expires_at"),
        ({"name": "x", "scopes": ["admin"], "extra": 1}, "extra"),
    ],
)
async def test_a_bad_order_names_its_field_and_makes_no_key(api, body, field):
    answer = await api.post("/api/v1/keys", json=body)
    assert answer.status_code == 422
    assert field in [wrong["field"] for wrong in answer.json()["errors"]]
    assert len((await api.get("/api/v1/keys")).json()) == 1


async def test_keys_are_paged_from_the_newest_to_the_oldest(api):
    made = [(await create(api, "calls:read")).json()["id"] for _ in range(5)]
    seen, url = [], "/api/v1/keys?limit=2"
    while url:
        page = await api.get(url)
        assert page.headers["X-Total-Count"] == "6"
        seen += [key["id"] for key in page.json()]
        url = page.links.get("next", {}).get("url")
    assert seen[:5] == made[::-1]
    assert len(seen) == 6


async def test_use_is_noted_away_from_the_request(api):
    created = (await create(api, "calls:read")).json()
    await me(api, created["secret"])
    app = api._transport.app  # noqa: SLF001 -- the service behind the client
    await app.state.access._usage.write()  # noqa: SLF001 -- instead of waiting a minute
    listed = {key["id"]: key for key in (await api.get("/api/v1/keys")).json()}
    assert listed[created["id"]]["last_used_at"] is not None
    assert created["last_used_at"] is None


@pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
async def test_a_name_that_no_database_takes_is_refused(api, name):
    body = json.dumps({"name": name, "scopes": ["calls:read"]})
    answer = await api.post("/api/v1/keys", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"
