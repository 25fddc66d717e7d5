import asyncio
import logging
import socket
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
import respx
from tests.waiting import patience

from switchboard.providers.errors import (
    ProviderError,
    ProviderMissing,
    ProviderRejected,
    ProviderUnavailable,
    ProviderUnclear,
)
from switchboard.providers.http import Answer, Limits, Repeat, VendorClient, path

HOST = "https://vendor.example.com"
KEY = "sk_very_secret_value"
NOT_SENT = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout]
LOST = [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError, httpx.WriteTimeout]


def refusal(answer: Answer) -> ProviderError:
    kind = ProviderRejected
    named = {}
    if answer.status >= 500 or answer.status == 429:
        kind, named = ProviderUnavailable, {"retry_after": answer.retry_after()}
    return kind(f"refused {answer.status}", provider="vendor", provider_status=answer.status, **named)


@pytest.fixture
async def client():
    made = VendorClient("vendor", "Vendor", HOST, refusal=refusal, timeout_seconds=2.0, headers={"x-key": KEY})
    yield made
    await made.aclose()


@pytest.fixture
def vendor():
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.mark.parametrize("error", NOT_SENT)
async def test_a_request_that_never_left_is_certainly_not_carried_out(client, vendor, error):
    route = vendor.post(f"{HOST}/dial").mock(side_effect=error(f"no way with {KEY}"))
    with pytest.raises(ProviderUnavailable) as caught:
        await client.object("POST", "/dial", repeat=Repeat.NEVER)
    assert not isinstance(caught.value, ProviderUnclear)
    assert route.call_count == 1


@pytest.mark.parametrize("error", LOST)
async def test_an_answer_lost_after_sending_is_unclear_and_never_repeated(client, vendor, error):
    route = vendor.post(f"{HOST}/dial").mock(side_effect=error(f"gone with {KEY}"))
    with pytest.raises(ProviderUnclear):
        await client.object("POST", "/dial", repeat=Repeat.NEVER)
    assert route.call_count == 1


@pytest.mark.parametrize("error", LOST)
async def test_a_post_that_the_caller_may_repeat_is_unavailable_and_not_repeated_here(client, vendor, error):
    route = vendor.post(f"{HOST}/sessions").mock(side_effect=error("gone"))
    with pytest.raises(ProviderUnavailable) as caught:
        await client.object("POST", "/sessions")
    assert not isinstance(caught.value, ProviderUnclear)
    assert route.call_count == 1


async def test_a_get_is_tried_three_times_before_it_is_unavailable(client, vendor):
    route = vendor.get(f"{HOST}/things").mock(side_effect=httpx.ReadTimeout("slow"))
    with pytest.raises(ProviderUnavailable):
        await client.object("GET", "/things")
    assert route.call_count == 3


async def test_a_get_recovers_when_the_vendor_does(client, vendor):
    route = vendor.get(f"{HOST}/things").mock(
        side_effect=[httpx.Response(503), httpx.Response(200, json={"a": 1})]
    )
    assert await client.object("GET", "/things") == {"a": 1}
    assert route.call_count == 2


async def test_a_refusal_is_not_repeated(client, vendor):
    route = vendor.get(f"{HOST}/things").mock(return_value=httpx.Response(404))
    with pytest.raises(ProviderRejected):
        await client.object("GET", "/things")
    assert route.call_count == 1


async def test_a_short_retry_after_is_waited_for(client, vendor):
    busy = httpx.Response(429, headers={"retry-after": "0.3"})
    vendor.get(f"{HOST}/things").mock(side_effect=[busy, httpx.Response(200, json={})])
    began = asyncio.get_running_loop().time()
    await client.object("GET", "/things")
    assert asyncio.get_running_loop().time() - began >= 0.3


async def test_a_long_retry_after_is_left_to_the_caller(client, vendor):
    route = vendor.get(f"{HOST}/things").mock(return_value=httpx.Response(429, headers={"retry-after": "60"}))
    with pytest.raises(ProviderUnavailable) as caught:
        await client.object("GET", "/things")
    assert (route.call_count, caught.value.retry_after) == (1, 60.0)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_on_a_dial_is_unclear(client, vendor, status):
    route = vendor.post(f"{HOST}/dial").mock(return_value=httpx.Response(status))
    with pytest.raises(ProviderUnclear) as caught:
        await client.object("POST", "/dial", repeat=Repeat.NEVER)
    assert (route.call_count, caught.value.provider_status) == (1, status)


async def test_too_many_requests_on_a_dial_is_certainly_not_carried_out(client, vendor):
    vendor.post(f"{HOST}/dial").mock(return_value=httpx.Response(429))
    with pytest.raises(ProviderUnavailable) as caught:
        await client.object("POST", "/dial", repeat=Repeat.NEVER)
    assert not isinstance(caught.value, ProviderUnclear)


@pytest.mark.parametrize(
    ("repeat", "kind"), [(Repeat.NEVER, ProviderUnclear), (Repeat.BY_CALLER, ProviderUnavailable)]
)
@pytest.mark.parametrize("content", [b"<html>", b"", b"\xff\xfe", b"[1]"])
async def test_an_unreadable_success_is_told_by_what_it_may_have_done(client, vendor, repeat, kind, content):
    vendor.post(f"{HOST}/dial").mock(return_value=httpx.Response(201, content=content))
    with pytest.raises(ProviderUnavailable) as caught:
        await client.object("POST", "/dial", repeat=repeat)
    assert type(caught.value) is kind


