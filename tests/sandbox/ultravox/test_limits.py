"""What an account may do, and how the service behaves where sources contradict each other."""

import pytest

from switchboard.sandbox.phones.residents import Manner
from switchboard.sandbox.ultravox import state
from switchboard.sandbox.ultravox.errors import UltravoxError
from switchboard.sandbox.ultravox.state import Throttle, now


async def setting(customer, **order) -> None:
    answer = await customer.http.put("/_sandbox/ultravox/settings", json=order)
    assert answer.status_code == 200, answer.text


async def test_a_missing_key_may_be_403(customer):
    """Checklist 8.1.1: 401 or 403, configurable."""
    del customer.http.headers["X-API-Key"]
    assert (await customer.http.get("/api/calls")).status_code == 401
    await setting(customer, missing_key_status=403)
    assert (await customer.http.get("/api/calls")).status_code == 403


async def test_a_patch_may_merge(customer):
    """Checklist 8.1.3: a switch for PATCH merge or replace."""
    await setting(customer, patch="merge")
    agent_id = await customer.agent(voice="Mark", temperature=0.4)
    body = {"callTemplate": {"systemPrompt": "New."}}
    changed = (await customer.http.patch(f"/api/agents/{agent_id}", json=body)).json()["callTemplate"]
    assert (changed["systemPrompt"], changed["voice"], changed["temperature"]) == ("New.", "Mark", 0.4)


async def test_a_recording_may_be_a_redirection(customer):
    """Checklist 8.1.8: recording 200 and 302."""
    call = await customer.call(await customer.agent())
    await customer.picked_up(call, Manner.HANGS_UP_AT_ONCE)
    path = f"/api/calls/{call['callId']}/recording"
    assert (await customer.http.get(path)).headers["content-type"] == "audio/wav"
    await setting(customer, recordings="redirect")
    answer = await customer.http.get(path, follow_redirects=False)
    assert answer.status_code == 302
    del customer.http.headers["X-API-Key"]
    sound = await customer.http.get(answer.headers["location"])
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")
    forged = answer.headers["location"].rpartition("=")[0] + "=forged"
    assert (await customer.http.get(forged)).status_code == 403


async def test_without_a_subscription_free_time_is_reserved_and_runs_out(customer):
    await setting(customer, subscription=False, free_minutes=10)
    agent_id = await customer.agent(maxDuration="540s")
    await customer.call(agent_id)
    account = await customer.get("/api/accounts/me")
    assert (account["hasActiveSubscription"], account["freeTimeRemaining"]) == (False, "60s")
    call = await customer.call(agent_id)
    answer = await customer.http.post(f"/api/agents/{agent_id}/calls", json={})
    assert (answer.status_code, "free time" in answer.json()["detail"]) == (402, True)
    await customer.picked_up(call, Manner.HANGS_UP_AT_ONCE)
    assert (await customer.get("/api/accounts/me"))["freeTimeRemaining"] == "60s"


