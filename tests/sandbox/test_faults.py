"""Faults: answers, connections and callbacks that go wrong on order."""

import json
import re
import time
from pathlib import Path

import httpx
import pytest
from tests.waiting import PATIENCE, answered

from switchboard.sandbox import faults
from switchboard.sandbox.fault_orders import FaultOrder

SID = "AC" + "1" * 32
TOKEN = "a-token"
EVENTS = ["initiated", "ringing", "answered", "completed"]


async def test_a_status_fault_answers_in_the_vendors_shape_and_does_nothing(sandbox):
    await sandbox.fault(provider="twilio", method="POST", path="*/Calls.json", status=503, count=1)
    answer = await sandbox.dial()
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (503, 20503, 503)
    assert await sandbox.control("calls") == []
    assert (await sandbox.dial()).status_code == 201
    first, second = await sandbox.control("requests")
    assert (first["status"], first["fault"], second["fault"]) == (503, "fault_1", None)
    assert first["body"]["To"] == "+14155550100"


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        (
            "/v1/voices",
            500,
            {
                "type": "internal_error",
                "code": "internal_error",
                "message": "Fault ordered",
                "status": "internal_error",
            },
        ),
        (
            "/v1/voices",
            429,
            {
                "type": "rate_limit_error",
                "code": "concurrent_limit_exceeded",
                "message": "Fault ordered",
                "status": "too_many_concurrent_requests",
            },
        ),
        ("/api/calls", 500, "Fault ordered"),
    ],
)
async def test_each_platforms_fault_wears_its_own_error_body(sandbox, path, status, detail):
    await sandbox.fault(status=status)
    answer = await sandbox.http.get(path)
    assert (answer.status_code, answer.json()) == (status, {"detail": detail})


async def test_a_fault_can_bring_its_own_body_and_headers(sandbox):
    await sandbox.fault(
        provider="ultravox", status=429, body={"detail": "Slow down."}, headers={"Retry-After": "7"}
    )
    answer = await sandbox.http.get("/api/calls")
    assert (answer.status_code, answer.json()) == (429, {"detail": "Slow down."})
    assert answer.headers["retry-after"] == "7"


async def test_a_body_that_is_too_large_is_refused_and_not_kept(sandbox, monkeypatch):
    monkeypatch.setattr("switchboard.sandbox.gate._LARGEST_BODY", 1000)
    answer = await sandbox.http.post("/api/calls", content=b"x" * 1001)
    assert (answer.status_code, answer.json()) == (413, {"detail": "The body is too large."})
    assert [seen["body"] for seen in await sandbox.control("requests")] == [None]
    assert (await sandbox.dial()).status_code == 201


async def test_a_fault_hits_only_its_provider_method_and_path(sandbox):
    await sandbox.fault(provider="twilio", method="GET", path="*/IncomingPhoneNumbers.json", status=500)
    assert (await sandbox.dial()).status_code == 201
    assert (await sandbox.http.get(sandbox.calls_path, auth=(SID, "a-token"))).status_code == 200
    numbers = await sandbox.http.get(
        f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json", auth=(SID, "a-token")
    )
    assert numbers.status_code == 500


