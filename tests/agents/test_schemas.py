import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from switchboard.agents.schemas import AgentIn, AgentPatch
from switchboard.agents.texts import Language
from switchboard.agents.tool_schemas import missing_secrets
from switchboard.http.sentences import field_errors

WHOLE = {"name": "Reception", "prompt": "You greet {{guest}}."}
TOOL = {"type": "http", "name": "find", "description": "Find an order.", "url": "https://api.example.com/orders"}


def wrong(**fields) -> dict[str, str]:
    """Field and sentence of everything that is refused about an agent."""
    with pytest.raises(ValidationError) as refused:
        AgentIn.model_validate(WHOLE | fields)
    return {error.field: error.message for error in field_errors(refused.value.errors())}


def tool(**fields) -> str:
    """The one sentence that refuses this tool."""
    (message,) = wrong(tools=[TOOL | fields]).values()
    return message


def test_an_agent_of_before_is_valid_still_and_gets_what_every_agent_gets():
    agent = AgentIn.model_validate(
        {"name": "a", "system_prompt": "p", "voice_id": "v", "template_variables": ["x"]}
    )
    assert (agent.prompt, agent.voice, list(agent.variables)) == ("p", "v", ["x"])
    assert (agent.first_speaker, agent.recording, agent.voicemail.action) == ("agent", True, "ignore")
    assert (agent.tools, agent.evaluation, agent.data_collection, agent.tags, agent.inactivity) == (
        [],
        [],
        [],
        [],
        None,
    )


def test_everything_that_is_wrong_is_told_at_once_with_its_field():
    errors = wrong(
        prompt="p" * 100_001,
        language="en_US",
        temperature=2.5,
        max_duration_seconds=9,
        voice_settings={"speed": 3, "stability": -1},
        inactivity={"after_seconds": 0},
        voicemail={"action": "leave_message"},
        tools=[TOOL | {"url": "https://10.0.0.1/x"}],
        evaluation=[{"name": "a", "goal": ""}],
        data_collection=[{"name": "a b", "description": "d"}],
        tags=["switchboard:agt_1"],
        first_message="\x07",
        variables={str(number): None for number in range(10_000)},
    )
    assert set(errors) == {
        "prompt",
        "language",
        "temperature",
        "max_duration_seconds",
        "voice_settings.speed",
        "voice_settings.stability",
        "inactivity.after_seconds",
        "voicemail",
        "tools.0.http.url",
        "evaluation.0.goal",
        "data_collection.0.name",
        "tags",
        "first_message",
        "variables",
    }
    assert all(message.endswith(".") for message in errors.values())


