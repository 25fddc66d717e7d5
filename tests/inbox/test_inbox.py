import asyncio

import pytest
from tests.fakes import carrier as fakes
from tests.fakes import signing
from tests.harness import PUBLIC, TALKS

from switchboard.providers.normalised import CallStatus


@pytest.fixture
async def call_id(switchboard):
    """A call that rings; only callbacks move it on."""
    switchboard.carrier.moves_on_fetch = False
    call_id = await switchboard.place(TALKS)
    steps = switchboard.parts.call_jobs.steps
    await steps.prepare(call_id, 1)
    await steps.dial(call_id, 1)
    await switchboard.sql("DELETE FROM procrastinate_jobs RETURNING id")
    return call_id


async def _webhook(switchboard, session_id, **options):
    headers, body = switchboard.ultravox.webhook(session_id, **options)
    return await switchboard.api.post("/inbox/ultravox", content=body, headers=headers)


async def test_callbacks_alone_carry_a_call_to_its_end(switchboard, call_id):
    session_id = (await switchboard.shown(call_id))["session_id"]
    for sequence, status in enumerate(("ringing", "in-progress", "completed"), start=1):
        switchboard.carrier.advance(switchboard.carrier_ids[0])
        answer = await switchboard.callback(call_id, CallStatus(status), sequence=sequence)
        assert (answer.status_code, answer.content) == (200, b"")
        await switchboard.work_once("calls")
        assert (await switchboard.shown(call_id))["status"] == status
    await switchboard.work()
    shown = await switchboard.shown(call_id)
    assert shown["settled_at"]
    assert shown["session_id"] == session_id


async def test_a_repeated_callback_is_stored_once_and_told_once(switchboard, call_id):
    for _ in range(3):
        assert (await switchboard.callback(call_id, CallStatus.RINGING)).status_code == 200
    assert (await switchboard.rows())["inbox_messages"] == 1
    assert await switchboard.jobs() == ["calls:carrier_signal"]
    await switchboard.work_once("calls")
    assert (await switchboard.told(call_id)).count("call.ringing") == 1


async def test_two_deliveries_at_once_start_one_job(switchboard, call_id):
    answers = await asyncio.gather(*(switchboard.callback(call_id, CallStatus.RINGING) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert await switchboard.jobs() == ["calls:carrier_signal"]


async def test_callbacks_in_the_wrong_order_end_in_the_right_place(switchboard, call_id):
    order = (CallStatus.COMPLETED, CallStatus.RINGING, CallStatus.IN_PROGRESS, CallStatus.INITIATED)
    for sequence, status in enumerate(order):
        await switchboard.callback(call_id, status, sequence=sequence)
    await switchboard.work_once("calls")
    shown = await switchboard.shown(call_id)
    assert shown["status"] == "completed"
    assert shown["answered_at"]
    assert (await switchboard.told(call_id)).count("call.completed") == 1


async def test_a_callback_about_an_unknown_call_is_kept_and_moves_nothing(switchboard, call_id):
    answer = await switchboard.callback("call_unknown", CallStatus.COMPLETED)
    assert answer.status_code == 200
    await switchboard.work_once("calls")
    assert (await switchboard.rows())["inbox_messages"] == 1
    assert (await switchboard.shown(call_id))["status"] == "initiated"


async def test_a_callback_about_another_line_does_not_touch_the_call(switchboard, call_id):
    other = await switchboard.carrier.dial(switchboard.carrier.orders[0])
    await switchboard.callback(call_id, CallStatus.COMPLETED, carrier_id=other.carrier_id)
    await switchboard.work_once("calls")
    assert (await switchboard.shown(call_id))["status"] == "initiated"


@pytest.mark.parametrize("spoil", ["no signature", "other secret", "other address", "other body", "old"])
async def test_a_callback_that_is_not_the_carriers_is_refused_and_not_stored(switchboard, call_id, spoil):
    path = f"/inbox/twilio/calls/{call_id}"
    sid = switchboard.carrier_ids[0]
    url = PUBLIC + ("/inbox/twilio/calls/call_other" if spoil == "other address" else path)
    headers, form = switchboard.carrier.callback(sid, CallStatus.COMPLETED, url=url)
    body = switchboard.carrier._body(url, form)  # noqa: SLF001
    if spoil == "no signature":
        headers = {}
    elif spoil == "other secret":
        headers = signing.sign("guessed", body)
    elif spoil == "old":
        headers = signing.sign(fakes.SECRET, body, at=1_000_000_000)
    elif spoil == "other body":
        form["CallStatus"] = "busy"
    answer = await switchboard.api.post(path, data=form, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "invalid-signature")
    assert (await switchboard.rows())["inbox_messages"] == 0
    assert await switchboard.jobs() == []


async def test_a_webhook_is_stored_once_and_brings_the_session_up_to_date(switchboard, call_id):
    session_id = (await switchboard.shown(call_id))["session_id"]
    switchboard.ultravox.join(session_id)
    for _ in range(2):
        answer = await _webhook(switchboard, session_id, kind="session.joined")
        assert (answer.status_code, answer.content) == (200, b"")
    assert await switchboard.jobs() == ["calls:platform_signal"]
    await switchboard.work_once("calls")
    transcript = await switchboard.api.get(f"/api/v1/calls/{call_id}/transcript")
    assert len(transcript.json()) == 3


async def test_a_webhook_about_an_unknown_session_is_accepted(switchboard, call_id):
    switchboard.ultravox.sessions["stranger"] = next(iter(switchboard.ultravox.sessions.values()))
    assert (await _webhook(switchboard, "stranger")).status_code == 200
    await switchboard.work_once("calls")
    assert await switchboard.jobs() == []


async def test_a_webhook_with_a_bad_signature_is_refused_and_not_stored(switchboard, call_id):
    session_id = (await switchboard.shown(call_id))["session_id"]
    headers, body = switchboard.ultravox.webhook(session_id)
    answer = await switchboard.api.post("/inbox/ultravox", content=body + b" ", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "invalid-signature")
    assert "secret" not in answer.text.lower()
    assert (await switchboard.rows())["inbox_messages"] == 0


async def test_a_webhook_after_the_end_does_not_settle_again(switchboard):
    call_id = await switchboard.place(TALKS)
    await switchboard.work()
    await _webhook(switchboard, (await switchboard.shown(call_id))["session_id"])
    await switchboard.work()
    assert (await switchboard.told(call_id)).count("call.settled") == 1


@pytest.mark.parametrize("path", ["/inbox/nobody", "/inbox/nobody/calls/call_1"])
async def test_an_inbox_that_does_not_exist_is_not_found(switchboard, path):
    answer = await switchboard.api.post(path, data={"CallSid": "CA1"})
    assert answer.status_code == 404
    assert (await switchboard.rows())["inbox_messages"] == 0
