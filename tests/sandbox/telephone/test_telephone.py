"""The telephone that rings on a page, seen through its socket and the carrier's calls."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.serving import serving
from tests.waiting import patience
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from switchboard.sandbox.app import create_app
from switchboard.sandbox.telephone.page import Page
from switchboard.sandbox.telephone.telephone import Telephone
from switchboard.sandbox.world import World

HOLD = '<Response><Pause length="600"/></Response>'


async def test_a_page_waits_rings_answers_and_hangs_up(town):
    async with town.page() as page:
        await page.hears("idle")
        sid = await town.dial(HOLD)
        assert await page.hears("ringing") == {"type": "ringing", "call_sid": sid, "from": "+15005550006"}
        await page.does("answer")
        await page.hears("answered")
        assert (await town.call(sid))["status"] == "in-progress"
        await page.does("hangup")
        assert (await page.hears("ended"))["reason"] == "callee_hangup"
        await page.hears("idle")
        await town.ends(sid, "completed")


async def test_without_a_page_it_rings_out(town):
    await town.ends(await town.dial(HOLD, Timeout="5"), "no-answer")


async def test_declining_is_busy_and_so_is_a_telephone_in_use(town):
    async with town.page() as page:
        declined = await town.dial(HOLD)
        await page.hears("ringing")
        await page.does("decline")
        await town.ends(declined, "busy")
        await page.hears("idle")
        taken = await town.dial(HOLD)
        await page.hears("ringing")
        await page.does("answer")
        await page.hears("answered")
        await town.ends(await town.dial(HOLD), "busy")
        await town.hang_up(taken)
        assert (await page.hears("ended"))["reason"] == "caller_hangup"


async def test_the_first_page_to_answer_takes_the_call_and_the_others_go_idle(town):
    async with town.page() as first, town.page() as second:
        await first.hears("idle")
        await second.hears("idle")
        sid = await town.dial(HOLD)
        await first.hears("ringing")
        await second.hears("ringing")
        await second.does("answer")
        await first.hears("idle")
        await second.hears("answered", call_sid=sid)
        await first.does("answer")
        await first.does("hangup")
        await town.hang_up(sid)
        await second.hears("ended")


async def test_a_page_opened_while_it_rings_rings_too_and_goes_idle_when_the_caller_gives_up(town):
    sid = await town.dial(HOLD)
    async with patience():
        while (await town.call(sid))["status"] != "ringing":  # noqa: ASYNC110 -- told by HTTP only
            await asyncio.sleep(0.01)
    async with town.page() as page:
        await page.hears("ringing", call_sid=sid)
        await town.hang_up(sid)
        await page.hears("idle")
        await town.ends(sid, "canceled")


async def test_closing_the_page_hangs_up(town):
    async with town.page() as page:
        sid = await town.dial(HOLD)
        await page.hears("ringing")
        await page.does("answer")
        await page.hears("answered")
    await town.ends(sid, "completed")


async def test_words_typed_are_heard_by_the_platform_and_its_words_are_captions(town):
    headers = {"X-API-Key": "Telepho1.abcdefghijklmnopqrstuvwxyz012345"}
    agent = await town.http.post(
        "/api/agents",
        headers=headers,
        json={
            "name": "Shop",
            "callTemplate": {
                "systemPrompt": "You are the shop's receptionist. We open at nine in the morning.",
                "firstSpeakerSettings": {"agent": {"text": "Welcome to the shop."}},
                "medium": {"twilio": {}},
            },
        },
    )
    assert agent.status_code == 201, agent.text
    call = await town.http.post(f"/api/agents/{agent.json()['agentId']}/calls", headers=headers, json={})
    join = call.json()["joinUrl"]
    async with town.page() as page:
        sid = await town.dial(f'<Response><Connect><Stream url="{join}"/></Connect></Response>')
        await page.hears("ringing")
        await page.does("answer")
        await page.hears("caption", who="caller", text="Welcome to the shop.")
        await page.does("say", text="When do you open?")
        await page.hears("caption", who="callee", text="When do you open?")
        assert "nine" in (await page.hears("caption", who="caller"))["text"]
        await page.does("hangup")
        await page.hears("ended")
    said = [(one["who"], one["text"]) for one in (await town.ends(sid, "completed"))["transcript"]]
    assert ("callee", "When do you open?") in said


async def test_a_reset_leaves_the_telephone_usable(town):
    async with town.page() as page:
        await page.hears("idle")
        await town.dial(HOLD)
        await page.hears("ringing")
        await page.does("answer")
        await page.hears("answered")
        await town.http.post("/_sandbox/reset", json={"seed": 1})
        await page.hears("ended")
        await town.dial(HOLD)
        await page.hears("ringing")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", 1007),
        ("[]", 1007),
        ('{"type": "dance"}', 1008),
        ('{"type": 7}', 1008),
        ("x" * 20_000, 1009),
        (b"x", 1009),
        (b"x" * 10_000_000, 1009),
    ],
)
async def test_what_no_page_sends_closes_the_socket_with_a_reason(town, message, code):
    async with town.page() as page:
        await page.hears("idle")
        await page.socket.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            await page.hears("never")
        assert closed.value.rcvd.code == code
        assert closed.value.rcvd.reason
    assert town.world.telephone.is_unattended


_words = st.sampled_from(["answer", "decline", "say", "hangup", "?"]) | st.integers() | st.none()
_message = st.fixed_dictionaries({"type": _words}, optional={"text": st.text(max_size=9) | st.integers()})


@settings(max_examples=10, deadline=None)
@given(messages=st.lists(_message.map(json.dumps) | st.text(max_size=9) | st.binary(max_size=9), max_size=6))
def test_no_page_breaks_the_telephone(messages):
    async def attack() -> None:
        world = World(seed=1)
        async with serving(create_app(world), lifespan="on") as host:
            async with connect(f"ws://{host}/_sandbox/telephone", proxy=None) as socket:
                try:
                    for message in messages:
                        await socket.send(message)
                except ConnectionClosed:
                    pass
            async with connect(f"ws://{host}/_sandbox/telephone", proxy=None) as socket:
                assert json.loads(await socket.recv()) == {"type": "idle"}

    asyncio.run(attack())


async def test_a_page_that_answers_and_leaves_in_the_same_moment_has_hung_up():
    telephone, page = Telephone(), Page()
    telephone.enter(page)
    ringing = asyncio.create_task(telephone.ring("CA1", "+15005550006"))
    await asyncio.sleep(0)
    telephone.answer(page)
    telephone.leave(page)
    assert (await ringing).gone.is_set()
