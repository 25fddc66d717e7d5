import json
from xml.etree import ElementTree as ET

import pytest
from tests.sandbox.conversation.people import NUMBER
from tests.sandbox.elevenlabs.customers import OURS, conversation_in

from switchboard.sandbox.phones.residents import Manner

SID, TOKEN = "AC" + "1" * 32, "a-token"


async def imported(customer, **more) -> str:
    body = {"provider": "twilio", "phone_number": OURS, "label": "Desk", "sid": SID, "token": TOKEN, **more}
    answer = await customer.http.post("/v1/convai/phone-numbers", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["phone_number_id"]


async def test_register_call_answers_twiml_for_the_stream(customer):
    answer = await customer.register(await customer.agent())
    assert answer.headers["content-type"].startswith("text/html")
    stream = ET.fromstring(answer.text).find("./Connect/Stream")
    assert stream.get("url") == "ws://sandbox.test/v1/convai/conversation"
    assert stream.find("Parameter").get("value") == conversation_in(answer.text)
    shown = await customer.conversation(answer.text)
    assert shown["status"] == "initiated"
    assert shown["transcript"] == []
    phone = shown["metadata"]["phone_call"]
    assert (phone["direction"], phone["agent_number"], phone["external_number"]) == ("outbound", OURS, NUMBER)


async def test_an_inbound_call_is_registered_the_other_way_round(customer):
    body = {"agent_id": await customer.agent(), "from_number": NUMBER, "to_number": OURS}
    answer = await customer.http.post("/v1/convai/twilio/register-call", json=body)
    phone = (await customer.conversation(answer.text))["metadata"]["phone_call"]
    assert (phone["direction"], phone["agent_number"], phone["external_number"]) == ("inbound", OURS, NUMBER)


@pytest.mark.parametrize("field", ["agent_id", "from_number", "to_number"])
async def test_a_missing_field_is_422(customer, field):
    body = {"agent_id": await customer.agent(), "from_number": NUMBER, "to_number": OURS}
    del body[field]
    answer = await customer.http.post("/v1/convai/twilio/register-call", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", field]


async def test_an_unknown_agent_is_404(customer):
    assert (await customer.register("agent_nobody")).status_code == 404


@pytest.mark.parametrize("part", ["asr.user_input_audio_format", "tts.agent_output_audio_format"])
async def test_an_agent_that_does_not_speak_telephone_is_refused(customer, part):
    agent_id = await customer.agent()
    section, field = part.split(".")
    patch = {"conversation_config": {section: {field: "pcm_16000"}}}
    await customer.http.patch(f"/v1/convai/agents/{agent_id}", json=patch)
    answer = await customer.register(agent_id)
    assert answer.status_code == 400
    assert answer.json()["detail"]["param"] == part


async def test_a_missing_variable_is_refused_and_a_placeholder_fills_it(customer):
    agent_id = await customer.agent(first_message="Hello {{guest}}, it is {{system__time}}.")
    answer = await customer.register(agent_id)
    assert answer.status_code == 400
    assert "guest" in answer.json()["detail"]["message"]
    assert (await customer.get("/v1/convai/conversations"))["conversations"] == []
    placeholders = {"dynamic_variables": {"dynamic_variable_placeholders": {"guest": "you"}}}
    await customer.http.patch(
        f"/v1/convai/agents/{agent_id}", json={"conversation_config": {"agent": placeholders}}
    )
    assert (await customer.register(agent_id)).status_code == 200


async def test_overrides_must_be_enabled(customer):
    override = {"conversation_config_override": {"agent": {"first_message": "Overridden."}}}
    agent_id = await customer.agent()
    answer = await customer.register(agent_id, **override)
    assert answer.status_code == 400
    assert "agent.first_message" in answer.json()["detail"]["message"]
    allowed = {"overrides": {"conversation_config_override": {"agent": {"first_message": True}}}}
    await customer.http.patch(f"/v1/convai/agents/{agent_id}", json={"platform_settings": allowed})
    twiml = await customer.registered(agent_id, **override)
    await customer.picked_up(twiml)
    assert (await customer.conversation(twiml))["transcript"][0]["message"] == "Overridden."


async def test_keywords_that_may_not_be_overridden_are_dropped_quietly(customer):
    override = {"conversation_config_override": {"asr": {"keywords": ["Lisbon"]}, "text_only": True}}
    assert (await customer.register(await customer.agent(), **override)).status_code == 200


async def test_a_limit_is_429_without_retry_after(customer):
    agent_id = await customer.agent()
    await customer.http.put("/_sandbox/elevenlabs/limits", json={"concurrent_conversations": 1, "burst": 1})
    await customer.registered(agent_id)
    answer = await customer.register(agent_id)
    assert answer.status_code == 429
    assert answer.json()["detail"]["code"] == "concurrent_limit_exceeded"
    assert "retry-after" not in answer.headers


async def test_numbers_are_imported_listed_assigned_and_removed(customer):
    agent_id = await customer.agent()
    number_id = await imported(customer)
    (item,) = await customer.get("/v1/convai/phone-numbers")
    assert (item["phone_number"], item["label"], item["assigned_agent"]) == (OURS, "Desk", None)
    assert TOKEN not in str(item)
    path = f"/v1/convai/phone-numbers/{number_id}"
    await customer.http.patch(path, json={"agent_id": agent_id})
    assert (await customer.get(path))["assigned_agent"]["agent_id"] == agent_id
    assert (await customer.get(f"/v1/convai/agents/{agent_id}"))["phone_numbers"][0][
        "phone_number_id"
    ] == number_id
    assert (await customer.http.delete(path)).status_code == 200
    assert (await customer.http.get(path)).json()["detail"]["code"] == "phone_number_not_found"


async def test_an_outbound_call_is_dialled_through_the_carrier(customer):
    body = {
        "agent_id": await customer.agent(),
        "agent_phone_number_id": await imported(customer),
        "to_number": NUMBER,
    }
    answer = (await customer.http.post("/v1/convai/twilio/outbound-call", json=body)).json()
    assert answer["success"] is True
    (order,) = customer.carrier.placed
    assert (order["account_sid"], order["auth_token"]) == (SID, TOKEN)
    assert (order["to"], order["from_"]) == (NUMBER, OURS)
    await customer.picked_up(order["twiml"])
    done = await customer.becomes(order["twiml"], "done")
    assert done["conversation_id"] == answer["conversation_id"]
    assert answer["callSid"].startswith("CA")
    assert len(done["transcript"]) >= 6


async def test_a_number_that_cannot_be_dialled_is_told_with_200(customer):
    body = {
        "agent_id": await customer.agent(),
        "agent_phone_number_id": await imported(customer),
        "to_number": "+14155550103",
    }
    answer = await customer.http.post("/v1/convai/twilio/outbound-call", json=body)
    assert answer.status_code == 200
    assert answer.json() == {
        "success": False,
        "message": "The number does not exist.",
        "conversation_id": None,
        "callSid": None,
    }


@pytest.mark.parametrize(
    ("status", "reason"), [("busy", "busy"), ("no-answer", "no-answer"), ("canceled", "unknown")]
)
async def test_an_unanswered_call_fails_and_is_told(customer, receiver, status, reason):
    hook = {"auth_type": "hmac", "name": "calls", "webhook_url": f"{receiver.url}/hook"}
    made = (await customer.http.post("/v1/workspace/webhooks", json={"settings": hook})).json()
    wanted = {"post_call_webhook_id": made["webhook_id"], "events": ["call_initiation_failure"]}
    agent_id = await customer.agent(settings={"workspace_overrides": {"webhooks": wanted}})
    body = {"agent_id": agent_id, "agent_phone_number_id": await imported(customer), "to_number": NUMBER}
    await customer.http.post("/v1/convai/twilio/outbound-call", json=body)
    (order,) = customer.carrier.placed
    order["on_end"]({"CallStatus": status, "CallSid": "CA1"})
    assert (await customer.conversation(order["twiml"]))["status"] == "failed"
    (received,) = await receiver.until(1, "/hook")
    event = json.loads(received.body)
    assert event["type"] == "call_initiation_failure"
    assert event["data"]["failure_reason"] == reason
    assert event["data"]["metadata"] == {"type": "twilio", "body": {"CallStatus": status, "CallSid": "CA1"}}


async def test_the_end_of_an_answered_call_fails_nothing(customer):
    body = {
        "agent_id": await customer.agent(),
        "agent_phone_number_id": await imported(customer),
        "to_number": NUMBER,
    }
    await customer.http.post("/v1/convai/twilio/outbound-call", json=body)
    (order,) = customer.carrier.placed
    await customer.picked_up(order["twiml"], Manner.HANGS_UP_AT_ONCE)
    order["on_end"]({"CallStatus": "completed"})
    assert (await customer.becomes(order["twiml"], "done", "failed"))["status"] == "done"


async def test_a_stream_that_names_no_waiting_conversation_is_closed(customer):
    twiml = await customer.registered(await customer.agent())
    await customer.picked_up(twiml)
    assert await customer.picked_up(twiml) == "platform-closed"
    assert await customer.picked_up(twiml.replace("conv_", "conv_x")) == "platform-closed"


async def test_a_signed_url_is_of_this_host(customer):
    agent_id = await customer.agent()
    shown = await customer.get(f"/v1/convai/conversation/get-signed-url?agent_id={agent_id}")
    assert shown["signed_url"].startswith(f"ws://sandbox.test/v1/convai/conversation?agent_id={agent_id}&")


async def test_numbers_come_in_pages_too(customer):
    """Checklist 11.7: a bare array in the first version, pages in the second."""
    for _ in range(3):
        await imported(customer)
    assert len(await customer.get("/v1/convai/phone-numbers")) == 3
    page = await customer.get("/v1/convai/v2/phone-numbers?page_size=2&search=desk")
    assert (len(page["phone_numbers"]), page["has_more"]) == (2, True)
    rest = await customer.get(f"/v1/convai/v2/phone-numbers?page_size=2&cursor={page['next_cursor']}")
    assert (len(rest["phone_numbers"]), rest["next_cursor"]) == (1, None)
    assert await customer.get("/v1/convai/phone-numbers?provider=sip_trunk") == []


@pytest.mark.parametrize(("seconds", "status"), [(25, 200), (0, 422), (1000, 422), ("x", 422)])
async def test_a_call_rings_as_long_as_ordered(customer, seconds, status):
    body = {
        "agent_id": await customer.agent(),
        "agent_phone_number_id": await imported(customer),
        "to_number": NUMBER,
        "telephony_call_config": {"ringing_timeout_secs": seconds},
    }
    answer = await customer.http.post("/v1/convai/twilio/outbound-call", json=body)
    assert answer.status_code == status
    assert [order["ringing_seconds"] for order in customer.carrier.placed] == ([25] if status == 200 else [])


async def test_a_webrtc_token_names_its_conversation(customer):
    agent_id = await customer.agent()
    shown = await customer.get(f"/v1/convai/conversation/token?agent_id={agent_id}")
    assert shown["conversation_id"].startswith("conv_")
    assert shown["token"].count(".") == 2
    assert (await customer.http.get("/v1/convai/conversation/token")).status_code == 422


@pytest.mark.parametrize(
    ("language", "first_words"),
    [("es", "Buenos días."), ("de", "Guten Tag, Casa Verde."), ("fr", "Casa Verde, good day."), (None, None)],
)
async def test_another_language_brings_what_was_prepared_for_it(customer, language, first_words):
    """`language_presets`: its overrides, or the translation of the first message; nothing else is allowed."""
    agent_id = await customer.agent(
        settings={"overrides": {"conversation_config_override": {"agent": {"language": True}}}}
    )
    presets = {
        "es": {"overrides": {"agent": {"first_message": "Buenos días.", "prompt": None}, "tts": None}},
        "de": {
            "overrides": {},
            "first_message_translation": {"source_hash": "x", "text": "Guten Tag, Casa Verde."},
        },
    }
    patch = {"conversation_config": {"language_presets": presets}}
    assert (await customer.http.patch(f"/v1/convai/agents/{agent_id}", json=patch)).status_code == 200
    answer = await customer.register(agent_id, conversation_config_override={"agent": {"language": language}})
    if language is None:
        assert answer.status_code == 422
        return
    await customer.picked_up(answer.text)
    shown = await customer.conversation(answer.text)
    assert shown["transcript"][0]["message"] == first_words
    assert shown["metadata"]["main_language"] == language


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"phone_number": "555"}, 400),
        ({"phone_number": "+0123456789"}, 400),
        ({"provider": "pigeon"}, 422),
        ({"provider": "sip_trunk"}, 403),
        ({"label": 5}, 422),
    ],
)
async def test_a_number_that_cannot_be_imported_is_refused(customer, change, status):
    body = {"provider": "twilio", "phone_number": OURS, "label": "Desk", "sid": SID, "token": TOKEN, **change}
    answer = await customer.http.post("/v1/convai/phone-numbers", json=body)
    assert answer.status_code == status, answer.text
    assert customer.carrier.wired == []
