"""What every implementation of the Platform port must do with a conversation in the browser."""

from dataclasses import replace

import pytest
from tests.contract.cases import SPEC
from tests.waiting import answered, patience

from switchboard.providers.errors import ProviderMisconfigured, ProviderMissing
from switchboard.providers.normalised import SessionState
from switchboard.providers.talk import Caption, Ended, TalkOrder

NOBODY = "00000000-0000-4000-8000-000000000000"


def order(agent_id, **fields):
    wanted = TalkOrder(
        call_id="call_contract",
        remote_agent_id=agent_id,
        mode="text",
        first_message="Hello Ann, this is Casa Verde.",
        variables={"guest": "Ann", "place": "Casa Verde"},
        max_duration_seconds=120,
    )
    return replace(wanted, **fields)


async def captions(talk, role, count):
    """The next final captions of this side."""
    found = []
    async with patience():
        async for event in talk.events():
            assert not isinstance(event, Ended), event
            if isinstance(event, Caption) and event.role == role and event.final:
                found.append(event)
            if len(found) == count:
                return found
    raise AssertionError("events end with Ended")


@pytest.fixture
async def agent(platform_case):
    made = await platform_case.platform.create_agent(SPEC)
    yield made.remote_id
    await platform_case.platform.delete_agent(made.remote_id)


async def test_a_chat_is_answered_and_reported_like_any_session(platform_case, agent):
    platform = platform_case.platform
    talk = await platform.open_talk(order(agent))
    try:
        (hello,) = await captions(talk, "agent", 1)
        assert hello.text == "Hello Ann, this is Casa Verde."
        await talk.send_text("When do you open in the morning?")
        (mine,) = await captions(talk, "callee", 1)
        assert mine.text == "When do you open in the morning?"
        (answer,) = await captions(talk, "agent", 1)
        assert "nine" in answer.text
        assert answer.turn != hello.turn
    finally:
        await talk.hang_up()
    report = await answered(
        lambda: platform.fetch_session(talk.session_id), lambda seen: seen.state is SessionState.FINAL
    )
    assert {"agent", "callee"} <= {turn.role for turn in report.turns}
    assert report.end_reason == "callee_hangup"
    assert report.costs


async def test_leaving_ends_the_events_and_may_be_repeated(platform_case, agent):
    talk = await platform_case.platform.open_talk(order(agent))
    await talk.hang_up()
    await talk.hang_up()
    async with patience():
        events = [event async for event in talk.events()]
    assert events[-1] == Ended("callee_hangup")
    await talk.send_audio(bytes(640))
    await talk.send_text("Are you still there?")


async def test_a_spoken_talk_takes_audio(platform_case, agent):
    wanted = order(agent, mode="voice", max_duration_seconds=3600)  # models load while the sandbox's clock flies
    talk = await platform_case.platform.open_talk(wanted)
    try:
        await talk.send_audio(bytes(3_200))
        (hello,) = await captions(talk, "agent", 1)
        assert hello.text
    finally:
        await talk.hang_up()


async def test_an_unknown_agent_cannot_be_talked_to(platform_case):
    with pytest.raises(ProviderMissing):
        await platform_case.platform.open_talk(order(NOBODY))


async def test_a_wrong_key_is_told_as_such(platform_case):
    with pytest.raises(ProviderMisconfigured):
        await platform_case.wrong_key.open_talk(order(NOBODY))