async def test_an_answer_larger_than_allowed_is_dropped(client, vendor):
    vendor.get(f"{HOST}/big").mock(return_value=httpx.Response(200, content=b"x" * 2000))
    with pytest.raises(ProviderUnavailable):
        await client.send("GET", "/big", limits=Limits(1000), repeat=Repeat.BY_CALLER)


async def test_a_vendor_that_trickles_runs_into_the_total_time_limit():
    left = asyncio.Event()

    async def trickle(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"1")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()
        left.set()

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = VendorClient("vendor", "Vendor", f"http://127.0.0.1:{port}", refusal=refusal, timeout_seconds=0.2)
    with pytest.raises(ProviderUnclear):
        await client.object("POST", "/dial", repeat=Repeat.NEVER)
    await client.aclose()
    async with patience():
        await left.wait()
    server.close()


async def test_a_closed_port_is_certainly_not_carried_out():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = VendorClient("vendor", "Vendor", f"http://127.0.0.1:{port}", refusal=refusal, timeout_seconds=2.0)
    with pytest.raises(ProviderUnavailable) as caught:
        await client.object("POST", "/dial", repeat=Repeat.NEVER)
    assert not isinstance(caught.value, ProviderUnclear)
    await client.aclose()


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        await writer.drain()
        writer.close()

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = VendorClient("vendor", "Vendor", f"http://127.0.0.1:{port}", refusal=refusal, timeout_seconds=2.0)
    assert await client.object("GET", "/") == {}
    await client.aclose()
    server.close()


@pytest.mark.parametrize("trouble", [*NOT_SENT, *LOST, httpx.LocalProtocolError, httpx.DecodingError])
async def test_the_key_appears_in_no_error_and_no_log(client, vendor, caplog, trouble):
    caplog.set_level(logging.DEBUG)
    vendor.get(f"{HOST}/things").mock(side_effect=trouble(f"Illegal header value {KEY}"))
    with pytest.raises(ProviderUnavailable) as caught:
        await client.object("GET", "/things")
    assert KEY not in f"{caught.value!r} {caught.value.detail} {caught.value.extras} {client!r} {vars(client)}"
    assert KEY not in caplog.text


async def test_audio_that_is_only_being_made_is_waited_for_longer_than_other_answers(client, vendor):
    sound = vendor.get(f"{HOST}/recording").mock(return_value=httpx.Response(200, content=b"RIFF"))
    facts = vendor.get(f"{HOST}/facts").mock(return_value=httpx.Response(200, json={}))
    await client.audio("/recording", otherwise="none")
    await client.object("GET", "/facts")
    patience_of = [route.calls.last.request.extensions["timeout"] for route in (sound, facts)]
    assert [one["read"] for one in patience_of] == [60, 2]
    assert patience_of[0] | {"read": 2} == patience_of[1]


async def test_a_redirect_to_a_foreign_host_is_followed_without_the_key(client, vendor):
    vendor.get(f"{HOST}/recording").mock(
        return_value=httpx.Response(302, headers={"location": "https://store.test/a.wav"})
    )
    stored = vendor.get("https://store.test/a.wav").mock(
        return_value=httpx.Response(200, content=b"RIFF", headers={"content-type": "audio/wav; x=1"})
    )
    audio = await client.audio("/recording", otherwise="none")
    assert (audio.content, audio.media_type) == (b"RIFF", "audio/wav")
    assert "x-key" not in stored.calls.last.request.headers


async def test_a_redirect_to_the_vendors_own_host_keeps_the_key(client, vendor):
    vendor.get(f"{HOST}/recording").mock(return_value=httpx.Response(302, headers={"location": "/files/1"}))
    own = vendor.get(f"{HOST}/files/1").mock(return_value=httpx.Response(200, content=b"RIFF"))
    await client.audio("/recording", otherwise="none")
    assert own.calls.last.request.headers["x-key"] == KEY


@pytest.mark.parametrize("location", ["", "file:///etc/passwd", "/recording", "https://store.test/gone"])
async def test_a_redirect_that_leads_nowhere_is_missing(client, vendor, location):
    vendor.get(f"{HOST}/recording").mock(return_value=httpx.Response(302, headers={"location": location}))
    vendor.route(host="store.test").mock(return_value=httpx.Response(403))
    with pytest.raises(ProviderMissing, match="none yet"):
        await client.audio("/recording", otherwise="none yet")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("", None), ("soon", None), ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0)],
)
def test_retry_after_is_read_as_seconds_or_date(value, seconds):
    assert Answer(429, httpx.Headers({"retry-after": value}), b"").retry_after() == seconds


def test_retry_after_as_a_date_ahead_counts_from_now():
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    waited = Answer(503, httpx.Headers({"retry-after": at}), b"").retry_after()
    assert waited is not None
    assert 60 < waited <= 90


def test_an_id_stays_one_segment_of_the_path():
    assert path("/calls/{}/x", "../a b/c?d#e") == "/calls/..%2Fa%20b%2Fc%3Fd%23e/x"
