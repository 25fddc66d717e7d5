import pytest

TOOLS = "/v1/convai/tools"
WEBHOOK = {
    "type": "webhook",
    "name": "lookup_order",
    "description": "Looks an order up.",
    "api_schema": {"url": "http://shop.example/orders"},
}
CLIENT = {"type": "client", "name": "show_map", "description": "Shows a map.", "expects_response": True}


async def _created(customer, tool):
    answer = await customer.http.post(TOOLS, json={"tool_config": tool})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


async def test_tools_are_made_listed_changed_and_removed(customer):
    webhook, client = await _created(customer, WEBHOOK), await _created(customer, CLIENT)
    assert webhook.startswith("tool_")
    page = await customer.get(f"{TOOLS}?types=client")
    assert [one["id"] for one in page["tools"]] == [client]
    shown = await customer.get(f"{TOOLS}/{webhook}")
    assert shown["tool_config"]["response_timeout_secs"] == 20
    assert shown["usage_stats"] == {"total_calls": 0, "avg_latency_secs": 0.0}
    changed = {"tool_config": WEBHOOK | {"description": "Finds an order."}}
    answer = await customer.http.patch(f"{TOOLS}/{webhook}", json=changed)
    assert answer.json()["tool_config"]["description"] == "Finds an order."
    assert (await customer.http.delete(f"{TOOLS}/{webhook}")).status_code == 200
    gone = await customer.http.get(f"{TOOLS}/{webhook}")
    assert (gone.status_code, gone.json()["detail"]["code"]) == (404, "tool_not_found")


async def test_a_tool_in_use_shows_its_agents_and_stays_unless_forced(customer):
    tool_id = await _created(customer, CLIENT)
    agent_id = await customer.agent(prompt={"prompt": "You help.", "tool_ids": [tool_id]})
    page = await customer.get(f"{TOOLS}/{tool_id}/dependent-agents")
    assert [one["id"] for one in page["agents"]] == [agent_id]
    assert (await customer.http.delete(f"{TOOLS}/{tool_id}")).status_code == 409
    assert (await customer.http.delete(f"{TOOLS}/{tool_id}?force=true")).status_code == 200


@pytest.mark.parametrize(
    "tool",
    [
        None,
        {**WEBHOOK, "type": "spell"},
        {**WEBHOOK, "name": "has blanks"},
        {**WEBHOOK, "api_schema": {}},
        {**WEBHOOK, "response_timeout_secs": 4},
        {**CLIENT, "response_timeout_secs": 121},
        {"type": "client", "name": "x"},
    ],
)
async def test_a_bad_tool_is_422(customer, tool):
    answer = await customer.http.post(TOOLS, json={"tool_config": tool})
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], list)
