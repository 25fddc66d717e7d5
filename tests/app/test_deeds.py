"""Deeds in the domains reach the audit trail with their actor; what jobs do does not."""


async def test_agents_made_and_calls_placed_and_hung_up_are_somebodys_deeds(switchboard):
    agent = await switchboard.agent()
    await switchboard.api.patch(f"/api/v1/agents/{agent['id']}", json={"name": "Front desk"})
    call_id = await switchboard.place(agent=agent)
    await switchboard.api.post(f"/api/v1/calls/{call_id}/hangup")
    await switchboard.work()
    key_id = (await switchboard.api.get("/api/v1/me")).json()["key_id"]
    deeds = (await switchboard.api.get("/api/v1/audit")).json()
    assert [deed["type"] for deed in deeds] == [
        "call.hangup_requested",
        "call.queued",
        "agent.updated",
        "agent.created",
    ]
    assert {deed["actor"]["id"] for deed in deeds} == {key_id}
    assert len(await switchboard.told(call_id)) > 2


async def test_users_are_the_authors_of_what_they_write(switchboard):
    password = "correct horse battery"
    order = {"username": "ann", "name": "Ann Lee", "role": "operator", "password": password}
    user = (await switchboard.api.post("/api/v1/users", json=order)).json()
    agent = await switchboard.agent()
    began = await switchboard.api.post("/api/v1/session", json={"username": "ann", "password": password})
    as_ann = {"X-API-Key": "", "X-CSRF-Token": began.json()["csrf_token"]}
    changed = await switchboard.api.patch(f"/api/v1/agents/{agent['id']}", json={"name": "Desk"}, headers=as_ann)
    assert changed.status_code == 200
    switchboard.api.cookies.clear()
    (newest, *_) = (await switchboard.api.get(f"/api/v1/agents/{agent['id']}/versions")).json()
    assert (newest["author"], newest["key_id"]) == ("Ann Lee", user["id"])
    (deed,) = (await switchboard.api.get(f"/api/v1/audit?actor={user['id']}&types=agent.updated")).json()
    assert deed["actor"] == {"kind": "user", "id": user["id"], "name": "Ann Lee"}
