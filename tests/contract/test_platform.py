"""What every implementation of the Platform port must do."""

import time
from dataclasses import replace

import pytest
from tests.contract.cases import SPEC, PlatformCase
from tests.waiting import answered

from switchboard.providers.errors import InvalidSignature, NotSupported, ProviderMisconfigured, ProviderMissing
from switchboard.providers.normalised import CallStatus, DialOrder, PhoneSessionOrder, SessionState
from switchboard.providers.voice_words import language_tag

NOBODY = "00000000-0000-4000-8000-000000000000"
VARIABLES = {"guest": "Ann", "place": "Casa Verde"}


def order(case: PlatformCase, agent_id: str) -> PhoneSessionOrder:
    return PhoneSessionOrder(
        call_id="call_contract",
        remote_agent_id=agent_id,
        to=case.callee,
        from_=case.from_,
        first_message="Hello Ann, this is Casa Verde.",
        variables=VARIABLES,
        max_duration_seconds=120,
    )


async def test_a_created_agent_is_what_was_asked_for(platform_case):
    platform = platform_case.platform
    made = await platform.create_agent(SPEC)
    read = await platform.get_agent(made.remote_id)
    for seen in (made.spec, read.spec):
        assert (seen.name, seen.prompt, seen.first_message) == (SPEC.name, SPEC.prompt, SPEC.first_message)
        assert (seen.language, seen.max_duration_seconds) == ("en", 120)
        assert dict(seen.variables) == dict(SPEC.variables)
    assert read.remote_id == made.remote_id
    await platform.delete_agent(made.remote_id)


async def test_a_created_agent_is_in_the_list_until_it_is_deleted(platform_case):
    platform = platform_case.platform
    made = await platform.create_agent(SPEC)
    listed = {agent.remote_id: agent async for agent in platform.list_agents()}
    assert listed[made.remote_id].spec.name == SPEC.name
    await platform.delete_agent(made.remote_id)
    assert made.remote_id not in {agent.remote_id async for agent in platform.list_agents()}
    with pytest.raises(ProviderMissing):
        await platform.get_agent(made.remote_id)


async def test_deleting_twice_is_quiet(platform_case):
    made = await platform_case.platform.create_agent(SPEC)
    await platform_case.platform.delete_agent(made.remote_id)
    await platform_case.platform.delete_agent(made.remote_id)


async def test_an_update_changes_what_it_names_and_keeps_what_it_does_not_know(platform_case):
    platform = platform_case.platform
    made = await platform.create_agent(SPEC)
    await platform.update_agent(made.remote_id, replace(SPEC, platform_options=unknown_extra(platform.name)))
    changed = replace(SPEC, prompt="You sell shoes to {{guest}}.", max_duration_seconds=240)
    updated = await platform.update_agent(made.remote_id, changed)
    read = await platform.get_agent(made.remote_id)
    for seen in (updated, read):
        assert (seen.spec.prompt, seen.spec.max_duration_seconds) == (changed.prompt, 240)
        assert seen.spec.first_message == SPEC.first_message
    assert kept(platform.name, read.raw)
    await platform.delete_agent(made.remote_id)


def unknown_extra(platform: str):
    """A setting of the vendor's own that our spec has no field for."""
    if platform == "elevenlabs":
        return {"conversation_config": {"turn": {"turn_eagerness": "eager"}}}
    return {"callTemplate": {"timeExceededMessage": "Time is up."}}


def kept(platform: str, raw) -> bool:
    if raw.get("kept"):  # the fake's own extra
        return True
    if platform == "elevenlabs":
        return raw["conversation_config"]["turn"]["turn_eagerness"] == "eager"
    return raw["callTemplate"]["timeExceededMessage"] == "Time is up."


