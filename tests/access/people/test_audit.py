from tests.access.people.browsing import PASSWORD, let_in

from switchboard.events.schemas import NewEvent


async def test_the_audit_says_who_did_what_newest_first(api, browser):
    root = await let_in(api, "root", "admin")
    await browser.sign_in("root")
    key = (await browser.post("/api/v1/keys", {"name": "report", "scopes": ["calls:read"]})).json()
    await browser.delete(f"/api/v1/keys/{key['id']}")
    await browser.change_password(new_password="another long one", current_password=PASSWORD)
    deeds = (await browser.get("/api/v1/audit")).json()
    mine = (await api.get("/api/v1/me")).json()
    by_root = {"kind": "user", "id": root["id"], "name": "root"}
    by_key = {"kind": "key", "id": mine["key_id"], "name": "tests"}
    assert [(deed["type"], deed["actor"]) for deed in deeds] == [
        ("user.password_changed", by_root),
        ("key.revoked", by_root),
        ("key.created", by_root),
        ("user.signed_in", by_root),
        ("user.created", by_key),
    ]
    assert deeds[2]["data"]["key_id"] == key["id"]
    assert "actor" not in deeds[2]["data"]
    only_key = (await browser.get(f"/api/v1/audit?actor={mine['key_id']}")).json()
    assert [deed["type"] for deed in only_key] == ["user.created"]
    only_keys = (await browser.get("/api/v1/audit?types=key.created,key.revoked&limit=1")).json()
    assert [deed["type"] for deed in only_keys] == ["key.revoked"]


async def test_the_audit_is_paged(api):
    for name in ("a", "b", "c"):
        await let_in(api, name, "viewer", password=None)
    seen, url = [], "/api/v1/audit?limit=2"
    while url:
        page = await api.get(url)
        seen += [deed["data"]["username"] for deed in page.json()]
        url = page.links.get("next", {}).get("url")
    assert seen == ["c", "b", "a"]


async def test_what_happens_by_itself_is_nobodys_deed(api, database):
    app = api._transport.app  # noqa: SLF001 -- the log behind the client
    await api.get("/api/v1/me")
    async with database.transaction() as session:
        await app.state.events.append_all(session, [NewEvent("call.queued", {}, call_id="call_1")])
    assert (await api.get("/api/v1/audit")).json() == []
    told = (await api.get("/api/v1/events?after=0", headers={"Accept": "application/json"})).json()
    assert told[-1]["data"] == {}


async def test_the_audit_uses_its_indexes(database_url):
    import psycopg

    statement = "EXPLAIN SELECT * FROM events WHERE data ? 'actor'"
    with psycopg.connect(database_url) as connection:
        connection.execute("SET enable_seqscan = off")
        newest = connection.execute(f"{statement} ORDER BY position DESC LIMIT 50").fetchall()
        one = connection.execute(
            f"{statement} AND (data -> 'actor' ->> 'id') = 'usr_1' ORDER BY position DESC LIMIT 50"
        ).fetchall()
    assert "ix_events_deeds" in str(newest)
    assert "ix_events_deeds_actor" in str(one)
