import hashlib
import hmac
import json

import pytest
from tests.waiting import patience

from switchboard.sandbox.fault_orders import CallbackFault, FaultOrder
from switchboard.sandbox.phones.residents import Manner

ALL = ["call.started", "call.joined", "call.ended", "call.billed"]


async def hook(customer, url: str, **more) -> dict:
    answer = await customer.http.post("/api/webhooks", json={"url": url, "events": ALL, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def signed_with(secret: str, received) -> str:
    """As the vendor documents it: the body, then the timestamp, without anything between."""
    stamp = received.headers["x-ultravox-webhook-timestamp"]
    return hmac.new(secret.encode(), received.body + stamp.encode(), hashlib.sha256).hexdigest()


async def test_a_calls_life_is_told_in_signed_events(customer, receiver):
    """Checklist 8.1.7: signed webhooks."""
    made = await hook(customer, f"{receiver.url}/hook", secrets=["first", "second"])
    assert made["secrets"] == ["first", "second"]
    call = await customer.call(await customer.agent())
    await customer.picked_up(call, Manner.HANGS_UP_AT_ONCE)
    await customer.billed(call)
    received = await receiver.until(4, "/hook")
    told = {json.loads(one.body)["event"]: json.loads(one.body)["call"] for one in received}
    assert set(told) == set(ALL)
    assert {shown["callId"] for shown in told.values()} == {call["callId"]}
    assert told["call.started"]["joined"] is None
    assert told["call.ended"]["endReason"] == "hangup"
    assert told["call.ended"]["summary"]
    assert told["call.billed"]["billedDuration"] is not None
    for one in received:
        signatures = one.headers["x-ultravox-webhook-signature"].split(",")
        assert signatures == [signed_with("first", one), signed_with("second", one)]


async def test_callbacks_of_a_call_have_their_own_secrets_and_no_start(customer, receiver):
    target = {"url": f"{receiver.url}/own", "secrets": ["mine"]}
    order = {"joined": target, "ended": target, "billed": target}
    call = await customer.call(await customer.agent(), callbacks=order)
    assert call["callbacks"]["ended"] == {"url": target["url"]}
    await customer.picked_up(call, Manner.HANGS_UP_AT_ONCE)
    await customer.billed(call)
    received = await receiver.until(3, "/own")
    assert sorted(json.loads(one.body)["event"] for one in received) == [
        "call.billed",
        "call.ended",
        "call.joined",
    ]
    assert all(one.headers["x-ultravox-webhook-signature"] == signed_with("mine", one) for one in received)


async def test_an_unjoined_call_is_told_too(customer, receiver):
    await hook(customer, f"{receiver.url}/hook")
    await customer.call(await customer.agent(), joinTimeout="2s")
    events = [json.loads(one.body)["event"] for one in await receiver.until(3, "/hook")]
    assert sorted(events) == ["call.billed", "call.ended", "call.started"]


async def test_a_refused_event_is_sent_again_with_a_fresh_signature(customer, receiver):
    """Checklist 8.1.7: retries on compressible time."""
    receiver.answers["/hook"] = [(500, "", ""), (503, "", ""), (204, "", "")]
    made = await hook(customer, f"{receiver.url}/hook", events=["call.started"])
    await customer.call(await customer.agent(), joinTimeout="3000s")
    received = await receiver.until(3, "/hook")
    assert len({one.body for one in received}) == 1
    assert len({one.headers["x-ultravox-webhook-timestamp"] for one in received}) == 3
    assert all(
        one.headers["x-ultravox-webhook-signature"] == signed_with(made["secrets"][0], one) for one in received
    )


async def test_a_webhook_may_be_for_one_agent_only(customer, receiver):
    mine, other = await customer.agent(), await customer.agent()
    await hook(customer, f"{receiver.url}/hook", agentId=mine, events=["call.started"])
    await customer.call(other)
    call = await customer.call(mine)
    (received,) = await receiver.until(1, "/hook")
    assert json.loads(received.body)["call"]["callId"] == call["callId"]


async def test_webhooks_are_kept_changed_and_removed(customer):
    made = await hook(customer, "http://a.test/1")
    assert len(made["secrets"]) == 1
    path = f"/api/webhooks/{made['webhookId']}"
    await customer.http.patch(path, json={"events": ["call.ended"]})
    shown = await customer.get(path)
    assert (shown["url"], shown["events"], shown["secrets"]) == (
        "http://a.test/1",
        ["call.ended"],
        made["secrets"],
    )
    assert (await customer.get("/api/webhooks"))["total"] == 1
    assert (await customer.http.delete(path)).status_code == 204
    assert (await customer.http.get(path)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"events": ["call.ended"]},
        {"url": "http://a.test", "events": []},
        {"url": "http://a.test", "events": ["call.rang"]},
        {"url": "http://a.test/" + "x" * 200, "events": ["call.ended"]},
        {"url": "http://a.test", "events": ["call.ended"], "secrets": ["x" * 121]},
        {"url": "http://a.test", "events": ["call.ended"], "agentId": "nobody"},
        {"url": "http://a.test", "events": ["call.ended"], "agentId": []},
        {"url": "http://a.test", "events": [["call.ended"]]},
        {"url": "http://a.test", "events": [{}]},
    ],
)
async def test_a_bad_webhook_is_refused(customer, body):
    assert (await customer.http.post("/api/webhooks", json=body)).status_code == 400


async def test_a_webhook_that_fails_ten_times_in_a_row_is_unhealthy_until_it_answers(customer, receiver):
    receiver.answers["/hook"] = [(500, "", "")]
    made = await hook(customer, f"{receiver.url}/hook", events=["call.started"])
    agent_id = await customer.agent()
    for _ in range(10):
        await customer.call(agent_id)
    path = f"/api/webhooks/{made['webhookId']}"
    unhealthy = await _becomes(customer, path, "unhealthy")
    assert unhealthy["lastStatusChange"]
    assert [one["failure"] for one in unhealthy["recentFailures"]] == ["Response status 500"] * 10
    receiver.answers["/hook"] = [(204, "", "")]
    await customer.call(agent_id)
    assert (await _becomes(customer, path, "normal"))["recentFailures"] == []


async def _becomes(customer, path: str, status: str) -> dict:
    async with patience():
        while (shown := await customer.get(path))["status"] != status:
            await customer.world.clock.sleep(1)
    return shown


async def test_events_may_come_twice(live_customer, receiver):
    """Checklist 8.1.7: a duplicate-delivery switch, which is a fault on the callbacks."""
    await hook(live_customer, f"{receiver.url}/hook", events=["call.started"])
    live_customer.world.faults.add(
        FaultOrder(provider="ultravox", callbacks=CallbackFault(duplicate=True), count=1)
    )
    await live_customer.chat()
    first, second = await receiver.until(2, "/hook")
    assert first.body == second.body
