"""What ends a call while something else is under way, and what is left of it."""

import asyncio
from functools import partial

import pytest
from tests.sandbox.ultravox.clients import joined
from tests.sandbox.ultravox.test_carrier_stream import Carrier, dialled
from websockets.exceptions import InvalidStatus

from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.phones.residents import Manner
from switchboard.sandbox.ultravox import orders

SLOW = {"modelToolName": "slow", "timeout": "0.2s", "client": {}}


async def test_a_carrier_that_introduces_itself_after_the_join_timeout_is_too_late(live_customer):
    call = await dialled(live_customer, joinTimeout="1s")
    async with joined(call["joinUrl"]) as client:
        await live_customer.becomes(call, "endReason", "unjoined")
        await Carrier(client).start()
        assert (await client.closed())[0] == 1000
    shown = await live_customer.billed(call)
    assert (shown["joined"], shown["endReason"]) == (None, "unjoined")
    assert shown["billingStatus"] == "BILLING_STATUS_FREE_ZERO_EFFECTIVE_DURATION"


async def test_a_reset_hangs_up_on_clients(live_customer):
    call = await live_customer.chat()
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        await live_customer.world.reset()
        assert (await client.closed())[0] == 1012
    assert (await live_customer.http.get(f"/api/calls/{call['callId']}")).status_code == 404
    with pytest.raises(InvalidStatus):
        async with joined(call["joinUrl"]):
            pass


async def test_a_tool_that_is_under_way_when_the_call_ends_changes_nothing_more(live_customer):
    call = await live_customer.chat(selectedTools=[{"temporaryTool": SLOW}])
    async with joined(call["joinUrl"]) as client:
        await client.until("transcript", final=True)
        await client.send("forced_agent_message", toolCalls=[{"id": "i1", "name": "slow"}])
        await client.until("client_tool_invocation")
    await live_customer.becomes(call, "endReason", "hangup")
    said = await live_customer.messages(call)
    await asyncio.sleep(0.3)
    assert await live_customer.messages(call) == said
    assert said[-1]["role"] == "MESSAGE_ROLE_TOOL_CALL"


async def test_the_oldest_settled_calls_are_forgotten_with_their_addresses(customer, monkeypatch):
    monkeypatch.setattr(orders, "forget_oldest", partial(forget_oldest, most=2))
    agent_id = await customer.agent()
    waiting, settled = await customer.call(agent_id), await customer.call(agent_id)
    await customer.picked_up(settled, Manner.HANGS_UP_AT_ONCE)
    await customer.billed(settled)
    last = await customer.call(agent_id)
    known = {call["callId"] for call in (await customer.get("/api/calls"))["results"]}
    assert known == {waiting["callId"], last["callId"]}
    assert customer.world.exchange.find(settled["joinUrl"]) is None
    assert customer.world.exchange.find(waiting["joinUrl"]) is not None
    assert (await customer.get(f"/api/agents/{agent_id}"))["statistics"] == {"calls": 3}


async def test_a_deleted_call_leaves_no_address(customer):
    call = await customer.call(await customer.agent())
    await customer.picked_up(call, Manner.HANGS_UP_AT_ONCE)
    await customer.billed(call)
    assert customer.world.exchange.find(call["joinUrl"]) is not None
    assert (await customer.http.delete(f"/api/calls/{call['callId']}")).status_code == 204
    assert customer.world.exchange.find(call["joinUrl"]) is None
