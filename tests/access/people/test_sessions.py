import psycopg
import pytest
from tests.access.people.browsing import PASSWORD, Browser, let_in
from tests.edge_app import client_of, edge_app

from switchboard.access.settings import AccessSettings


def move_back(database_url, column, hours):
    with psycopg.connect(database_url) as connection:
        connection.execute(f"UPDATE user_sessions SET {column} = {column} - make_interval(hours => %s)", [hours])


async def test_a_user_signs_in_and_is_who_they_are(api, browser):
    user = await let_in(api, "Ann@Example.com", "operator")
    answer = await browser.sign_in(" ANN@example.com ")
    assert answer.status_code == 200
    assert answer.json()["user"] == {
        "id": user["id"],
        "username": "ann@example.com",
        "name": "ann@example.com",
        "role": "operator",
    }
    assert answer.json()["password_needed"] is False
    mine = (await browser.get("/api/v1/me")).json()
    assert (mine["kind"], mine["key_id"], mine["user"]) == ("user", None, answer.json()["user"])
    assert mine["csrf_token"] == answer.json()["csrf_token"]
    reading, writing = "agents:read calls:read events:read metrics:read voices:read", "agents calls webhooks"
    assert mine["scopes"] == sorted(reading.split() + [f"{what}:write" for what in writing.split()])


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(api, browser):
    await let_in(api, "ann", "viewer")
    cookie = (await browser.sign_in("ann")).headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/", "max-age=604800"))
    assert "secure" not in cookie


async def test_over_tls_the_cookie_is_secure(api, open_browser):
    await let_in(api, "ann", "viewer")
    browser = open_browser()
    browser.client.headers["Origin"] = "https://switchboard.test"
    order = {"username": "ann", "password": PASSWORD}
    answer = await browser.client.post("https://switchboard.test/api/v1/session", json=order)
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(("username", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", ""), ("ann", "")])
async def test_wrong_name_and_wrong_password_say_the_same(api, browser, username, password):
    await let_in(api, "ann", "viewer")
    answer = await browser.sign_in(username, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong-credentials")
    assert answer.json()["detail"] == "The user name or the password is wrong. Check both."
    assert "set-cookie" not in answer.headers


async def test_an_unknown_name_costs_a_hash_too(api, browser, monkeypatch):
    passwords = api._transport.app.state.access.sessions._passwords  # noqa: SLF001 -- the work is the point
    work = []
    run = passwords._run  # noqa: SLF001

    async def counted(function, *arguments):
        work.append(function)
        return await run(function, *arguments)

    monkeypatch.setattr(passwords, "_run", counted)
    await browser.sign_in("nobody")
    assert len(work) == 1


async def test_a_session_planted_before_sign_in_is_not_taken_over(api, browser):
    await let_in(api, "ann", "viewer")
    browser.client.cookies.set("switchboard_session", "sbs_planted", domain="switchboard.test")
    await browser.sign_in("ann")
    assert browser.token != "sbs_planted"
    browser.client.cookies.clear()
    browser.client.cookies.set("switchboard_session", "sbs_planted", domain="switchboard.test")
    assert (await browser.get("/api/v1/me")).status_code == 401


async def test_signing_in_again_ends_the_session_that_this_browser_had(api, browser, open_browser):
    await let_in(api, "ann", "viewer")
    await browser.sign_in("ann")
    first = browser.token
    await browser.sign_in("ann")
    other = open_browser()
    other.client.cookies.set("switchboard_session", first, domain="switchboard.test")
    assert (await other.get("/api/v1/me")).status_code == 401
    assert len((await browser.get("/api/v1/me/sessions")).json()) == 1


async def test_whoever_signed_out_is_out(api, browser):
    await let_in(api, "ann", "viewer")
    await browser.sign_in("ann")
    token = browser.token
    answer = await browser.delete("/api/v1/session")
    assert answer.status_code == 204
    assert browser.token is None
    browser.client.cookies.set("switchboard_session", token, domain="switchboard.test")
    assert (await browser.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(("column", "hours"), [("last_used_at", 13), ("created_at", 7 * 24 + 1)])
async def test_an_idle_and_an_old_session_end(api, browser, database_url, column, hours):
    await let_in(api, "ann", "viewer")
    await browser.sign_in("ann")
    move_back(database_url, column, hours)
    answer = await browser.get("/api/v1/me")
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


async def test_a_session_that_is_used_goes_on(api, browser, database_url):
    await let_in(api, "ann", "viewer")
    await browser.sign_in("ann")
    sessions = api._transport.app.state.access.sessions  # noqa: SLF001 -- instead of waiting a minute
    for _ in range(3):
        move_back(database_url, "last_used_at", 6)
        assert (await browser.get("/api/v1/me")).status_code == 200
        await sessions._usage.write()  # noqa: SLF001


async def test_sessions_that_ran_out_are_forgotten(api, browser, database_url):
    await let_in(api, "ann", "viewer")
    await browser.sign_in("ann")
    move_back(database_url, "last_used_at", 13)
    await api._transport.app.state.access.sessions.forget()  # noqa: SLF001 -- what the hourly job does
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM user_sessions").fetchone() == (0,)


async def test_one_ends_ones_own_other_session_and_nobody_elses(api, browser, open_browser):
    await let_in(api, "ann", "viewer")
    await let_in(api, "bob", "viewer")
    other, bob = open_browser(), open_browser()
    await browser.sign_in("ann")
    await other.sign_in("ann")
    await bob.sign_in("bob")
    listed = (await browser.get("/api/v1/me/sessions")).json()
    (theirs,) = [one["id"] for one in listed if not one["current"]]
    assert (await bob.delete(f"/api/v1/me/sessions/{theirs}")).json()["code"] == "unknown-session"
    assert (await browser.delete(f"/api/v1/me/sessions/{theirs}")).status_code == 204
    assert [(await one.get("/api/v1/me")).status_code for one in (browser, other)] == [200, 401]


async def test_a_new_password_ends_all_other_sessions_and_replaces_this_one(api, browser, open_browser):
    await let_in(api, "ann", "viewer")
    other = open_browser()
    await browser.sign_in("ann")
    await other.sign_in("ann")
    before = browser.token
    answer = await browser.change_password(new_password="another long one", current_password=PASSWORD)
    assert answer.status_code == 200
    assert browser.token not in {None, before}
    assert [(await one.get("/api/v1/me")).status_code for one in (browser, other)] == [200, 401]
    assert (await open_browser().sign_in("ann")).status_code == 401
    assert (await open_browser().sign_in("ann", "another long one")).status_code == 200


@pytest.mark.parametrize("is_outdated", [False, True])
async def test_a_password_that_is_replaced_while_it_is_judged_lets_nobody_in(
    api, browser, open_browser, monkeypatch, is_outdated
):
    await let_in(api, "ann", "viewer")
    await browser.sign_in("ann")
    passwords = api._transport.app.state.access.sessions._passwords  # noqa: SLF001 -- the race happens in there
    fits = passwords.fits

    async def slow(hash_, password):
        fitted = await fits(hash_, password)
        monkeypatch.setattr(passwords, "fits", fits)
        await browser.change_password(new_password="another long one", current_password=PASSWORD)
        return fitted

    monkeypatch.setattr(passwords, "outdated", lambda _: is_outdated)
    monkeypatch.setattr(passwords, "fits", slow)
    refused = await open_browser().sign_in("ann")
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong-credentials")
    assert (await open_browser().sign_in("ann", "another long one")).status_code == 200


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"new_password": "another long one"}, "current_password"),
        ({"new_password": "another long one", "current_password": "wrong"}, "current_password"),
        ({"new_password": "short", "current_password": PASSWORD}, "new_password"),
        ({"new_password": "ann.the.operator", "current_password": PASSWORD}, "new_password"),
        ({"new_password": "another long one", "current_password": PASSWORD, "username": "eve"}, "username"),
    ],
)
async def test_a_password_is_changed_only_by_who_knows_it_and_for_a_good_one(api, browser, order, field):
    await let_in(api, "ann.the.operator", "viewer")
    await browser.sign_in("ann.the.operator")
    answer = await browser.change_password(**order)
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == [field]
    assert (await browser.sign_in("ann.the.operator")).status_code == 200


