"""Keys that may not do everything, credits that run out, room that runs out, and ordered refusals."""

import asyncio

import pytest
from tests.sandbox.elevenlabs.customers import config


def _detail(answer) -> tuple[int, str, str]:
    detail = answer.json()["detail"]
    return answer.status_code, detail["code"], detail["status"]


async def test_a_scoped_key_is_401_missing_permissions_elsewhere(customer):
    """Checklist 11.1: a restricted key is valid and still refused, with the permission's name."""
    scoped = {"xi-api-key": "sk_scoped:convai_read+voices_read"}
    assert (await customer.http.get("/v1/convai/agents", headers=scoped)).status_code == 200
    assert (await customer.http.get("/v2/voices", headers=scoped)).status_code == 200
    for method, path, permission in (
        ("GET", "/v1/user", "user_read"),
        ("POST", "/v1/convai/agents/create", "convai_write"),
        ("POST", "/v1/text-to-speech/x", "text_to_speech"),
        ("GET", "/v1/workspace/webhooks", "workspace_read"),
        ("GET", "/v1/models", "models_read"),
    ):
        answer = await customer.http.request(method, path, headers=scoped, json={})
        assert _detail(answer) == (401, "unauthorized", "missing_permissions"), path
        assert answer.json()["detail"]["type"] == "authentication_error"
        assert permission in answer.json()["detail"]["message"]


@pytest.mark.parametrize(("quota_status", "code"), [(401, "quota_exceeded"), (402, "insufficient_credits")])
async def test_spent_credits_refuse_conversations(customer, quota_status, code):
    """Checklist 11.2: both forms that have been seen."""
    agent_id = await customer.agent()
    limits = {"credits": 5, "quota_status": quota_status}
    assert (await customer.http.put("/_sandbox/elevenlabs/limits", json=limits)).status_code == 200
    plan = await customer.get("/v1/user/subscription")
    assert (plan["character_count"], plan["character_limit"]) == (0, 5)
    twiml = await customer.registered(agent_id)
    await customer.picked_up(twiml)
    await customer.becomes(twiml, "done")
    assert (await customer.get("/v1/user/subscription"))["character_count"] > 5
    assert _detail(await customer.register(agent_id)) == (quota_status, code, "quota_exceeded")
    said = await customer.http.post("/v1/text-to-speech/cjVigY5qzO86Huf0OWal", json={"text": "Good day."})
    assert _detail(said) == (quota_status, code, "quota_exceeded")


async def test_bursts_go_to_three_times_the_limit_and_cost_double(customer):
    agent_id = await customer.agent()
    await customer.http.put("/_sandbox/elevenlabs/limits", json={"concurrent_conversations": 1})
    calls = [await customer.registered(agent_id) for _ in range(3)]
    assert _detail(await customer.register(agent_id))[:2] == (429, "concurrent_limit_exceeded")
    for twiml in (calls[0], calls[2]):
        await customer.picked_up(twiml)
    usual, burst = [(await customer.becomes(twiml, "done"))["metadata"] for twiml in (calls[0], calls[2])]
    assert [one["charging"]["is_burst"] for one in (usual, burst)] == [False, True]
    prices = [one["charging"]["platform_price"] / one["call_duration_secs"] for one in (usual, burst)]
    assert prices[1] == pytest.approx(2 * prices[0], rel=0.1)


@pytest.mark.parametrize(
    "limits", [{"agent_concurrency_limit": 1}, {"daily_limit": 1}, {"bursting_enabled": False}]
)
async def test_an_agents_own_limits_hold(customer, limits):
    agent_id, other = await customer.agent(settings={"call_limits": limits}), await customer.agent()
    await customer.http.put("/_sandbox/elevenlabs/limits", json={"concurrent_conversations": 1})
    await customer.registered(agent_id)
    assert _detail(await customer.register(agent_id))[:2] == (429, "concurrent_limit_exceeded")
    await customer.registered(other)


@pytest.fixture
def gated(whole):
    """A client of the whole sandbox, whose gate lets ordered faults happen."""
    return whole.http


@pytest.mark.parametrize(
    ("status", "code", "kind", "legacy"),
    [
        (429, "concurrent_limit_exceeded", "rate_limit_error", "too_many_concurrent_requests"),
        (429, "system_busy", "rate_limit_error", "system_busy"),
        (429, "rate_limit_exceeded", "rate_limit_error", "rate_limit_exceeded"),
        (401, "quota_exceeded", "authentication_error", "quota_exceeded"),
        (402, "insufficient_credits", "payment_required", "quota_exceeded"),
        (503, "maintenance", "service_unavailable", "maintenance"),
    ],
)
async def test_refusals_come_in_every_flavour(gated, status, code, kind, legacy):
    """Checklist 11.2: per route, as many times as ordered, without `Retry-After`."""
    order = {"provider": "elevenlabs", "path": "/v1/convai/agents*", "status": status, "code": code, "count": 1}
    assert (await gated.post("/_sandbox/faults", json=order)).status_code == 201
    answer = await gated.get("/v1/convai/agents")
    assert answer.status_code == status
    assert "retry-after" not in answer.headers
    detail = answer.json()["detail"]
    assert (detail["type"], detail["code"], detail["status"]) == (kind, code, legacy)
    assert (await gated.get("/v1/convai/agents")).status_code == 200


async def test_a_route_may_fail_or_hang(gated):
    """Checklist 11.2: 500, and no answer in time."""
    await gated.post("/_sandbox/faults", json={"provider": "elevenlabs", "status": 500, "count": 1})
    assert (await gated.get("/v1/user")).json()["detail"]["code"] == "internal_error"
    await gated.post("/_sandbox/faults", json={"provider": "elevenlabs", "delay_seconds": 60, "count": 1})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await gated.get("/v1/user")


async def test_errors_come_in_all_three_shapes(gated):
    """Checklist 11.1: an object with code and status, FastAPI's list, a bare text."""
    missing = (await gated.get("/v1/convai/agents/agent_nobody")).json()["detail"]
    assert (missing["type"], missing["code"], missing["param"]) == ("not_found", "agent_not_found", "agent_id")
    assert missing["request_id"]
    wrong = (await gated.post("/v1/convai/agents/create", json={})).json()["detail"]
    assert [set(one) for one in wrong] == [{"loc", "msg", "type", "input"}]
    assert (await gated.get("/v1/convai/nothing")).json() == {"detail": "Not Found"}


async def test_every_attempt_to_dial_is_on_record(gated):
    """Checklist 11.3: so that a repeated POST can be seen."""
    made = await gated.post("/v1/convai/agents/create", json={"conversation_config": config()})
    number = {"phone_number": "+15005550006", "label": "x", "sid": "AC" + "1" * 32, "token": "t"}
    number_id = (await gated.post("/v1/convai/phone-numbers", json=number)).json()["phone_number_id"]
    order = {"agent_id": made.json()["agent_id"], "agent_phone_number_id": number_id, "to_number": "+14155550101"}
    await gated.post(
        "/_sandbox/faults", json={"method": "POST", "path": "*/outbound-call", "status": 500, "count": 1}
    )
    for status in (500, 200):
        assert (await gated.post("/v1/convai/twilio/outbound-call", json=order)).status_code == status
    asked = (await gated.get("/_sandbox/requests", params={"path": "*/outbound-call"})).json()
    assert [(one["status"], one["body"]["to_number"]) for one in asked] == [
        (500, "+14155550101"),
        (200, "+14155550101"),
    ]