async def test_a_connection_dropped_before_acting_places_no_call(sandbox):
    await sandbox.fault(provider="twilio", drop="before", count=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await sandbox.dial()
    assert await sandbox.control("calls") == []
    (seen,) = await sandbox.control("requests")
    assert (seen["status"], seen["fault"]) == (None, "fault_1")


async def test_a_connection_dropped_after_acting_has_placed_the_call(sandbox, caplog):
    await sandbox.fault(provider="twilio", drop="after", count=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await sandbox.dial()
    assert len(await sandbox.control("calls")) == 1
    assert (await sandbox.dial()).status_code == 201
    assert caplog.text == ""


async def test_a_delay_is_real_time_and_the_answer_still_comes(sandbox):
    await sandbox.fault(provider="twilio", delay_seconds=0.3, count=1)
    begun = time.monotonic()
    assert (await sandbox.dial()).status_code == 201
    assert time.monotonic() - begun >= 0.3


async def test_a_client_that_gives_up_during_a_delay_has_placed_the_call_nevertheless(sandbox):
    await sandbox.fault(provider="twilio", delay_seconds=1.5, count=1)
    with pytest.raises(httpx.ReadTimeout):
        await sandbox.http.post(
            sandbox.calls_path,
            data={"To": "+14155550100", "From": "+15005550006", "Twiml": "<Response/>"},
            auth=(SID, "a-token"),
            timeout=httpx.Timeout(PATIENCE, read=0.1),
        )
    assert len(await answered(lambda: sandbox.control("calls"), bool)) == 1


async def test_a_malformed_answer_is_half_of_a_true_one(sandbox):
    await sandbox.fault(provider="twilio", malformed=True, count=1)
    answer = await sandbox.dial()
    assert answer.status_code == 201
    assert answer.text.startswith('{"sid":"CA')
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert len(await sandbox.control("calls")) == 1


async def test_a_fault_with_a_probability_strikes_now_and_then(sandbox):
    await sandbox.fault(provider="twilio", probability=0.5, status=500)
    statuses = [(await sandbox.dial()).status_code for _ in range(40)]
    assert 5 < statuses.count(500) < 35


async def test_faults_are_listed_counted_and_deleted(sandbox):
    one = await sandbox.fault(provider="twilio", status=500, count=2)
    two = await sandbox.fault(provider="elevenlabs", drop="before")
    await sandbox.dial()
    listed = await sandbox.control("faults")
    assert listed == [
        {"id": one, "provider": "twilio", "status": 500, "count": 2, "left": 1, "applied": 1},
        {"id": two, "provider": "elevenlabs", "drop": "before", "left": None, "applied": 0},
    ]
    assert (await sandbox.http.delete(f"/_sandbox/faults/{one}")).status_code == 204
    assert (await sandbox.http.delete(f"/_sandbox/faults/{one}")).status_code == 404
    assert (await sandbox.http.delete("/_sandbox/faults")).status_code == 204
    assert await sandbox.control("faults") == []


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"provider": "twilio"},
        {"status": 99},
        {"status": 500, "drop": "before"},
        {"drop": "during"},
        {"provider": "vonage", "status": 500},
        {"status": 500, "surprise": 1},
        {"callbacks": {}},
        {"callbacks": {"lose": True}, "status": 500},
        {"status": 500, "probability": 0},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(sandbox, order):
    assert (await sandbox.http.post("/_sandbox/faults", json=order)).status_code == 422
    assert await sandbox.control("faults") == []


async def callbacks_of_a_call(sandbox, receiver, count):
    sid = await sandbox.place(StatusCallback=f"{receiver.url}/status", StatusCallbackEvent=EVENTS)
    await sandbox.status_is(sid, "completed")
    return [one.form["SequenceNumber"] for one in await receiver.until(count)]


async def test_lost_callbacks_never_arrive(sandbox, receiver):
    await sandbox.fault(provider="twilio", callbacks={"lose": True}, path="*/status", count=2)
    assert sorted(await callbacks_of_a_call(sandbox, receiver, 2)) == ["2", "3"]
    lost = [one for one in await sandbox.control("callbacks") if one["fault"] == {"lose": True}]
    assert [one["attempts"] for one in lost] == [[], []]


async def test_doubled_callbacks_arrive_twice_with_the_same_sequence_number(sandbox, receiver):
    await sandbox.fault(provider="twilio", callbacks={"duplicate": True})
    assert sorted(await callbacks_of_a_call(sandbox, receiver, 8)) == sorted("00112233")


async def test_late_callbacks_arrive_after_their_delay(sandbox, receiver):
    await sandbox.fault(provider="twilio", callbacks={"delay_seconds": 100}, count=1)
    assert (await callbacks_of_a_call(sandbox, receiver, 4))[-1] == "0"


async def test_shuffled_callbacks_arrive_in_another_order(sandbox, receiver):
    await sandbox.http.put("/_sandbox/clock", json={"speed": 5})  # they wait for each other 30 s at most
    await sandbox.fault(provider="twilio", callbacks={"shuffle": True})
    assert await callbacks_of_a_call(sandbox, receiver, 4) == ["1", "0", "3", "2"]


async def test_a_callback_fault_leaves_other_providers_and_requests_alone(sandbox, receiver):
    await sandbox.fault(provider="ultravox", callbacks={"lose": True})
    assert len(await callbacks_of_a_call(sandbox, receiver, 4)) == 4


@pytest.mark.parametrize("provider", ["twilio", "ultravox", "elevenlabs"])
async def test_an_outage_answers_everything_with_503_until_it_is_over(sandbox, provider):
    paths = {"twilio": sandbox.calls_path, "ultravox": "/api/agents", "elevenlabs": "/v1/voices"}
    fault = await sandbox.fault(provider=provider, outage=True)
    statuses = {name: (await sandbox.http.get(path)).status_code for name, path in paths.items()}
    assert [name for name, status in statuses.items() if status == 503] == [provider]
    await sandbox.http.delete(f"/_sandbox/faults/{fault}")
    assert (await sandbox.http.get(paths[provider])).status_code != 503


async def test_spent_credits_refuse_what_costs_money_and_nothing_else(sandbox):
    await sandbox.fault(quota="spent")
    call = await sandbox.http.post("/api/agents/a/calls", json={})
    speech = await sandbox.http.post("/v1/text-to-speech/v", json={"text": "Hi"})
    assert (call.status_code, speech.status_code) == (402, 401)
    assert speech.json()["detail"]["code"] == "quota_exceeded"
    assert (await sandbox.http.get("/api/calls")).status_code not in {401, 402}
    assert (await sandbox.dial()).status_code == 201


@pytest.mark.parametrize(
    ("order", "field", "why"),
    [
        ({"stauts": 503}, "stauts", "There is no such field."),
        ({"provider": "twilio"}, "", "Say what goes wrong"),
        ({"status": 503, "path": "Calls.json"}, "", "begin it with * or /"),
        ({"callbacks": {"lose": True}, "path": "/status"}, "", "begin it with * or http"),
        ({"callbacks": {"lose": True, "duplicate": True}}, "callbacks", "leave the rest out"),
        ({"delay_seconds": 1, "body": "late"}, "", "say its status"),
        ({"status": 204, "body": "nothing"}, "", "has no body"),
        ({"status": 400, "code": "21219"}, "", "name the provider"),
        ({"socket": {"silent": True}, "method": "GET"}, "", "A socket has no method"),
        ({"status": 503, "headers": {"Content-Length": "9"}}, "headers.Content-Length.[key]", "by the server"),
        ({"status": 503, "headers": {"x": "a\nb"}}, "headers.x", "match pattern"),
    ],
)
async def test_a_refused_order_says_where_and_why(sandbox, order, field, why):
    refused = await sandbox.http.post("/_sandbox/faults", json=order)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["field"]) == (422, field)
    assert why in error["message"]
    assert error["message"] in refused.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "body", "why"),
    [
        ({"content-type": "application/json"}, b"nonsense", "This is no JSON."),
        ({}, b'{"status": 503}', "content-type: application/json"),
        ({"content-type": "application/json"}, b'{"status": 503, "body": [NaN, 1]}', "This is no JSON"),
        ({"content-type": "application/json"}, b'{"status": 503, "body": "\\ud800"}', "This is no JSON"),
    ],
)
async def test_what_cannot_be_read_or_told_again_is_refused_in_a_sentence(sandbox, headers, body, why):
    refused = await sandbox.http.post("/_sandbox/faults", content=body, headers=headers)
    assert refused.status_code == 422
    assert why in refused.json()["detail"]


