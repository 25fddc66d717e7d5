from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recordings.reader import recording

from switchboard.core.money import Money
from switchboard.providers.http import Answer
from switchboard.providers.normalised import AgentSpec, CostLine, PhoneSessionOrder, SessionState, Turn
from switchboard.providers.ultravox import agents, wire
from switchboard.providers.ultravox.errors import refusal

SPEC = AgentSpec(
    name="Réception desk",
    prompt="You greet {{guest}} at {{place}}.",
    first_message="Hello {{guest}}.",
    voice="Mark",
    variables={"guest": None, "place": "Casa Verde"},
)
ORDER = PhoneSessionOrder(
    call_id="call_1",
    remote_agent_id="a",
    to="+14155550100",
    from_="+15005550006",
    first_message="Hello Ann.",
    variables={"guest": "Ann", "age": 7},
    ring_timeout_seconds=60,
    max_duration_seconds=300,
    callback_url="https://us.test/inbox/ultravox",
)


@given(st.text())
def test_every_name_becomes_one_that_ultravox_allows(name):
    safe = agents.safe_name(name)
    assert 1 <= len(safe) <= 32
    assert safe.isascii()
    assert safe.replace("-", "").replace("_", "").isalnum() or set(safe) <= set("-_")


def test_a_name_keeps_its_letters():
    assert [agents.safe_name(name) for name in ("Réception desk", "日本", "x" * 80)] == [
        "Reception_desk",
        "agent",
        "x" * 32,
    ]


def test_an_agent_survives_the_way_there_and_back():
    sent = agents.to_vendor(SPEC)
    read = agents.remote_agent({"agentId": "a", **sent}, SPEC).spec
    assert (read.name, read.prompt, read.first_message, read.voice) == (
        SPEC.name,
        SPEC.prompt,
        SPEC.first_message,
        SPEC.voice,
    )
    assert (read.variables, read.language, read.max_duration_seconds) == (SPEC.variables, "en", 600)


def test_variables_without_default_are_required():
    schema = agents.to_vendor(SPEC)["callTemplate"]["contextSchema"]
    assert schema == {
        "type": "object",
        "properties": {"guest": {}, "place": {"default": "Casa Verde"}},
        "required": ["guest"],
    }


def test_a_new_agent_can_hang_up():
    assert agents.to_vendor(SPEC)["callTemplate"]["selectedTools"] == [{"toolName": "hangUp"}]


def test_an_update_sends_the_whole_template_and_keeps_what_it_does_not_know():
    current = recording("ultravox/agent")
    template = agents.to_vendor(SPEC, current)["callTemplate"]
    assert template["vadSettings"] == {"turnEndpointDelay": "0.5s"}
    assert template["selectedTools"] == [{"toolName": "queryCorpus"}, {"toolName": "hangUp"}]
    assert template["maxDuration"] == "600s"
    assert {"name", "created", "updated", "dataConnection", "model", "temperature"}.isdisjoint(template)


def test_a_voice_of_ultravox_takes_the_place_of_an_external_one():
    current = {"callTemplate": {"externalVoice": {"cartesia": {"voiceId": "x"}}}}
    assert "externalVoice" not in agents.to_vendor(SPEC, current)["callTemplate"]
    kept = agents.to_vendor(AgentSpec(name="a", prompt="p"), current)["callTemplate"]
    assert kept["externalVoice"] == {"cartesia": {"voiceId": "x"}}


def test_platform_options_win_over_our_translation():
    spec = AgentSpec(
        name="a", prompt="p", platform_options={"callTemplate": {"vadSettings": {"x": 1}, "model": "m"}}
    )
    template = agents.to_vendor(spec)["callTemplate"]
    assert (template["vadSettings"], template["model"], template["systemPrompt"]) == ({"x": 1}, "m", "p")


def test_a_recorded_agent_reads_in_our_words():
    agent = agents.remote_agent(recording("ultravox/agent"))
    assert agent.spec == AgentSpec(
        name="Reception_desk",
        prompt="You greet {{guest}} at {{place}}.",
        first_message="Hello {{guest}}.",
        voice="Mark",
        model="ultravox-v0.7",
        temperature=0.3,
        max_duration_seconds=300,
        variables={"guest": None, "place": "Casa Verde"},
    )


def test_a_phone_call_waits_for_the_whole_ringing_and_lets_the_callee_speak_first():
    body = wire.call_body(ORDER, "secret-of-sixteen-chars")
    assert body["medium"] == {"twilio": {}}
    assert (body["joinTimeout"], body["maxDuration"]) == ("90s", "300s")
    assert "recordingEnabled" not in body, "that is the agent's own"
    assert body["firstSpeakerSettings"] == {"user": {"fallback": {"delay": "2s", "text": "Hello Ann."}}}
    assert body["templateContext"] == {"guest": "Ann", "age": 7}
    assert body["metadata"] == {"switchboard_call_id": "call_1"}
    target = {"url": "https://us.test/inbox/ultravox", "secrets": ["secret-of-sixteen-chars"]}
    assert body["callbacks"] == {"joined": target, "ended": target, "billed": target}


