"""The API keeps the promises of its own document."""

import asyncio
import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from tests.harness import ADMIN, TALKS

CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance)


@pytest.fixture
async def document(switchboard):
    return (await switchboard.api.get("/openapi.json")).json()


def _operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in {"get", "put", "post", "patch", "delete"}:
                yield path, method, operation


async def test_the_document_says_what_each_operation_does(document):
    assert document["openapi"].startswith("3.1")
    for path, method, operation in _operations(document):
        assert operation.get("summary"), (method, path)
        assert operation["operationId"], (method, path)
    ids = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(ids) == len(set(ids))


async def test_every_route_but_health_and_the_way_in_asks_who_it_is(document):
    open_ones = {(m, path) for path, m, operation in _operations(document) if not operation.get("security")}
    way_in = {(m, "/api/v1/session") for m in ("get", "post")} | {("post", "/api/v1/session/link")}
    assert {one for one in open_ones if one[1].startswith("/api/")} == way_in


async def test_every_reference_leads_somewhere(document):
    text = json.dumps(document)
    for part in text.split('"$ref": "')[1:]:
        place = document
        for name in part.partition('"')[0].removeprefix("#/").split("/"):
            place = place[name]
        assert place


async def test_bodies_have_examples(document):
    def example_of(schema):
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for one in schema.get("anyOf", ()):
            if found := example_of(one):
                return found
        return schema.get("examples") or [p for p in schema.get("properties", {}).values() if "examples" in p]

    for path, method, operation in _operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None and method == "post":
            assert content.get("example") or content.get("examples") or example_of(content["schema"]), path


@pytest.mark.timeout(120)
async def test_whatever_is_sent_the_answer_is_one_that_the_document_names(switchboard, document):
    """Every operation with generated input: no server error, no status or body that is not declared."""
    agent = await switchboard.agent()
    known = {
        "agent_id": agent["id"],
        "call_id": await switchboard.place(agent=agent),
        "to": TALKS,
        "phone_number": TALKS,
    }
    loop, headers = asyncio.get_running_loop(), {"X-API-Key": ADMIN, "Accept": "application/json"}
    failures = {}

    def ask(case):
        """Every other id and number is one that exists, or hardly any request would come far."""
        body = case.body if isinstance(case.body, dict) else {}
        for part in (case.path_parameters or {}, body):
            for name in known.keys() & part.keys():
                if len(str(part[name])) % 2:
                    part[name] = known[name]
        sent = case.as_transport_kwargs(base_url=str(switchboard.api.base_url), headers=headers)
        sent.pop("cookies", None)
        if "data" in sent:
            sent["content"] = sent.pop("data")
        asking = asyncio.run_coroutine_threadsafe(switchboard.api.request(**sent), loop)
        case.validate_response(asking.result(30), checks=CHECKS)

    def try_operation(operation):
        @given(case=operation.as_strategy())
        @settings(
            max_examples=10,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def asked_in_many_ways(case):
            ask(case)

        try:
            asked_in_many_ways()
        except Exception as failure:  # noqa: BLE001 -- all operations are to be heard
            failures[operation.label] = str(failure)

    schema = schemathesis.openapi.from_dict(document)
    operations = [operation.ok() for operation in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda operation: operation.method == "delete"):
        await asyncio.to_thread(try_operation, operation)
    assert not failures, "\n\n".join(f"{label}: {text[:1200]}" for label, text in failures.items())
