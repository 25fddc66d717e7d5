"""What configurations may not hold: refused at once, with the place, instead of breaking a conversation."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.sandbox.elevenlabs.customers import config, criterion

from switchboard.sandbox.elevenlabs import defaults

CREATE = "/v1/convai/agents/create"
WRONG: Mapping[type, Any] = {bool: "x", str: 5, int: "x", float: "x", list: {"x": 1}, dict: [1], type(None): [1]}
ANYTHING = ("queueing_config", "hold_audio")


def places(tree: Mapping[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a configuration, objects included, with its path."""
    for name, value in tree.items():
        yield (*above, name), value
        if isinstance(value, Mapping):
            yield from places(value, *above, name)


def nested(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for name in reversed(path):
        value = {name: value}
    return value


@pytest.mark.parametrize(
    ("part", "usual"),
    [
        ("conversation_config", defaults.conversation_config()),
        ("platform_settings", defaults.platform_settings()),
    ],
)
async def test_a_value_of_the_wrong_kind_is_422_wherever_it_stands(customer, part, usual):
    for path, value in places(usual):
        if path == ANYTHING:
            continue
        body = {"conversation_config": {}} | nested((part, *path), WRONG[type(value)])
        answer = await customer.http.post(CREATE, json=body)
        assert answer.status_code == 422, (path, answer.text)
        assert answer.json()["detail"][0]["loc"][: len(path) + 2] == ["body", part, *path]


async def test_every_default_may_be_sent_back(customer):
    agent = await customer.get(f"/v1/convai/agents/{await customer.made({})}")
    parts = {
        name: agent[name] for name in ("conversation_config", "platform_settings", "workflow", "tags", "name")
    }
    answer = await customer.http.patch(f"/v1/convai/agents/{agent['agent_id']}", json=parts)
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in parts} == parts


WEBHOOK = {"type": "webhook", "name": "look", "description": "Looks."}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("turn.turn_eagerness", "keen"),
        ("turn.turn_timeout", 0),
        ("tts.model_id", "eleven_v99"),
        ("conversation.max_duration_seconds", 0.5),
        ("conversation.client_events", [1]),
        ("language_presets", {"es": 1}),
        ("agent.prompt.tools", [{**WEBHOOK, "api_schema": {}}]),
        ("agent.prompt.tools", [{**WEBHOOK, "api_schema": {"url": "http://x", "query_params_schema": 1}}]),
        ("agent.prompt.tools", [{**WEBHOOK, "api_schema": {"url": "http://x"}, "response_timeout_secs": "x"}]),
        (
            "agent.prompt.tools",
            [{"type": "client", "name": "x", "description": "x", "parameters": {"properties": 5}}],
        ),
        ("agent.prompt.knowledge_base", [{"name": "without id"}]),
        ("agent.prompt.built_in_tools", {"brand_new": 5}),
        ("agent.prompt.built_in_tools", {"voicemail_detection": {"params": 5}}),
    ],
)
async def test_what_no_conversation_could_use_is_422(customer, path, value):
    body = {"conversation_config": nested(tuple(path.split(".")), value)}
    answer = await customer.http.post(CREATE, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"][0]["loc"][2 : 2 + path.count(".") + 1] == path.split(".")


@pytest.mark.parametrize(
    "settings",
    [
        {"evaluation": {"criteria": [{"id": "x"}]}},
        {"evaluation": {"criteria": [criterion(str(number)) for number in range(31)]}},
        {"evaluation": {"criteria": [criterion("x", "y" * 2001)]}},
        {"data_collection": {"x": "y"}},
        {"data_collection": {"x": {"type": "colour"}}},
        {"data_collection": {str(number): {"type": "string"} for number in range(41)}},
        {"workspace_overrides": {"webhooks": {"events": ["gossip"]}}},
        {"workspace_overrides": {"conversation_initiation_client_data_webhook": {}}},
    ],
)
async def test_settings_that_no_analysis_could_use_are_422(customer, settings):
    answer = await customer.http.post(CREATE, json={"conversation_config": {}, "platform_settings": settings})
    assert answer.status_code == 422, answer.text


ALLOWED = {
    "overrides": {
        "conversation_config_override": {
            "agent": {"first_message": True, "prompt": {"prompt": True}},
            "tts": {"voice_id": True},
            "conversation": {"max_duration_seconds": True},
        }
    }
}


@pytest.mark.parametrize(
    ("override", "status"),
    [
        ({"agent": "x"}, 422),
        ({"agent": {"prompt": ["x"]}}, 422),
        ({"agent": {"first_message": None}}, 422),
        ({"agent": {"prompt": {"prompt": 5}}}, 422),
        ({"conversation": {"max_duration_seconds": "long"}}, 422),
        ({"conversation": {"client_events": 5}}, 422),
        ({"tts": {"voice_id": "nobody"}}, 404),
        ({"tts": None, "turn": None}, 200),
        ({"agent": {"first_message": "Hi."}}, 200),
    ],
)
async def test_overrides_are_checked_like_the_agent_itself(customer, override, status):
    agent_id = await customer.agent(settings=ALLOWED)
    answer = await customer.register(agent_id, conversation_config_override=override)
    assert answer.status_code == status, answer.text


async def test_a_whole_part_cannot_be_smuggled_past_the_overrides_that_are_off(customer):
    """`{"agent": []}` would replace what is allowed field by field."""
    for value in ([], "", 0, ["x"]):
        answer = await customer.register(await customer.agent(), conversation_config_override={"agent": value})
        assert answer.status_code == 422, value


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"user_id": 5}, "user_id"),
        ({"dynamic_variables": []}, "dynamic_variables"),
        ({"dynamic_variables": [1]}, "dynamic_variables"),
    ],
)
async def test_client_data_of_the_wrong_kind_is_422(customer, change, place):
    answer = await customer.register(await customer.agent(), **change)
    assert answer.status_code == 422
    assert place in answer.json()["detail"][0]["loc"]


async def test_orders_to_call_are_checked_before_anybody_is_called(customer):
    number = {"phone_number": "+15005550006", "label": "x", "sid": "AC" + "1" * 32, "token": "t"}
    number_id = (await customer.http.post("/v1/convai/phone-numbers", json=number)).json()["phone_number_id"]
    order = {
        "agent_id": await customer.made(config()),
        "agent_phone_number_id": number_id,
        "to_number": "+14155550100",
    }
    for change in (
        {"telephony_call_config": "x"},
        {"telephony_call_config": {"ringing_timeout_secs": True}},
        {"to_number": 5},
        {"conversation_initiation_client_data": "x"},
    ):
        answer = await customer.http.post("/v1/convai/twilio/outbound-call", json=order | change)
        assert answer.status_code == 422, change
    assert customer.carrier.placed == []
