"""Batch calls, on the whole sandbox: they really dial."""

import asyncio

import pytest
from tests.sandbox.elevenlabs.customers import config

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


async def _until(whole, batch_id, status):
    async with asyncio.timeout(20):
        while (batch := (await whole.http.get(f"{BATCHES}/{batch_id}")).json())["status"] != status:
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
        ({"target_concurrency_limit": 0}, 422),
        ({"telephony_call_config": {"ringing_timeout_secs": 1000}}, 422),
        ({"agent_id": "agent_nobody"}, 404),
        ({"agent_phone_number_id": "phnum_nobody"}, 404),
    ],
)
async def test_a_bad_order_is_refused(whole, change, status):
    order = await _order(whole, ANN)
    assert (await whole.http.post(f"{BATCHES}/submit", json=order | change)).status_code == status
