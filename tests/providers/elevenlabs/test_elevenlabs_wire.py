import json
from datetime import UTC, datetime

import httpx
import pytest
from tests.recordings.reader import recording

from switchboard.core.money import Money
from switchboard.providers.agent_spec import EndCall
from switchboard.providers.elevenlabs import agents, voices, wire
from switchboard.providers.elevenlabs.agents import from_vendor
from switchboard.providers.elevenlabs.errors import refusal
from switchboard.providers.http import Answer
from switchboard.providers.normalised import AgentSpec, CostLine, PhoneSessionOrder, SessionState, Turn

SPEC = AgentSpec(
    name="Reception",
    prompt="You greet {{guest}} at {{place}}.",
    first_message="Hello {{guest}}.",
    voice="voice_1",
    temperature=0.3,
    max_duration_seconds=300,
    variables={"guest": None, "place": "Casa Verde"},
)
ORDER = PhoneSessionOrder(
    call_id="call_1",
    remote_agent_id="agent_1",
    to="+14155550100",
    from_="+15005550006",
    variables={"guest": "Ann", "age": 7, "vip": True, "seen": ["a"], "none": None},
)


def test_an_agent_is_made_for_the_phone_and_not_for_strangers():
    body = agents.to_vendor(SPEC)
    config = body["conversation_config"]
    assert config["asr"]["user_input_audio_format"] == "ulaw_8000"
    assert config["tts"] == {"agent_output_audio_format": "ulaw_8000", "voice_id": "voice_1"}
    assert body["platform_settings"]["auth"]["enable_auth"] is True
    assert config["agent"]["prompt"]["built_in_tools"]["end_call"]["params"] == {"system_tool_type": "end_call"}
    assert config["agent"]["prompt"]["temperature"] == 0.3
    assert "llm" not in config["agent"]["prompt"]


def test_only_variables_with_a_default_get_a_placeholder():
    variables = agents.to_vendor(SPEC)["conversation_config"]["agent"]["dynamic_variables"]
    assert variables == {"dynamic_variable_placeholders": {"place": "Casa Verde"}}


@pytest.mark.parametrize(
    ("language", "model", "chosen"),
    [
        ("en", None, None),
        ("en-GB", "eleven_flash_v2", None),
        ("es", None, "eleven_flash_v2_5"),
        ("es-MX", "eleven_turbo_v2", "eleven_flash_v2_5"),
        ("de", "eleven_multilingual_v2", None),
    ],
)
def test_a_voice_model_that_speaks_english_only_is_replaced_for_other_languages(language, model, chosen):
    current = {"conversation_config": {"tts": {"model_id": model}}}
    body = agents.to_vendor(AgentSpec(name="a", prompt="p", language=language), current)
    assert body["conversation_config"]["tts"].get("model_id") == chosen


def test_an_update_keeps_the_agents_own_end_call_tool():
    current = recording("elevenlabs/agent")
    read = agents.from_vendor(current)
    tools = agents.to_vendor(read, current)["conversation_config"]["agent"]["prompt"]["built_in_tools"]
    assert tools["end_call"]["description"] == "when done"
    assert set(tools) == {"end_call"}


def test_platform_options_are_laid_over_ours_and_arrays_are_whole():
    options = {"tags": ["vip"], "conversation_config": {"turn": {"turn_timeout": 5}, "tts": {"speed": 1.1}}}
    body = agents.to_vendor(AgentSpec(name="a", prompt="p", platform_options=options))
    assert (body["tags"], body["conversation_config"]["turn"]) == (["vip"], {"turn_timeout": 5})
    assert body["conversation_config"]["tts"] == {"agent_output_audio_format": "ulaw_8000", "speed": 1.1}


def test_a_recorded_agent_reads_in_our_words():
    assert agents.remote_agent(recording("elevenlabs/agent")).spec == AgentSpec(
        name="Reception",
        prompt="You greet {{guest}} at {{place}}. It is {{system__time}}.",
        first_message="Hello {{guest}}.",
        voice="voice_1",
        model="gemini-2.5-flash",
        temperature=0.3,
        max_duration_seconds=300,
        variables={"guest": None, "place": "Casa Verde"},
        tools=(EndCall("when done"),),
    )


def test_an_item_of_the_agent_list_has_a_name_only():
    agent = agents.remote_agent({"agent_id": "agent_1", "name": "Reception", "tags": []})
    assert (agent.remote_id, agent.spec.name, agent.spec.prompt) == ("agent_1", "Reception", "")
    assert not agent.complete


def test_a_voice_tells_language_and_labels():
    voice = voices.voice(recording("elevenlabs/voice"))
    assert (voice.id, voice.name, voice.category, voice.language) == ("voice_1", "Rachel", "premade", "en")
    assert voice.labels["gender"] == "female"
    assert voice.preview_url == "https://storage.example.com/rachel.mp3"


