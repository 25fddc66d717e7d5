"""axe on every page, light and dark, desk and telephone. Dialogs and states are for the features' own tests."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from tests.browser.console import Console, Watch, accessible
from tests.browser.pages import PAGES, Scene
from tests.waiting import wait_until

ROUTES = Path(__file__).parents[2] / "console" / "src" / "routes"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
async def tour(browser, busy_town) -> AsyncIterator[tuple[Page, Scene, Watch]]:
    """One page of an admin for all, an agent that has changed once, and a call that is over."""
    busy_town.speed(20)
    console = Console(busy_town, 901)
    scene = await asyncio.to_thread(_finished_call, console)
    context = await browser.new_context(base_url=console.url, viewport=DESK, reduced_motion="reduce")
    watch = Watch(context)
    await console.sign_in(context, "admin")
    yield await context.new_page(), scene, watch
    await context.close()


def _finished_call(console: Console) -> Scene:
    agent = console.agent("elevenlabs", evaluation=[{"name": "booked", "goal": "The caller has a table."}])
    console.town.api.patch(f"/api/v1/agents/{agent['id']}", json={"temperature": 0.2}).raise_for_status()
    call = console.town.place(agent["id"], "+14155550100")
    console.town.settled([call])
    # on a busy machine the sandbox speaks a recording for longer than one request waits
    wait_until(lambda: console.town.api.get(f"/api/v1/calls/{call}/recording").is_success)
    return Scene(agent["id"], call)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_no_barrier_in_any_look(tour, path):
    page, scene, watch = tour
    watch.seen.clear()  # what another page did wrong is told once
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(DESK)
    await page.goto(scene.address(path))
    await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
    await expect(page.get_by_role("heading", name="Nothing is here")).to_have_count(0)
    await expect(page.locator(".animate-pulse")).to_have_count(0)
    await accessible(page)
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size(PHONE)
    await accessible(page)
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} is {wide} px wider than a telephone"
    watch.check()


def test_no_route_is_forgotten():
    written = {path for file in ROUTES.glob("*.ts*") for path in re.findall(r'path: "(/[^"]*)"', file.read_text())}
    looked_at = {
        page.partition("?")[0].replace("{agent}", "$agentId").replace("{call}", "$callId") for page in PAGES
    }
    assert written - looked_at == {"/sign-in"}
    assert looked_at <= written