@pytest.mark.parametrize(
    ("given", "kept"),
    [("en", "en"), ("EN", "en"), ("pt-br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("fil", "fil")],
)
def test_a_language_tag_gets_its_usual_spelling(given, kept):
    assert AgentIn.model_validate(WHOLE | {"language": given}).language == kept


@pytest.mark.parametrize(
    "tag", ["", "e", "english", "en_US", "xx", "en-", "-en", "en-US-", "en US", "日本", "e1", "en--US"]
)
def test_a_bad_language_tag_is_refused(tag):
    assert list(wrong(language=tag)) == ["language"]


@given(st.text(max_size=20))
def test_a_language_tag_is_refused_or_stays_as_it_is_spelled(text):
    language = TypeAdapter(Language)
    try:
        tag = language.validate_python(text)
    except ValidationError:
        return
    assert language.validate_python(tag) == tag


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com",
        "http://10.0.0.1/x",
        "http://localhost.example.com/x",
        "http://localhost@169.254.169.254/x",
        "http://[::ffff:127.0.0.1]/x",
        "ftp://localhost/x",
        "http://localhost/x?key=1",
        "ftp://api.example.com",
        "https://",
        "https://a.localhost/x",
        "https://printer.local",
        "https://db.internal/x",
        "https://intranet/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0177.0.0.1/x",
        "https://10.1.2.3/x",
        "https://192.168.0.1:8443/x",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1",
        "https://0.0.0.0",
        "https://224.0.0.1",
        "https://[fe80::1]/x",
        "https://[fd00::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[2002:7f00:1::]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://user:pass@api.example.com/x",
        "https://127.0.0.1.",
        "https://api.example.com/x?key=1",
        "https://api.example.com/x#top",
        "https://api.example.com:99999/x",
        "https://api.example.com:x/x",
        "https://-a.example.com",
        "https://a..example.com",
        "https://256.1.1.1",
        "https://api.example.com/{a b}",
        "https://api.example.com/{{host}}",
        "https://{host}.example.com/x",
        "https://api.example.com/ x",
        "https://api.example.com\\@127.0.0.1/x",
        "https://1\uff127.0.0.1/x",
        "javascript:alert(1)",
        "//api.example.com/x",
        "https://api.example.com\n/x",
    ],
)
def test_a_tool_calls_public_addresses_over_https_and_otherwise_this_machine_only(url):
    assert tool(url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://api.example.com:8443/a/b.json",
        "https://93.184.215.14/x",
        "https://xn--bcher-kva.example/x",
        "http://localhost:5000/x",
        "http://127.0.0.1/x",
        "https://[::1]/x",
    ],
)
def test_public_and_local_addresses_are_kept_as_they_are(url):
    (kept,) = AgentIn.model_validate(WHOLE | {"tools": [TOOL | {"url": url}]}).tools
    assert kept.url == url


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "https://api.example.com/{id}"}, "in the URL but not declared"),
        ({"parameters": [{"name": "id", "in": "path", "description": "x"}]}, "declared but not in the URL"),
        ({"parameters": [{"name": "id", "in": "body", "description": "x"}]}, "has no body"),
        ({"parameters": [{"name": "id", "in": "query", "description": "x"}] * 2}, "declared twice"),
        (
            {"parameters": [{"name": "n", "in": "query", "description": "x", "type": "number", "enum": ["1"]}]},
            "enum",
        ),
        ({"headers": [{"name": "X-A", "value": "1"}, {"name": "x-a", "value": "2"}]}, "declared twice"),
        ({"headers": [{"name": "X-A", "value": "a\nb"}]}, "printable"),
        ({"headers": [{"name": "X A", "value": "a"}]}, "match"),
        ({"name": "find order"}, "match"),
        ({"method": "TRACE"}, "GET"),
        ({"description": " "}, "blanks"),
        ({"description": "\x00"}, "NUL"),
    ],
)
def test_a_tool_that_contradicts_itself_is_refused(fields, said):
    assert said in tool(**fields)


def test_two_tools_of_one_name_or_two_of_a_kind_are_refused():
    assert "find" in wrong(tools=[TOOL, TOOL])["tools"]
    assert "keypad" in wrong(tools=[{"type": "keypad"}, {"type": "keypad"}])["tools"]


def test_a_transfer_goes_to_a_number_that_exists():
    people = {"type": "transfer", "destinations": [{"number": "+1 415 555 0100", "when": "asked"}]}
    (kept,) = AgentIn.model_validate(WHOLE | {"tools": [people]}).tools
    assert kept.destinations[0].number == "+14155550100"
    assert list(wrong(tools=[{"type": "transfer", "destinations": [{"number": "911", "when": "x"}]}])) == [
        "tools.0.transfer.destinations.0.number"
    ]


def test_a_secret_is_told_by_no_dump_text_or_error():
    sent = WHOLE | {"tools": [TOOL | {"headers": [{"name": "Authorization", "value": "Bearer s3cret"}]}]}
    agent = AgentIn.model_validate(sent)
    assert agent.secrets() == {"find@api.example.com/authorization": "Bearer s3cret"}
    for shown in (agent.model_dump(), agent.model_dump(mode="json"), agent.model_dump_json(), repr(agent)):
        assert "s3cret" not in str(shown)
    assert agent.model_dump()["tools"][0]["headers"] == [{"name": "Authorization", "value": "********"}]
    assert "s3cret" not in str(wrong(**sent | {"language": "?"}))


