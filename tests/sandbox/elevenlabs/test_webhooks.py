import base64
import hashlib
import hmac
import json
import time

import pytest
from tests.waiting import patience

from switchboard.sandbox.fault_orders import CallbackFault, FaultOrder
from switchboard.sandbox.phones.residents import Manner


async def hooked(customer, url: str, **settings) -> tuple[str, str]:
    """A workspace webhook that the workspace uses for its calls: (id, secret)."""
    hook = {"auth_type": "hmac", "name": "calls", "webhook_url": url}
    made = (await customer.http.post("/v1/workspace/webhooks", json={"settings": hook})).json()
    wanted = {"webhooks": {"post_call_webhook_id": made["webhook_id"], **settings}}
    answer = await customer.http.patch("/v1/convai/settings", json=wanted)
    assert answer.status_code == 200, answer.text
    return made["webhook_id"], made["webhook_secret"]


def is_signed(received, secret: str) -> bool:
    """As the vendor documents it: `t`, a dot and the body."""
    parts = dict(part.split("=") for part in received.headers["elevenlabs-signature"].split(","))
    assert abs(int(parts["t"]) - time.time()) < 30
    digest = hmac.new(secret.encode(), parts["t"].encode() + b"." + received.body, hashlib.sha256)
    return parts["v0"] == digest.hexdigest()


async def test_a_finished_conversation_is_told_and_signed(customer, receiver):
    """Checklist 11.3."""
    _, secret = await hooked(customer, f"{receiver.url}/hook")
    assert secret.startswith("wsec_")
    twiml = await customer.registered(await customer.agent(), user_id="call_1")
    await customer.picked_up(twiml)
    done = await customer.becomes(twiml, "done")
    (received,) = await receiver.until(1, "/hook")
    assert is_signed(received, secret)
    event = json.loads(received.body)
    assert event["type"] == "post_call_transcription"
    assert abs(event["event_timestamp"] - time.time()) < 30
    assert event["data"] == done


async def test_audio_comes_when_asked_for(customer, receiver):
    """Checklist 11.3."""
    await hooked(customer, f"{receiver.url}/hook", events=["audio"])
    twiml = await customer.registered(await customer.agent())
    await customer.picked_up(twiml, Manner.VOICEMAIL)
    await customer.becomes(twiml, "done")
    (received,) = await receiver.until(1, "/hook")
    event = json.loads(received.body)
    assert event["type"] == "post_call_audio"
    assert base64.b64decode(event["data"]["full_audio"])[:2] == b"\xff\xf3"


async def test_an_agents_own_webhook_replaces_the_workspaces(customer, receiver):
    await hooked(customer, f"{receiver.url}/workspace")
    hook = {"auth_type": "hmac", "name": "own", "webhook_url": f"{receiver.url}/own"}
    own = (await customer.http.post("/v1/workspace/webhooks", json={"settings": hook})).json()
    settings = {"workspace_overrides": {"webhooks": {"post_call_webhook_id": own["webhook_id"]}}}
    twiml = await customer.registered(await customer.agent(settings=settings))
    await customer.picked_up(twiml, Manner.HANGS_UP_AT_ONCE)
    await customer.becomes(twiml, "done")
    (received,) = await receiver.until(1, "/own")
    assert is_signed(received, own["webhook_secret"])
    assert receiver.at("/workspace") == []


@pytest.mark.parametrize(("retried", "attempts"), [(False, 1), (True, 3)])
async def test_failures_are_repeated_only_when_switched_on(customer, receiver, retried, attempts):
    receiver.answers["/hook"] = [(500, "", ""), (429, "", ""), (200, "", "")]
    hook_id, secret = await hooked(customer, f"{receiver.url}/hook")
    body = {"is_disabled": False, "name": "calls", "retry_enabled": retried}
    await customer.http.patch(f"/v1/workspace/webhooks/{hook_id}", json=body)
    twiml = await customer.registered(await customer.agent())
    await customer.picked_up(twiml, Manner.HANGS_UP_AT_ONCE)
    await customer.becomes(twiml, "done")
    customer.world.clock.set_speed(100)
    received = await receiver.until(attempts, "/hook")
    await customer.world.clock.sleep(40)
    assert len(receiver.at("/hook")) == attempts
    assert all(is_signed(one, secret) for one in received)
    assert len({one.body for one in received}) == 1


@pytest.mark.parametrize(
    ("fault", "times"), [({"lose": True}, 0), ({"duplicate": True}, 2), ({"delay_seconds": 5}, 1)]
)
async def test_webhooks_come_late_twice_or_not_at_all(customer, receiver, fault, times):
    """Checklist 11.3."""
    _, secret = await hooked(customer, f"{receiver.url}/hook")
    customer.world.faults.add(FaultOrder(provider="elevenlabs", callbacks=CallbackFault(**fault)))
    twiml = await customer.registered(await customer.agent())
    await customer.picked_up(twiml, Manner.HANGS_UP_AT_ONCE)
    await customer.becomes(twiml, "done")
    customer.world.clock.set_speed(100)
    received = await receiver.until(times, "/hook")
    await customer.world.clock.sleep(10)
    assert len(receiver.at("/hook")) == times
    assert all(is_signed(one, secret) for one in received)
    assert len({one.body for one in received}) <= 1


