"""Calls that Ultravox dials by itself, and calls that come in."""

import json
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import httpx
import pytest
from tests.clocks import UnhurriedClock
from tests.sandbox.serving import serving
from tests.sandbox.ultravox.conftest import KEY, Customer
from tests.waiting import PATIENCE

from switchboard.sandbox.app import create_app
from switchboard.sandbox.ultravox.telephony import mapped
from switchboard.sandbox.world import World

TWILIO = {"accountSid": "AC" + "1" * 32, "authToken": "a-token-of-twilio"}


@pytest.fixture
async def subscriber() -> AsyncIterator[Customer]:
    """A customer of the whole sandbox, where telephones ring, by text at a hundred times real time."""
    world = World(seed=7, clock=UnhurriedClock(100))
    async with (
        serving(create_app(world)) as address,
        httpx.AsyncClient(
            base_url=f"http://{address}", headers={"X-API-Key": KEY}, timeout=PATIENCE, trust_env=False
        ) as http,
    ):
        yield Customer(world, http)
        await world.close()


async def stored(customer, **more) -> dict:
    answer = await customer.http.post("/api/telephony_configs/twilio", json=TWILIO | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def outgoing(to: str = "+14155550100", **more) -> dict:
    return {"medium": {"twilio": {"outgoing": {"to": to, "from": "+15005550006", **more}}}}


async def test_credentials_are_kept_and_shown_by_their_beginning(customer):
    path = "/api/telephony_configs/twilio"
    assert (await customer.http.get(path)).status_code == 404
    assert (await customer.http.post(path, json={"accountSid": "AC1"})).status_code == 400
    shown = await stored(customer, callCreationAllowAllAgents=True)
    assert "authToken" not in shown
    assert shown["authTokenPrefix"] == {"prefix": "a-toke"}
    both = {"callCreationAllowedAgentIds": [await customer.agent()]}
    assert (await customer.http.patch(path, json=both)).status_code == 400
    changed = await customer.http.patch(path, json=both | {"callCreationAllowAllAgents": False})
    assert changed.json()["callCreationAllowedAgentIds"] == both["callCreationAllowedAgentIds"]
    assert (await customer.http.delete(path)).status_code == 204
    assert (await customer.http.get(path)).status_code == 404


async def test_with_credentials_the_service_dials_by_itself(subscriber):
    await stored(subscriber)
    agent_id = await subscriber.agent()
    call = await subscriber.call(agent_id, **outgoing())
    assert call["joinUrl"] is None
    sid = call["metadata"]["ultravox.twilio.call_sid"]
    ended = await subscriber.becomes(call, "endReason", "hangup", "agent_hangup")
    assert ended["joined"]
    assert len(await subscriber.messages(call)) > 3
    (told,) = (await subscriber.http.get("/_sandbox/calls")).json()
    assert (told["sid"], told["to"]) == (sid, "+14155550100")


async def test_a_number_that_is_not_answered_leaves_the_call_unjoined(subscriber):
    await stored(subscriber)
    agent_id = await subscriber.agent()
    busy = next(
        home["resident"]["number"]
        for home in (await subscriber.http.get("/_sandbox/phones")).json()
        if home["outcome"] == "busy"
    )
    call = await subscriber.call(agent_id, **outgoing(busy))
    ended = await subscriber.becomes(call, "endReason", "unjoined")
    assert ended["joined"] is None
    (event,) = (await subscriber.get(f"/api/calls/{call['callId']}/events?type=not_answered"))["results"]
    assert "busy" in event["text"]


@pytest.mark.parametrize(
    "order",
    [outgoing(to=""), outgoing(to="nonsense"), outgoing(speed=2), {"medium": {"telnyx": {"outgoing": {}}}}],
)
async def test_what_cannot_be_dialled_makes_no_call(subscriber, order):
    await stored(subscriber)
    path = f"/api/agents/{await subscriber.agent()}/calls"
    answer = await subscriber.http.post(path, json=order)
    assert answer.status_code == 400, answer.text
    assert (await subscriber.get("/api/calls"))["total"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"callCreationAllowedAgentIds": 1},
        {"callCreationAllowedAgentIds": [[]]},
        {"callCreationAllowedAgentIds": ["nobody"]},
        {"requestContextMapping": ["From"]},
        {"requestContextMapping": {"From": 1}},
        {"callCreationAllowAllAgents": "yes"},
        {"authToken": None},
    ],
)
async def test_bad_credentials_are_refused(customer, change):
    await stored(customer)
    answer = await customer.http.post(
        "/api/telephony_configs/twilio", json={"accountSid": "AC1", "authToken": "t", **change}
    )
    assert answer.status_code == 400, answer.text


def test_of_two_places_within_each_other_the_later_holds():
    mapping = {"From": "user", "To": "user.name"}
    assert mapped({"requestContextMapping": mapping}, {"From": "a", "To": "b"}) == {"user": {"name": "b"}}


async def test_a_call_that_comes_in_is_connected_to_its_agent(customer, receiver):
    await customer.http.post("/api/webhooks", json={"url": f"{receiver.url}/hook", "events": ["call.started"]})
    agent_id = await customer.agent(systemPrompt="The caller is {{user.phone_number}}.")
    path = f"/api/agents/{agent_id}/telephony_xml"
    del customer.http.headers["X-API-Key"]
    form = {"From": "+14155550100", "To": "+15005550006"}
    assert (await customer.http.post(path, data=form)).status_code == 403
    customer.http.headers["X-API-Key"] = KEY
    mapping = {"requestContextMapping": {"From": "user.phone_number"}, "callCreationAllowAllAgents": True}
    await stored(customer, **mapping)
    del customer.http.headers["X-API-Key"]
    answer = await customer.http.post(path, data=form)
    assert answer.headers["content-type"].startswith("text/xml")
    (stream,) = ET.fromstring(answer.text).iter("Stream")
    customer.http.headers["X-API-Key"] = KEY
    (call,) = (await customer.get("/api/calls"))["results"]
    assert stream.attrib["url"] == call["joinUrl"]
    assert call["systemPrompt"] == "The caller is +14155550100."
    assert call["requestContext"] == {"user": {"phone_number": "+14155550100"}}
    (started,) = await receiver.until(1, "/hook")
    assert json.loads(started.body)["call"]["requestContext"] == call["requestContext"]
    assert (await customer.http.post("/api/agents/nobody/telephony_xml", data=form)).status_code == 404