async def test_an_unknown_agent_is_missing(platform_case):
    with pytest.raises(ProviderMissing):
        await platform_case.platform.get_agent(NOBODY)
    with pytest.raises(ProviderMissing):
        await platform_case.platform.update_agent(NOBODY, SPEC)
    with pytest.raises(ProviderMissing):
        await platform_case.platform.open_phone_session(order(platform_case, NOBODY))


async def test_an_unknown_session_is_missing(platform_case):
    with pytest.raises(ProviderMissing):
        await platform_case.platform.fetch_session(NOBODY)


async def test_a_wrong_key_is_told_as_such_whatever_is_asked(platform_case):
    refused = platform_case.wrong_key
    with pytest.raises(ProviderMisconfigured):
        await refused.check()
    with pytest.raises(ProviderMisconfigured):
        await refused.create_agent(SPEC)
    with pytest.raises(ProviderMisconfigured):
        [voice async for voice in refused.list_voices()]


async def test_a_good_key_passes_the_check_and_tells_a_quota(platform_case):
    await platform_case.platform.check()
    quota = await platform_case.platform.quota()
    assert quota is None or quota.unit in {"minutes", "credits"}


async def test_there_are_voices_and_each_is_told_once(platform_case):
    voices = [voice async for voice in platform_case.platform.list_voices()]
    assert voices
    assert len({voice.id for voice in voices}) == len(voices)
    assert all(voice.id and voice.name and voice.platform == platform_case.platform.name for voice in voices)


async def test_a_sample_is_audio_or_missing(platform_case):
    async for voice in platform_case.platform.list_voices():
        try:
            sample = await platform_case.platform.voice_sample(voice.id)
        except ProviderMissing:
            continue
        assert sample.content
        assert sample.media_type.startswith("audio/")
        return


async def test_a_text_is_spoken_at_most_at_the_cost_that_was_told_or_refused_in_words(platform_case):
    platform = platform_case.platform
    able = {each.name: each for each in platform.capabilities}["speak_text"]
    voice, *_ = [voice async for voice in platform.list_voices() if voice.available]
    if not able.available:
        assert able.reason
        with pytest.raises(NotSupported):
            platform.speech_cost("Good morning.")
        with pytest.raises(NotSupported):
            await platform.speak(voice.id, "Good morning.")
        return
    cost = platform.speech_cost("Good morning.")
    assert (cost.characters, cost.unit, bool(cost.model)) == (13, "credits", True)
    spoken = await platform.speak(voice.id, "Good morning.", "en", {"speed": 1.1, "stability": 0.4})
    assert spoken.content
    assert spoken.media_type.startswith("audio/")
    assert spoken.charged is None or 0 < spoken.charged <= cost.amount


async def test_an_unknown_voice_does_not_speak(platform_case):
    with pytest.raises((ProviderMissing, NotSupported)):
        await platform_case.platform.speak(NOBODY, "Good morning.")


async def test_a_voice_tells_its_language_as_a_tag(platform_case):
    voices = [voice async for voice in platform_case.platform.list_voices()]
    tags = [tag for voice in voices for tag in voice.languages]
    assert tags
    assert all(language_tag(tag) == tag for tag in tags)
    assert all(voice.language == voice.languages[0] for voice in voices if voice.languages)
    assert {voice.gender for voice in voices} & {"female", "male"}


async def test_a_session_waits_for_the_carrier_and_may_be_opened_again(platform_case):
    platform = platform_case.platform
    agent = await platform.create_agent(SPEC)
    first = await platform.open_phone_session(order(platform_case, agent.remote_id))
    second = await platform.open_phone_session(order(platform_case, agent.remote_id))
    assert first.session_id != second.session_id
    assert "<Connect>" in first.twiml
    assert len(first.twiml) < 4000, "the carrier takes no more"
    report = await platform.fetch_session(first.session_id)
    assert (report.state, list(report.turns), list(report.costs)) == (SessionState.WAITING, [], [])
    with pytest.raises(ProviderMissing):
        await platform.recording(first.session_id)
    await platform.delete_agent(agent.remote_id)


