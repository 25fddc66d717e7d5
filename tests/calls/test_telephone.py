"""The sandbox's telephone under our own origin, over real sockets."""

import json
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from tests.edge_app import ADMIN, edge_app, served
from tests.waiting import PATIENCE, patience
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidStatus

from switchboard.calls import telephone_routes

PASSWORD = "correct horse battery"
KEY = {"X-API-Key": ADMIN}


async def handset(socket: ServerConnection) -> None:
    """Says what it hears, until it is told to hang up."""
    await socket.send(json.dumps({"type": "idle", "path": socket.request.path}))
    async for frame in socket:
        if frame == "bye":
            await socket.close(1008, "The page reads too slowly.")
        await socket.send(frame)


@pytest.fixture(scope="session")
async def sandbox_url() -> AsyncIterator[str]:
    async with serve(handset, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.fixture(scope="module")
def product(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE telephone TEMPLATE {migrated_template}")
    app = edge_app(postgres.url("telephone"))
    app.include_router(telephone_routes.router)
    with served(app) as running:
        yield running


@pytest.fixture
def server(product, sandbox_url):
    product.app.state.sandbox_url = sandbox_url
    return product


@pytest.fixture
def sign_in(server):
    """Signs a new user in; the headers of their page's socket."""

    def as_(role):
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            name = f"{role}{len(client.get('/api/v1/users', headers=KEY).json())}"
            client.post("/api/v1/users", headers=KEY, json={"username": name, "role": role, "password": PASSWORD})
            answer = client.post("/api/v1/session", json={"username": name, "password": PASSWORD})
            token = client.cookies["switchboard_session"]
            return {
                "Cookie": f"switchboard_session={token}",
                "Origin": server.url,
            }, answer.json()["csrf_token"]

    return as_


def dial(server, headers):
    address = server.url.replace("http", "ws") + "/api/v1/sandbox/telephone"
    return connect(address, additional_headers=headers, proxy=None, open_timeout=PATIENCE)


async def refusal(server, headers):
    with pytest.raises(InvalidStatus) as refused:
        async with dial(server, headers):
            pass
    answer = refused.value.response
    return answer.status_code, json.loads(answer.body)["code"]


async def closing(socket):
    async with patience():
        await socket.wait_closed()
    return socket.close_code, socket.close_reason


async def test_words_and_sound_pass_both_ways(server):
    async with dial(server, KEY) as socket:
        assert json.loads(await socket.recv()) == {"type": "idle", "path": "/_sandbox/telephone"}
        for frame in ('{"type":"answer"}', bytes(range(256)) * 2, '{"type":"say","text":"Olá"}'):
            await socket.send(frame)
            assert await socket.recv() == frame


async def test_a_page_of_ours_may_telephone_with_its_cookie(server, sign_in):
    headers, _ = sign_in("operator")
    async with dial(server, headers) as socket:
        assert json.loads(await socket.recv())["type"] == "idle"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", None])
async def test_another_page_may_not_with_the_same_cookie(server, sign_in, origin):
    headers, _ = sign_in("operator")
    headers = {"Cookie": headers["Cookie"]} | ({"Origin": origin} if origin else {})
    assert await refusal(server, headers) == (403, "csrf-failed")


async def test_viewers_and_strangers_may_not(server, sign_in):
    headers, _ = sign_in("viewer")
    assert await refusal(server, headers) == (403, "missing-scope")
    assert await refusal(server, {}) == (401, "not-authenticated")


async def test_with_real_providers_there_is_none(server):
    server.app.state.sandbox_url = None
    assert await refusal(server, KEY) == (404, "not-found")


async def test_without_its_sandbox_it_is_out_of_reach(server):
    server.app.state.sandbox_url = "http://127.0.0.1:1/"
    assert await refusal(server, KEY) == (503, "provider-unavailable")


async def test_a_huge_frame_closes_the_line(server):
    async with dial(server, KEY) as socket:
        await socket.send(bytes(65_537))
        assert (await closing(socket))[0] == 1009


async def test_the_page_hears_that_the_sandbox_hung_up(server):
    async with dial(server, KEY) as socket:
        await socket.send("bye")
        assert await closing(socket) == (1001, "The page reads too slowly.")


async def test_whoever_signs_out_does_not_go_on_listening(server, sign_in, monkeypatch):
    monkeypatch.setattr("switchboard.access.service.RECHECK_SECONDS", 0.05)
    headers, csrf = sign_in("operator")
    async with dial(server, headers) as socket, httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as client:
        answer = await client.delete("/api/v1/session", headers=headers | {"X-CSRF-Token": csrf})
        assert answer.status_code == 204
        assert (await closing(socket))[0] == 1008