async def test_webhooks_are_listed_without_secret_and_switched_off(customer, receiver):
    hook_id, secret = await hooked(customer, f"{receiver.url}/hook")
    (item,) = (await customer.get("/v1/workspace/webhooks"))["webhooks"]
    assert (item["webhook_id"], item["usage"]) == (hook_id, None)
    (used,) = (await customer.get("/v1/workspace/webhooks?include_usages=true"))["webhooks"]
    assert used["usage"]
    assert secret not in str(item)
    path = f"/v1/workspace/webhooks/{hook_id}"
    assert (await customer.http.patch(path, json={"name": "calls"})).status_code == 422
    answer = await customer.http.patch(path, json={"name": "calls", "is_disabled": True})
    assert answer.json() == {"status": "ok"}
    twiml = await customer.registered(await customer.agent())
    await customer.picked_up(twiml, Manner.HANGS_UP_AT_ONCE)
    await customer.becomes(twiml, "done")
    await customer.world.clock.sleep(0.1)
    assert receiver.at("/hook") == []
    assert (await customer.http.delete(path)).status_code == 200
    assert (await customer.get("/v1/workspace/webhooks"))["webhooks"] == []


async def test_a_deleted_webhook_is_no_longer_in_the_settings(customer):
    hook_id, _ = await hooked(customer, "http://127.0.0.1:9/hook")
    await customer.http.delete(f"/v1/workspace/webhooks/{hook_id}")
    answer = await customer.http.patch("/v1/convai/settings", json={"rag_retention_period_days": 5})
    assert answer.status_code == 200, answer.text
    assert answer.json()["webhooks"]["post_call_webhook_id"] is None


@pytest.mark.parametrize(
    "settings",
    [
        {"webhooks": None},
        {"webhooks": {"events": ["gossip"]}},
        {"webhooks": {"post_call_webhook_id": 5}},
        {"conversation_initiation_client_data_webhook": "x"},
        {"conversation_initiation_client_data_webhook": {"request_headers": {}}},
    ],
)
async def test_bad_settings_are_422(customer, settings):
    answer = await customer.http.patch("/v1/convai/settings", json=settings)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][:2] == ["body", next(iter(settings))]
    assert (await customer.http.get("/v1/workspace/webhooks?include_usages=true")).status_code == 200


async def test_settings_merge_and_refuse_unknown_webhooks(customer):
    answer = await customer.http.patch("/v1/convai/settings", json={"webhooks": {"post_call_webhook_id": "none"}})
    assert answer.status_code == 404
    await customer.http.patch("/v1/convai/settings", json={"rag_retention_period_days": 5})
    settings = await customer.get("/v1/convai/settings")
    assert settings["rag_retention_period_days"] == 5
    assert settings["webhooks"]["events"] == ["transcript"]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"auth_type": "oauth2"},
        {"auth_type": "hmac", "name": "x"},
        {"auth_type": "hmac", "name": "x", "webhook_url": "http://x", "request_headers": {"a": 1}},
    ],
)
async def test_a_bad_webhook_is_422(customer, settings):
    answer = await customer.http.post("/v1/workspace/webhooks", json={"settings": settings})
    assert answer.status_code == 422


async def test_ten_failures_in_a_row_switch_a_webhook_off(customer, receiver):
    receiver.answers["/hook"] = [(400, "", "")]
    hook_id, _ = await hooked(customer, f"{receiver.url}/hook")
    agent_id = await customer.agent(first_message="")
    for count in range(1, 11):
        twiml = await customer.registered(agent_id)
        await customer.picked_up(twiml, Manner.HANGS_UP_AT_ONCE)
        await customer.becomes(twiml, "done")
        await receiver.until(count, "/hook")
    # The tenth was received; its answer still has to come back.
    async with patience():
        while not (item := (await customer.get("/v1/workspace/webhooks"))["webhooks"][0])["is_auto_disabled"]:
            await customer.world.clock.sleep(0.01)
    assert (item["is_auto_disabled"], item["is_disabled"]) == (True, False)
    assert item["most_recent_failure_error_code"] == 400
    assert item["most_recent_failure_timestamp"] > 0
    body = {"name": "calls", "is_disabled": False}
    await customer.http.patch(f"/v1/workspace/webhooks/{hook_id}", json=body)
    (item,) = (await customer.get("/v1/workspace/webhooks"))["webhooks"]
    assert item["is_auto_disabled"] is False