async def test_a_method_may_be_written_small_and_one_of_twilios_codes_ordered(sandbox):
    await sandbox.fault(provider="twilio", method="post", path="*/Calls.json", status=400, code=21219)
    refused = (await sandbox.dial()).json()
    assert (refused["code"], refused["status"]) == (21219, 400)
    assert refused["more_info"].endswith("/21219")
    assert (await sandbox.http.get(sandbox.calls_path, auth=(SID, TOKEN))).status_code == 200


async def test_a_code_of_elevenlabs_leaves_other_vendors_alone(sandbox):
    await sandbox.fault(provider="elevenlabs", status=429, code="system_busy")
    assert (await sandbox.dial()).status_code == 201


async def test_an_answer_without_a_body_leaves_the_connection_in_order(sandbox):
    await sandbox.fault(provider="twilio", status=204, count=1)
    empty = await sandbox.dial()
    assert (empty.status_code, empty.content) == (204, b"")
    assert (await sandbox.dial()).status_code == 201


async def test_used_up_faults_make_room_and_too_many_are_refused(sandbox, monkeypatch):
    monkeypatch.setattr(faults, "MOST_FAULTS", 2)
    await sandbox.fault(provider="twilio", status=503, count=1)
    await sandbox.dial()
    kept = [await sandbox.fault(provider="twilio", method="PUT", status=status) for status in (500, 502)]
    assert [one["id"] for one in await sandbox.control("faults")] == kept
    refused = await sandbox.http.post("/_sandbox/faults", json={"status": 500})
    assert refused.status_code == 409


def test_every_order_that_the_guide_shows_can_be_given():
    guide = (Path(__file__).parents[2] / "docs" / "howto" / "sandbox-as-test-double.md").read_text()
    orders = [json.loads(order) for order in re.findall(r"`(\{.*?\})`", guide)]
    assert len(orders) >= 10
    for order in orders:
        FaultOrder.model_validate(order)
