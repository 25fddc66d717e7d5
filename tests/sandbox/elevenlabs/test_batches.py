"""Batch calls, on the whole sandbox: they really dial."""

import asyncio
import time

import pytest
from tests.sandbox.elevenlabs.customers import config
from tests.waiting import patience

from switchboard.sandbox.elevenlabs.limits import Limits, at_once_in_batch

BATCHES = "/v1/convai/batch-calling"
ANN, BUSY, VOICEMAIL, NOBODY = "+14155550100", "+14155550101", "+14155550104", "+14155550103"


async def _order(whole, *numbers, **more):
    made = await whole.http.post("/v1/convai/agents/create", json={"conversation_config": config()})
    number = {"phone_number": "+15005550006", "label": "x", "sid": "AC" + "1" * 32, "token": "t"}
    imported = await whole.http.post("/v1/convai/phone-numbers", json=number)
    return {
        "call_name": "Reminders",
        "agent_id": made.json()["agent_id"],
        "agent_phone_number_id": imported.json()["phone_number_id"],
        "recipients": [{"phone_number": number} for number in numbers],
        **more,
    }


async def _submitted(whole, *numbers, **more):
    answer = await whole.http.post(f"{BATCHES}/submit", json=await _order(whole, *numbers, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


async def _shown(whole, batch_id):
    return (await whole.http.get(f"{BATCHES}/{batch_id}")).json()


async def _until(whole, batch_id, status):
    async with patience():
        while (batch := await _shown(whole, batch_id))["status"] != status:
            await whole.world.clock.sleep(2)
    return batch


async def test_a_batch_dials_everybody_and_tells_each_ones_fate(whole):
    """Checklist 11.1; never more calls at once than ordered."""
    batch_id = await _submitted(whole, ANN, BUSY, VOICEMAIL, NOBODY, target_concurrency_limit=2)
    batch = await _until(whole, batch_id, "completed")
    assert [one["status"] for one in batch["recipients"]] == ["completed", "failed", "voicemail", "failed"]
    assert (batch["total_calls_scheduled"], batch["total_calls_finished"]) == (4, 4)
    conversation = (
        await whole.http.get(f"/v1/convai/conversations/{batch['recipients'][0]['conversation_id']}")
    ).json()
    ids = {"batch_call_id": batch_id, "batch_call_recipient_id": batch["recipients"][0]["id"]}
    assert conversation["metadata"]["batch_call"] == ids
    rows = (await whole.http.get(f"{BATCHES}/{batch_id}/export")).text.splitlines()
    assert len(rows) == 5
    assert (await whole.http.delete(f"{BATCHES}/{batch_id}")).status_code == 204
    assert (await whole.http.get(f"{BATCHES}/{batch_id}")).status_code == 404


async def test_a_scheduled_batch_waits_and_can_be_cancelled_and_tried_again(whole):
    batch_id = await _submitted(whole, BUSY, scheduled_time_unix=4_000_000_000)
    assert (await whole.http.get(f"{BATCHES}/{batch_id}")).json()["recipients"][0]["status"] == "pending"
    assert (await whole.http.post(f"{BATCHES}/{batch_id}/retry")).status_code == 409
    cancelled = (await whole.http.post(f"{BATCHES}/{batch_id}/cancel")).json()
    assert cancelled["status"] == "cancelled"
    assert (await whole.http.get(f"{BATCHES}/{batch_id}")).json()["recipients"][0]["status"] == "cancelled"


async def test_failed_ones_are_tried_again(whole):
    batch_id = await _submitted(whole, BUSY)
    first = await _until(whole, batch_id, "completed")
    again = (await whole.http.post(f"{BATCHES}/{batch_id}/retry")).json()
    assert again["retry_count"] == 1
    second = await _until(whole, batch_id, "completed")
    assert second["recipients"][0]["conversation_id"] != first["recipients"][0]["conversation_id"]


async def test_batches_are_listed_by_document(whole):
    """Checklist 11.7: `next_doc`."""
    made = [await _submitted(whole, BUSY, scheduled_time_unix=4_000_000_000) for _ in range(3)]
    page = (await whole.http.get(f"{BATCHES}/workspace", params={"limit": 2})).json()
    assert ([one["id"] for one in page["batch_calls"]], page["has_more"]) == (made[:0:-1], True)
    rest = (await whole.http.get(f"{BATCHES}/workspace", params={"limit": 2, "last_doc": page["next_doc"]})).json()
    assert ([one["id"] for one in rest["batch_calls"]], rest["next_doc"]) == (made[:1], None)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"recipients": []}, 422),
        ({"recipients": None}, 422),
        ({"recipients": [{}]}, 422),
        ({"recipients": "x"}, 422),
        ({"recipients": ["x"]}, 422),
        ({"recipients": [{"phone_number": ANN, "conversation_initiation_client_data": "x"}]}, 422),
        ({"telephony_call_config": "x"}, 422),
        ({"timezone": 5}, 422),
        ({"scheduled_time_unix": True}, 422),
        ({"target_concurrency_limit": 0}, 422),
        ({"telephony_call_config": {"ringing_timeout_secs": 1000}}, 422),
        ({"agent_id": "agent_nobody"}, 404),
        ({"agent_phone_number_id": "phnum_nobody"}, 404),
    ],
)
async def test_a_bad_order_is_refused(whole, change, status):
    order = await _order(whole, ANN)
    assert (await whole.http.post(f"{BATCHES}/submit", json=order | change)).status_code == status


