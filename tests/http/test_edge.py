import json
import socket

import httpx
import pytest
from tests.edge_app import client_of, edge_app, served
from tests.waiting import PATIENCE

ORDER = {"guest": {"name": "Ann", "age": 41}}


@pytest.fixture(scope="module")
def app():
    """Without a lifespan: these routes need no database."""
    return edge_app("postgresql://nowhere")


@pytest.fixture(scope="module")
def plain(app):
    return client_of(app)


async def test_a_right_order_passes(plain):
    answer = await plain.post("/api/v1/orders", json=ORDER)
    assert (answer.status_code, answer.json()) == (200, ORDER)


async def test_every_wrong_field_is_named_in_one_answer(plain):
    answer = await plain.post("/api/v1/orders", json={"guest": {"age": -1}, "color": "red"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["errors"] == [
        {"field": "guest.name", "message": "This field is required."},
        {"field": "guest.age", "message": "This must be at least 0."},
        {"field": "color", "message": "There is no such field. Check its spelling."},
    ]
    assert problem["type"] == "https://switchboard.dev/errors/invalid-input"
    assert problem["instance"] == "/api/v1/orders"


async def test_what_was_sent_is_not_repeated_in_the_answer(plain):
    answer = await plain.post("/api/v1/orders", json={"guest": {"name": "Ann", "age": "hush-hush"}})
    assert answer.status_code == 422
    assert "hush-hush" not in answer.text


@pytest.mark.parametrize("body", [b"{", b"{'a': 1}", b"\xff\xfe", b"nan", b"[1,"])
async def test_unreadable_json_is_400(plain, body):
    answer = await plain.post("/api/v1/orders", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-request")


async def test_a_deeply_nested_body_is_no_crash(plain):
    answer = await plain.post(
        "/api/v1/orders", content=b"[" * 100_000, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


async def test_no_body_at_all_is_422(plain):
    assert (await plain.post("/api/v1/orders")).status_code == 422


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", None])
async def test_another_content_type_is_415_and_says_what_to_send(plain, kind):
    headers = {"Content-Type": kind} if kind else {}
    answer = await plain.post("/api/v1/orders", content=json.dumps(ORDER).encode(), headers=headers)
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


async def test_a_charset_beside_the_content_type_is_allowed(plain):
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    answer = await plain.post("/api/v1/orders", content=json.dumps(ORDER).encode(), headers=headers)
    assert answer.status_code == 200


async def test_webhooks_bring_their_own_content_types_and_sizes(plain):
    answer = await plain.post("/inbox/echo", content=b"x" * 2_000_000, headers={"Content-Type": "text/plain"})
    assert answer.json() == {"bytes": 2_000_000}
    assert (await plain.post("/inbox/echo", content=b"x" * 32_000_000)).status_code == 413


async def test_an_unknown_path_is_a_404_problem(plain):
    answer = await plain.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_wrong_method_is_a_405_problem_with_allow(plain):
    answer = await plain.delete("/api/v1/orders")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["Allow"] == "POST"


async def test_a_wrong_method_is_told_every_method_of_the_path(plain):
    """Each method of a path is a route of its own."""
    answer = await plain.delete("/api/v1/keys")
    assert answer.headers["Allow"] == "GET, POST"
    assert answer.json()["detail"].endswith("it takes GET, POST.")


async def test_a_bug_is_a_500_without_detail(plain):
    answer = await plain.get("/api/v1/crash")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "secret reason" not in answer.text
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


async def test_what_is_away_says_when_to_come_back(plain):
    answer = await plain.get("/api/v1/away")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")


async def test_a_sane_request_id_is_kept(plain):
    answer = await plain.get("/api/v1/nothing", headers={"X-Request-ID": "trace-12345678"})
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"] == "trace-12345678"


@pytest.mark.parametrize("sent", ["short", "has spaces in it", "x" * 129, "line\tbreak-12345"])
async def test_a_strange_request_id_is_replaced(plain, sent):
    answer = await plain.get("/api/v1/nothing", headers={"X-Request-ID": sent})
    assert answer.headers["X-Request-ID"].startswith("req_")


async def test_answers_carry_the_security_headers(plain):
    headers = (await plain.get("/api/v1/nothing")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


async def test_requests_are_counted_by_template_and_status(app, plain):
    await plain.post("/api/v1/orders", json=ORDER)
    await plain.get("/api/v1/no/such/thing/1")
    figures = app.state.metrics.exposition().decode()
    assert 'switchboard_http_requests_total{method="POST",route="/api/v1/orders",status="200"}' in figures
    assert 'route="unmatched",status="404"' in figures
    assert "/thing/1" not in figures


async def test_openapi_speaks_of_problems_only(plain, app):
    document = app.openapi()
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    assert "Problem" in document["components"]["schemas"]
    order = document["paths"]["/api/v1/orders"]["post"]["responses"]
    assert "application/problem+json" in order["422"]["content"]
    guarded = document["paths"]["/api/v1/agents-only"]["get"]
    assert guarded["security"] == [{"ApiKey": []}, {"Bearer": []}, {"Session": []}]
    assert document["components"]["securitySchemes"]["ApiKey"]["name"] == "X-API-Key"
    assert json.dumps(app.openapi()) == text


@pytest.fixture(scope="module")
def server(postgres, migrated_template):
    import psycopg

    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE edge TEMPLATE {migrated_template}")
    with served(edge_app(postgres.url("edge"))) as running:
        yield running


def test_ten_megabytes_are_413_over_real_http(server):
    answer = httpx.post(f"{server.url}/api/v1/orders", content=b"x" * 10_000_000, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["code"]) == (413, "payload-too-large")


def test_a_declared_size_is_refused_before_the_body_is_sent(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        client.sendall(b"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n")
        assert client.recv(64).startswith(b"HTTP/1.1 413")


def test_a_chunked_body_is_refused_at_the_limit(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        client.sendall(
            b"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        for _ in range(17):  # just over 1 MiB, and no end in sight
            client.sendall(chunk)
        assert client.recv(64).startswith(b"HTTP/1.1 413")


def test_the_connection_can_be_used_again_after_a_refusal(server):
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        assert client.post("/api/v1/orders", content=b"x" * 3_000_000).status_code == 413
        assert client.post("/api/v1/orders", json=ORDER).status_code == 200