def test_registering_gives_plain_variables_and_our_call_id():
    assert wire.register_body(ORDER) == {
        "agent_id": "agent_1",
        "from_number": "+15005550006",
        "to_number": "+14155550100",
        "direction": "outbound",
        "conversation_initiation_client_data": {
            "dynamic_variables": {"guest": "Ann", "age": 7, "vip": True, "seen": "['a']"},
            "user_id": "call_1",
        },
    }


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ('<Stream url="wss://h/c"><Parameter name="conversation_id" value="conv_1" /></Stream>', "conv_1"),
        ("<Stream url='wss://h/c'><Parameter value='conv_1' name='conversation_id'/></Stream>", "conv_1"),
        ('<Stream url="wss://h/c?agent_id=a&amp;conversation_id=conv_2"/>', "conv_2"),
        ('<Stream url="wss://h/v1/convai/conv_3/media"></Stream>', "conv_3"),
        ('<Stream url="wss://h/v1/convai/conversation"><Parameter name="x" value="conv_9"/></Stream>', None),
        ("<Say>hello</Say>", None),
    ],
)
def test_the_conversation_is_found_wherever_the_twiml_names_it(inside, found):
    assert wire.conversation_id(f"<Response><Connect>{inside}</Connect></Response>") == found


def test_a_done_conversation_is_final_with_turns_verdict_and_cost():
    report = wire.report(recording("elevenlabs/conversation_done"))
    assert (report.session_id, report.state, report.end_reason) == ("conv_1", SessionState.FINAL, "agent_hangup")
    assert report.turns == (
        Turn(0, "agent", "Hello Ann.", 0.0, interrupted=True),
        Turn(1, "callee", "Bye", 4.0),
        Turn(2, "tool", "end_call", 5.0),
    )
    assert report.costs == (CostLine("elevenlabs", "platform", Money(25_000), 126, "credits"),)
    assert (report.summary, report.successful, report.duration_seconds) == ("Ann said good-bye.", "success", 9)
    assert report.started_at == datetime.fromtimestamp(1_790_000_001, UTC)
    assert report.ended_at == datetime.fromtimestamp(1_790_000_010, UTC)
    assert report.has_recording


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("initiated", SessionState.WAITING),
        ("in-progress", SessionState.LIVE),
        ("processing", SessionState.ENDED),
        ("done", SessionState.FINAL),
        ("failed", SessionState.FAILED),
        ("a_status_of_tomorrow", SessionState.LIVE),
    ],
)
def test_statuses_become_states(status, state):
    report = wire.report(recording("elevenlabs/conversation_done") | {"status": status})
    assert report.state is state
    assert all(line.final is (state is not SessionState.ENDED) for line in report.costs)
    assert bool(report.costs) is state.over


@pytest.mark.parametrize(
    ("status", "metadata", "reason"),
    [
        ("done", {"termination_reason": "Call ended by remote party"}, "callee_hangup"),
        ("done", {"termination_reason": "Client disconnected: 1005"}, "callee_hangup"),
        ("done", {"termination_reason": "Max duration exceeded"}, "max_duration"),
        ("done", {"termination_reason": ""}, None),
        ("failed", {"call_duration_secs": 0}, "not_joined"),
        ("failed", {"call_duration_secs": 5, "error": {"code": 1011, "reason": "x"}}, "platform_error"),
    ],
)
def test_free_text_reasons_become_ours(status, metadata, reason):
    assert wire.report({"conversation_id": "c", "status": status, "metadata": metadata}).end_reason == reason


@pytest.mark.parametrize(
    "case", recording("elevenlabs/errors"), ids=lambda case: f"{case['status']}-{case['code']}"
)
def test_every_shape_of_refusal_becomes_our_error(case):
    error = refusal(Answer(case["status"], httpx.Headers(), json.dumps(case["body"]).encode()))
    assert (type(error).__name__, error.provider_code) == (case["kind"], case["code"])
    assert error.provider_status == case["status"]


def test_field_errors_say_where():
    body = b'{"detail":[{"loc":["body","to_number"],"msg":"field required","type":"missing"}]}'
    assert "to_number: field required" in refusal(Answer(422, httpx.Headers(), body)).detail


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"detail":null}', b'{"detail":[1]}'])
def test_a_body_of_any_shape_is_a_refusal(body):
    assert type(refusal(Answer(400, httpx.Headers(), body))).__name__ == "ProviderRejected"
    assert "ELEVENLABS_API_KEY" in refusal(Answer(401, httpx.Headers(), body)).detail


def test_an_imported_agent_needs_what_its_tools_refer_to():
    """In address, headers and values; not what a tool's answer brings, nor what the vendor fills in."""
    lookup = {
        "type": "webhook",
        "name": "lookup",
        "assignments": [{"dynamic_variable": "carrier", "value_path": "carrier"}],
        "api_schema": {
            "url": "https://{{shop}}.example/{{carrier}}",
            "request_headers": {
                "X-Guest": "{{ guest }}",
                "X-Key": {"variable_name": "secret__key"},
                "X-Id": {"secret_id": "1"},
            },
            "query_params_schema": {"properties": {"city": {"type": "string", "dynamic_variable": "city"}}},
            "request_body_schema": {
                "properties": {"who": {"type": "string", "dynamic_variable": "system__caller_id"}}
            },
        },
    }
    prompt = {"prompt": "Greet {{name}}.", "tools": [lookup]}
    placeholders = {"dynamic_variable_placeholders": {"city": "Lisbon"}}
    spec = from_vendor({"conversation_config": {"agent": {"prompt": prompt, "dynamic_variables": placeholders}}})
    assert dict(spec.variables) == {"name": None, "shop": None, "guest": None, "city": "Lisbon"}
