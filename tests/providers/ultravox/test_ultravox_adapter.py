import json

import httpx
import pytest
import respx
from tests.recordings.reader import recording

from switchboard.providers.errors import (
    ProviderMisconfigured,
    ProviderMissing,
    ProviderUnavailable,
    ProviderUnclear,
)
from switchboard.providers.normalised import AgentSpec, PhoneSessionOrder
from switchboard.providers.ultravox import Ultravox

API = "https://ultravox.test/api"
ORDER = PhoneSessionOrder("call_1", "a", "+14155550100", "+15005550006", "Hello.")


@pytest.fixture
async def ultravox():
    made = Ultravox(api_key="12345678.key", base_url="https://ultravox.test/")
    yield made
    await made.aclose()


@pytest.fixture
def vendor():
    with respx.mock as router:
        yield router


async def test_creating_is_never_repeated(ultravox, vendor):
    route = vendor.post(f"{API}/agents").mock(return_value=httpx.Response(500))
    with pytest.raises(ProviderUnclear):
        await ultravox.create_agent(AgentSpec(name="a", prompt="p"))
    assert route.call_count == 1


async def test_an_update_reads_sends_the_whole_template_and_reads_again(ultravox, vendor):
    agent = recording("ultravox/agent")
    read = vendor.get(f"{API}/agents/a").mock(return_value=httpx.Response(200, json=agent))
    sent = vendor.patch(f"{API}/agents/a").mock(return_value=httpx.Response(200, json={}))
    await ultravox.update_agent("a", AgentSpec(name="New name", prompt="New."))
    template = json.loads(sent.calls.last.request.content)["callTemplate"]
    assert (template["systemPrompt"], template["vadSettings"]) == ("New.", {"turnEndpointDelay": "0.5s"})
    assert (read.call_count, sent.call_count) == (2, 1)


async def test_the_twiml_connects_and_ends_with_the_stream(ultravox, vendor):
    join = "wss://voice.test/calls/1/telephony?a=1&b=2"
    vendor.post(f"{API}/agents/a/calls").mock(
        return_value=httpx.Response(201, json={"callId": "c1", "joinUrl": join})
    )
    opened = await ultravox.open_phone_session(ORDER)
    assert opened.session_id == "c1"
    stream = '<Stream url="wss://voice.test/calls/1/telephony?a=1&amp;b=2" />'
    assert opened.twiml.endswith(f"<Response><Connect>{stream}</Connect></Response>")


async def test_a_call_without_join_address_is_told(ultravox, vendor):
    vendor.post(f"{API}/agents/a/calls").mock(return_value=httpx.Response(201, json={"callId": "c1"}))
    with pytest.raises(ProviderUnavailable, match="join"):
        await ultravox.open_phone_session(ORDER)


async def test_paging_takes_the_cursor_only_and_stays_on_our_host(ultravox, vendor):
    foreign = "https://evil.test/api/voices?cursor=abc&pageSize=1"
    route = vendor.get(f"{API}/voices").mock(
        side_effect=[
            httpx.Response(200, json={"next": foreign, "results": [{"voiceId": "1", "name": "A"}]}),
            httpx.Response(200, json={"next": None, "results": [{"voiceId": "2", "name": "B"}]}),
        ]
    )
    assert [voice.id async for voice in ultravox.list_voices()] == ["1", "2"]
    assert dict(route.calls.last.request.url.params)["cursor"] == "abc"


async def test_a_page_that_repeats_its_cursor_ends_the_list(ultravox, vendor):
    page = {"next": f"{API}/agents?cursor=same", "results": []}
    route = vendor.get(f"{API}/agents").mock(return_value=httpx.Response(200, json=page))
    assert [agent async for agent in ultravox.list_agents()] == []
    assert route.call_count == 2


@pytest.mark.parametrize("status", [204, 422])
async def test_ending_a_session_twice_is_quiet(ultravox, vendor, status):
    route = vendor.post(f"{API}/calls/c1/send_data_message").mock(return_value=httpx.Response(status))
    assert await ultravox.end_session("c1") is True
    assert json.loads(route.calls.last.request.content)["type"] == "hang_up"


async def test_messages_of_all_stages_and_pages_are_read(ultravox, vendor):
    first, *rest = recording("ultravox/messages")
    vendor.get(f"{API}/calls/c1").mock(return_value=httpx.Response(200, json=recording("ultravox/call_billed")))
    route = vendor.get(f"{API}/calls/c1/messages").mock(
        side_effect=[
            httpx.Response(200, json={"next": f"{API}/calls/c1/messages?cursor=2", "results": [first]}),
            httpx.Response(200, json={"next": None, "results": rest}),
        ]
    )
    report = await ultravox.fetch_session("c1")
    assert [turn.role for turn in report.turns] == ["callee", "agent", "tool"]
    assert dict(route.calls[0].request.url.params)["mode"] == "in_call"


@pytest.mark.parametrize("status", [400, 404, 422, 425])
async def test_a_recording_that_is_not_there_yet_is_missing(ultravox, vendor, status):
    vendor.get(f"{API}/calls/c1/recording").mock(return_value=httpx.Response(status))
    with pytest.raises(ProviderMissing):
        await ultravox.recording("c1")


async def test_a_wrong_key_on_the_recording_is_told_as_such(ultravox, vendor):
    vendor.get(f"{API}/calls/c1/recording").mock(return_value=httpx.Response(403))
    with pytest.raises(ProviderMisconfigured):
        await ultravox.recording("c1")


async def test_an_account_that_is_hidden_is_probed_by_its_models(ultravox, vendor):
    vendor.get(f"{API}/accounts/me").mock(return_value=httpx.Response(404))
    models = vendor.get(f"{API}/models").mock(return_value=httpx.Response(200, json={"results": []}))
    await ultravox.check()
    assert models.called
    assert await ultravox.quota() is None


@pytest.mark.parametrize(("subscribed", "limit"), [(False, 30.0), (True, None)])
async def test_the_quota_is_in_free_minutes(ultravox, vendor, subscribed, limit):
    account = {"freeTimeUsed": "600s", "freeTimeRemaining": "1200s", "hasActiveSubscription": subscribed}
    vendor.get(f"{API}/accounts/me").mock(return_value=httpx.Response(200, json=account))
    quota = await ultravox.quota()
    assert (quota.unit, quota.used, quota.limit) == ("minutes", 10.0, limit)