def test_stars_keep_the_stored_secret_and_ask_for_one_where_none_is():
    sent = {"tools": [TOOL | {"headers": [{"name": "X-Key", "value": "**********"}, {"name": "X-Other"}]}]}
    patch = AgentPatch.model_validate(sent)
    assert patch.secrets() == {}
    tools = patch.model_dump(exclude_unset=True)["tools"]
    assert missing_secrets(tools, {"find@api.example.com/x-key": "s"}) == [("tools.0.headers.1.value", "X-Other")]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "مرحبا", "\u202ex\u202c", "🍕", "a\r\nb\tc", "x" * 100_000]
)
def test_text_that_is_only_text_is_kept_as_it_is(text):
    assert AgentIn.model_validate(WHOLE | {"prompt": text}).prompt == text


@pytest.mark.parametrize("text", ["\x00", "\x07", "\x1b[31m", "\x7f", "\ud800"])
@pytest.mark.parametrize("field", ["name", "prompt", "first_message"])
def test_control_characters_are_refused(field, text):
    assert list(wrong(**{field: f"a{text}b"})) == [field]


def test_a_prompt_with_ten_thousand_variables_is_refused():
    prompt = " ".join(f"{{{{v{number}}}}}" for number in range(10_000))
    assert "10000 variables" in wrong(prompt=prompt)["prompt"]
    assert "64 characters" in wrong(prompt=f"{{{{{'v' * 65}}}}}")["prompt"]


@pytest.mark.parametrize(
    "options",
    [{"a": "\x00"}, {"\x00": 1}, {"a": float("nan")}, {"a": [float("inf")]}, {"a": 2**70}],
)
def test_options_that_cannot_be_stored_are_refused(options):
    assert list(wrong(platform_options=options)) == ["platform_options"]


def test_options_are_not_nested_without_end():
    deep: dict = {}
    for _ in range(100):
        deep = {"a": deep}
    assert "32" in wrong(platform_options=deep)["platform_options"]
    assert AgentIn.model_validate(WHOLE | {"platform_options": {"a": [{"b": 1}]}}).platform_options == {
        "a": [{"b": 1}]
    }


@pytest.mark.parametrize(
    ("default", "kind"), [("Ann", "string"), (7, "number"), (1.5, "number"), (True, "boolean"), (None, "string")]
)
def test_a_variable_has_the_type_of_its_default(default, kind):
    assert AgentIn.model_validate(WHOLE | {"variables": {"x": default}}).variables["x"].type == kind


def test_a_default_of_another_type_is_refused():
    assert "number" in wrong(variables={"x": {"type": "number", "default": "seven"}})["variables.x"]
    assert list(wrong(variables={"system__time": None})) == ["variables"]


def test_names_of_goals_and_data_are_told_apart():
    assert list(wrong(evaluation=[{"name": "a", "goal": "x"}] * 2)) == ["evaluation"]
    assert list(wrong(data_collection=[{"name": "a", "description": "x"}] * 2)) == ["data_collection"]
    assert list(wrong(evaluation=[{"name": str(n), "goal": "x"} for n in range(31)])) == ["evaluation"]
    assert list(wrong(data_collection=[{"name": f"a{n}", "description": "x"} for n in range(26)])) == [
        "data_collection"
    ]


def test_a_message_for_machines_belongs_to_leaving_one():
    assert list(wrong(voicemail={"action": "hang_up", "message": "Call back."})) == ["voicemail"]


def test_a_patch_names_what_it_changes_and_no_more():
    assert AgentPatch.model_validate({"recording": False, "inactivity": None}).model_dump(exclude_unset=True) == {
        "recording": False,
        "inactivity": None,
    }
