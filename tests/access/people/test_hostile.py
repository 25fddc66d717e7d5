"""What other pages, other people and strangers try."""

import json

import pytest
from tests.access.people.browsing import let_in

KEY_ORDER = {"name": "loot", "scopes": ["calls:read"]}


@pytest.fixture
async def admin(api, open_browser):
    await let_in(api, "root", "admin")
    browser = open_browser()
    await browser.sign_in("root")
    return browser


async def test_with_token_and_own_origin_a_page_may_write(admin):
    assert (await admin.post("/api/v1/keys", KEY_ORDER)).status_code == 201


@pytest.mark.parametrize("token", [None, "", "guess", "ключ".encode()])
async def test_without_the_token_nothing_is_changed(admin, token):
    del admin.client.headers["X-CSRF-Token"]
    headers = {} if token is None else {"X-CSRF-Token": token}
    answer = await admin.client.post("/api/v1/keys", json=KEY_ORDER, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-failed")
    assert len((await admin.get("/api/v1/keys")).json()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://switchboard.test.evil.example"},
        {"Origin": "http://switchboard.test:8100"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_origin_cannot_drive_the_api_even_with_the_token(admin, headers):
    for method, path in (("POST", "/api/v1/keys"), ("DELETE", "/api/v1/session"), ("POST", "/api/v1/session")):
        body = {"username": "root", "password": "x"} if path.endswith("session") else KEY_ORDER
        answer = await admin.client.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf-failed"), (method, path)
    assert (await admin.get("/api/v1/me")).status_code == 200


async def test_the_token_of_another_session_does_not_fit(admin, api, open_browser):
    await let_in(api, "eve", "viewer")
    eve = open_browser()
    await eve.sign_in("eve")
    stolen = {"X-CSRF-Token": eve.client.headers["X-CSRF-Token"]}
    assert (await admin.client.post("/api/v1/keys", json=KEY_ORDER, headers=stolen)).status_code == 403


async def test_no_origin_is_told_that_it_may_read(admin):
    for origin in ("https://evil.example", "http://switchboard.test"):
        answer = await admin.client.options(
            "/api/v1/keys", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        )
        assert not any(name.startswith("access-control") for name in answer.headers)


async def test_a_key_needs_no_token_from_wherever_it_comes(api):
    answer = await api.post("/api/v1/keys", json=KEY_ORDER, headers={"Origin": "https://own-tool.example"})
    assert answer.status_code == 201


@pytest.mark.parametrize("role", ["viewer", "operator"])
async def test_who_is_no_admin_manages_neither_users_nor_keys_nor_reads_the_audit(api, browser, role):
    other = await let_in(api, "other", "viewer")
    await let_in(api, "ann", role)
    await browser.sign_in("ann")
    refused = [
        await browser.get("/api/v1/users"),
        await browser.post("/api/v1/users", {"username": "eve", "role": "admin"}),
        await browser.patch(f"/api/v1/users/{other['id']}", {"role": "admin"}),
        await browser.delete(f"/api/v1/users/{other['id']}"),
        await browser.post(f"/api/v1/users/{other['id']}/link"),
        await browser.get("/api/v1/keys"),
        await browser.post("/api/v1/keys", KEY_ORDER),
        await browser.get("/api/v1/audit"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "missing-scope")}
    assert f"role {role}" in refused[0].json()["detail"]


async def test_no_answer_holds_a_secret(admin, api):
    user = await let_in(api, "ann", "viewer")
    answers = [
        await admin.get("/api/v1/users"),
        await admin.get("/api/v1/me"),
        await admin.get("/api/v1/me/sessions"),
        await admin.patch(f"/api/v1/users/{user['id']}", {"name": "Ann"}),
        await admin.client.get("/api/v1/events?after=0", headers={"Accept": "application/json"}),
        await admin.get("/api/v1/audit"),
    ]
    told = "".join(answer.text for answer in answers)
    assert "ann" in told
    assert not any(word in told for word in (admin.token, "argon2", "hash", "sbs_", "sbl_"))


async def test_whoever_is_signed_out_is_told_so_before_anything_about_tokens(browser):
    browser.client.cookies.set("switchboard_session", "sbs_old", domain="switchboard.test")
    assert (await browser.post("/api/v1/keys", KEY_ORDER)).status_code == 401


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
async def test_text_that_no_database_takes_is_refused_at_the_door(api, text):
    for path, body in (
        ("session", {"username": text, "password": "x"}),
        ("session", {"username": "x", "password": text}),
        ("session/link", {"token": text}),
    ):
        answer = await api.post(
            f"/api/v1/{path}", content=json.dumps(body), headers={"content-type": "application/json"}
        )
        assert answer.status_code == 422


async def test_a_form_of_another_site_cannot_sign_anybody_in(api):
    answer = await api.post(
        "/api/v1/session", content="username=eve&password=x", headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 415
