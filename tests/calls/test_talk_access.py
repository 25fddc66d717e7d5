"""Who may talk in the browser: keys, sessions, tickets."""

import asyncio
import json
from datetime import timedelta

import pytest
from tests.access.people.browsing import PASSWORD, let_in
from tests.calls.talking import page
from websockets.exceptions import InvalidStatus


@pytest.fixture
async def agent(switchboard):
    return await switchboard.agent()


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 401), ({"X-API-Key": "sb_wrong"}, 401), ({"Authorization": "Bearer x"}, 401)]
)
async def test_a_stranger_is_refused_before_the_socket_opens(switchboard, product_port, agent, headers, status):
    with pytest.raises(InvalidStatus) as refused:
        async with page(product_port, agent["id"], headers=headers):
            pass
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body)["code"] == "not-authenticated"


async def test_a_key_that_may_not_call_may_not_talk(switchboard, product_port, agent):
    wanted = {"name": "reader", "scopes": ["calls:read"]}
    key = (await switchboard.api.post("/api/v1/keys", json=wanted)).json()["secret"]
    with pytest.raises(InvalidStatus) as refused:
        async with page(product_port, agent["id"], headers={"Authorization": f"Bearer {key}"}):
            pass
    assert refused.value.response.status_code == 403
    answer = await switchboard.api.post(f"/api/v1/agents/{agent['id']}/talk", headers={"X-API-Key": key})
    assert answer.status_code == 403


async def test_a_session_talks_from_our_own_page_and_from_no_other(switchboard, product_port, agent):
    await let_in(switchboard.api, "talker", "operator")
    answer = await switchboard.api.post("/api/v1/session", json={"username": "talker", "password": PASSWORD})
    assert answer.is_success, answer.text
    cookie = {"Cookie": f"switchboard_session={switchboard.api.cookies['switchboard_session']}"}
    switchboard.api.cookies.clear()
    own = f"http://127.0.0.1:{product_port}"
    async with page(product_port, agent["id"], headers=cookie | {"Origin": own}) as line:
        await line.start()
    for origin in ({}, {"Origin": "http://evil.test"}):
        with pytest.raises(InvalidStatus) as refused:
            async with page(product_port, agent["id"], headers=cookie | origin):
                pass
        assert refused.value.response.status_code == 403


async def test_a_ticket_opens_one_talk_with_its_agent_and_no_second(switchboard, product_port, agent):
    answer = await switchboard.api.post(f"/api/v1/agents/{agent['id']}/talk")
    ticket = answer.json()
    assert answer.status_code == 201
    assert ticket["url"] == f"ws://switchboard.test/api/v1/agents/{agent['id']}/talk?ticket={ticket['ticket']}"
    rows = await switchboard.sql("SELECT hash FROM talk_tickets")
    assert ticket["ticket"].encode() not in [bytes(row[0]) for row in rows]
    query = f"?ticket={ticket['ticket']}"
    async with page(product_port, agent["id"], query=query, headers={}) as line:
        await line.start()
    await switchboard.work()
    for again in (query, "?ticket=sb_guess"):
        with pytest.raises(InvalidStatus) as refused:
            async with page(product_port, agent["id"], query=again, headers={}):
                pass
        assert refused.value.response.status_code == 401


@pytest.mark.parametrize("wrong", ["other agent", "too late"])
async def test_a_ticket_is_good_for_its_agent_and_for_half_a_minute(switchboard, product_port, agent, wrong):
    ticket = (await switchboard.api.post(f"/api/v1/agents/{agent['id']}/talk")).json()["ticket"]
    agent_id = agent["id"] if wrong == "too late" else (await switchboard.agent(name="Other"))["id"]
    if wrong == "too late":
        late = timedelta(seconds=31)
        await switchboard.sql(f"UPDATE talk_tickets SET expires_at = expires_at - interval '{late}'")
    with pytest.raises(InvalidStatus):
        async with page(product_port, agent_id, query=f"?ticket={ticket}", headers={}):
            pass


async def test_a_ticket_for_nobody_is_not_given(switchboard):
    assert (await switchboard.api.post("/api/v1/agents/agt_nobody/talk")).status_code == 404


@pytest.fixture
def rechecked_soon(monkeypatch):
    monkeypatch.setattr("switchboard.access.service.RECHECK_SECONDS", 0.02)


async def made_key(switchboard):
    made = (await switchboard.api.post("/api/v1/keys", json={"name": "caller", "scopes": ["calls:write"]})).json()
    return made["id"], {"X-API-Key": made["secret"]}


async def ticket_of(switchboard, agent, headers):
    answer = await switchboard.api.post(f"/api/v1/agents/{agent['id']}/talk", headers=headers)
    return {"query": f"?ticket={answer.json()['ticket']}", "headers": {}}


@pytest.mark.parametrize("by_ticket", [False, True])
async def test_a_key_that_is_revoked_meanwhile_goes_on_no_longer(
    switchboard, product_port, agent, rechecked_soon, by_ticket
):
    key_id, headers = await made_key(switchboard)
    way_in = await ticket_of(switchboard, agent, headers) if by_ticket else {"headers": headers}
    async with page(product_port, agent["id"], **way_in) as line:
        started = await line.start()
        await asyncio.sleep(0.1)
        assert not (await switchboard.api.get(f"/api/v1/calls/{started['call_id']}")).json()["ended_at"]
        await switchboard.api.delete(f"/api/v1/keys/{key_id}")
        assert (await line.until("ended"))["reason"] == "page_error"
        assert await line.closed() == (1008, "This API key was revoked. Ask for a new one.")


async def test_a_ticket_of_a_key_that_was_revoked_opens_nothing(switchboard, product_port, agent):
    key_id, headers = await made_key(switchboard)
    way_in = await ticket_of(switchboard, agent, headers)
    await switchboard.api.delete(f"/api/v1/keys/{key_id}")
    with pytest.raises(InvalidStatus) as refused:
        async with page(product_port, agent["id"], **way_in):
            pass
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"disabled": True}, "You are signed out. Sign in again."),
        ({"role": "viewer"}, "Your role viewer lacks the scope calls:write. Ask an admin for another role."),
    ],
)
async def test_a_ticket_of_a_person_ends_with_what_they_may(
    switchboard, product_port, agent, rechecked_soon, change, said
):
    person = await let_in(switchboard.api, "talker", "operator")
    answer = await switchboard.api.post("/api/v1/session", json={"username": "talker", "password": PASSWORD})
    csrf = {"X-CSRF-Token": answer.json()["csrf_token"], "X-API-Key": ""}
    way_in = await ticket_of(switchboard, agent, csrf)
    switchboard.api.cookies.clear()
    async with page(product_port, agent["id"], **way_in) as line:
        await line.start()
        assert (await switchboard.api.patch(f"/api/v1/users/{person['id']}", json=change)).is_success
        assert await line.closed() == (1008, said)
    (queued,) = await switchboard.sql("SELECT data -> 'actor' ->> 'id' FROM events WHERE type = 'call.queued'")
    assert queued[0] == person["id"]


async def test_a_name_that_no_database_takes_is_refused_before_the_socket_opens(switchboard, product_port):
    with pytest.raises(InvalidStatus) as refused:
        async with page(product_port, "agt_%00"):
            pass
    assert refused.value.response.status_code == 400
