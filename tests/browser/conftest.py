"""The console in a real Chromium, on a running product with its sandbox.

The town runs once per test process; every test has a browser context and agents of its own. A page that logs an
error or a warning fails its test.
"""

from collections.abc import AsyncIterator, Iterator
from itertools import count

import psycopg
import pytest
from playwright.async_api import Browser, BrowserContext, Page
from tests.browser.console import Console, Watch
from tests.browser.launch import launched
from tests.processes import Town, town

_SPEED = 10.0
_numbers = count(1)


@pytest.fixture(scope="session")
def busy_town(postgres, migrated_template) -> Iterator[Town]:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE console TEMPLATE {migrated_template} STRATEGY file_copy")
    with town(postgres.url("console")) as running, running.worker():
        yield running


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture
def console(busy_town) -> Console:
    """The product with the console, at ten times the speed of life."""
    busy_town.speed(_SPEED)
    return Console(busy_town, next(_numbers))


@pytest.fixture
async def context(browser, console) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        base_url=console.url, locale="en-GB", timezone_id="Europe/Berlin", permissions=["microphone"]
    )
    yield context
    await context.close()


@pytest.fixture
async def watch(context) -> AsyncIterator[Watch]:
    """Listens to every page; `watch.expect(412)` for refusals that a test provokes."""
    watch = Watch(context)
    yield watch
    watch.check()


@pytest.fixture
async def page(context, console, watch) -> Page:
    """A page of an admin who is signed in; nothing is open yet."""
    await console.sign_in(context, "admin")
    return await context.new_page()


@pytest.fixture
async def stranger(context, watch) -> Page:
    """A page of somebody who is not signed in."""
    return await context.new_page()
