from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.fakes.platform import FakePlatform
from tests.providers.specs import specs

from switchboard.agents.model import EDITABLE, Agent
from switchboard.agents.schemas import AgentIn
from switchboard.agents.translation import differences, spec_of, values_of
from switchboard.agents.variables import referenced, used
from switchboard.providers.agent_spec import (
    HIDDEN,
    AgentSpec,
    EndCall,
    Header,
    HttpTool,
    Inactivity,
    Keypad,
    Loss,
    RemoteAgent,
    Voicemail,
)
from switchboard.providers.elevenlabs import ElevenLabs
from switchboard.providers.ultravox import Ultravox

SENT = {
    "name": "Reception",
    "prompt": "You greet {{guest}}.",
    "variables": {"guest": None, "age": 7},
    "inactivity": {"after_seconds": 10, "message": "Still there?"},
    "tools": [
        {"type": "keypad"},
        {"type": "end_call", "when": "good-bye"},
        {
            "type": "http",
            "name": "find",
            "description": "Find it.",
            "url": "https://api.example.com/{id}",
            "parameters": [{"name": "id", "in": "path", "description": "Its number."}],
            "headers": [{"name": "X-Key", "value": "s3cret"}],
        },
    ],
    "tags": ["vip"],
}


def agent() -> Agent:
    wanted = AgentIn.model_validate(SENT)
    return Agent(platform="ultravox", **wanted.model_dump(include=set(EDITABLE)), tool_secrets=wanted.secrets())


def test_a_record_becomes_what_its_platform_is_told():
    spec = agent().spec()
    assert (spec.variables, spec.inactivity) == ({"guest": None, "age": 7}, Inactivity(10, "Still there?"))
    assert [type(tool) for tool in spec.tools] == [HttpTool, EndCall, Keypad], (
        "in the one order that all compare by"
    )
    assert spec.tools[0].headers == (Header("X-Key", HIDDEN),)
    assert spec.secrets == {"find@api.example.com/x-key": "s3cret"}
    assert "s3cret" not in repr(spec)


@settings(deadline=None, max_examples=50)
@given(specs())
def test_a_platforms_agent_becomes_values_of_our_columns_and_the_same_agent_again(spec: AgentSpec):
    values = values_of(spec)
    assert set(values) == set(EDITABLE) - {"fallback_agent_id", "fallback_voice"}
    assert "secret of" not in str(values)
    assert spec_of(values) == spec


def test_what_a_platform_cannot_express_is_told_of_fields_that_were_only_sent():
    values = AgentIn.model_validate(SENT).model_dump()
    assert FakePlatform("fake").losses(spec_of(values)) == [
        Loss("tags", "fake has no tags: they are kept in Switchboard only.")
    ]


@pytest.fixture(params=[Ultravox, ElevenLabs])
async def platform(request):
    made = request.param(api_key="k", base_url="https://vendor.test")
    yield made
    await made.aclose()


def there(platform, spec: AgentSpec) -> RemoteAgent:
    """The agent as the vendor has it after a save."""
    module = __import__(f"switchboard.providers.{platform.name}.agents", fromlist=["x"])
    return module.remote_agent(module.to_vendor(spec), spec)


async def test_losses_spellings_and_the_platforms_own_defaults_are_no_differences(platform):
    spec = replace(
        agent().spec(), name="Réception désk", language="de-AT", voicemail=Voicemail("leave_message", "Call us.")
    )
    assert platform.losses(spec)
    assert differences(platform, spec, there(platform, spec)) == []


async def test_what_was_changed_at_the_vendor_is_told_field_by_field(platform):
    spec = agent().spec()
    changed = replace(
        spec, prompt="You are rude to {{guest}}.", max_duration_seconds=60, tools=(), recording=False
    )
    found = {difference.field: difference for difference in differences(platform, spec, there(platform, changed))}
    assert set(found) == {"prompt", "max_duration_seconds", "tools", "recording"}
    assert (found["recording"].here, found["recording"].there) == (True, False)
    assert "s3cret" not in str(found)


def test_variables_are_derived_from_every_text_but_not_those_that_a_platform_fills_in():
    assert referenced("{{a}} {{ b.c }} {{system__time}} {{secret__key}}", "{{a}}{{d}}") == ["a", "b.c", "d"]
    values = {
        "prompt": "{{a}}",
        "first_message": "{{b}}",
        "inactivity": {"message": "{{c}}"},
        "voicemail": {"action": "leave_message", "message": "{{d}}"},
    }
    assert used(values) == ["a", "b", "c", "d"]
    assert used({"prompt": "", "first_message": "", "inactivity": None}) == []
