"""The telephone's page in a real browser, at a phone's width."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect
from tests.browser.launch import launched
from tests.waiting import patience

HOLD = '<Response><Pause length="600"/></Response>'


@pytest.fixture
async def browser_page(town) -> AsyncIterator[Page]:
    async with launched() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{town.url}/_sandbox/telephone")
        yield page
        assert problems == []


async def test_a_call_is_answered_typed_into_and_hung_up(town, browser_page):
    page = browser_page
    await expect(page.get_by_role("status")).to_have_text("Waiting for a call")
    await expect(page.get_by_label("Words to say")).to_be_disabled()
    sid = await town.dial(HOLD)
    await expect(page.get_by_role("status")).to_have_text("Ringing · +15005550006")
    await page.get_by_role("button", name="Answer").click()
    await expect(page.get_by_role("status")).to_have_text("On the line · +15005550006")
    await page.get_by_label("Words to say").fill("Good morning")
    await page.get_by_role("button", name="Say").click()
    await expect(page.get_by_role("listitem")).to_have_text(["Good morning"])
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    await page.get_by_role("button", name="Hang up").click()
    await expect(page.get_by_text("You hung up.")).to_be_visible()
    await town.ends(sid, "completed")


async def test_a_call_is_declined(town, browser_page):
    sid = await town.dial(HOLD)
    await browser_page.get_by_role("button", name="Decline").click()
    await town.ends(sid, "busy")
    await expect(browser_page.get_by_role("status")).to_have_text("Waiting for a call")


async def test_sound_passes_both_ways_between_the_microphone_and_the_line(town, browser_page):
    """The browser's own fake microphone beeps; the carrier reads a text aloud."""
    await town.http.put("/_sandbox/clock", json={"speed": 1})
    page = browser_page
    sid = await town.dial("<Response><Say>Good evening, this is the shop.</Say><Pause length='60'/></Response>")
    await page.get_by_role("button", name="Answer").click()
    levels = "['mine', 'theirs'].map((id) => document.getElementById(id).value)"
    mine = theirs = 0.0
    async with patience():
        while mine < 0.01 or theirs < 0.01:
            now = await page.evaluate(levels)
            mine, theirs = max(mine, now[0]), max(theirs, now[1])
            await asyncio.sleep(0.02)
    await expect(page.get_by_role("listitem").filter(has_text="shop")).to_be_visible()
    await page.get_by_role("button", name="Hang up").click()
    call = await town.ends(sid, "completed")
    assert call["media"] == "sound"