async def test_a_key_has_no_session(api):
    refused = [
        await api.delete("/api/v1/session"),
        await api.get("/api/v1/me/sessions"),
        await api.post("/api/v1/me/password", json={"new_password": "another long one"}),
    ]
    assert {answer.json()["code"] for answer in refused} == {"session-needed"}


async def test_too_many_attempts_for_a_name_are_not_heard_even_with_the_right_password(api, open_browser):
    await let_in(api, "ann", "viewer")
    for _ in range(10):
        assert (await open_browser().sign_in("ann", "wrong")).status_code == 401
    answer = await open_browser().sign_in("ann")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 900
    await let_in(api, "bob", "viewer")
    assert (await open_browser().sign_in("bob")).status_code == 200


async def test_who_gets_it_right_starts_counting_anew(api, open_browser):
    await let_in(api, "ann", "viewer")
    for _ in range(3):
        for _ in range(5):
            await open_browser().sign_in("ann", "wrong")
        assert (await open_browser().sign_in("ann")).status_code == 200


async def test_too_many_attempts_from_an_address_are_not_heard(database_url):
    app = edge_app(database_url, access=AccessSettings(sign_in_address_rate="3/minute"))
    async with app.router.lifespan_context(app), client_of(app) as client:
        order = {"username": "x", "password": "y"}
        codes = [
            (await client.post("/api/v1/session", json=order | {"username": f"n{n}"})).status_code
            for n in range(4)
        ]
        assert codes == [401, 401, 401, 429]
        link = await client.post("/api/v1/session/link", json={"token": "sbl_guess"})
        assert link.status_code == 429


async def test_one_user_has_at_most_fifty_sessions(api, open_browser, database_url):
    await let_in(api, "ann", "viewer")
    first = open_browser()
    await first.sign_in("ann")
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO user_sessions SELECT 'ses_' || n, user_id, decode(md5(n::text), 'hex'), via, address, "
            "user_agent, created_at, last_used_at + interval '1 minute' "
            "FROM user_sessions, generate_series(1, 50) n"
        )
    last = open_browser()
    await last.sign_in("ann")
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM user_sessions").fetchone() == (50,)
    assert (await first.get("/api/v1/me")).status_code == 401


async def test_only_hashes_are_stored(api, browser: Browser, database_url):
    user = await let_in(api, "ann", "viewer", password=None)
    token = user["link"]["token"]
    await browser.sign_in_by_link(token)
    await browser.change_password(new_password=PASSWORD)
    again = (await api.post(f"/api/v1/users/{user['id']}/link")).json()["token"]
    with psycopg.connect(database_url) as connection:
        tables = ("users", "user_sessions", "sign_in_links", "events", "procrastinate_jobs")
        stored = str([connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables])
    assert "$argon2id$" in stored
    for secret in (token, again, browser.token, PASSWORD):
        assert secret not in stored
