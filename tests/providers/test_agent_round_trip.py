"""An agent goes to a platform and comes back: the same, but for what the loss report names. On every platform."""

import json
from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import given, settings
from tests.providers.comparing import changed, unexplained
from tests.providers.specs import HOSTILE, specs

from switchboard.providers.agent_spec import AgentSpec, Criterion, Header, HttpTool, Keypad
from switchboard.providers.elevenlabs import agents as elevenlabs
from switchboard.providers.ultravox import agents as ultravox

PLATFORMS = pytest.mark.parametrize("platform", [ultravox, elevenlabs], ids=["ultravox", "elevenlabs"])
OPTIONS = {
    ultravox: {"callTemplate": {"vadSettings": {"turnEndpointDelay": "0.5s"}, "systemPrompt": "Overruled."}},
    elevenlabs: {
        "tags": ["theirs"],
        "conversation_config": {
            "turn": {"turn_eagerness": "eager"},
            "agent": {"prompt": {"prompt": "Overruled."}},
        },
    },
}
FOREIGN = {
    ultravox: {
        "callTemplate": {
            "vadSettings": {"turnEndpointDelay": "0.7s"},
            "selectedTools": [{"toolName": "queryCorpus"}, {"toolId": "t1"}],
            "contextSchema": {"type": "object", "properties": {}, "additionalProperties": False},
        }
    },
    elevenlabs: {
        "conversation_config": {
            "turn": {"turn_eagerness": "eager"},
            "agent": {"prompt": {"tools": [{"type": "client", "name": "show", "description": "x"}]}},
        }
    },
}


ORDINARY = {"speed": 1.0, "stability": 0.5, "similarity": 0.8}
"""ElevenLabs' own values."""


def through_json(raw):
    return json.loads(json.dumps(raw))


@PLATFORMS
@settings(deadline=None, max_examples=60)
@given(spec=specs())
def test_what_comes_back_is_what_was_sent_or_stands_in_the_loss_report(platform: ModuleType, spec: AgentSpec):
    read = platform.from_vendor(through_json(platform.to_vendor(spec)), spec)
    assert unexplained(changed(spec, read), platform.losses(spec)) == set()
    assert read.secrets == {}


@PLATFORMS
@settings(deadline=None, max_examples=60)
@given(spec=specs())
def test_what_was_read_once_is_read_the_same_for_ever(platform: ModuleType, spec: AgentSpec):
    raw = through_json(platform.to_vendor(spec))
    first = platform.from_vendor(raw)
    secrets = platform.remote_agent(raw).secrets
    again = platform.from_vendor(through_json(platform.to_vendor(replace(first, secrets=secrets))))
    assert changed(first, again) == set()


@PLATFORMS
@settings(deadline=None, max_examples=60)
@given(spec=specs())
def test_every_loss_is_real_or_a_condition(platform: ModuleType, spec: AgentSpec):
    """A report that cries wolf is not read: each entry is about something that this agent has."""
    for loss in platform.losses(spec):
        field, _, part = loss.field.partition(".")
        assert field in AgentSpec.__dataclass_fields__
        assert getattr(spec, field) not in (None, ()) or field == "first_message"
        assert loss.instead.endswith(".")
        if field == "tools":
            assert part.split(".")[0] in {t.name if isinstance(t, HttpTool) else "transfer" for t in spec.tools}


@PLATFORMS
@settings(deadline=None, max_examples=60)
@given(spec=specs())
def test_platform_options_come_back_as_they_were_and_leave_the_rest_alone(platform: ModuleType, spec: AgentSpec):
    given = replace(spec, platform_options=OPTIONS[platform])
    raw = through_json(platform.to_vendor(given))
    assert "Overruled." in json.dumps(raw)
    read = platform.from_vendor(raw, given)
    assert read.platform_options == OPTIONS[platform]
    assert read == replace(platform.expressed(spec), platform_options=read.platform_options)


