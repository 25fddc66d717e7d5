import asyncio
import json

import httpx
import pytest
from tests.harness import PUBLIC, TALKS, harness

from switchboard.providers.registry import Providers

CALLS = "/api/v1/calls"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def agent(switchboard):
    return await switchboard.agent(prompt="You greet {{guest}}.")


@pytest.fixture
def body(agent):
    return {"agent_id": agent["id"], "to": TALKS, "variables": {"guest": "Ann"}}


async def _scoped(switchboard, *scopes):
    answer = await switchboard.api.post("/api/v1/keys", json={"name": "A key", "scopes": list(scopes)})
    return answer.json()["secret"]


def _untouched(switchboard):
    return not switchboard.carrier.orders and not switchboard.ultravox.opened


BAD_BODIES = {
    "unknown agent": ({"agent_id": "agt_unknown"}, 404, "unknown-agent", None),
    "malformed number": ({"to": "0155-nonsense"}, 422, "invalid-input", "to"),
    "number without country": ({"to": "4155550100"}, 422, "invalid-input", "to"),
    "no such number": ({"to": "+1415555"}, 422, "invalid-input", "to"),
    "premium rate": ({"to": "+19005550100"}, 422, "invalid-input", "to"),
    "our own number": ({"to": "+14155550177", "from": "+14155550177"}, 422, "invalid-call", "to"),
    "missing variable": ({"variables": {}}, 422, "invalid-call", "variables.guest"),
    "null variable": ({"variables": {"guest": None}}, 422, "invalid-call", "variables.guest"),
    "nested variable": ({"variables": {"guest": {"name": "Ann"}}}, 422, "invalid-input", None),
    "unknown field": ({"colour": "blue"}, 422, "invalid-input", "colour"),
    "missing field": ({"to": None}, 422, "invalid-input", "to"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
async def test_a_bad_call_is_refused_with_a_sentence_and_leaves_nothing(switchboard, body, case):
    change, status, code, field = BAD_BODIES[case]
    before = await switchboard.rows()
    answer = await switchboard.api.post(CALLS, json=body | change)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["detail"].endswith((".", ")"))
    assert field is None or field in [error["field"] for error in problem["errors"]]
    assert await switchboard.rows() == before
    assert _untouched(switchboard)


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{" + b" " * 10_000_000 + b"}", "application/json", 413, "payload-too-large"),
        (b'{"to": ', "application/json", 400, "malformed-request"),
        (b"\xff\xfe", "application/json", 400, "malformed-request"),
        (b"to=%2B14155550100", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b"[]", "application/json", 422, "invalid-input"),
        (b"", "application/json", 422, "invalid-input"),
    ],
    ids=["10 MB", "cut off", "no text", "a form", "a list", "nothing"],
)
async def test_a_body_that_is_no_call_is_refused(switchboard, agent, content, kind, status, code):
    before = await switchboard.rows()
    answer = await switchboard.api.post(CALLS, content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail"].endswith(".")
    assert await switchboard.rows() == before
    assert _untouched(switchboard)


@pytest.mark.parametrize("key", [None, "sb_wrong", "sb_admin_key_for_tests_only_012345678"])
async def test_a_missing_or_wrong_key_places_no_call(switchboard, body, key):
    before = await switchboard.rows()
    switchboard.api.headers.pop("X-API-Key")
    try:
        answer = await switchboard.api.post(CALLS, json=body, headers={"X-API-Key": key} if key else {})
    finally:
        switchboard.api.headers["X-API-Key"] = "sb_admin_key_for_tests_only_0123456789"
    assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated")
    assert await switchboard.rows() == before


async def test_a_key_for_something_else_places_no_call(switchboard, body):
    key = await _scoped(switchboard, "calls:read", "agents:write")
    before = await switchboard.rows()
    answer = await switchboard.api.post(CALLS, json=body, headers={"X-API-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (403, "missing-scope")
    assert "calls:write" in answer.json()["detail"]
    assert await switchboard.rows() == before


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", CALLS, "calls:read"),
        ("GET", f"{CALLS}/call_1", "calls:read"),
        ("GET", f"{CALLS}/call_1/transcript", "calls:read"),
        ("GET", f"{CALLS}/call_1/events", "calls:read"),
        ("GET", f"{CALLS}/call_1/recording", "calls:read"),
        ("GET", f"{CALLS}/call_1/cost", "calls:read"),
        ("POST", f"{CALLS}/call_1/hangup", "calls:write"),
        ("POST", f"{CALLS}/agt_1", "calls:write"),
        ("POST", f"{CALLS}/elevenlabs/agt_1", "calls:write"),
    ],
)
async def test_every_route_of_calls_asks_for_its_scope(switchboard, method, path, scope):
    key = await _scoped(switchboard, "voices:read")
    sent = {"phone_number": TALKS} if method == "POST" and not path.endswith("hangup") else None
    answer = await switchboard.api.request(method, path, json=sent, headers={"X-API-Key": key})
    assert (answer.status_code, answer.json()["missing_scopes"]) == (403, [scope])


async def test_an_inactive_agent_makes_no_calls(switchboard, agent, body):
    await switchboard.api.patch(f"/api/v1/agents/{agent['id']}", json={"status": "inactive"})
    before = await switchboard.rows()
    answer = await switchboard.api.post(CALLS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "agent-not-ready")
    assert "inactive" in answer.json()["detail"]
    assert await switchboard.rows() == before


async def test_a_deleted_agent_makes_no_calls(switchboard, agent, body):
    await switchboard.api.delete(f"/api/v1/agents/{agent['id']}")
    answer = await switchboard.api.post(CALLS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-agent")


async def test_a_call_is_answered_as_it_is_shown_later(switchboard, body):
    answer = await switchboard.api.post(CALLS, json=body)
    assert answer.status_code == 201
    made = answer.json()
    assert made == await switchboard.shown(made["id"])
    assert (made["status"], made["to"], made["from"], made["direction"]) == (
        "queued",
        TALKS,
        "+15005550006",
        "outbound",
    )
    assert made["variables"] == {"guest": "Ann"}
    assert made["cost"] is made["reason"] is made["settled_at"] is None


async def test_a_call_names_its_agent_even_when_that_is_deleted(switchboard, agent, body):
    call = (await switchboard.api.post(CALLS, json=body)).json()
    await switchboard.api.delete(f"/api/v1/agents/{agent['id']}", params={"force": True})
    listed = (await switchboard.api.get(CALLS)).json()
    shown = await switchboard.shown(call["id"])
    assert [one["agent_name"] for one in (call, listed[0], shown)] == [agent["name"]] * 3


async def test_numbers_may_be_written_as_people_write_them(switchboard, body):
    answer = await switchboard.api.post(
        CALLS, json=body | {"to": " +1 (415) 555-0100 ", "from": "+44 20 7946 0018"}
    )
    assert (answer.json()["to"], answer.json()["from"]) == ("+14155550100", "+442079460018")


@pytest.mark.parametrize("path", ["/api/v1/calls", "/api/v1/calls/{id}", "/api/v1/calls/elevenlabs/{id}"])
async def test_older_paths_and_bodies_place_calls(switchboard, path):
    agent = await switchboard.agent(prompt="You greet {{guest}}.", platform="elevenlabs")
    older = {"phone_number": TALKS, "template_context": {"guest": "Ann"}}
    if path == CALLS:
        older["agent_id"] = agent["id"]
    answer = await switchboard.api.post(path.format(id=agent["id"]), json=older)
    assert (answer.status_code, answer.json()["to"]) == (201, TALKS), answer.text
    assert answer.json()["variables"] == {"guest": "Ann"}


async def test_the_elevenlabs_path_does_not_call_for_agents_of_other_platforms(switchboard, agent):
    older = {"phone_number": TALKS, "template_context": {"guest": "Ann"}}
    before = await switchboard.rows()
    answer = await switchboard.api.post(f"{CALLS}/elevenlabs/{agent['id']}", json=older)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-agent")
    assert await switchboard.rows() == before


async def test_the_same_key_and_body_place_one_call(switchboard, body):
    first = await switchboard.api.post(CALLS, json=body, headers={"Idempotency-Key": "k1"})
    again = await switchboard.api.post(CALLS, json=body, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (await switchboard.rows())["calls"] == 1


async def test_the_same_key_with_another_body_is_refused(switchboard, body):
    await switchboard.api.post(CALLS, json=body, headers={"Idempotency-Key": "k1"})
    other = body | {"to": "+14155550101"}
    answer = await switchboard.api.post(CALLS, json=other, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert (await switchboard.rows())["calls"] == 1


async def test_twenty_equal_requests_at_once_place_one_call(switchboard, body):
    sent = (switchboard.api.post(CALLS, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(20))
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await switchboard.rows())["calls"] == 1
    assert await switchboard.jobs() == ["calls:prepare"]


async def test_a_refused_request_does_not_use_up_its_key(switchboard, body):
    wrong = await switchboard.api.post(CALLS, json=body | {"variables": {}}, headers={"Idempotency-Key": "k1"})
    right = await switchboard.api.post(CALLS, json=body, headers={"Idempotency-Key": "k1"})
    assert (wrong.status_code, right.status_code) == (422, 201)


async def test_a_platform_that_is_off_is_said_and_no_call_is_placed(database_url):
    async with harness(database_url) as switchboard:
        agent = await switchboard.agent()
        off = Providers(
            carriers=switchboard.parts.providers.carriers, disabled={"ultravox": "Ultravox is off: set X."}
        )
        switchboard.parts.health._known.clear()  # noqa: SLF001 -- as after a start without the key
        switchboard.parts.health.__init__(off, switchboard.parts.health._clock)  # noqa: SLF001
        before = await switchboard.rows()
        answer = await switchboard.api.post(CALLS, json={"agent_id": agent["id"], "to": TALKS})
        assert (answer.status_code, answer.json()["provider"]) == (424, "ultravox")
        assert answer.json()["detail"] == "Ultravox is off: set X."
        assert await switchboard.rows() == before


async def _walk(api, path, **params):
    """Every item of a list, page by page."""
    items, address = [], httpx.URL(path, params=params)
    while address:
        answer = await api.get(address)
        assert answer.status_code == 200, answer.text
        items += answer.json()
        yield answer.json()
        address = answer.links.get("next", {}).get("url")


async def test_pages_lead_to_the_end_without_gaps_or_repeats_while_calls_come_in(switchboard, body):
    made = [(await switchboard.api.post(CALLS, json=body)).json()["id"] for _ in range(11)]
    seen = []
    async for page in _walk(switchboard.api, CALLS, limit=3):
        seen += [call["id"] for call in page]
        await switchboard.api.post(CALLS, json=body)
    assert seen == made[::-1]


async def test_calls_are_listed_by_what_they_are(switchboard, body):
    other = await switchboard.agent(platform="elevenlabs", name="Other")
    first = (await switchboard.api.post(CALLS, json=body)).json()["id"]
    second = await switchboard.place("+14155550101", other)
    await switchboard.work()

    async def listed(**params):
        return [call["id"] for call in (await switchboard.api.get(CALLS, params=params)).json()]

    assert await listed() == [second, first]
    assert await listed(agent_id=body["agent_id"]) == [first]
    assert await listed(platform="elevenlabs") == [second]
    assert await listed(status="completed") == [first]
    assert await listed(status="busy", platform="ultravox") == []
    assert await listed(to="+14155550101") == [second]
    assert await listed(status=["completed", "busy"]) == [second, first]
    assert await listed(reason="callee_busy") == [second]
    assert await listed(number="555-0101") == [second]
    assert await listed(number="5550") == [second, first]
    assert await listed(text="WHAT TIME do you") == [first]
    assert await listed(text="100%_") == []
    ago = (await switchboard.shown(second))["created_at"]
    assert await listed(created_from=ago) == [second]
    assert await listed(created_to=ago) == [first]


async def test_the_first_page_tells_how_many_there_are(switchboard, body):
    for _ in range(3):
        await switchboard.api.post(CALLS, json=body)
    first = await switchboard.api.get(CALLS, params={"limit": 2})
    assert first.headers["X-Total-Count"] == "3"
    following = await switchboard.api.get(first.links["next"]["url"])
    assert "X-Total-Count" not in following.headers


async def test_filters_stay_on_the_pages_that_follow(switchboard, body):
    made = [(await switchboard.api.post(CALLS, json=body)).json()["id"] for _ in range(3)]
    await switchboard.place("+14155550101", await switchboard.agent(name="Other"))
    seen = []
    async for page in _walk(switchboard.api, CALLS, limit=2, agent_id=body["agent_id"], status=["queued", "busy"]):
        seen += [call["id"] for call in page]
    assert seen == made[::-1]


@pytest.mark.parametrize(
    "params",
    [
        {"status": "sleeping"},
        {"limit": 0},
        {"limit": 1000},
        {"cursor": "zzz"},
        {"created_from": "2026-11-22T09:00:00"},
    ],
)
async def test_a_list_that_cannot_be_made_says_why(switchboard, params):
    answer = await switchboard.api.get(CALLS, params=params)
    assert answer.status_code == 422
    assert answer.json()["errors"]


@pytest.mark.parametrize("path", ["", "/transcript", "/events", "/recording", "/cost"])
async def test_an_unknown_call_is_not_found(switchboard, path):
    answer = await switchboard.api.get(f"{CALLS}/call_unknown{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-call")


@pytest.mark.parametrize(
    "address", [f"{CALLS}/%00", f"{CALLS}?agent_id=%00", f"{CALLS}?to=%00", f"{CALLS}?platform=%00"]
)
async def test_text_that_no_database_takes_is_no_fault_of_ours(switchboard, address):
    answer = await switchboard.api.get(address)
    assert answer.status_code == 400


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
async def test_values_that_no_database_takes_are_refused(switchboard, body, value):
    answer = await switchboard.api.post(
        CALLS, content=json.dumps(body | {"variables": {"guest": value}}), headers=JSON
    )
    assert answer.status_code == 422, answer.text


async def test_the_callback_address_is_the_public_one(switchboard, body):
    await switchboard.api.post(CALLS, json=body)
    await switchboard.work_once("calls")
    assert switchboard.ultravox.opened[0].callback_url == f"{PUBLIC}/inbox/ultravox"
