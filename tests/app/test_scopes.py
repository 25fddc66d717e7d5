"""Every route and socket of the product with the scope it asks for. A new one must be added here on purpose."""

import pytest
from tests.access.people.browsing import PASSWORD, let_in

from switchboard.access.guard import _Guard
from switchboard.access.roles import SCOPES, Role
from switchboard.app import ROUTERS, Application
from switchboard.settings import Settings

A, V = "/api/v1/agents", "/api/v1/agents/{agent_id}"
ANYBODY_LET_IN = {
    "DELETE /api/v1/session",
    "GET /api/v1/me",
    "POST /api/v1/me/password",
    "GET /api/v1/me/sessions",
    "DELETE /api/v1/me/sessions/{session_id}",
}
EVERYBODY = {
    "GET /metrics",
    "GET /health",
    "GET /health/detailed",
    "POST /api/v1/session",
    "POST /api/v1/session/link",
    "GET /api/v1/session",
    "POST /inbox/{carrier}/calls/{call_id}",  # signed
    "POST /inbox/{platform}",  # signed
    f"WS {V}/talk",  # by ticket, key or session; see tests/calls/test_talk_access.py
}
BY_SCOPE = {
    "admin": {
        "GET /api/v1/users",
        "POST /api/v1/users",
        "PATCH /api/v1/users/{user_id}",
        "DELETE /api/v1/users/{user_id}",
        "POST /api/v1/users/{user_id}/link",
        "GET /api/v1/audit",
    },
    "keys:write": {"GET /api/v1/keys", "POST /api/v1/keys", "DELETE /api/v1/keys/{key_id}"},
    "events:read": {"GET /api/v1/events"},
    "agents:read": {
        f"GET {A}",
        f"GET {A}/elevenlabs",
        f"GET {A}/elevenlabs/{{agent_id}}",
        f"GET {A}/imports/{{import_id}}",
        f"GET {V}",
        f"GET {V}/drift",
        f"GET {V}/losses",
        f"GET {V}/versions",
        f"GET {V}/versions/{{version}}",
        f"GET {V}/versions/{{version}}/diff",
    },
    "agents:write": {
        f"POST {A}",
        f"POST {A}/bulk",
        f"POST {A}/import",
        f"POST {A}/elevenlabs",
        f"PUT {A}/elevenlabs/{{agent_id}}",
        f"DELETE {A}/elevenlabs/{{agent_id}}",
        f"PUT {V}",
        f"PATCH {V}",
        f"DELETE {V}",
        f"DELETE {V}/draft",
        f"POST {V}/publish",
        f"POST {V}/duplicate",
        f"POST {V}/activate",
        f"POST {V}/deactivate",
        f"POST {V}/versions/{{version}}/restore",
        f"POST {V}/drift/pull",
        f"POST {V}/drift/push",
        f"POST {V}/copy",
    },
    "voices:read": {
        "GET /api/v1/voices",
        "GET /api/v1/voices/previews/{sha}",
        "GET /api/v1/voices/{platform}/{voice_id}",
        "GET /api/v1/voices/{platform}/{voice_id}/matches",
        "POST /api/v1/voices/audition",
        "POST /api/v1/voices/{platform}/{voice_id}/preview",
    },
    "calls:read": {
        "GET /api/v1/calls",
        "GET /api/v1/calls.csv",
        *(
            f"GET /api/v1/calls/{{call_id}}{part}"
            for part in ("", "/transcript", "/events", "/recording", "/cost", "/timeline", "/records")
        ),
    },
    "calls:write": {
        "POST /api/v1/calls",
        "POST /api/v1/calls/elevenlabs/{agent_id}",
        "POST /api/v1/calls/{agent_id}",
        "POST /api/v1/calls/{call_id}/hangup",
        f"POST {V}/talk",
        "WS /api/v1/sandbox/telephone",
    },
    "metrics:read": {
        "GET /api/v1/metrics/summary",
        "GET /api/v1/metrics/calls",
        "GET /api/v1/metrics/agents",
        "GET /api/v1/quota",
        "GET /api/v1/platforms",
        "GET /api/v1/alerts",
    },
}
GUARDED = {route: (scope,) for scope, routes in BY_SCOPE.items() for route in routes}
EXPECTED = GUARDED | dict.fromkeys(ANYBODY_LET_IN, ()) | dict.fromkeys(EVERYBODY)
SAFE = {"GET"}


def guard_of(dependant):
    """The scopes that the route's one guard asks for; None without a guard."""
    if isinstance(dependant.call, _Guard):
        return dependant.call.scopes
    found = [scopes for inner in dependant.dependencies if (scopes := guard_of(inner)) is not None]
    assert len(found) <= 1, "two guards spend twice from the rate limit"
    return found[0] if found else None


def all_routes():
    for router in ROUTERS:
        for route in router.routes:
            for method in getattr(route, "methods", None) or {"WS"}:
                yield f"{method} {route.path}", guard_of(route.dependant)


def requests(routes):
    """Method and address of these routes, those of sockets left out."""
    for route in sorted(routes):
        method, _, path = route.partition(" ")
        if method != "WS":
            yield route, method, path.replace("{", "").replace("}", "")


def test_every_route_asks_for_the_scope_that_stands_here():
    assert dict(all_routes()) == EXPECTED
    asgi = Application(Settings(_env_file=None)).asgi
    beside = {route.path for route in asgi.routes if hasattr(route, "path")}
    assert beside <= {"/openapi.json", "/{path:path}"}


async def test_without_a_key_nothing_but_the_open_ways_answers(switchboard):
    for route, method, path in requests(EXPECTED.keys() - EVERYBODY):
        answer = await switchboard.api.request(method, path, headers={"X-API-Key": ""})
        assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated"), route


async def made_key(switchboard, scopes):
    wanted = {"name": "k", "scopes": sorted(scopes)}
    return (await switchboard.api.post("/api/v1/keys", json=wanted)).json()["secret"]


async def test_a_key_with_every_scope_but_the_one_is_refused(switchboard):
    every = BY_SCOPE.keys() - {"admin"}
    for scope, routes in BY_SCOPE.items():
        key = await made_key(switchboard, every - {scope})
        for route, method, path in requests(routes):
            answer = await switchboard.api.request(method, path, json={}, headers={"X-API-Key": key})
            assert (answer.status_code, answer.json()["missing_scopes"]) == (403, [scope]), route


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_a_role_reaches_what_its_scopes_name_and_nothing_else(switchboard, role):
    await let_in(switchboard.api, role.value, role.value)
    began = await switchboard.api.post("/api/v1/session", json={"username": role.value, "password": PASSWORD})
    csrf = {"X-API-Key": "", "X-CSRF-Token": began.json()["csrf_token"]}
    for scope, routes in BY_SCOPE.items():
        if scope in SCOPES[role]:
            continue
        for route, method, path in requests(routes):
            answer = await switchboard.api.request(method, path, json={}, headers=csrf)
            assert (answer.status_code, answer.json()["missing_scopes"]) == (403, [scope]), route
    switchboard.api.cookies.clear()


async def test_a_cookie_alone_changes_nothing(switchboard):
    await let_in(switchboard.api, "root", "admin")
    await switchboard.api.post("/api/v1/session", json={"username": "root", "password": PASSWORD})
    for route, method, path in requests(EXPECTED.keys() - EVERYBODY):
        if method in SAFE:
            continue
        for proof in ({}, {"X-CSRF-Token": "guess"}):
            answer = await switchboard.api.request(method, path, json={}, headers={"X-API-Key": ""} | proof)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf-failed"), route
    switchboard.api.cookies.clear()
