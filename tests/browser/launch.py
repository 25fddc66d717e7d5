"""One Chromium for the tests that look at a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect
from tests.browser import chromium
from tests.waiting import PATIENCE

_FLAGS = (
    "--no-sandbox",  # the machines that run tests are often root's
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """What is expected of a page is waited for as long as a busy machine may need."""
    path = chromium.found()
    if path is None:
        pytest.fail(chromium.MISSING)
    expect.set_options(timeout=1000 * PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path or None, args=_FLAGS, timeout=1000 * PATIENCE
        )
        yield browser
        await browser.close()
