import asyncio

import psycopg
import pytest
from tests.access.people.browsing import PASSWORD, let_in

from switchboard.access.roles import SCOPES, Role
from switchboard.access.scopes import Scope


@pytest.fixture
async def admin(api, open_browser):
    """A browser in which an admin is signed in."""
    await let_in(api, "root", "admin")
    browser = open_browser()
    await browser.sign_in("root")
    return browser


def test_every_role_may_read_and_each_may_more_than_the_one_before():
    assert SCOPES[Role.VIEWER] == {scope for scope in Scope if scope.endswith(":read")}
    assert SCOPES[Role.VIEWER] < SCOPES[Role.OPERATOR] < SCOPES[Role.ADMIN] == set(Scope)
    assert not SCOPES[Role.OPERATOR] & {Scope.ADMIN, Scope.KEYS_WRITE}


async def test_a_new_user_comes_in_by_a_link_and_chooses_name_and_password(admin, open_browser):
    made = (await admin.post("/api/v1/users", {"username": "new", "role": "viewer"})).json()
    assert made["link"]["path"] == f"/sign-in?token={made['link']['token']}"
    assert made["has_password"] is False
    browser = open_browser()
    answer = await browser.sign_in_by_link(made["link"]["token"])
    assert (answer.status_code, answer.json()["password_needed"]) == (200, True)
    changed = await browser.change_password(new_password=PASSWORD, username="Zoe", name="Zoe Ray")
    assert changed.json()["user"] | {"id": ""} == {
        "id": "",
        "username": "zoe",
        "name": "Zoe Ray",
        "role": "viewer",
    }
    assert changed.json()["password_needed"] is False
    assert (await open_browser().sign_in("zoe")).status_code == 200


async def test_a_link_works_once_even_for_a_crowd(admin, open_browser):
    made = (await admin.post("/api/v1/users", {"username": "new", "role": "viewer"})).json()
    browsers = [open_browser() for _ in range(5)]
    answers = await asyncio.gather(*(one.sign_in_by_link(made["link"]["token"]) for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    assert {answer.json()["code"] for answer in answers if answer.is_error} == {"link-not-valid"}


async def test_a_link_expires_and_a_newer_one_replaces_it(admin, open_browser, database_url):
    user = (await admin.post("/api/v1/users", {"username": "new", "role": "viewer"})).json()
    newer = (await admin.post(f"/api/v1/users/{user['id']}/link")).json()["token"]
    assert (await open_browser().sign_in_by_link(user["link"]["token"])).status_code == 401
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE sign_in_links SET expires_at = now()")
    assert (await open_browser().sign_in_by_link(newer)).status_code == 401


async def test_who_comes_by_a_link_needs_no_old_password_for_a_while(admin, open_browser, database_url):
    user = (await admin.post("/api/v1/users", {"username": "ann", "role": "viewer", "password": PASSWORD})).json()
    assert user["link"] is None
    late = open_browser()
    await late.sign_in_by_link((await admin.post(f"/api/v1/users/{user['id']}/link")).json()["token"])
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE user_sessions SET created_at = created_at - interval '16 minutes'")
    assert (await late.change_password(new_password="a forgotten one")).status_code == 422
    quick = open_browser()
    await quick.sign_in_by_link((await admin.post(f"/api/v1/users/{user['id']}/link")).json()["token"])
    assert (await quick.change_password(new_password="a remembered one")).status_code == 200


async def test_a_name_is_taken_in_any_case(admin):
    first = await admin.post("/api/v1/users", {"username": "ann", "role": "viewer"})
    second = await admin.post("/api/v1/users", {"username": "ANN", "role": "viewer"})
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "username-taken")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "viewer"}, "username"),
        ({"username": "a b", "role": "viewer"}, "username"),
        ({"username": "<b>", "role": "viewer"}, "username"),
        ({"username": "\u0430nn", "role": "viewer"}, "username"),  # the first letter is Cyrillic
        ({"username": "ann"}, "role"),
        ({"username": "ann", "role": "owner"}, "role"),
        ({"username": "ann", "role": "viewer", "password": "short"}, "password"),
        ({"username": "ann.the.first", "role": "viewer", "password": "Ann.The.First"}, "password"),
        ({"username": "ann", "role": "viewer", "name": " "}, "name"),
        ({"username": "ann", "role": "viewer", "extra": 1}, "extra"),
    ],
)
async def test_a_bad_order_names_its_field_and_lets_nobody_in(api, body, field):
    answer = await api.post("/api/v1/users", json=body)
    assert answer.status_code == 422
    assert field in [wrong["field"] for wrong in answer.json()["errors"]]
    assert (await api.get("/api/v1/users")).json() == []


