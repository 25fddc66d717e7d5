"""Any agent that Switchboard lets a user write, as hypothesis strategies."""

from hypothesis import strategies as st

from switchboard.providers.agent_spec import (
    AgentSpec,
    Constant,
    Criterion,
    DataPoint,
    Destination,
    EndCall,
    Header,
    HttpTool,
    Inactivity,
    Keypad,
    Parameter,
    Transfer,
    Voicemail,
    VoiceSettings,
    in_order,
    secret_key,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643",
    "\u202eevil\u202c",
    "\U0001f355\U0001f469\u200d\U0001f467",
    "a\tb\nc",
    "{{",
    "}}",
    "%00",
    "'; DROP TABLE agents;--",
)

texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60) | st.sampled_from(HOSTILE)
lines = texts.filter(lambda text: text.strip())
names = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
identifiers = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_-]{0,10}", fullmatch=True)
scalars = (
    st.booleans()
    | st.integers(-(2**31), 2**31)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | lines
)


def unit(least: float, most: float):
    return st.floats(least, most, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def http_tools(draw) -> HttpTool:
    method = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]))
    places = ["path", "query", "header"] + ([] if method in {"GET", "DELETE"} else ["body"])
    found = draw(
        st.lists(st.tuples(identifiers, st.sampled_from(places)), max_size=5, unique_by=lambda p: p[0].lower())
    )
    parameters, constants = [], []
    for name, place in found:
        if place != "header" and draw(st.booleans()):
            constants.append(Constant(name, place, draw(scalars)))
            continue
        kind = draw(st.sampled_from(["string", "integer", "number", "boolean"]))
        enum = tuple(draw(st.lists(lines, max_size=3))) if kind == "string" else ()
        required = place == "path" or draw(st.booleans())
        parameters.append(Parameter(name, place, kind, draw(lines), required, enum))
    inside = "".join(f"/{{{name}}}" for name, place in found if place == "path")
    headers = draw(st.lists(st.sampled_from(["Authorization", "X-Api-Key", "Accept"]), unique=True, max_size=2))
    taken = {name.lower() for name, place in found if place == "header"}
    return HttpTool(
        name="t_" + draw(identifiers),
        description=draw(lines),
        method=method,
        url=f"https://api.example.com{inside}",
        parameters=tuple(parameters),
        constants=tuple(constants),
        headers=tuple(Header(name) for name in headers if name.lower() not in taken),
    )


@st.composite
def tool_sets(draw):
    tools = draw(st.lists(http_tools(), max_size=3, unique_by=lambda tool: tool.name))
    if draw(st.booleans()):
        tools.append(EndCall(draw(lines)))
    if draw(st.booleans()):
        people = st.builds(Destination, st.sampled_from(["+14155550100", "+442071838750"]), lines)
        tools.append(Transfer(tuple(draw(st.lists(people, min_size=1, max_size=3)))))
    if draw(st.booleans()):
        tools.append(Keypad())
    return tuple(tools)


voicemails = st.one_of(
    st.just(Voicemail()), st.just(Voicemail("hang_up")), st.builds(Voicemail, st.just("leave_message"), lines)
)
inactivities = st.builds(Inactivity, unit(1, 600), st.just("") | lines, st.booleans())
maybe = st.none()


@st.composite
def specs(draw, *, voices=("voice_1", None), models=("some-model", None)) -> AgentSpec:
    """A spec as `spec_of` makes it, with a secret for every header."""
    tools = draw(tool_sets())
    headers = [secret_key(t.name, t.url, h.name) for t in tools if isinstance(t, HttpTool) for h in t.headers]
    declared = draw(st.dictionaries(names, scalars | maybe, max_size=4))
    spec = AgentSpec(
        name=draw(lines)[:64].strip() or "x",
        prompt=draw(lines) + "".join(f" {{{{{name}}}}}" for name in declared),
        first_message=draw(st.just("") | lines),
        first_speaker=draw(st.sampled_from(["agent", "callee"])),
        language=draw(st.sampled_from(["en", "de-AT", "pt-BR", "zh-Hant-TW", "es"])),
        voice=draw(st.sampled_from(voices)),
        voice_settings=draw(
            maybe | st.builds(VoiceSettings, maybe | unit(0.7, 1.2), maybe | unit(0, 1), maybe | unit(0, 1))
        ),
        model=draw(st.sampled_from(models)),
        temperature=draw(maybe | unit(0, 1)),
        max_duration_seconds=draw(st.integers(60, 7200)),
        inactivity=draw(maybe | inactivities),
        voicemail=draw(voicemails),
        recording=draw(st.booleans()),
        variables=declared,
        tools=tools,
        evaluation=tuple(
            draw(st.lists(st.builds(Criterion, lines, lines), max_size=3, unique_by=lambda c: c.name))
        ),
        data_collection=tuple(
            draw(
                st.lists(
                    st.builds(
                        DataPoint, identifiers, st.sampled_from(["string", "integer", "number", "boolean"]), lines
                    ),
                    max_size=3,
                    unique_by=lambda point: point.name,
                )
            )
        ),
        tags=tuple(draw(st.lists(lines, max_size=3, unique=True))),
        secrets={key: f"secret of {key}" for key in headers},
    )
    return in_order(spec)