@PLATFORMS
def test_an_option_that_was_changed_at_the_vendor_shows(platform: ModuleType):
    spec = AgentSpec("a", "p", platform_options=OPTIONS[platform])
    raw = through_json(platform.to_vendor(spec))
    text = json.dumps(raw).replace("Overruled.", "Overruled again.")
    read = platform.from_vendor(json.loads(text), spec)
    assert read.prompt == "p"
    assert "Overruled again." in json.dumps(read.platform_options)


@PLATFORMS
@settings(deadline=None, max_examples=60)
@given(first=specs(), second=specs())
def test_an_update_leaves_nothing_of_the_version_before(platform: ModuleType, first: AgentSpec, second: AgentSpec):
    before = through_json(platform.to_vendor(first, marker="agt_01kc2v9m3x5r7t9w1y3a5c7e9g"))
    sent = through_json(platform.to_vendor(second, before))
    after = patched(platform, before, sent)
    read = platform.from_vendor(after, second)
    assert unexplained(changed(second, read), platform.losses(second)) == set()
    if second.inactivity is None:
        assert read.inactivity is None
    for part, usual in ORDINARY.items():
        if getattr(second.voice_settings, part, None) is None and read.voice_settings:
            assert getattr(read.voice_settings, part) in (None, usual)
    assert platform.remote_agent(after).marker == "agt_01kc2v9m3x5r7t9w1y3a5c7e9g"


def patched(platform: ModuleType, before, sent):
    """What the vendor makes of an update: Ultravox may replace the template, ElevenLabs merges objects."""
    if platform is ultravox:
        return {**before, **sent}
    return merged(before, sent)


def merged(base, over):
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: merged(base.get(key), value) for key, value in over.items()}}


@PLATFORMS
@settings(deadline=None, max_examples=60)
@given(spec=specs())
def test_what_is_beyond_our_words_is_kept_through_an_update_and_told(platform: ModuleType, spec: AgentSpec):
    before = merged(platform.to_vendor(AgentSpec("a", "p")), FOREIGN[platform])
    after = patched(platform, before, through_json(platform.to_vendor(spec, before)))
    text = json.dumps(after)
    for marked in (
        ("queryCorpus", "t1", "0.7s", "additionalProperties") if platform is ultravox else ("eager", "show")
    ):
        assert f'"{marked}"' in text
    extras = platform.remote_agent(after).extras
    assert any("queryCorpus" in one for one in extras) if platform is ultravox else "prompt.tools.show" in extras


@PLATFORMS
@pytest.mark.parametrize("text", [*HOSTILE, "word " * 20_000])
def test_hostile_text_comes_back_unchanged(platform: ModuleType, text: str):
    spec = AgentSpec("a", f"{text}.", first_message=f"{text}!", evaluation=(Criterion("g", f"{text}?"),))
    read = platform.from_vendor(through_json(platform.to_vendor(spec)), spec)
    assert (read.prompt, read.first_message) == (spec.prompt, spec.first_message)


@PLATFORMS
def test_all_problems_are_told_at_once(platform: ModuleType):
    own = {ultravox: "hangUp", elevenlabs: "end_call"}[platform]
    tool = HttpTool(own, "d", "GET", "https://api.example.com")
    spec = AgentSpec("a", "p", temperature=1.5, max_duration_seconds=10, tools=(tool, Keypad()))
    fields = {problem.field for problem in platform.problems(spec)}
    assert len(fields) == 2
    assert any(field.startswith("tools.") for field in fields)
    assert platform.problems(AgentSpec("a", "p")) == []


@PLATFORMS
def test_a_secret_that_is_not_sent_again_stays_at_the_vendor(platform: ModuleType):
    tool = HttpTool("find", "d", "GET", "https://api.example.com", headers=(Header("X-Key"),))
    before = through_json(
        platform.to_vendor(AgentSpec("a", "p", tools=(tool,), secrets={"find@api.example.com/x-key": "s3cret"}))
    )
    after = patched(platform, before, platform.to_vendor(AgentSpec("a", "other", tools=(tool,)), before))
    assert platform.remote_agent(after).secrets == {"find@api.example.com/x-key": "s3cret"}
    assert "s3cret" not in repr(platform.remote_agent(after).spec)