async def test_another_role_counts_at_once(admin, open_browser):
    user = (await admin.post("/api/v1/users", {"username": "ann", "role": "viewer", "password": PASSWORD})).json()
    ann = open_browser()
    await ann.sign_in("ann")
    assert (await ann.get("/api/v1/users")).status_code == 403
    await admin.patch(f"/api/v1/users/{user['id']}", {"role": "admin", "name": "Ann"})
    assert (await ann.get("/api/v1/users")).status_code == 200
    assert (await ann.get("/api/v1/me")).json()["name"] == "Ann"


async def test_a_disabled_user_is_out_at_once_and_back_when_enabled(admin, open_browser):
    user = (await admin.post("/api/v1/users", {"username": "ann", "role": "viewer", "password": PASSWORD})).json()
    path = f"/api/v1/users/{user['id']}"
    ann = open_browser()
    await ann.sign_in("ann")
    disabled = await admin.patch(path, {"disabled": True})
    assert disabled.json()["disabled_at"] is not None
    assert (await ann.get("/api/v1/me")).status_code == 401
    assert (await ann.sign_in("ann")).json()["code"] == "user-disabled"
    assert (await ann.sign_in("ann", "wrong")).json()["code"] == "wrong-credentials"
    assert (await admin.post(f"{path}/link")).json()["code"] == "user-disabled"
    await admin.patch(path, {"disabled": False})
    assert (await ann.sign_in("ann")).status_code == 200


async def test_a_deleted_user_is_out_at_once(admin, open_browser):
    user = (await admin.post("/api/v1/users", {"username": "ann", "role": "viewer", "password": PASSWORD})).json()
    ann = open_browser()
    await ann.sign_in("ann")
    assert (await admin.delete(f"/api/v1/users/{user['id']}")).status_code == 204
    assert (await ann.get("/api/v1/me")).status_code == 401
    assert (await admin.delete(f"/api/v1/users/{user['id']}")).json()["code"] == "unknown-user"


async def test_somebody_must_stay_admin(admin):
    me = (await admin.get("/api/v1/me")).json()["user"]["id"]
    path = f"/api/v1/users/{me}"
    refused = [
        await admin.patch(path, {"disabled": True}),
        await admin.patch(path, {"role": "operator"}),
        await admin.delete(path),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(409, "last-admin")}


async def test_two_admins_cannot_remove_each_other_at_the_same_time(api):
    first, second = [(await let_in(api, name, "admin"))["id"] for name in ("a", "b")]
    answers = await asyncio.gather(*(api.delete(f"/api/v1/users/{one}") for one in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_users_are_paged_from_the_oldest_to_the_newest(api):
    made = [(await let_in(api, f"user{n}", "viewer", password=None))["id"] for n in range(3)]
    seen, url = [], "/api/v1/users?limit=2"
    while url:
        page = await api.get(url)
        assert page.headers["X-Total-Count"] == "3"
        seen += [user["id"] for user in page.json()]
        url = page.links.get("next", {}).get("url")
    assert seen == made
    assert "link" not in page.json()[0]


async def test_the_first_admin_is_made_once_however_many_ask(api):
    users = api._transport.app.state.access.users  # noqa: SLF001 -- as `serve` and `demo` do
    made = await asyncio.gather(*(users.first_admin_password() for _ in range(4)))
    ((username, password),) = [one for one in made if one is not None]
    listed = (await api.get("/api/v1/users")).json()
    assert [(user["username"], user["role"]) for user in listed] == [(username, "admin")]
    assert len(password) == 20


async def test_each_start_of_a_demo_makes_a_new_link_for_the_same_admin(api, open_browser):
    users = api._transport.app.state.access.users  # noqa: SLF001 -- as `demo` does
    first, second = await users.first_admin_link(), await users.first_admin_link()
    assert (await open_browser().sign_in_by_link(first.token)).status_code == 401
    answer = await open_browser().sign_in_by_link(second.token)
    assert (answer.json()["user"]["username"], answer.json()["user"]["role"]) == ("admin", "admin")
    assert len((await api.get("/api/v1/users")).json()) == 1


async def test_people_are_found_by_part_of_a_name_in_any_case_and_in_pages(admin):
    for username, name in (("ann@x.test", "Ann Ángel"), ("ben", "Ben ANNAN"), ("carl_1", "Carl"), ("dora", "D")):
        await admin.post("/api/v1/users", {"username": username, "name": name, "role": "viewer"})

    async def found(q, **more):
        answer = await admin.client.get("/api/v1/users", params={"q": q} | more)
        return answer, [user["username"] for user in answer.json()]

    first, names = await found("ANN", limit=1)
    assert (names, first.headers["X-Total-Count"]) == (["ann@x.test"], "2")
    second = await admin.client.get(first.links["next"]["url"])
    assert ([user["username"] for user in second.json()], second.links) == (["ben"], {})
    assert (await found(" ángel "))[1] == ["ann@x.test"]
    assert (await found("L_1"))[1] == ["carl_1"]
    assert (await found("%"))[1] == []
    assert len((await found(""))[1]) == 5
