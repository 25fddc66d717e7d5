"""What every platform must do with whole agents: markers, and the round trip through its real interface."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from tests.contract.cases import SPEC, PlatformCase
from tests.providers.comparing import changed, unexplained
from tests.providers.specs import specs

from switchboard.core.ids import new_id
from switchboard.providers.agent_spec import AgentSpec, Header, HttpTool

_FOR_EACH = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SANDBOX = pytest.mark.parametrize("platform_case", ["sandbox-ultravox", "sandbox-elevenlabs"], indirect=True)


async def test_an_agent_is_found_again_by_its_marker_and_only_by_it(platform_case: PlatformCase):
    platform, marker = platform_case.platform, new_id("agt")
    assert await platform.find_agent(marker) is None
    made = await platform.create_agent(
        replace(SPEC, name="A name of more than thirty-two characters"), marker=marker
    )
    other = await platform.create_agent(SPEC, marker=new_id("agt"))
    await platform.update_agent(made.remote_id, SPEC)
    found = await platform.find_agent(marker)
    assert found is not None
    assert (found.remote_id, found.marker, found.complete) == (made.remote_id, marker, True)
    assert found.spec.prompt == SPEC.prompt
    listed = {agent.remote_id: agent async for agent in platform.list_agents()}
    assert listed[made.remote_id].marker == marker
    assert listed[made.remote_id].spec.name == SPEC.name, "the marker is not part of the name"
    assert listed[made.remote_id].complete or platform.name == "elevenlabs"
    for agent in (made, other):
        await platform.delete_agent(agent.remote_id)


async def test_secrets_are_apart_from_what_is_read(platform_case: PlatformCase):
    tool = HttpTool("find", "Find an order.", "GET", "https://api.example.com/o", headers=(Header("X-Key"),))
    wanted = replace(SPEC, tools=(tool,), secrets={"find@api.example.com/x-key": "s3cret"})
    made = await platform_case.platform.create_agent(wanted)
    assert made.spec.tools == (tool,)
    assert made.spec.secrets == {}
    assert made.secrets == {"find@api.example.com/x-key": "s3cret"}
    assert "s3cret" not in repr(made.spec)
    await platform_case.platform.delete_agent(made.remote_id)


@SANDBOX
@_FOR_EACH
@given(first=specs(voices=(None,), models=(None,)), second=specs(voices=(None,), models=(None,)))
async def test_any_agent_comes_back_as_it_was_made_and_as_it_was_changed(
    platform_case: PlatformCase, first: AgentSpec, second: AgentSpec
):
    platform = platform_case.platform
    made = await platform.create_agent(first, marker=new_id("agt"))
    assert unexplained(changed(first, made.spec), platform.losses(first)) == set()
    saved = await platform.update_agent(made.remote_id, second)
    assert unexplained(changed(second, saved.spec), platform.losses(second)) == set()
    read = await platform.get_agent(made.remote_id)
    assert platform.read_agent(read.raw, second) == saved.spec
    assert unexplained(changed(platform.expressed(second), saved.spec), ()) == set()
    await platform.update_agent(made.remote_id, replace(read.spec, secrets=read.secrets))
    again = await platform.get_agent(made.remote_id)
    assert again.spec == read.spec, "an agent that was read and saved is the same"
    await platform.delete_agent(made.remote_id)


async def test_a_variable_that_lost_its_default_is_required_again(platform_case: PlatformCase):
    platform = platform_case.platform
    prompt = SPEC.prompt + " {{guest}}"
    made = await platform.create_agent(replace(SPEC, prompt=prompt, variables={"guest": "Ann"}))
    assert made.spec.variables == {"guest": "Ann"}
    saved = await platform.update_agent(made.remote_id, replace(SPEC, prompt=prompt, variables={"guest": None}))
    assert saved.spec.variables == {"guest": None}
    await platform.delete_agent(made.remote_id)
