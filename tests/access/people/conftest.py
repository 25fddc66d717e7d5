"""One application for all tests of this folder, emptied before each: starting one takes longer than a test."""

from collections.abc import AsyncIterator, Callable

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from tests.access.people.browsing import Browser
from tests.edge_app import ADMIN, client_of, edge_app

from switchboard.persistence.embedded import EmbeddedPostgres

_DATABASE = "people"


@pytest.fixture(scope="session")
async def application(postgres: EmbeddedPostgres, migrated_template: str) -> AsyncIterator[FastAPI]:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_DATABASE} TEMPLATE {migrated_template}")
    app = edge_app(postgres.url(_DATABASE))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def database_url(postgres: EmbeddedPostgres, application: FastAPI) -> str:
    """The database behind `api`, with nothing in it but the admin's key."""
    url = postgres.url(_DATABASE)
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE users, user_sessions, sign_in_links, events")
        connection.execute("DELETE FROM api_keys WHERE name <> 'tests'")
    return url


@pytest.fixture
async def api(application: FastAPI, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the admin's key."""
    await application.state.access.sessions._throttle._strategy.storage.reset()  # noqa: SLF001 -- all attempts
    async with client_of(application) as client:
        client.headers["X-API-Key"] = ADMIN
        yield client


@pytest.fixture
async def open_browser(application: FastAPI, api: httpx.AsyncClient) -> AsyncIterator[Callable[[], Browser]]:
    opened: list[Browser] = []

    def another() -> Browser:
        opened.append(Browser(application))
        return opened[-1]

    yield another
    for browser in opened:
        await browser.client.aclose()


@pytest.fixture
def browser(open_browser: Callable[[], Browser]) -> Browser:
    return open_browser()
