"""Calls that come in on imported numbers, and the webhook that personalises them."""

import json
import re

import httpx
import pytest
from tests.clocks import UnhurriedClock
from tests.sandbox.elevenlabs.conftest import KEY
from tests.sandbox.elevenlabs.customers import FAST, OURS, Customer, FakeCarrier
from tests.sandbox.serving import serving
from tests.waiting import PATIENCE, patience

from switchboard.sandbox.app import create_app
from switchboard.sandbox.world import World

SID, CALLER, CALL = "AC" + "1" * 32, "+14155550100", "CA" + "2" * 32
CALLED = {"AccountSid": SID, "To": OURS, "From": CALLER, "CallSid": CALL}
PERSONAL = {"overrides": {"enable_conversation_initiation_client_data_from_webhook": True}}


async def _imported(customer, agent_id, **more):
    number = {"phone_number": OURS, "label": "Desk", "sid": SID, "token": "a-token", "agent_id": agent_id, **more}
    return await customer.http.post("/v1/convai/phone-numbers", json=number)


async def _rings(customer):
    return await customer.http.post("/twilio/inbound_call", data=CALLED)


async def test_a_call_to_an_imported_number_becomes_a_conversation_with_its_agent():
    """The import rewires the carrier's number, as the vendor's does."""
    world = World(seed=7, clock=UnhurriedClock(FAST))
    async with (
        serving(create_app(world)) as host,
        httpx.AsyncClient(base_url=f"http://{host}", headers=KEY, timeout=PATIENCE, trust_env=False) as http,
    ):
        customer = Customer(world, http, FakeCarrier(), host)
        agent_id = await customer.agent()
        number_id = (await _imported(customer, agent_id)).json()["phone_number_id"]
        assert (await customer.get(f"/v1/convai/phone-numbers/{number_id}"))["supports_inbound"] is True
        call = await http.post("/_sandbox/calls", json={"from": CALLER, "to": OURS})
        assert call.status_code == 201, call.text
        async with patience():
            path = f"/v1/convai/conversations?agent_id={agent_id}"
            while not (found := (await customer.get(path))["conversations"]) or found[0]["status"] != "done":
                await world.clock.sleep(2)
        shown = await customer.get(f"/v1/convai/conversations/{found[0]['conversation_id']}")
    phone = shown["metadata"]["phone_call"]
    assert (phone["direction"], phone["external_number"], phone["phone_number_id"]) == (
        "inbound",
        CALLER,
        number_id,
    )
    assert phone["call_sid"] == call.json()["sid"]
    assert len(shown["transcript"]) > 4


async def test_the_import_points_the_number_at_the_service(customer):
    assert (await _imported(customer, await customer.agent())).status_code == 200
    assert customer.carrier.wired == ["http://sandbox.test/twilio/inbound_call"]
    refused = await _imported(customer, None, sid="XX")
    assert (refused.status_code, refused.json()["detail"]["code"]) == (400, "invalid_parameters")
    foreign = (await _imported(customer, None, phone_number="+34911223344")).json()["phone_number_id"]
    assert (await customer.get(f"/v1/convai/phone-numbers/{foreign}"))["supports_inbound"] is False


async def test_a_number_that_no_agent_answers_rejects_its_calls(customer):
    assert "<Reject" in (await _rings(customer)).text
    await _imported(customer, None)
    answer = await _rings(customer)
    assert "<Reject" in answer.text
    assert answer.headers["content-type"].startswith("text/xml")


async def test_the_webhook_brings_variables_for_the_caller(customer, receiver):
    receiver.answers["/who"] = [
        (200, "application/json", json.dumps({"dynamic_variables": {"guest": "Ann"}, "user_id": "u1"}))
    ]
    hook = {"url": f"{receiver.url}/who", "request_headers": {"X-Token": "t"}}
    settings = {"conversation_initiation_client_data_webhook": hook}
    await customer.http.patch("/v1/convai/settings", json=settings)
    agent_id = await customer.agent(settings=PERSONAL, first_message="Hello {{guest}}.")
    await _imported(customer, agent_id)
    conversation_id = re.search(r"conv_\w+", (await _rings(customer)).text)[0]
    (asked,) = receiver.at("/who")
    assert json.loads(asked.body) == {
        "caller_id": CALLER,
        "agent_id": agent_id,
        "called_number": OURS,
        "call_sid": CALL,
        "conversation_id": conversation_id,
    }
    assert asked.headers["x-token"] == "t"
    shown = await customer.get(f"/v1/convai/conversations/{conversation_id}")
    assert shown["user_id"] == "u1"
    assert shown["conversation_initiation_client_data"]["dynamic_variables"]["guest"] == "Ann"


@pytest.mark.parametrize("answer", [(500, "", ""), (200, "application/json", "nonsense"), (200, "", "{}")])
async def test_without_what_the_agent_needs_the_call_is_rejected(customer, receiver, answer):
    """The webhook failed, made no sense, or left a variable out."""
    receiver.answers["/who"] = [answer]
    own = {"conversation_initiation_client_data_webhook": {"url": f"{receiver.url}/who"}}
    agent_id = await customer.agent(
        settings={**PERSONAL, "workspace_overrides": own}, first_message="Hello {{guest}}."
    )
    await _imported(customer, agent_id)
    assert "<Reject" in (await _rings(customer)).text
    assert (await customer.get("/v1/convai/conversations"))["conversations"] == []


async def test_the_webhook_is_left_alone_unless_the_agent_allows_it(customer, receiver):
    own = {"conversation_initiation_client_data_webhook": {"url": f"{receiver.url}/who"}}
    await _imported(customer, await customer.agent(settings={"workspace_overrides": own}))
    assert "<Stream" in (await _rings(customer)).text
    assert receiver.at("/who") == []