async def test_calls_and_requests_are_limited_by_the_second(customer):
    """Checklist 8.1.5: 429 with Retry-After at 5 concurrent calls and 5/s, 30/min."""
    agent_id = await customer.agent()
    path = f"/api/agents/{agent_id}/calls"
    customer.world.clock.set_speed(1)
    limits = {"concurrent_calls": 5, "calls_per_second": 5, "calls_per_minute": 30}
    await customer.http.put("/_sandbox/ultravox/limits", json=limits)
    answers = [await customer.http.post(path, json={"joinTimeout": "300s"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    await customer.http.put("/_sandbox/ultravox/limits", json={"calls_per_second": 5})
    assert (await customer.http.post(path, json={})).headers["retry-after"] == "1"
    await customer.http.put("/_sandbox/ultravox/limits", json={"requests_per_second": 2})
    answers = [await customer.http.get("/api/models") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_a_named_throttle_holds_calls_back(customer):
    rules = [{"maxCalls": 1, "windowSeconds": 600}]
    made = await customer.http.post("/api/call_throttles", json={"name": "campaign", "rules": rules})
    assert made.status_code == 201
    throttle_id = made.json()["throttleId"]
    agent_id = await customer.agent()
    path = f"/api/agents/{agent_id}/calls?throttle="
    assert (await customer.http.post(f"{path}campaign", json={})).status_code == 201
    held = await customer.http.post(f"{path}{throttle_id}", json={})
    assert held.status_code == 429
    assert 0 < int(held.headers["retry-after"]) <= 600
    assert (await customer.http.post(f"{path}nobody", json={})).status_code == 404
    wider = {"rules": [{"maxCalls": 2, "windowSeconds": 600}]}
    await customer.http.patch(f"/api/call_throttles/{throttle_id}", json=wider)
    assert (await customer.http.post(f"{path}campaign", json={})).status_code == 201
    assert (await customer.get("/api/call_throttles"))["total"] == 1
    assert (await customer.http.delete(f"/api/call_throttles/{throttle_id}")).status_code == 204


@pytest.mark.parametrize(("at", "wait"), [(1.0, "60"), (1.5, "59"), (60.4, "1")])
def test_whoever_is_held_back_is_told_when_there_is_room_again(at, wait):
    throttle = Throttle("id", "campaign", [{"maxCalls": 2, "windowSeconds": 60}], now())
    throttle.calls.extend([0.2, 0.5, 0.9])
    with pytest.raises(UltravoxError) as held:
        throttle.admit(at)
    assert held.value.headers == {"Retry-After": wait}
    throttle.admit(60.5)


async def test_the_account_that_was_asked_for_longest_ago_is_forgotten_first(customer, monkeypatch):
    monkeypatch.setattr(state, "MOST_ACCOUNTS", 2)

    async def agents(letter: str) -> int:
        answer = await customer.http.get("/api/agents", headers={"X-API-Key": "abcdefgh." + letter * 32})
        return int(answer.json()["total"])

    await customer.agent()
    for letter in "AKB":
        await agents(letter)
    assert await agents("K") == 1
    for letter in "AB":
        await agents(letter)
    assert await agents("K") == 0


@pytest.mark.parametrize(
    "body",
    [{}, {"name": "a"}, {"name": "a", "rules": [{"maxCalls": 0, "windowSeconds": 1}]}, {"name": "", "rules": []}],
)
async def test_a_bad_throttle_is_refused(customer, body):
    assert (await customer.http.post("/api/call_throttles", json=body)).status_code == 400


async def test_usage_tells_what_was_called(customer):
    agent_id = await customer.agent()
    call = await customer.call(agent_id)
    await customer.call(agent_id)
    await customer.picked_up(call)
    billed = int((await customer.billed(call))["billedDuration"][:-1]) / 60
    (of_agent,) = await customer.get("/api/agents/usage")
    (day,) = of_agent["usage"]
    assert (of_agent["agent"]["agentId"], day["calls"], day["billedMinutes"]) == (agent_id, 2, billed)
    figures = (await customer.get("/api/accounts/me/usage/calls"))["allTime"]
    assert (figures["totalCount"], figures["joinedCount"], figures["billedMinutes"]) == (2, 1, billed)
    usage = await customer.get("/api/accounts/me/billing/usage")
    assert (usage["totalMinutes"], len(usage["dailyUsage"])) == (billed, 1)
    hours = (await customer.get("/api/accounts/me/usage/concurrency?bucket=hour"))["timeSeries"]
    assert max(one["maxTotalCalls"] for one in hours) == 2
    for query in ("billing/usage?fromDate=2020-01-01", "usage/concurrency?bucket=year"):
        assert (await customer.http.get(f"/api/accounts/me/{query}")).status_code == 400


async def test_an_unknown_setting_is_refused(customer):
    assert (await customer.http.put("/_sandbox/ultravox/settings", json={"speed": 2})).status_code == 422