def test_without_a_secret_no_callback_is_asked_for():
    assert "callbacks" not in wire.call_body(ORDER, None)


def test_a_billed_call_is_final_with_turns_and_cost():
    report = wire.report(recording("ultravox/call_billed"), recording("ultravox/messages"), 0.05)
    assert (report.state, report.end_reason, report.duration_seconds) == (SessionState.FINAL, "callee_hangup", 41)
    assert report.turns == (
        Turn(0, "callee", "Hello?", 0.4),
        Turn(1, "agent", "Hello Ann.", 2.0),
        Turn(2, "tool", "hangUp: {}", 2.0),
    )
    assert report.costs == (CostLine("ultravox", "platform", Money(35_000), 0.7, "minutes"),)
    assert report.summary == "The agent greeted Ann, who said good-bye."
    assert report.started_at == datetime(2026, 11, 22, 9, 0, 8, 500_000, tzinfo=UTC)
    assert report.has_recording


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"joined": None, "ended": None}, SessionState.WAITING),
        ({"ended": None}, SessionState.LIVE),
        ({"billingStatus": "BILLING_STATUS_PENDING"}, SessionState.ENDED),
        ({"billingStatus": None}, SessionState.ENDED),
        ({"billingStatus": "BILLING_STATUS_FREE_MINUTES"}, SessionState.FINAL),
        ({"billingStatus": "BILLING_STATUS_REFUNDED"}, SessionState.FINAL),
    ],
)
def test_the_state_follows_join_end_and_billing(changed, state):
    report = wire.report(recording("ultravox/call_billed") | changed, [], 0.05)
    assert report.state is state
    assert bool(report.costs) is (state is SessionState.FINAL)


@pytest.mark.parametrize("status", ["FREE_MINUTES", "FREE_CONSOLE", "FREE_SYSTEM_ERROR", "REFUNDED"])
def test_free_and_refunded_minutes_cost_nothing_and_say_so(status):
    call = recording("ultravox/call_billed") | {"billingStatus": f"BILLING_STATUS_{status}"}
    (line,) = wire.report(call, [], 0.05).costs
    assert (line.cost.micros, line.unit) == (0, "free minutes")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("hangup", "callee_hangup"),
        ("agent_hangup", "agent_hangup"),
        ("timeout", "max_duration"),
        ("unjoined", "not_joined"),
        ("connection_error", "platform_error"),
        ("system_error", "platform_error"),
        ("abducted", None),
        (None, None),
    ],
)
def test_end_reasons_become_ours(theirs, ours):
    assert wire.report(recording("ultravox/call_billed") | {"endReason": theirs}, [], 0.05).end_reason == ours


def test_a_call_that_nobody_joined_lasted_no_time():
    call = recording("ultravox/call_billed") | {"joined": None, "endReason": "unjoined", "billedDuration": None}
    report = wire.report(call, [], 0.05)
    assert (report.duration_seconds, report.has_recording, report.costs[0].cost.micros) == (0, False, 0)


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, "ProviderRejected", None),
        (401, "ProviderMisconfigured", None),
        (402, "ProviderOutOfQuota", None),
        (403, "ProviderMisconfigured", None),
        (404, "ProviderMissing", None),
        (422, "ProviderRejected", "not-joined"),
        (425, "ProviderRejected", "too-early"),
        (429, "ProviderUnavailable", None),
        (500, "ProviderUnavailable", None),
        (503, "ProviderUnavailable", None),
    ],
)
def test_statuses_become_our_errors(status, kind, code):
    error = refusal(Answer(status, httpx.Headers({"retry-after": "9"}), b'{"detail":"Because."}'))
    assert (type(error).__name__, error.provider_code, error.provider_status) == (kind, code, status)
    assert getattr(error, "retry_after", 9.0) == 9.0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"detail":"Bad voice"}', "Bad voice"),
        (b'{"name":["Too long."]}', "name: Too long."),
        (b'["Not good"]', "Not good"),
        (b"plain words", "plain words"),
        (b'{"error":{"message":"deep"}}', "deep"),
        (b"", "it did not say why."),
        (b"{}", "it did not say why."),
    ],
)
def test_an_error_body_of_any_shape_is_told(body, said):
    assert refusal(Answer(400, httpx.Headers(), body)).detail == f"Ultravox refused the request: {said}"


def test_a_wrong_key_names_the_setting():
    assert "ULTRAVOX_API_KEY" in refusal(Answer(403, httpx.Headers(), b'{"detail":"Invalid API key"}')).detail