async def test_a_refused_recipient_is_named_by_its_place(whole):
    order = await _order(whole, ANN)
    order["recipients"].append({"phone_number": 5})
    answer = await whole.http.post(f"{BATCHES}/submit", json=order)
    assert answer.json()["detail"][0]["loc"] == ["body", "recipients", 1, "phone_number"]


async def test_nothing_of_a_deleted_batch_goes_on(whole):
    """Whether it waits for its time or calls already: nobody else is called, and nothing is left running."""
    waiting = await _submitted(whole, ANN, BUSY, scheduled_time_unix=4_000_000_000)
    calling = await _submitted(whole, BUSY, ANN, target_concurrency_limit=1)
    async with patience():
        while (await _shown(whole, calling))["recipients"][0]["status"] == "pending":
            await whole.world.clock.sleep(0.1)
        for batch_id in (waiting, calling):
            assert (await whole.http.delete(f"{BATCHES}/{batch_id}")).status_code == 204
        while any("BatchRunner" in repr(task.get_coro()) for task in asyncio.all_tasks()):
            await whole.world.clock.sleep(1)
    called = (await whole.http.get("/_sandbox/calls")).json()
    assert [one["to"] for one in called] == [BUSY]


async def test_only_failed_calls_are_tried_again_and_not_before_the_rest_is_over(whole):
    batch_id = await _submitted(whole, ANN, BUSY)
    async with patience():
        while (batch := (await whole.http.get(f"{BATCHES}/{batch_id}")).json())["recipients"][0][
            "status"
        ] == "pending":
            await whole.world.clock.sleep(0.1)
        assert batch["status"] == "in_progress"
        await whole.http.post(f"{BATCHES}/{batch_id}/cancel")
        while (answer := await whole.http.post(f"{BATCHES}/{batch_id}/retry")).status_code == 409:
            assert answer.json()["detail"]["code"] == "already_running"
            await whole.world.clock.sleep(2)
    again = await _until(whole, batch_id, "completed")
    assert [one["status"] for one in again["recipients"]] == ["completed", "failed"]
    assert len((await whole.http.get("/_sandbox/calls")).json()) == 3


async def test_a_deleted_agents_batch_fails(whole):
    order = await _order(whole, ANN, scheduled_time_unix=int(time.time()) + 30)
    batch_id = (await whole.http.post(f"{BATCHES}/submit", json=order)).json()["id"]
    await whole.http.delete(f"/v1/convai/agents/{order['agent_id']}")
    batch = await _until(whole, batch_id, "completed")
    assert [one["status"] for one in batch["recipients"]] == ["failed"]


@pytest.mark.parametrize(
    ("plan", "own", "at_once"), [(1000, -1, 500), (10, -1, 5), (1000, 10, 7), (1, -1, 1), (None, -1, 500)]
)
def test_a_batch_takes_half_of_the_workspaces_room_and_most_of_the_agents(plan, own, at_once):
    settings = {"call_limits": {"agent_concurrency_limit": own}}
    assert at_once_in_batch(Limits(concurrent_conversations=plan), settings) == at_once


async def test_batches_of_one_agent_are_listed_and_an_unknown_document_is_refused(whole):
    made = await _submitted(whole, BUSY, scheduled_time_unix=4_000_000_000)
    await _submitted(whole, BUSY, scheduled_time_unix=4_000_000_000)
    agent_id = (await whole.http.get(f"{BATCHES}/{made}")).json()["agent_id"]
    page = (await whole.http.get(f"{BATCHES}/workspace", params={"agent_id": agent_id})).json()
    assert [one["id"] for one in page["batch_calls"]] == [made]
    lost = await whole.http.get(f"{BATCHES}/workspace", params={"last_doc": "btcal_x"})
    assert (lost.status_code, lost.json()["detail"]["code"]) == (400, "invalid_cursor")
