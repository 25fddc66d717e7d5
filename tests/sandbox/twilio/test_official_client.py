"""The vendor's own client as a peer: what it can read, ours is shaped right."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

SID = "AC" + "1" * 32


@pytest.fixture
def client(sandbox, monkeypatch):
    for name in ("TWILIO_REGION", "TWILIO_EDGE"):
        monkeypatch.delenv(name, raising=False)
    client = Client(SID, "a-token")
    client.api.base_url = sandbox.url
    yield client
    client.http_client.session.close()


async def test_the_official_client_creates_fetches_updates_lists_and_deletes(sandbox, client):
    call = await asyncio.to_thread(
        client.calls.create,
        to="+14155550100",
        from_="+15005550006",
        twiml='<Response><Pause length="600"/></Response>',
        status_callback_event=["initiated", "completed"],
    )
    assert call.status == "queued"
    await sandbox.status_is(call.sid, "in-progress")
    fetched = await asyncio.to_thread(call.fetch)
    assert fetched.start_time.tzinfo is not None
    ended = await asyncio.to_thread(call.update, status="completed")
    assert (ended.status, ended.direction) == ("completed", "outbound-api")
    for _ in range(4):
        await sandbox.place()
    since = datetime.now(UTC) - timedelta(hours=1)
    paged = await asyncio.to_thread(client.calls.list, page_size=2, to="+14155550100")
    found = await asyncio.to_thread(client.calls.list, start_time_after=since, status="completed")
    assert len(paged) == 5
    assert call.sid in [one.sid for one in found]
    assert await asyncio.to_thread(call.delete)
    numbers = await asyncio.to_thread(client.incoming_phone_numbers.list)
    assert [one.phone_number for one in numbers] == ["+15005550006", "+14155550199"]


async def test_the_official_client_reads_our_refusals(client):
    with pytest.raises(TwilioRestException) as refusal:
        await asyncio.to_thread(client.calls.create, to="+15005550002", from_="+15005550006", twiml="<Response/>")
    assert (refusal.value.status, refusal.value.code) == (400, 21214)