async def test_a_whole_phone_call_ends_final_with_turns(platform_case):
    platform, carrier = platform_case.platform, platform_case.carrier
    agent = await platform.create_agent(SPEC)
    session = await platform.open_phone_session(order(platform_case, agent.remote_id))
    dial = DialOrder("call_contract", platform_case.callee, platform_case.from_, session.twiml, None)
    call = await carrier.dial(dial)
    call = await answered(lambda: carrier.fetch(call.carrier_id), lambda seen: seen.status.final)
    report = await answered(
        lambda: platform.fetch_session(session.session_id), lambda seen: seen.state is SessionState.FINAL
    )
    assert (call.status, call.reason) == (CallStatus.COMPLETED, None)
    assert call.duration_seconds
    assert {"agent", "callee"} <= {turn.role for turn in report.turns}
    assert [turn.index for turn in report.turns] == list(range(len(report.turns)))
    assert [turn.at_seconds for turn in report.turns] == sorted(turn.at_seconds for turn in report.turns)
    assert report.end_reason in {"agent_hangup", "callee_hangup"}
    assert report.duration_seconds
    assert report.started_at is not None
    assert report.ended_at is not None
    assert report.started_at < report.ended_at
    assert report.summary
    assert report.costs
    assert all(line.final and line.provider == platform.name for line in report.costs)
    if report.has_recording:
        assert (await platform.recording(session.session_id)).content
    await platform.delete_agent(agent.remote_id)


async def test_turns_are_told_while_the_call_runs_and_ending_it_twice_is_quiet(platform_case):
    platform, carrier = platform_case.platform, platform_case.carrier
    agent = await platform.create_agent(SPEC)
    session = await platform.open_phone_session(order(platform_case, agent.remote_id))
    dial = DialOrder("call_contract", platform_case.callee, platform_case.from_, session.twiml, None)
    call = await carrier.dial(dial)
    await answered(lambda: carrier.fetch(call.carrier_id), lambda seen: seen.status is CallStatus.IN_PROGRESS)
    live = await answered(lambda: platform.fetch_session(session.session_id), lambda seen: bool(seen.turns))
    assert live.state in {SessionState.LIVE, SessionState.ENDED}
    able = await platform.end_session(session.session_id)
    assert await platform.end_session(session.session_id) is able
    promised = {each.name: each for each in platform.capabilities}["end_session"]
    assert promised.available is able
    assert able or promised.reason
    await carrier.hang_up(call.carrier_id)
    await answered(
        lambda: platform.fetch_session(session.session_id), lambda seen: seen.state is SessionState.FINAL
    )
    assert (await carrier.fetch(call.carrier_id)).status.final
    await platform.delete_agent(agent.remote_id)


def test_a_well_signed_webhook_names_session_and_call(platform_case):
    body = platform_case.event("session_1", "call_1")
    signal = platform_case.platform.read_webhook(platform_case.sign(body, time.time()), body)
    assert (signal.session_id, signal.call_id) == ("session_1", "call_1")
    again = platform_case.platform.read_webhook(platform_case.sign(body, time.time() - 5), body)
    assert again.dedupe_key == signal.dedupe_key
    other = platform_case.event("session_2", "call_2")
    assert platform_case.platform.read_webhook(platform_case.sign(other, time.time()), other).dedupe_key != (
        signal.dedupe_key
    )


def test_a_webhook_changed_old_ahead_or_unsigned_is_refused(platform_case):
    body = platform_case.event("session_1", "call_1")
    now = time.time()
    for headers, sent in [
        (platform_case.sign(body, now), body + b" "),
        (platform_case.sign(body, now - 7200), body),
        (platform_case.sign(body, now + 7200), body),
        ({}, body),
    ]:
        with pytest.raises(InvalidSignature):
            platform_case.platform.read_webhook(headers, sent)
