"""Values that JSON can say and PostgreSQL cannot keep, wherever one is taken: no answer is a server error."""

import json

import pytest

from switchboard.http.pagination import encode_cursor

TEXTS = ("a\x00b", "\ud800")
NUMBERS = (2**31, 2**63, 10**30, -(10**30))
TIMES = ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59")


@pytest.fixture
async def document(switchboard):
    return (await switchboard.api.get("/openapi.json")).json()


class Bodies:
    """Bodies of a schema: one that is plain, and all that are so but for one hostile value."""

    def __init__(self, document):
        self.schemas = document["components"]["schemas"]

    def plain(self, schema):
        schema = self.resolved(schema)
        for given in ("examples", "enum"):
            if given in schema:
                return schema[given][0]
        kind = schema.get("type")
        if kind == "object":
            properties = schema.get("properties", {})
            return {name: self.plain(properties[name]) for name in schema.get("required", ())}
        if kind == "array":
            return [self.plain(schema["items"])] if schema.get("minItems") else []
        simple = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True}
        return schema.get("const", simple.get(kind, "text"))

    def hostile(self, schema, depth=5):
        schema = self.resolved(schema)
        for choice in schema.get("oneOf", ()):
            yield from self.hostile(choice, depth)
        if not depth or "enum" in schema or "const" in schema:
            return
        kind = schema.get("type")
        if kind == "string":
            yield from TIMES if schema.get("format") == "date-time" else TEXTS
        elif kind in ("integer", "number"):
            yield from NUMBERS[1:3]
        elif kind == "array":
            yield from ([value] for value in self.hostile(schema.get("items", {}), depth - 1))
        elif kind == "object":
            yield from self.hostile_object(schema, depth)
        elif not kind and "oneOf" not in schema:
            yield from TEXTS

    def hostile_object(self, schema, depth):
        plain = self.plain({key: value for key, value in schema.items() if key != "examples"})
        for name, inner in schema.get("properties", {}).items():
            yield from (plain | {name: value} for value in self.hostile(inner, depth - 1))
        if schema.get("additionalProperties") is not False:
            yield from (plain | {"x": TEXTS[0]}, plain | {TEXTS[0]: "x"})

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rpartition("/")[2]]
        choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
        return self.resolved(choices[0]) if choices else schema


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


async def test_no_body_is_a_server_error(switchboard, document):
    agent = await switchboard.agent()
    names = {"agent_id": agent["id"], "call_id": await switchboard.place(agent=agent), "version": 1}
    names |= {"platform": "ultravox", "voice_id": "ultravox-voice-1"}
    bodies, failed, asked = Bodies(document), [], 0
    for method, path, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        filled = path
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            filled = filled.replace(f"{{{name}}}", str(names.get(name, "unknown")))
        for body in bodies.hostile(content["schema"]):
            asked += 1
            sent = json.dumps(body)
            answer = await switchboard.api.request(
                method, filled, content=sent, headers={"Content-Type": "application/json"}
            )
            if answer.status_code >= 500:
                failed.append(f"{method} {filled} {sent[:200]}")
        listed = [path for path in ("/api/v1/keys", "/api/v1/users", "/api/v1/agents") if filled.startswith(path)]
        for path_ in listed:
            assert (await switchboard.api.get(path_)).status_code == 200, f"after {method} {filled}"
    assert asked > 200
    assert not failed, "\n".join(failed)


async def test_no_number_in_an_address_is_a_server_error(switchboard, document):
    agent = await switchboard.agent()
    names = {"agent_id": agent["id"], "call_id": "call_1", "voice_id": "v", "platform": "ultravox"}
    failed = []
    for method, path, operation in operations(document):
        parameters = operation.get("parameters", ())
        for number in NUMBERS:
            filled, query = path, {}
            for parameter in parameters:
                name, schema = parameter["name"], parameter["schema"]
                kinds = {schema.get("type"), *(one.get("type") for one in schema.get("anyOf", ()))}
                if parameter["in"] == "path":
                    value = number if "integer" in kinds else names.get(name, "unknown")
                    filled = filled.replace(f"{{{name}}}", str(value))
                elif "integer" in kinds:
                    query[name] = number
            if f"{number}" not in filled and not query:
                continue
            answer = await switchboard.api.request(
                method, filled, params=query, headers={"Accept": "application/json"}
            )
            if answer.status_code >= 500:
                failed.append(f"{method} {filled} {query}")
    assert not failed, "\n".join(failed)


CURSORS = [
    encode_cursor("9998-12-31T23:59:59Z", "a\x00b"),
    encode_cursor("0001-01-01T00:00:00+23:59", "a"),
    encode_cursor("a\x00b", "a\x00b"),
    *(encode_cursor(number) for number in (2**31, 2**63 - 1, -(2**31) - 1)),
    *(encode_cursor(forwards, 2**63 - 1) for forwards in (True, False)),
]


@pytest.mark.parametrize("cursor", CURSORS)
async def test_no_cursor_is_a_server_error(switchboard, document, cursor):
    agent = await switchboard.agent()
    for method, path, operation in operations(document):
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
            filled = path.replace("{agent_id}", agent["id"])
            answer = await switchboard.api.request(
                method, filled, params={"cursor": cursor}, headers={"Accept": "application/json"}
            )
            assert answer.status_code in (200, 422), (path, answer.text)
