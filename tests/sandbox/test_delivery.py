"""Callbacks are repeated to each vendor's rule, signed anew each time, bounded, and dropped on close."""

import asyncio
import random
from contextlib import suppress

import pytest
from tests.clocks import UnhurriedClock
from tests.waiting import patience

from switchboard.sandbox import delivery as module
from switchboard.sandbox.delivery import Attempt, Delivery, unless_2xx, unless_200_or_final
from switchboard.sandbox.faults import Faults
from switchboard.sandbox.twilio.overrides import Overrides


@pytest.fixture
async def delivery():
    delivery = Delivery(UnhurriedClock(100), Faults(random.Random(1)))
    yield delivery
    await delivery.close()


def signer():
    count = iter(range(100))
    return lambda: (b"{}", {"X-Attempt": str(next(count)), "Content-Type": "application/json"})


async def test_each_attempt_is_signed_anew_and_success_ends_them(delivery, receiver, wait):
    receiver.answers["/hook"] = [(500, "", ""), (404, "", ""), (204, "", "")]
    delivery.post(f"{receiver.url}/hook", signer(), retry_after=[1, 1, 1, 1])
    await wait(lambda: delivery.log()[0]["done"])
    assert [one.headers["x-attempt"] for one in receiver.at("/hook")] == ["0", "1", "2"]
    assert delivery.log()[0]["attempts"] == [500, 404, 204]


async def test_attempts_end_with_the_schedule(delivery, receiver, wait):
    receiver.answers["/hook"] = [(500, "", "")]
    delivery.post(f"{receiver.url}/hook", signer(), retry_after=[1, 1])
    await wait(lambda: delivery.log()[0]["done"])
    assert delivery.log()[0]["attempts"] == [500, 500, 500]


async def test_pauses_between_attempts_are_sandbox_time(delivery, receiver, wait):
    clock = UnhurriedClock(100)
    slow = Delivery(clock, Faults(random.Random(1)))
    receiver.answers["/hook"] = [(500, "", "")]
    before = clock.elapsed()
    slow.post(f"{receiver.url}/hook", signer(), retry_after=[20])
    await wait(lambda: slow.log()[0]["done"])
    assert clock.elapsed() - before >= 20
    await slow.close()


@pytest.mark.parametrize(
    ("rule", "again", "final"),
    [
        (unless_2xx, [None, 301, 400, 404, 500], [200, 202, 204]),
        (unless_200_or_final, [None, 408, 429, 500, 503], [200, 400, 404, 410]),
        (Overrides().repeats, [], [None, 200, 404, 500]),
    ],
)
def test_each_vendor_repeats_by_its_own_rule(rule, again, final):
    assert [rule(Attempt(status)) for status in again] == [True] * len(again)
    assert [rule(Attempt(status)) for status in final] == [False] * len(final)


def test_every_vendor_repeats_when_nobody_listened():
    rules = (unless_2xx, unless_200_or_final, Overrides().repeats)
    assert all(rule(Attempt(None, connected=False)) for rule in rules)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "ftp://127.0.0.1/", "http://127.0.0.1:99999/", "nonsense"])
async def test_an_address_nobody_can_reach_counts_as_a_failed_connection(delivery, wait, url):
    delivery.post(url, signer(), retry_after=[1], repeat=Overrides().repeats)
    await wait(lambda: delivery.log()[0]["done"])
    assert delivery.log()[0]["attempts"] == [None, None]


async def test_a_receiver_that_does_not_answer_is_left_after_the_timeout(delivery, wait):
    left = asyncio.Event()

    async def never(reader, writer):
        await reader.read()  # ends when the customer's client goes away
        writer.close()
        left.set()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    delivery.post(f"http://127.0.0.1:{port}/", signer(), timeout=0.1)
    await wait(lambda: delivery.log()[0]["done"])
    assert delivery.log()[0]["attempts"] == [None]
    async with patience():
        await left.wait()
    server.close()


async def test_what_is_pending_is_bounded(delivery, monkeypatch):
    monkeypatch.setattr(module, "MAX_PENDING", 1)
    delivery.post("http://127.0.0.1:9/", signer(), retry_after=[1000])
    delivery.post("http://127.0.0.1:9/", signer())
    assert delivery.log()[1]["fault"] == {"overflow": True}


async def test_closing_drops_what_is_owed(receiver):
    delivery = Delivery(UnhurriedClock(1), Faults(random.Random(1)))
    receiver.answers["/hook"] = [(500, "", "")]
    delivery.post(f"{receiver.url}/hook", signer(), retry_after=[1000])
    await asyncio.sleep(0)
    async with patience():
        await delivery.close()
    assert delivery.log() == []


async def test_an_answer_that_trickles_is_left_after_the_timeout(delivery, wait):
    async def trickle(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with suppress(ConnectionError):
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    delivery.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", signer(), timeout=0.2)
    await wait(lambda: delivery.log()[0]["done"])
    assert delivery.log()[0]["attempts"] == [None]
    server.close()


async def test_one_customers_cookies_are_not_sent_to_another(delivery, wait):
    asked = []

    async def answer(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: session=ann\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    for count in (1, 2):
        delivery.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", signer())
        await wait(lambda count=count: len(asked) == count and delivery.log()[-1]["done"])
    assert b"session" not in asked[1]
    server.close()
